"""From received fixes to stored ones. Nothing else in the project writes geo_track_point or geo_tracker_last.

The statements are plain psycopg text with positional lists, so the raw ASGI intake runs them on its own async
connection: history first in its own transaction, then the last fixes in a second one with LAST_COMMIT set.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec
from django.db import connection, transaction

from geo.fixes import OLDEST, Box, Duty, Fix, Known, Rejected, moves_last, sift
from geo.models import DutyInterval, TrackerLast
from geo.voices import Talk, after_spare, after_word

HISTORY_SQL = """
INSERT INTO geo_track_point
    (tracker_id, fix_at, received_at, lon_e7, lat_e7, speed_cms, heading_deg, accuracy_dm, flags)
SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::int[], %s::int[],
                     %s::smallint[], %s::smallint[], %s::smallint[], %s::smallint[])
ON CONFLICT DO NOTHING
"""
LAST_SQL = """
INSERT INTO geo_tracker_last
    (tracker_id, fix_at, received_at, lon_e7, lat_e7, speed_mps, heading_deg, accuracy_m, flags)
SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::int[], %s::int[],
                     %s::float8[], %s::smallint[], %s::float8[], %s::smallint[])
ON CONFLICT (tracker_id) DO UPDATE SET
    fix_at = excluded.fix_at, received_at = excluded.received_at, lon_e7 = excluded.lon_e7, lat_e7 = excluded.lat_e7,
    speed_mps = excluded.speed_mps, heading_deg = excluded.heading_deg, accuracy_m = excluded.accuracy_m,
    flags = excluded.flags
WHERE excluded.fix_at > geo_tracker_last.fix_at
"""
# A lost last fix is repaired by the next one a second later, so its commit need not wait for the disk.
LAST_COMMIT = "SET LOCAL synchronous_commit TO off"


HEARD_SQL = """
UPDATE geo_device SET
    heard_at = said.heard_at, fix_at = greatest(geo_device.fix_at, said.fix_at), refused = coalesce(said.refused, geo_device.refused),
    battery_pct = coalesce(said.battery_pct, geo_device.battery_pct)
FROM (SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::smallint[])
      AS row (id, heard_at, fix_at, refused, battery_pct)) AS said
WHERE geo_device.id = said.id
"""


class Heard(msgspec.Struct, frozen=True):
    """What a device said last: when it was heard, its newest fix that counted, why its newest did not ("" when
    it did), battery in percent; None is nothing new."""

    device_id: int
    heard_at: datetime
    fix_at: datetime | None
    refused: str | None
    battery_pct: int | None


class Taken(msgspec.Struct, frozen=True):
    """What became of a batch: `results` answers each given fix in order, `kept` goes to history, `last` moves, and so does
    who speaks for trackers of several devices (`talks`)."""

    results: list[Fix | Rejected]
    kept: list[Fix]
    last: dict[int, Fix]
    talks: dict[int, Talk] = {}


def take_in(
    fixes: Iterable[Fix],
    *,
    duty: Mapping[int, Duty],
    last: Mapping[int, Fix],
    now: datetime,
    ground: Sequence[Box] = (),
    talks: Mapping[int, Talk] = MappingProxyType({}),
) -> Taken:
    """Judge fixes in the order given. Pure: `duty`, `last` and `talks` are by tracker id and are not changed. `talks` holds
    the trackers for which several devices may speak.

    The caller stores `kept` and `last` with `store` (or the statements below) and then replaces its own last fixes and talks
    by those of `Taken`; until that commit nothing has been taken in.
    """
    results: list[Fix | Rejected] = []
    moved: dict[int, Fix] = {}
    spoken: dict[int, Talk] = {}
    seen: set[tuple[int, datetime]] = set()
    for fix in fixes:
        before = moved.get(fix.tracker_id) or last.get(fix.tracker_id)
        talk = spoken.get(fix.tracker_id) or talks.get(fix.tracker_id)
        result = sift(fix, Known(duty.get(fix.tracker_id, ()), before, now, ground, talk))
        if isinstance(result, Fix) and (result.tracker_id, result.fix_at) in seen:
            result = Rejected("duplicate")
        results.append(result)
        if talk is not None:
            spoken[fix.tracker_id] = _after(talk, fix, result)
        if isinstance(result, Fix):
            seen.add((result.tracker_id, result.fix_at))
            if moves_last(result, before):
                moved[result.tracker_id] = result
    return Taken(
        results=results, kept=[result for result in results if isinstance(result, Fix)], last=moved, talks=spoken
    )


def _after(talk: Talk, fix: Fix, result: Fix | Rejected) -> Talk:
    if isinstance(result, Fix):
        return after_word(talk, result.voice, result.fix_at, result.accuracy_m)
    return after_spare(talk, fix.voice, fix.fix_at) if result.reason == "other_device" else talk


def history_parameters(kept: Sequence[Fix]) -> list[list[Any]]:
    """Return the nine lists that HISTORY_SQL takes."""
    rows = sorted(kept, key=lambda fix: (fix.tracker_id, fix.fix_at))
    return [
        *_common(rows),
        [_scaled(fix.speed_mps, 100) for fix in rows],
        [_heading(fix) for fix in rows],
        [_scaled(fix.accuracy_m, 10) for fix in rows],
        [fix.flags for fix in rows],
    ]


def last_parameters(last: Iterable[Fix]) -> list[list[Any]]:
    """Return the nine lists that LAST_SQL takes, sorted by tracker so that two writers never lock crosswise."""
    rows = sorted(last, key=lambda fix: fix.tracker_id)
    return [
        *_common(rows),
        [fix.speed_mps for fix in rows],
        [_heading(fix) for fix in rows],
        [fix.accuracy_m for fix in rows],
        [fix.flags for fix in rows],
    ]


def store(taken: Taken) -> int:
    """Write a judged batch through Django's connection; return how many points were new to history."""
    written = 0
    if taken.kept:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(HISTORY_SQL, history_parameters(taken.kept))
            written = cursor.rowcount
    if taken.last:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LAST_COMMIT)
            cursor.execute(LAST_SQL, last_parameters(taken.last.values()))
    return written


def load_duty(
    now: datetime, tracker_ids: Iterable[int] | None = None
) -> dict[int, list[tuple[datetime, datetime | None]]]:
    """Return each tracker's duty intervals that reach into the last day: no older fix is accepted anyway."""
    rows = DutyInterval.objects.exclude(duty_to__lt=now - OLDEST).order_by("tracker_id", "duty_from")
    if tracker_ids is not None:
        rows = rows.filter(tracker_id__in=list(tracker_ids))
    table: dict[int, list[tuple[datetime, datetime | None]]] = {}
    for tracker_id, start, end in rows.values_list("tracker_id", "duty_from", "duty_to"):
        table.setdefault(tracker_id, []).append((start, end))
    return table


def load_last(tracker_ids: Iterable[int] | None = None) -> dict[int, Fix]:
    """Return the last fix of each tracker by its id."""
    rows = TrackerLast.objects.all()
    if tracker_ids is not None:
        rows = rows.filter(tracker_id__in=list(tracker_ids))
    return {row.tracker_id: _from_row(row) for row in rows.iterator()}


def _from_row(row: TrackerLast) -> Fix:
    return Fix(
        tracker_id=row.tracker_id,
        lon=row.lon_e7 / 1e7,
        lat=row.lat_e7 / 1e7,
        fix_at=row.fix_at,
        received_at=row.received_at,
        speed_mps=row.speed_mps,
        heading_deg=row.heading_deg,
        accuracy_m=row.accuracy_m,
        flags=row.flags,
    )


def heard_parameters(rows: Sequence[Heard]) -> list[list[Any]]:
    """Return the five lists that HEARD_SQL takes, sorted by device so that two writers never lock crosswise."""
    rows = sorted(rows, key=lambda row: row.device_id)
    return [
        [row.device_id for row in rows], [row.heard_at for row in rows], [row.fix_at for row in rows],
        [row.refused for row in rows], [row.battery_pct for row in rows],
    ]  # fmt: skip


def _common(rows: Sequence[Fix]) -> list[list[Any]]:
    return [
        [fix.tracker_id for fix in rows],
        [fix.fix_at for fix in rows],
        [fix.received_at for fix in rows],
        [round(fix.lon * 1e7) for fix in rows],
        [round(fix.lat * 1e7) for fix in rows],
    ]


def _heading(fix: Fix) -> int | None:
    return None if fix.heading_deg is None else round(fix.heading_deg) % 360


def _scaled(value: float | None, factor: int) -> int | None:
    return None if value is None else round(value * factor)
