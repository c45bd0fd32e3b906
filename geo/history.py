"""Where trackers were: the one room that reads `geo_track_point`, so that its storage can change underneath.

Points come as columns. Only what lies in a duty interval comes at all: off duty nobody was followed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import NamedTuple

import numpy as np
import shapely
from django.db import connection
from shapely.geometry.base import BaseGeometry

POINT = np.dtype(
    [("fix_ms", "i8"), ("received_ms", "i8"), ("lon_e7", "i4"), ("lat_e7", "i4"), ("speed_cms", "i4"),
     ("heading_deg", "i4"), ("flags", "i4")]
)  # fmt: skip
UNKNOWN = -1
# COPY's binary rows: a count of fields, then each with its length before it; all of ours are of fixed width.
_COPIED = np.dtype(
    [("fields", ">i2"), ("l0", ">i4"), ("tracker", ">i8"), ("l1", ">i4"), ("fix_ms", ">i8"), ("l2", ">i4"),
     ("received_ms", ">i8"), ("l3", ">i4"), ("lon_e7", ">i4"), ("l4", ">i4"), ("lat_e7", ">i4"), ("l5", ">i4"),
     ("speed_cms", ">i4"), ("l6", ">i4"), ("heading_deg", ">i4"), ("l7", ">i4"), ("flags", ">i4")]
)  # fmt: skip
_HEAD_BYTES, _TAIL_BYTES = 19, 2
_MS = "(extract(epoch FROM p.{})*1000)::int8"
_COLUMNS = f"""p.tracker_id::int8, {_MS.format("fix_at")}, {_MS.format("received_at")}, p.lon_e7, p.lat_e7,
 coalesce(p.speed_cms, -1)::int4, coalesce(p.heading_deg, -1)::int4, p.flags::int4"""
_TRACKS_SQL = f"""SELECT {_COLUMNS} FROM geo_dutyinterval d JOIN geo_track_point p ON p.tracker_id = d.tracker_id
 AND p.fix_at >= greatest(d.duty_from, %(begins)s) AND p.fix_at < least(coalesce(d.duty_to, %(ends)s), %(ends)s)
 WHERE d.tracker_id = ANY(%(trackers)s) AND d.duty_from < %(ends)s AND (d.duty_to IS NULL OR d.duty_to > %(begins)s)
 ORDER BY p.tracker_id, p.fix_at"""  # noqa: S608
_LAST_SQL = f"""SELECT {_COLUMNS} FROM geo_dutyinterval d CROSS JOIN LATERAL (SELECT * FROM geo_track_point t
 WHERE t.tracker_id = d.tracker_id AND t.fix_at >= d.duty_from AND t.fix_at < %(begins)s
 ORDER BY t.fix_at DESC LIMIT 1) p
 WHERE d.tracker_id = ANY(%(trackers)s) AND d.duty_from < %(begins)s
 AND (d.duty_to IS NULL OR d.duty_to > %(begins)s)"""  # noqa: S608
_NEAR_SQL = """SELECT DISTINCT tracker_id FROM geo_track_point WHERE fix_at >= %s AND fix_at < %s
 AND lon_e7 BETWEEN %s AND %s AND lat_e7 BETWEEN %s AND %s AND NOT tracker_id = ANY(%s)"""
_DUTY_SQL = """SELECT tracker_id, duty_from, duty_to FROM geo_dutyinterval WHERE tracker_id = ANY(%s)
 AND duty_from < %s AND (duty_to IS NULL OR duty_to > %s) ORDER BY tracker_id, duty_from"""
_GROUND_SQL = "SELECT ST_AsBinary(ST_Union(shape)) FROM geo_ground WHERE area_id = ANY(%s)"
_FIXES_SQL = """SELECT extract(epoch FROM p.fix_at)::float8, p.lon_e7 / 1e7::float8, p.lat_e7 / 1e7::float8,
 p.accuracy_dm / 10.0::float8, p.flags FROM geo_dutyinterval d JOIN geo_track_point p ON p.tracker_id = d.tracker_id
 AND p.fix_at >= greatest(d.duty_from, %(begins)s) AND p.fix_at < least(coalesce(d.duty_to, %(ends)s), %(ends)s)
 WHERE d.tracker_id = %(tracker)s AND d.duty_from < %(ends)s AND (d.duty_to IS NULL OR d.duty_to > %(begins)s)
 ORDER BY p.fix_at"""
Duty = tuple[datetime, datetime | None]


class Fixed(NamedTuple):
    """One kept fix: Unix seconds, degrees WGS-84, accuracy in metres (null: not told), flags of geo.fixes."""

    fix_s: float
    lon: float
    lat: float
    accuracy_m: float | None
    flags: int


def read_tracks(tracker_ids: Iterable[int], begins: datetime, ends: datetime) -> dict[int, np.ndarray]:
    """Return each tracker's points of POINT with begins <= fix < ends, oldest first; nothing for who has none."""
    return _copied(_TRACKS_SQL, trackers=list(tracker_ids), begins=begins, ends=ends)


def read_last_before(tracker_ids: Iterable[int], begins: datetime) -> dict[int, np.ndarray]:
    """Return for each tracker on duty at `begins` the one point that was its newest then."""
    return _copied(_LAST_SQL, trackers=list(tracker_ids), begins=begins)


def read_fixes(tracker_id: int, begins: datetime, ends: datetime) -> list[Fixed]:
    """Return one tracker's kept fixes on duty with begins <= fix < ends, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_FIXES_SQL, {"tracker": tracker_id, "begins": begins, "ends": ends})
        return [Fixed(*row) for row in cursor.fetchall()]


def read_duty(tracker_ids: Iterable[int], begins: datetime, ends: datetime) -> dict[int, list[Duty]]:
    """Return each tracker's duty intervals that reach into the window, oldest first."""
    table: dict[int, list[Duty]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DUTY_SQL, [list(tracker_ids), ends, begins])
        for tracker, start, end in cursor.fetchall():
            table.setdefault(tracker, []).append((start, end))
    return table


def count_points(tracker_ids: Iterable[int], begins: datetime, ends: datetime) -> int:
    """Return how many points `read_tracks` would read, or a few more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM geo_track_point WHERE tracker_id = ANY(%s) AND fix_at >= %s AND fix_at < %s",
            [list(tracker_ids), begins, ends],
        )
        return int(cursor.fetchone()[0])


def trackers_near(shape: BaseGeometry, begins: datetime, ends: datetime, *, without: Sequence[int] = ()) -> list[int]:
    """Return the trackers that sent a point out of the shape's box within the window; `without` are passed over."""
    west, south, east, north = (round(edge * 1e7) for edge in shape.bounds)
    with connection.cursor() as cursor:
        cursor.execute(_NEAR_SQL, [begins, ends, west, east, south, north, list(without)])
        return sorted(row[0] for row in cursor.fetchall())


def find_ground_shape(area_ids: Iterable[int]) -> BaseGeometry | None:
    """Return the ground of these areas with the band around it as one prepared shape, None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUND_SQL, [list(area_ids)])
        row = cursor.fetchone()
    if not row or not row[0]:
        return None
    shape = shapely.from_wkb(bytes(row[0]))
    shapely.prepare(shape)
    return shape


def stands_on(shape: BaseGeometry, points: np.ndarray) -> np.ndarray:
    """Return for each point of POINT whether it lies within the shape."""
    inside: np.ndarray = shapely.contains_xy(shape, points["lon_e7"] / 1e7, points["lat_e7"] / 1e7)
    return inside


def _copied(sql: str, **values: object) -> dict[int, np.ndarray]:
    raw = BytesIO()
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT BINARY)", values) as copy,
    ):
        for data in copy:
            raw.write(data)
    rows = np.frombuffer(raw.getvalue()[_HEAD_BYTES:-_TAIL_BYTES], _COPIED)
    points = np.empty(len(rows), POINT)
    for name in POINT.names or ():
        points[name] = rows[name]
    trackers, starts = np.unique(rows["tracker"], return_index=True)
    return (
        {int(one): part for one, part in zip(trackers, np.split(points, starts[1:]), strict=True)} if len(rows) else {}
    )
