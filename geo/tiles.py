"""Vector tiles out of PostGIS: the base map as imported, and cameras within the areas somebody may see."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q

from geo.errors import GeoError
from geo.models import ImportRun, ImportState
from geo.nearest import SCOPE

DEEPEST = 18
EXTENT, BUFFER = 4096, 64
POINTS_FROM_ZOOM = 13  # below, cameras come as counts by cell
SECTORS_FROM_ZOOM = 15
CELL = 512  # tile units: eight cells across
CAMERA_INDEX_FROM_ZOOM = 4  # a box wider than that is no polygon on the sphere any more
ROADS_FROM_ZOOM = {
    0: ("motorway", "trunk", "primary"),
    8: ("motorway_link", "trunk_link", "primary_link", "secondary"),
    10: ("secondary_link", "tertiary", "tertiary_link", "busway"),
    11: ("residential", "unclassified", "living_street", "road"),
}
NAMES_FROM_ZOOM = 12
EVERY_ROAD_FROM_ZOOM = 14
SURFACES_FROM_ZOOM = {"park": 8, "water": 0, "pier": 12, "rail": 12, "building": 14}
SURFACE_LAYERS = {"building": "build"}
PLACES_FROM_ZOOM = {"place": 9, "poi": 15}
PARK_NAMES_FROM_ZOOM = 13
HOUSE_NUMBERS_FROM_ZOOM = 17
MOST_LABELS = 500

BOX = """WITH b AS MATERIALIZED (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS env,
 ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 0.016), 4326) AS box)"""
NAMES = "nullif({0}.name, '') AS name, nullif({0}.name_zh, '') AS name_zh, nullif({0}.name_en, '') AS name_en"


def _layer(name: str, select: str) -> str:
    return f"SELECT ST_AsMVT(t, '{name}', {EXTENT}, 'geom') FROM ({select}) t WHERE geom IS NOT NULL"  # noqa: S608


def _drawn(shape: str) -> str:
    return f"ST_AsMVTGeom({shape}, b.env, {EXTENT}, {BUFFER}) AS geom"


ROAD_SQL = _layer(
    "road",
    f"""SELECT r.highway AS h, {NAMES.format("r")}, CASE WHEN r.tunnel THEN 1 END AS tunnel,
 {_drawn("ST_Simplify(ST_Transform(r.geometry, 3857), %(fine_m)s)")}
 FROM geo_road r, b WHERE r.geometry && b.box AND (%(every)s OR r.highway = ANY(%(classes)s))""",  # noqa: S608
)
# Far out nobody reads a name, so all streets of one class are one shape: a third of the bytes.
OVERVIEW_SQL = _layer(
    "road",
    f"""SELECT r.highway AS h, CASE WHEN r.tunnel THEN 1 END AS tunnel,
 ST_AsMVTGeom(ST_Simplify(ST_Transform(ST_Collect(r.geometry), 3857), %(fine_m)s), b.env, {EXTENT}, {BUFFER}) AS geom
 FROM geo_road r, b WHERE r.geometry && b.box AND r.highway = ANY(%(classes)s) GROUP BY r.highway, r.tunnel, b.env""",  # noqa: S608
)
SURFACE_SQL = f"""SELECT ST_AsMVT(t, %(layer)s, {EXTENT}, 'geom') FROM (SELECT {NAMES.format("f")},
 {_drawn("ST_SimplifyPreserveTopology(ST_Transform(f.geometry, 3857), %(fine_m)s)")}
 FROM geo_mapfeature f, b WHERE f.kind = %(kind)s AND f.geometry && b.box) t WHERE geom IS NOT NULL"""  # noqa: S608
# A park's name stands at a point inside it, and only in the tile that holds the point.
PLACE_SQL = _layer(
    "place",
    f"""(SELECT p.kind AS k, {NAMES.format("p")}, nullif(p.detail, '') AS detail,
 {_drawn("ST_Transform(p.point, 3857)")}
 FROM geo_place p, b WHERE p.kind = ANY(%(kinds)s) AND p.point && b.box AND p.name <> '' LIMIT {MOST_LABELS})
 UNION ALL (SELECT 'park', {NAMES.format("f")}, NULL, {_drawn("ST_Transform(ST_PointOnSurface(f.geometry), 3857)")}
 FROM geo_mapfeature f, b WHERE %(parks)s AND f.kind = 'park' AND f.geometry && b.box AND f.name <> ''
 LIMIT {MOST_LABELS})""",  # noqa: S608
)
HOUSE_SQL = _layer(
    "house",
    f"""SELECT p.house_number AS n, {_drawn("ST_Transform(p.point, 3857)")}
 FROM geo_place p, b WHERE p.house_number <> '' AND p.point && b.box""",  # noqa: S608
)
CAMERAS_IN = f"""SELECT c.*, ST_Transform(c.point::geometry, 3857) AS spot, b.env FROM geo_camera c, b
 WHERE (%(z)s < {CAMERA_INDEX_FROM_ZOOM} OR c.point && ST_Segmentize(b.box, 1)::geography) AND {SCOPE}"""  # noqa: S608
POINT_SQL = f"""SELECT ST_AsMVT(t, 'cameras', {EXTENT}, 'geom') FROM (SELECT c.uid::text AS uid, c.code, c.kind, c.grade,
 c.status, c.heading_deg, ST_AsMVTGeom(c.spot, c.env, {EXTENT}, {BUFFER}) AS geom FROM ({CAMERAS_IN}) c) t
 WHERE geom IS NOT NULL"""  # noqa: S608
SECTOR_SQL = _layer(
    "sector",
    f"""SELECT c.uid::text AS uid, c.kind, c.status, {_drawn("ST_Transform(c.sector, 3857)")}
 FROM geo_camera c, b WHERE c.sector && b.box AND {SCOPE}""",  # noqa: S608
)
COUNT_SQL = f"""SELECT ST_AsMVT(t, 'cameras', {EXTENT}, 'geom') FROM (SELECT count(*)::int AS count,
 ST_SetSRID(ST_MakePoint(avg(ST_X(geom)), avg(ST_Y(geom))), 0) AS geom FROM
 (SELECT ST_AsMVTGeom(c.spot, c.env, {EXTENT}, 0) AS geom FROM ({CAMERAS_IN}) c) s WHERE geom IS NOT NULL
 GROUP BY floor(ST_X(geom) / {CELL}), floor(ST_Y(geom) / {CELL})) t"""  # noqa: S608


def base_tile(z: int, x: int, y: int) -> bytes:
    """Return the base map's tile, empty where nothing was imported. Raises GeoError `tile_out_of_range`.

    Layers: road (h, tunnel; name, name_zh, name_en from zoom 12), park, water, pier, rail, build, place (k: place, poi, park),
    house (n, from zoom 17). Less is drawn and more is smoothed the farther out.
    """
    _check(z, x, y)
    classes = [name for zoom, names in ROADS_FROM_ZOOM.items() if z >= zoom for name in names]
    fine_m = 40_075_016.7 / 2**z / EXTENT * (2 if z < EVERY_ROAD_FROM_ZOOM else 1)
    roads = ROAD_SQL if z >= NAMES_FROM_ZOOM else OVERVIEW_SQL
    parts = [_draw(roads, z, x, y, classes=classes, every=z >= EVERY_ROAD_FROM_ZOOM, fine_m=fine_m)]
    for kind, zoom in SURFACES_FROM_ZOOM.items():
        if z >= zoom:
            parts.append(_draw(SURFACE_SQL, z, x, y, kind=kind, layer=SURFACE_LAYERS.get(kind, kind), fine_m=fine_m))
    kinds = [kind for kind, zoom in PLACES_FROM_ZOOM.items() if z >= zoom]
    if kinds:
        parts.append(_draw(PLACE_SQL, z, x, y, kinds=kinds, parks=z >= PARK_NAMES_FROM_ZOOM))
    if z >= HOUSE_NUMBERS_FROM_ZOOM:
        parts.append(_draw(HOUSE_SQL, z, x, y))
    return b"".join(parts)


def base_version() -> str:
    """Return what changes when something was imported or an import was undone."""
    runs = ImportRun.objects.filter(state__in=[ImportState.DONE, ImportState.UNDONE])
    found = runs.aggregate(newest=Max("id"), undone=Count("id", filter=Q(state=ImportState.UNDONE)))
    return f"{found['newest'] or 0}.{found['undone']}" if found["undone"] else str(found["newest"] or 0)


def camera_tile(z: int, x: int, y: int, *, area_ids: Sequence[int], ground_area_ids: Sequence[int]) -> bytes:
    """Return the cameras that belong to `area_ids` or stand on the ground (and band) of `ground_area_ids`.

    Layer `cameras`: uid, code, kind, grade, status, heading_deg from zoom 13; before, count by cell, of the same
    scope. Layer `sector` (uid, kind, status) from zoom 15. Raises GeoError `tile_out_of_range`.
    """
    _check(z, x, y)
    if not area_ids and not ground_area_ids:
        return b""
    scope = {"areas": list(area_ids), "ground": list(ground_area_ids)}
    if z < POINTS_FROM_ZOOM:
        return _draw(COUNT_SQL, z, x, y, **scope)
    points = _draw(POINT_SQL, z, x, y, **scope)
    return points + _draw(SECTOR_SQL, z, x, y, **scope) if z >= SECTORS_FROM_ZOOM else points


def _check(z: int, x: int, y: int) -> None:
    if not (0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z):
        raise GeoError("tile_out_of_range", {"z": z, "x": x, "y": y, "deepest": DEEPEST}, field="z/x/y")


def _draw(select: str, z: int, x: int, y: int, **values: Any) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"{BOX} {select}", {"z": z, "x": x, "y": y, **values})
        return bytes(cursor.fetchone()[0] or b"")
