"""One officer's own shifts, read back from the journal: when, with whom, on what, and what happened. About nobody else."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Q

from dispatch import access, journal
from dispatch.access import Viewer
from dispatch.cards import Words
from dispatch.errors import DispatchError
from dispatch.events import CATALOGUE
from dispatch.journal import Entry
from dispatch.models import CrewMember, Incident
from dispatch.queries.replay_world import number_at
from geo import clock

MOST_SHIFTS = 120
MOST_LINES = 1000
# What a crew did or was told; cards shown anew (revealed, concealed) are no happening.
TOLD = ("order.", "unit.", "note.", "message.", "distress.", "device.", "attachment.")
KINDS = [kind for kind in CATALOGUE if kind.startswith(TOLD) and not kind.endswith(("revealed", "concealed"))]
# Facts of an entry, and of the order card within it, that a line is made of.
FACTS = ("why", "verb", "how", "stage", "text", "kind")
ORDER_FACTS = ("state", "disposition", "refuse_reason", "origin", "by_voice", "target_name")


class Shift(msgspec.Struct, kw_only=True, frozen=True):
    """One time on one unit. `at` names it; `ends_at` is null while it lasts; `crew` are those who rode along."""

    at: datetime
    ends_at: datetime | None
    unit: UUID
    call_sign: str
    vehicle: str
    equipment: list[str]
    crew: list[Words]


class ShiftLine(msgspec.Struct, kw_only=True, frozen=True):
    """One thing of a shift: the journal's number, time and kind, its facts as codes, and the incident it was about."""

    n: int
    at: datetime
    kind: str
    facts: dict[str, Any]
    incident_number: str
    incident_kind: str
    place: str


class ShiftLog(msgspec.Struct, kw_only=True, frozen=True):
    """One shift with its lines, oldest first; `cut` when there were more than a page holds."""

    shift: Shift
    lines: list[ShiftLine]
    cut: bool


class Shifts(msgspec.Struct, kw_only=True, frozen=True):
    """Own shifts, newest first, as far back as they are shown (`kept_days`)."""

    shifts: list[Shift]
    kept_days: int


def list_shifts(viewer: Viewer) -> Shifts:
    """Return the viewer's own shifts. Raises `forbidden`."""
    access.require(viewer, "shift.read_own")
    return Shifts(
        shifts=[_shift(row) for row in rows_of(viewer)[:MOST_SHIFTS]], kept_days=settings.RETENTION_DAYS["track"]
    )


def rows_of(viewer: Viewer) -> Any:
    """Return the crew rows of the viewer within the retention of tracks, newest first."""
    since = clock.now() - timedelta(days=settings.RETENTION_DAYS["track"])
    rows = CrewMember.objects.filter(Q(signed_off_at=None) | Q(signed_off_at__gt=since), person_id=viewer.pk)
    return rows.select_related("unit", "vehicle").order_by("-signed_on_at")


def get_log(viewer: Viewer, at: datetime) -> ShiftLog:
    """Return the log of the viewer's own shift that began at `at`. Raises `not_found` for anybody else's."""
    access.require(viewer, "shift.read_own")
    row = rows_of(viewer).filter(signed_on_at=at).first()
    if row is None:
        raise DispatchError("not_found", object="shift")
    first = number_at(row.signed_on_at - timedelta(microseconds=1))
    last = number_at(row.signed_off_at) if row.signed_off_at else 2**62
    keys = [f"unit:{row.unit_id}", f"person:{viewer.pk}"]
    entries = journal.read(kinds=KINDS, audience=keys, after=first, before=last + 1, limit=MOST_LINES + 1)
    mine = [entry for entry in entries[:MOST_LINES] if _about(entry, str(row.unit.uid), str(viewer.uid))]
    return ShiftLog(shift=_shift(row), lines=_lines(mine), cut=len(entries) > MOST_LINES)


def _about(entry: Entry, unit: str, person: str) -> bool:
    """Return whether an entry is about this unit or by this person; crews on the same incident hear of each other too."""
    if entry.kind.startswith("unit."):
        # What an order did to the unit is told by the order itself.
        return entry.subject == f"unit:{unit}" and entry.data.get("why") not in {"order", "master"}
    order = entry.data.get("order")
    if isinstance(order, dict):
        return order.get("unit") == unit or (order.get("post") is not None and _by(entry, person))
    return entry.kind.startswith(("message.", "distress.", "device.")) or _by(entry, person)


def _by(entry: Entry, person: str) -> bool:
    return (entry.actor or {}).get("uid") == person


def _lines(entries: list[Entry]) -> list[ShiftLine]:
    uids = {uid for entry in entries if (uid := _incident_of(entry))}
    known = {str(row.uid): row for row in Incident.objects.filter(uid__in=uids)}
    return [_line(entry, known.get(_incident_of(entry) or "")) for entry in entries]


def _incident_of(entry: Entry) -> str | None:
    for noun in ("order", "note", "unit"):
        card = entry.data.get(noun)
        if isinstance(card, dict) and card.get("incident"):
            return str(card["incident"])
    return None


def _line(entry: Entry, incident: Incident | None) -> ShiftLine:
    facts = {name: entry.data[name] for name in FACTS if entry.data.get(name)}
    order, note, unit = (entry.data.get(noun) for noun in ("order", "note", "unit"))
    if isinstance(order, dict):
        facts |= {name: order[name] for name in ORDER_FACTS if order.get(name)}
    if isinstance(note, dict):
        facts |= {name: note[name] for name in ("kind", "stage", "text") if note.get(name)}
    if isinstance(unit, dict):
        facts |= {name: unit[name] for name in ("state", "reason", "vehicle", "equipment", "post") if unit.get(name)}
    return ShiftLine(
        n=entry.n, at=entry.at, kind=entry.kind, facts=facts, incident_number=incident.number if incident else "",
        incident_kind=incident.kind_id if incident else "", place=incident.place if incident else "",
    )  # fmt: skip


def _shift(row: CrewMember) -> Shift:
    until = row.signed_off_at or clock.now()
    beside = CrewMember.objects.filter(unit=row.unit, signed_on_at__lt=until).exclude(person_id=row.person_id)
    beside = beside.filter(Q(signed_off_at=None) | Q(signed_off_at__gt=row.signed_on_at)).select_related("person")
    names = {one.person_id: Words(one.person.name, one.person.name, one.person.name_en) for one in beside}
    return Shift(
        at=row.signed_on_at, ends_at=row.signed_off_at, unit=row.unit.uid, call_sign=row.unit.call_sign,
        vehicle=row.vehicle.code if row.vehicle else "", equipment=list(row.equipment), crew=list(names.values()),
    )  # fmt: skip
