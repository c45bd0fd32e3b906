"""What a point is called: the nearest house number, else the nearest named street, with how far away that is."""

import msgspec
from django.db import connection

from geo.around import degrees_around

HOUSE_WITHIN_M = 40.0
STREET_WITHIN_M = 80.0
# The box finds candidates by index; geography then measures them in metres, at any latitude.
HOUSE_SQL = """SELECT street, house_number, ST_Distance(point::geography, here::geography) AS away_m
FROM geo_place, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) AS here
WHERE kind = 'address' AND street <> '' AND house_number <> ''
 AND point && ST_Expand(here, %(wide)s)
ORDER BY away_m, id LIMIT 1"""
STREET_SQL = """SELECT name, '', ST_Distance(geometry::geography, here::geography) AS away_m
FROM geo_road, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) AS here
WHERE name <> '' AND geometry && ST_Expand(here, %(wide)s)
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
    lon, lat = point
    for sql, within_m in ((HOUSE_SQL, HOUSE_WITHIN_M), (STREET_SQL, STREET_WITHIN_M)):
        with connection.cursor() as cursor:
            cursor.execute(sql, {"lon": lon, "lat": lat, "wide": degrees_around(lat, within_m)})
            row = cursor.fetchone()
        if row and row[2] <= within_m:
            return Named(*row)
    return None
