"""Vector tiles out of PostGIS: the base map as imported, and cameras within the areas somebody may see."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from geo.models import ImportRun, ImportState

DEEPEST = 18
EXTENT, BUFFER = 4096, 64
POINTS_FROM_ZOOM = 13  # below, cameras come as counts by cell
CELL = 512  # tile units: eight cells across
ROADS_FROM_ZOOM = {
    0: ("motorway", "trunk", "primary"),
    8: ("motorway_link", "trunk_link", "primary_link", "secondary"),
    10: ("secondary_link", "tertiary", "tertiary_link", "busway"),
    11: ("residential", "unclassified", "living_street", "road"),
}
EVERY_ROAD_FROM_ZOOM = 14
SURFACES = {
    "park": ("park", 8),
    "water": ("water", 0),
    "pier": ("pier", 12),
    "rail": ("rail", 12),
    "building": ("build", 14),
}
PLACES_FROM_ZOOM = {"place": 9, "poi": 15}

BOX = """WITH b AS (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS env,
 ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 0.016), 4326) AS box)"""
NAMES = "nullif({0}.name, '') AS name, nullif({0}.name_zh, '') AS name_zh, nullif({0}.name_en, '') AS name_en"
ROAD_SQL = f"""SELECT ST_AsMVT(t, 'road', {EXTENT}, 'geom') FROM (SELECT r.highway AS h, {NAMES.format("r")},
 CASE WHEN r.tunnel THEN 1 END AS tunnel,
 ST_AsMVTGeom(ST_Simplify(ST_Transform(r.geometry, 3857), %(fine_m)s), b.env, {EXTENT}, {BUFFER}) AS geom
 FROM geo_road r, b WHERE r.geometry && b.box AND (%(every)s OR r.highway = ANY(%(classes)s))) t WHERE geom IS NOT NULL"""
SURFACE_SQL = f"""SELECT ST_AsMVT(t, %(layer)s, {EXTENT}, 'geom') FROM (SELECT {NAMES.format("f")},
 ST_AsMVTGeom(ST_Transform(f.geometry, 3857), b.env, {EXTENT}, {BUFFER}) AS geom
 FROM geo_mapfeature f, b WHERE f.kind = %(kind)s AND f.geometry && b.box) t WHERE geom IS NOT NULL"""
PLACE_SQL = f"""SELECT ST_AsMVT(t, 'place', {EXTENT}, 'geom') FROM (SELECT p.kind AS k, {NAMES.format("p")},
 ST_AsMVTGeom(ST_Transform(p.point, 3857), b.env, {EXTENT}, {BUFFER}) AS geom
 FROM geo_place p, b WHERE p.kind = ANY(%(kinds)s) AND p.point && b.box AND p.name <> '' LIMIT 500) t WHERE geom IS NOT NULL"""
CAMERAS_IN = """SELECT c.*, ST_Transform(c.point::geometry, 3857) AS spot, b.env FROM geo_camera c, b
 WHERE c.point && ST_Segmentize(b.box, 1)::geography AND (c.area_id = ANY(%(areas)s) OR ST_DWithin(c.point,
 (SELECT ST_Union(g.boundary)::geography FROM geo_area g WHERE g.id = ANY(%(ground)s)), %(band)s))"""
POINT_SQL = f"""SELECT ST_AsMVT(t, 'cameras', {EXTENT}, 'geom') FROM (SELECT c.uid::text AS uid, c.code, c.kind, c.grade,
 c.status, c.heading_deg, ST_AsMVTGeom(c.spot, c.env, {EXTENT}, {BUFFER}) AS geom FROM ({CAMERAS_IN}) c) t WHERE geom IS NOT NULL"""
COUNT_SQL = f"""SELECT ST_AsMVT(t, 'cameras', {EXTENT}, 'geom') FROM (SELECT count(*)::int AS count,
 ST_SetSRID(ST_MakePoint(avg(ST_X(geom)), avg(ST_Y(geom))), 0) AS geom FROM
 (SELECT ST_AsMVTGeom(c.spot, c.env, {EXTENT}, 0) AS geom FROM ({CAMERAS_IN}) c) s WHERE geom IS NOT NULL
 GROUP BY floor(ST_X(geom) / {CELL}), floor(ST_Y(geom) / {CELL})) t"""


def base_tile(z: int, x: int, y: int) -> bytes:
    """Return the base map's tile: layers road, park, water, pier, rail, build, place; empty where nothing was imported."""
    classes = [name for zoom, names in ROADS_FROM_ZOOM.items() if z >= zoom for name in names]
    metres_a_unit = 40_075_016.7 / 2**z / EXTENT
    wanted = {"classes": classes, "every": z >= EVERY_ROAD_FROM_ZOOM, "fine_m": metres_a_unit * 2}
    parts = [_draw(ROAD_SQL, z, x, y, **wanted)]
    parts += [
        _draw(SURFACE_SQL, z, x, y, kind=kind, layer=layer) for kind, (layer, zoom) in SURFACES.items() if z >= zoom
    ]
    kinds = [kind for kind, zoom in PLACES_FROM_ZOOM.items() if z >= zoom]
    if kinds:
        parts.append(_draw(PLACE_SQL, z, x, y, kinds=kinds))
    return b"".join(parts)


def base_version() -> str:
    """Return what changes when something was imported."""
    newest = ImportRun.objects.filter(state=ImportState.DONE).order_by("-id").values_list("id", flat=True).first()
    return str(newest or 0)


def camera_tile(z: int, x: int, y: int, *, area_ids: Sequence[int], ground_area_ids: Sequence[int]) -> bytes:
    """Return the cameras that belong to `area_ids` or stand on the ground (and band) of `ground_area_ids`.

    Layer `cameras`: uid, code, kind, grade, status, heading_deg from zoom 13; counts by cell before, of the same scope.
    """
    if not area_ids and not ground_area_ids:
        return b""
    scope = {"areas": list(area_ids), "ground": list(ground_area_ids), "band": settings.GROUND_BAND_M}
    return _draw(POINT_SQL if z >= POINTS_FROM_ZOOM else COUNT_SQL, z, x, y, **scope)


def _draw(select: str, z: int, x: int, y: int, **values: Any) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"{BOX} {select}", {"z": z, "x": x, "y": y, **values})
        return bytes(cursor.fetchone()[0] or b"")
