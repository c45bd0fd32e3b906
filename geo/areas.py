"""The tree of areas and the ground they stand on."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point, Polygon
from django.db import connection, transaction
from django.db.models import Q

from geo.errors import GeoError
from geo.ground import widen
from geo.models import Area, Ground
from geo.tiles.changes import CAMERAS, tell_changed

ON_GROUND_SQL = """
SELECT area_id FROM geo_ground WHERE ST_Covers(shape, ST_SetSRID(ST_MakePoint(%s, %s), 4326)) ORDER BY area_id
"""


@transaction.atomic
def put_area(*, code: str, parent: Area | None = None, boundary: GEOSGeometry | None = None, **fields: Any) -> Area:
    """Create or change the area with this code and return it; the tree below it follows a new parent.

    `boundary` is a polygon or multipolygon in WGS-84 (mended when it crosses itself); None leaves it as it is.
    `fields` are name, name_zh, name_en, level, line, source_key, uid.
    Raises GeoError `area_cycle`, `boundary_unusable`.
    """
    area = Area.objects.select_for_update(no_key=True).filter(code=code).first() or Area(code=code)
    if area.pk and parent is not None and area.pk in parent.lineage:
        raise GeoError("area_cycle", {"code": code, "parent": parent.code}, field="parent")
    for name, value in fields.items():
        setattr(area, name, value)
    area.parent = parent
    if boundary is not None:
        area.boundary = clean_boundary(boundary)
    area.save()
    if boundary is not None:
        _widen(area)
    _write_lineage(area, parent.lineage if parent else [])
    return area


def clean_boundary(boundary: GEOSGeometry) -> MultiPolygon:
    """Return the boundary as a valid WGS-84 multipolygon; raise GeoError `boundary_unusable` when nothing is left."""
    shape = boundary if boundary.valid else boundary.make_valid()
    parts = [part for part in _polygons(shape) if not part.empty]
    if not parts:
        raise GeoError("boundary_unusable", {"type": boundary.geom_type}, field="boundary")
    return MultiPolygon(parts, srid=4326)


def _polygons(shape: GEOSGeometry) -> Iterable[Polygon]:
    if isinstance(shape, Polygon):
        return [shape]
    if hasattr(shape, "__iter__") and shape.geom_type in {"MultiPolygon", "GeometryCollection"}:
        return [polygon for part in shape for polygon in _polygons(part)]
    return []


def _write_lineage(area: Area, above: Sequence[int]) -> None:
    lineage = [*above, area.pk]
    if area.lineage == lineage:
        return
    area.lineage = lineage
    Area.objects.filter(pk=area.pk).update(lineage=lineage)
    tell_changed(CAMERAS)
    for child in Area.objects.filter(parent=area):
        _write_lineage(child, lineage)


def ancestors_or_self(area_id: int) -> list[int]:
    """Return the ids from the root down to this area; raise Area.DoesNotExist for an unknown id."""
    return list(Area.objects.values_list("lineage", flat=True).get(pk=area_id))


def subtree_ids(area_ids: int | Iterable[int]) -> list[int]:
    """Return the ids of the given areas and of everything below them, sorted."""
    wanted = [area_ids] if isinstance(area_ids, int) else list(area_ids)
    return list(Area.objects.filter(Q(lineage__overlap=wanted)).order_by("id").values_list("id", flat=True))


def areas_on_ground(point: tuple[float, float]) -> list[int]:
    """Return the ids of all areas whose ground covers the lon/lat point: the boundary and the band of GROUND_BAND_M
    metres around it, at any latitude and across the antimeridian.

    Every level and line is included: a point in a station is also in its district and city.
    """
    with connection.cursor() as cursor:
        cursor.execute(ON_GROUND_SQL, point)
        return [row[0] for row in cursor.fetchall()]


def smallest_area_at(point: tuple[float, float], *, line: str = "territorial") -> Area | None:
    """Return the deepest area of this line whose own boundary covers the lon/lat point, the smaller on a tie."""
    found = Area.objects.filter(boundary__covers=Point(*point, srid=4326), line=line)
    ranked = sorted(found, key=lambda area: (-len(area.lineage), area.boundary.area if area.boundary else 0, area.pk))
    return ranked[0] if ranked else None


def refresh_grounds() -> int:
    """Widen every boundary anew whose ground was made for another band than GROUND_BAND_M; return how many."""
    stale = Area.objects.exclude(boundary=None).exclude(ground__band_m=settings.GROUND_BAND_M)
    for area in stale:
        _widen(area)
    return len(stale)


def _widen(area: Area) -> None:
    assert area.boundary is not None
    band_m = float(settings.GROUND_BAND_M)
    shape = clean_boundary(GEOSGeometry(memoryview(widen(bytes(area.boundary.wkb), band_m)), srid=4326))
    Ground.objects.update_or_create(area=area, defaults={"shape": shape, "band_m": band_m})
    tell_changed(CAMERAS)
