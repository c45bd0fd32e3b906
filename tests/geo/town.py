"""The small invented town that the geo tests stand on: rows made by the room's own functions."""

from datetime import UTC, datetime

from django.contrib.gis.geos import Point, Polygon

from geo.areas import put_area
from geo.models import Area, Camera

NOON = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
CENTRE = (-71.25, -29.90)


def square(lon: float, lat: float, half_deg: float = 0.01) -> Polygon:
    """Return a square around a lon/lat point."""
    return Polygon.from_bbox((lon - half_deg, lat - half_deg, lon + half_deg, lat + half_deg))


def make_town(lon: float = CENTRE[0], lat: float = CENTRE[1]) -> dict[str, Area]:
    """Make a city with two districts side by side, a station in each, and a traffic area over the whole."""
    city = put_area(code="T", name="Town", level="city", boundary=square(lon, lat, 0.04))
    west = put_area(code="T-W", name="West", level="district", parent=city, boundary=square(lon - 0.02, lat, 0.02))
    east = put_area(code="T-E", name="East", level="district", parent=city, boundary=square(lon + 0.02, lat, 0.02))
    west_1 = put_area(code="T-W-1", name="West 1", level="station", parent=west, boundary=square(lon - 0.01, lat, 0.01))
    east_1 = put_area(code="T-E-1", name="East 1", level="station", parent=east, boundary=square(lon + 0.01, lat, 0.01))
    traffic = put_area(
        code="T-T", name="Traffic", level="district", line="traffic", parent=city, boundary=square(lon, lat, 0.04)
    )
    return {"city": city, "west": west, "east": east, "west_1": west_1, "east_1": east_1, "traffic": traffic}


def plain_camera(area: Area, code: str, lon: float, lat: float, **fields: object) -> Camera:
    """Return an unsaved camera row, for bulk tables whose sectors and history do not matter."""
    defaults: dict[str, object] = {"name": code, "status": "online", "placed_at": NOON, "kind": "fixed"}
    return Camera(code=code, area=area, point=Point(lon, lat, srid=4326), **{**defaults, **fields})
