"""Tiles of cameras within a scope: what changes slowly (place, kind, grade, heading), and apart from it which are dead.

The columns `world_x`, `world_y` of a camera are its place on a Web Mercator world of 2^30 by 2^30, so a cell of any tile is a
shift. Cameras that would cover one another are one mark with their number, down
to the zoom at which a pole has room for its arms: what is on the way never depends on how many stand in one street.
"""

from collections.abc import Sequence
from typing import Any

from geo.nearest import SCOPE
from geo.tiles.counts import WORLD_BITS, count_cells, count_tile
from geo.tiles.drawing import EXTENT, check, draw, drawn, layer

POINTS_FROM_ZOOM = 13  # below, cameras come as counts by cell
EVERY_ONE_FROM_ZOOM = 17  # from here each is drawn, those of one pole side by side
SECTORS_FROM_ZOOM = 15
SECTORS_WHOLE_FROM_ZOOM, MOST_SECTORS = 17, 400
MARK_BITS = {13: 6, 14: 6, 15: 5, 16: 5}  # 64 or 32 across: about as wide as the symbol is drawn there
POLE_BITS = 4  # 2^4 of the world's units are 60 cm at the equator: nearer than that is one pole

WITHIN = f"""SELECT c.* FROM geo_camera c, b WHERE c.point && ST_Segmentize(b.box, 1)::geography AND {SCOPE}
 AND c.world_x >= %(west)s AND c.world_x < %(east)s AND c.world_y >= %(north)s AND c.world_y < %(south)s"""  # noqa: S608
SPOT = (
    """ST_MakePoint(floor(({0} - %(west)s) / %(unit)s::float8), floor(({1} - %(north)s) / %(unit)s::float8)) AS geom"""
)
UID = "rtrim(translate(encode(uuid_send(c.uid), 'base64'), '+/', '-_'), '=') AS uid"
SEEN = f"{UID}, c.kind, nullif(c.grade, 'general') AS grade, round(c.heading_deg)::int AS heading"
# Alone in its cell a camera comes as itself; several come as one with the number of them and the highest grade.
MARK_SQL = f"""SELECT ST_AsMVT(t, 'cameras', {EXTENT}, 'geom') FROM (
 SELECT CASE WHEN m.n = 1 THEN m.uid END AS uid, CASE WHEN m.n = 1 OR m.alike THEN m.kind END AS kind, m.grade,
 CASE WHEN m.n = 1 THEN m.heading END AS heading, nullif(m.n, 1)::int AS n, {SPOT.format("m.wx", "m.wy")}
 FROM (SELECT min(s.uid) AS uid, min(s.kind) AS kind, min(s.kind) = max(s.kind) AS alike,
 min(s.grade) AS grade, min(s.heading) AS heading, count(*) AS n, avg(s.world_x) AS wx, avg(s.world_y) AS wy
 FROM (SELECT {SEEN}, c.world_x, c.world_y FROM ({WITHIN}) c) s
 GROUP BY s.world_x >> %(cell)s, s.world_y >> %(cell)s) m) t"""  # noqa: S608
# On one pole: `i` of `n`, so that the map can set them side by side.
ON_POLE = f"""SELECT {SEEN}, c.code, c.status, nullif(count(*) OVER pole, 1)::int AS n,
 CASE WHEN count(*) OVER pole > 1 THEN (row_number() OVER (pole ORDER BY c.id))::int - 1 END AS i,
 {SPOT.format("avg(c.world_x) OVER pole", "avg(c.world_y) OVER pole")} FROM ({WITHIN}) c
 WINDOW pole AS (PARTITION BY (c.world_x + {2 ** (POLE_BITS - 1)}) >> {POLE_BITS},
 (c.world_y + {2 ** (POLE_BITS - 1)}) >> {POLE_BITS})"""  # noqa: S608
POLE_SQL = f"""SELECT ST_AsMVT(t, 'cameras', {EXTENT}, 'geom') FROM (
 SELECT uid, kind, grade, heading, code, n, i, geom FROM ({ON_POLE}) p) t"""  # noqa: S608
# All sectors of a tile or none: some of them would say that the rest see nothing.
SECTOR_SQL = layer(
    "sector",
    f"""SELECT {UID}, c.kind, {drawn("ST_Transform(c.sector, 3857)")} FROM geo_camera c, b
 WHERE c.sector && b.box AND {SCOPE} AND (%(whole)s OR (SELECT count(*) FROM (SELECT 1 FROM geo_camera c, b
 WHERE c.sector && b.box AND {SCOPE} LIMIT {MOST_SECTORS + 1}) s) <= {MOST_SECTORS})""",  # noqa: S608
)
DEAD_SQL = f"""SELECT ST_AsMVT(t, 'dead', {EXTENT}, 'geom') FROM (SELECT {UID}, {SPOT.format("c.world_x", "c.world_y")}
 FROM ({WITHIN} AND c.status = 'offline') c) t"""  # noqa: S608
# Close in a dead one stands where its camera stands among those of its pole, so the living are counted as well.
DEAD_ON_POLE_SQL = f"""SELECT ST_AsMVT(t, 'dead', {EXTENT}, 'geom') FROM (
 SELECT uid, n, i, geom FROM ({ON_POLE}) p WHERE p.status = 'offline') t"""  # noqa: S608


def camera_tile(z: int, x: int, y: int, *, area_ids: Sequence[int], ground_area_ids: Sequence[int]) -> bytes:
    """Return the cameras that belong to `area_ids` or stand on the ground (and band) of `ground_area_ids`.

    Layer `cameras` below zoom 13: count by cell, of this scope. From 13: uid (16 bytes as base64url), kind, grade (not
    when general), heading (degrees); several in one cell are one mark with n, without uid. From 17 every camera with its
    code, those on one pole with i of n. Layer `sector` (uid, kind) from zoom 15, whole or, in a crowd below 17, not at all.
    What changes often is not here: see `dead_tile`. Raises GeoError `tile_out_of_range`.
    """
    check(z, x, y)
    if not area_ids and not ground_area_ids:
        return b""
    scope = {"areas": list(area_ids), "ground": list(ground_area_ids)}
    if z < POINTS_FROM_ZOOM:
        return count_tile(z, x, y, count_cells(area_ids, ground_area_ids))
    if z < EVERY_ONE_FROM_ZOOM:
        parts = draw(MARK_SQL, z, x, y, cell=WORLD_BITS - z - MARK_BITS[z], **_square(z, x, y), **scope)
    else:
        parts = draw(POLE_SQL, z, x, y, **_square(z, x, y), **scope)
    if z >= SECTORS_FROM_ZOOM:
        parts += draw(SECTOR_SQL, z, x, y, whole=z >= SECTORS_WHOLE_FROM_ZOOM, **scope)
    return parts


def dead_tile(z: int, x: int, y: int, *, area_ids: Sequence[int], ground_area_ids: Sequence[int]) -> bytes:
    """Return layer `dead` of the same scope from zoom 13: uid of each camera that does not answer, from 17 with i of n on its
    pole. Empty farther out.

    Raises GeoError `tile_out_of_range`.
    """
    check(z, x, y)
    if z < POINTS_FROM_ZOOM or (not area_ids and not ground_area_ids):
        return b""
    select = DEAD_ON_POLE_SQL if z >= EVERY_ONE_FROM_ZOOM else DEAD_SQL
    return draw(select, z, x, y, areas=list(area_ids), ground=list(ground_area_ids), **_square(z, x, y))


def _square(z: int, x: int, y: int) -> dict[str, Any]:
    """Return the tile's square of the world and one tile unit. No buffer: each point belongs to one tile."""
    side = 1 << (WORLD_BITS - z)
    return {
        "west": x * side, "east": (x + 1) * side, "north": y * side, "south": (y + 1) * side, "unit": side / EXTENT,
    }  # fmt: skip
