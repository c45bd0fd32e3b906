"""One row as its card, trimmed to what this viewer may have of it. Every answer of the API that shows a card goes here."""

from typing import Any

import msgspec

from dispatch import access
from dispatch.access import Viewer
from dispatch.cards import Card
from dispatch.models import (
    Attachment,
    Call,
    Distress,
    Incident,
    Message,
    MutualAid,
    Note,
    Notice,
    Order,
    OrderRequest,
    Post,
    Report,
    Suggestion,
    Unit,
)
from dispatch.queries import present, present_help
from dispatch.queries import present_between as between

BUILD: dict[type, tuple[str, Any]] = {
    Attachment: ("attachment", present.attachment_card),
    Call: ("call", present.call_card),
    Incident: ("incident", present.incident_card),
    Note: ("note", present.note_card),
    Order: ("order", present.order_card),
    OrderRequest: ("request", present.request_card),
    Post: ("post", present.post_card),
    Suggestion: ("suggestion", present.suggestion_card),
    Unit: ("unit", present.unit_card),
    Distress: ("distress", present_help.distress_card),
    Notice: ("notice", between.notice_card),
    Report: ("report", between.report_card),
    MutualAid: ("aid", between.aid_card),
    Message: ("message", present_help.message_card),
}


def show(row: Any, viewer: Viewer) -> Any:
    """Return the card of `row` as `viewer` may have it.

    Whoever loses sight of a thing by what he just did to it (a refused transfer, a cleared order) still gets the
    poorest view of it as his answer.
    """
    noun, build = BUILD[type(row)]
    return trim(noun, build(row), access.view_of(row.audience, viewer) or "ground")


def find_shown(row: Any, viewer: Viewer) -> Any | None:
    """Return the card of `row` as `viewer` may have it, None when he may not see it at all."""
    view = access.view_of(row.audience, viewer)
    noun, build = BUILD[type(row)]
    return None if view is None else trim(noun, build(row), view)


def trim(noun: str, card: Card, view: str) -> Card:
    """Return `card` without the fields that `view` leaves out."""
    hidden = access.HIDDEN[view].get(noun)
    return msgspec.structs.replace(card, **hidden) if hidden else card
