"""Who looked at one officer's own track: the replays whose time and sight held his unit while he was of its crew."""

from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Q

from dispatch import access, journal
from dispatch.access import Viewer
from dispatch.cards import Words
from dispatch.journal import Entry
from dispatch.models import Assignment, CrewMember, JournalEntry, Order
from dispatch.queries import fold
from dispatch.queries.own_shifts import rows_of
from dispatch.queries.replays import KIND, Replay, replay_from
from geo import history

MOST = 100
READ = 1000
UNIT_KINDS = fold.kinds_about("unit")
REMOVED = [kind for kind in UNIT_KINDS if fold.CATALOGUE[kind].REMOVES]


class TrackLook(msgspec.Struct, kw_only=True, frozen=True):
    """One replay: who opened it, when, of which time of which unit; the incident's number if the unit was on it.

    Why it was opened stays between him, the supervisors and the auditor.
    """

    at: datetime
    person: Words | None
    begins: datetime
    ends: datetime
    call_sign: str
    incident_number: str


def list_track_looks(viewer: Viewer) -> list[TrackLook]:
    """Return who replayed a time of the viewer's own shifts, newest first. Raises `forbidden`."""
    access.require(viewer, "shift.read_own")
    shifts = list(rows_of(viewer).select_related("unit__centre__area"))
    found: list[TrackLook] = []
    for entry in journal.read(kinds=[KIND], newest_first=True, limit=READ) if shifts else []:
        replay = replay_from(entry, viewer)
        if replay.begins and replay.ends and (row := _held(entry, replay, shifts)):
            found.append(_look(replay, row, replay.begins, replay.ends))
        if len(found) == MOST:
            break
    return found


def _held(entry: Entry, replay: Replay, shifts: list[CrewMember]) -> CrewMember | None:
    """Return the shift whose unit stood in the replay's sight while it lasted."""
    begins, ends = replay.window()
    during = [row for row in shifts if row.signed_on_at < ends and (row.signed_off_at or ends) >= begins]
    areas = _areas_of(entry) if during else []
    return next((row for row in during if _in_sight(row, replay, areas)), None)


def _areas_of(entry: Entry) -> list[int]:
    """Return the ids of the areas at which who opened the replay could replay then."""
    uid = str((entry.actor or {}).get("uid") or "")
    if not uid:
        return []
    held = Assignment.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=entry.at), valid_from__lte=entry.at, person__uid=uid,
        role__in=access.MAY["replay.open"],
    )  # fmt: skip
    return list(held.values_list("centre__area_id", flat=True).distinct())


def _in_sight(row: CrewMember, replay: Replay, areas: list[int]) -> bool:
    """Return whether the unit's card stood on that board, as dispatch.queries.replay_tracks reads it, or it on that ground."""
    keys = [f"area:{area}" for area in areas]
    told = JournalEntry.objects.filter(subject=f"unit:{row.unit.uid}", kind__in=UNIT_KINDS, audience__overlap=keys)
    if told.filter(n__gt=replay.after_n, n__lte=replay.last_n).exclude(kind__in=REMOVED).exists():
        return True
    before = told.filter(n__lte=replay.after_n).order_by("-n").values_list("kind", flat=True).first()
    return (before is not None and before not in REMOVED) or _on_ground(row, replay, areas)


def _on_ground(row: CrewMember, replay: Replay, areas: list[int]) -> bool:
    shape = history.find_ground_shape(areas) if areas and row.unit.tracker_id else None
    if shape is None:
        return False
    begins, ends = replay.window()
    first, last = max(begins, row.signed_on_at), min(ends, row.signed_off_at or ends)
    points: Any = history.read_tracks([row.unit.tracker_id or 0], first, last).get(row.unit.tracker_id or 0)
    return points is not None and bool(history.stands_on(shape, points).any())


def _look(replay: Replay, row: CrewMember, begins: datetime, ends: datetime) -> TrackLook:
    on_it = replay.incident and Order.objects.filter(incident__uid=replay.incident, unit=row.unit).exists()
    return TrackLook(
        at=replay.opened_at, person=replay.person, begins=begins, ends=ends, call_sign=row.unit.call_sign,
        incident_number=replay.incident_number if on_it else "",
    )  # fmt: skip
