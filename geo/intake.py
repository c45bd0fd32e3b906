"""From received fixes to stored ones. Nothing else in the project writes geo_track_point or geo_tracker_last.

The statements are plain psycopg text with positional lists, so the raw ASGI intake runs them on its own async
connection: history first in its own transaction, then the last fixes in a second one with LAST_COMMIT set.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection, transaction

from geo.fixes import OLDEST, Box, Duty, Fix, Known, Rejected, moves_last, sift
from geo.models import DutyInterval, TrackerLast

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


class Taken(msgspec.Struct, frozen=True):
    """What became of a batch: `results` answers each given fix in order, `kept` goes to history, `last` moves."""

    results: list[Fix | Rejected]
    kept: list[Fix]
    last: dict[int, Fix]


def take_in(
    fixes: Iterable[Fix],
    *,
    duty: Mapping[int, Duty],
    last: Mapping[int, Fix],
    now: datetime,
    ground: Sequence[Box] = (),
) -> Taken:
    """Judge fixes in the order given. Pure: `duty` and `last` are by tracker id and are not changed.

    The caller stores `kept` and `last` with `store` (or the statements below) and then replaces its own last fixes by
    `Taken.last`; until that commit nothing has been taken in.
    """
    results: list[Fix | Rejected] = []
    moved: dict[int, Fix] = {}
    seen: set[tuple[int, datetime]] = set()
    for fix in fixes:
        before = moved.get(fix.tracker_id) or last.get(fix.tracker_id)
        result = sift(fix, Known(duty.get(fix.tracker_id, ()), before, now, ground))
        if isinstance(result, Fix) and (result.tracker_id, result.fix_at) in seen:
            result = Rejected("duplicate")
        results.append(result)
        if isinstance(result, Fix):
            seen.add((result.tracker_id, result.fix_at))
            if moves_last(result, before):
                moved[result.tracker_id] = result
    return Taken(results=results, kept=[result for result in results if isinstance(result, Fix)], last=moved)


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
