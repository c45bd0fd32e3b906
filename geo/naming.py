"""What a point is called: the nearest house number, else the nearest named street, with how far away that is."""

import math

import msgspec
from django.db import connection

HOUSE_WITHIN_M = 40.0
STREET_WITHIN_M = 80.0
METRES_A_DEGREE = 111_320.0
# The box finds candidates by index; geography then measures them in metres, at any latitude.
HOUSE_SQL = """SELECT street, house_number, ST_Distance(point::geography, here::geography) AS away_m
FROM geo_place, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) AS here
WHERE kind = 'address' AND street <> '' AND house_number <> ''
 AND point && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
ORDER BY away_m, id LIMIT 1"""
STREET_SQL = """SELECT name, '', ST_Distance(geometry::geography, here::geography) AS away_m
FROM geo_road, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) AS here
WHERE name <> '' AND geometry && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
ORDER BY away_m, id LIMIT 1"""


class Named(msgspec.Struct, frozen=True):
    """A street, a house number ("" for none), and the metres from the point to it."""

    street: str
    house_number: str
    away_m: float

    def words(self) -> str:
        """Return it as one line, in the source's own language."""
        return f"{self.street} {self.house_number}".strip()


def find_name(point: tuple[float, float]) -> Named | None:
    """Return what stands nearest to a lon/lat point, None where nothing within STREET_WITHIN_M has a name."""
    for sql, within_m in ((HOUSE_SQL, HOUSE_WITHIN_M), (STREET_SQL, STREET_WITHIN_M)):
        with connection.cursor() as cursor:
            cursor.execute(sql, _box(point, within_m))
            row = cursor.fetchone()
        if row and row[2] <= within_m:
            return Named(*row)
    return None


def _box(point: tuple[float, float], within_m: float) -> dict[str, float]:
    lon, lat = point
    high = within_m / METRES_A_DEGREE
    wide = high / max(0.01, math.cos(math.radians(lat)))
    return {"lon": lon, "lat": lat, "west": lon - wide, "east": lon + wide, "south": lat - high, "north": lat + high}
