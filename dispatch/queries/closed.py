"""Incidents closed lately: whom a desk still calls back, and what may be opened again."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from dispatch import access
from dispatch.access import Viewer
from dispatch.models import Incident
from dispatch.queries.present import call_card
from geo import clock

LATELY = timedelta(hours=72)
MOST = 60


class Caller(msgspec.Struct, kw_only=True, frozen=True):
    """Who rang it in; the number is masked as everywhere, "" when none was told."""

    name: str
    number: str
    received_at: datetime


class ClosedIncident(msgspec.Struct, kw_only=True, frozen=True):
    """One closed incident, its callers newest first, and the newest call-back ("" and null before the first)."""

    uid: UUID
    number: str
    kind: str
    level: int
    place: str
    received_at: datetime
    closed_at: datetime
    close_reason: str
    callers: list[Caller]
    result: str
    called_back_at: datetime | None


class ClosedIncidents(msgspec.Struct, kw_only=True, frozen=True):
    """Those of LATELY, the newest first, MOST at most."""

    incidents: list[ClosedIncident]


def list_closed(viewer: Viewer) -> ClosedIncidents:
    """Return incidents of the viewer's own desks that were closed lately. Raises `forbidden`."""
    access.require(viewer, "incident.call_back")
    keys = [key for key, view in viewer.keys.items() if view == "full"]
    rows = Incident.objects.filter(state="closed", closed_at__gt=clock.now() - LATELY, audience__overlap=keys)
    found = rows.select_related("kind").prefetch_related("calls__centre", "calls__taker", "notes")
    return ClosedIncidents(incidents=[_closed(row) for row in found.order_by("-closed_at")[:MOST]])


def _closed(row: Incident) -> ClosedIncident:
    assert row.closed_at
    calls = [call_card(call) for call in row.calls.all()]
    backs = sorted((note for note in row.notes.all() if note.kind == "callback"), key=lambda note: note.written_at)
    callers = [
        Caller(name=call.caller_name or "", number=call.caller_number or "", received_at=call.received_at)
        for call in sorted(calls, key=lambda call: call.received_at, reverse=True)
    ]
    return ClosedIncident(
        uid=row.uid, number=row.number, kind=row.kind.code, level=row.level, place=row.place,
        received_at=row.received_at, closed_at=row.closed_at, close_reason=row.close_reason, callers=callers,
        result=backs[-1].stage if backs else "", called_back_at=backs[-1].written_at if backs else None,
    )  # fmt: skip
