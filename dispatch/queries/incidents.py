"""One incident whole: its card and everything of it that the viewer may see, open or closed."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from dispatch.access import Viewer
from dispatch.cards import (
    AttachmentCard,
    CallCard,
    IncidentCard,
    NoteCard,
    NoticeCard,
    OrderCard,
    ReportCard,
    RequestCard,
    SuggestionCard,
)
from dispatch.errors import DispatchError
from dispatch.models import Incident
from dispatch.queries.present import ATTACHMENT_JOINS, ORDER_JOINS
from dispatch.queries.present_between import NOTICE_JOINS, REPORT_JOINS
from dispatch.queries.shown import find_shown


class IncidentFile(msgspec.Struct, kw_only=True, frozen=True):
    """An incident with its calls, orders, notes, photos, newest packet, requests across centres, copies and reports."""

    incident: IncidentCard
    calls: list[CallCard]
    orders: list[OrderCard]
    notes: list[NoteCard]
    attachments: list[AttachmentCard]
    suggestion: SuggestionCard | None
    requests: list[RequestCard]
    notices: list[NoticeCard]
    reports: list[ReportCard]


def get_incident(viewer: Viewer, uid: UUID) -> IncidentFile:
    """Return the incident's file. Raises `not_found`, also for what the viewer may not see."""
    row = Incident.objects.select_related("centre__area", "owner").filter(uid=uid).first()
    card = find_shown(row, viewer) if row else None
    if row is None or card is None:
        raise DispatchError("not_found", object="incident")
    newest = row.suggestions.select_related("incident").order_by("-number").first()
    return IncidentFile(
        incident=card,
        calls=_seen(row.calls.select_related("centre", "taker", "incident"), viewer),
        orders=_seen(row.orders.select_related(*ORDER_JOINS), viewer),
        notes=_seen(row.notes.select_related("author", "incident"), viewer),
        attachments=_seen(row.attachments.select_related(*ATTACHMENT_JOINS), viewer),
        suggestion=find_shown(newest, viewer) if newest else None,
        requests=_seen(row.requests.select_related("incident", "unit", "from_centre", "to_centre", "asked_by"), viewer),
        notices=_seen(row.notices.select_related(*NOTICE_JOINS), viewer),
        reports=_seen(row.reports.select_related(*REPORT_JOINS), viewer),
    )


def _seen(rows: Iterable[Any], viewer: Viewer) -> list[Any]:
    cards = (find_shown(row, viewer) for row in rows)
    return [card for card in cards if card is not None]
