"""What lies within a distance of a place: areas by their boundary, trackers by their last fix."""

import math
from datetime import datetime

import numpy as np
from django.db import connection

from geo.metres import distances_m
from geo.models import TrackerLast

METRES_A_DEGREE = 111_320.0
AREAS_SQL = """SELECT id FROM geo_area WHERE boundary && ST_Expand(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326), %(wide)s)
 AND ST_DWithin(boundary::geography, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography, %(metres)s) ORDER BY id"""


def areas_within(point: tuple[float, float], metres: float) -> list[int]:
    """Return the ids of the areas whose boundary covers the lon/lat point or begins within `metres` of it."""
    asked = {"lon": point[0], "lat": point[1], "wide": degrees_around(point[1], metres), "metres": metres}
    with connection.cursor() as cursor:
        cursor.execute(AREAS_SQL, asked)
        return [row[0] for row in cursor.fetchall()]


def trackers_within(point: tuple[float, float], metres: float, *, fix_after: datetime) -> list[int]:
    """Return the ids of the trackers whose last fix is newer than `fix_after` and within `metres` of the lon/lat point."""
    wide_e7 = degrees_around(point[1], metres) * 1e7
    lon_e7, lat_e7 = point[0] * 1e7, point[1] * 1e7
    rows = list(
        TrackerLast.objects.filter(
            fix_at__gt=fix_after, lon_e7__range=(lon_e7 - wide_e7, lon_e7 + wide_e7),
            lat_e7__range=(lat_e7 - wide_e7, lat_e7 + wide_e7),
        ).order_by("tracker_id").values_list("tracker_id", "lon_e7", "lat_e7")
    )  # fmt: skip
    if not rows:
        return []
    found = np.array(rows, dtype=np.int64)
    far = distances_m(point, found[:, 1] / 1e7, found[:, 2] / 1e7)
    return [int(tracker) for tracker in found[far <= metres, 0]]


def degrees_around(lat: float, metres: float) -> float:
    """Return how many degrees hold `metres` in every direction at this latitude, a little more rather than less."""
    return min(180.0, 1.02 * metres / METRES_A_DEGREE / max(1e-4, math.cos(math.radians(lat))))
