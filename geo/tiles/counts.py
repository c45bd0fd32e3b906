"""Cameras counted for the far zooms: once for a scope into small cells, from which every tile is summed in no time."""

from collections.abc import Sequence

import numpy as np
from django.db import connection

from geo.models import Area
from geo.tiles.drawing import EXTENT

WORLD_BITS = 30
CELL_ZOOM = 15  # a cell of the summary is a tile of this zoom: an eighth of the deepest tile that shows counts
CELL_BITS = WORLD_BITS - CELL_ZOOM
COUNT_BITS = 3  # eight marks across a tile
COLUMNS = 5  # cell x and y, how many, and the sums of where they stand

# Own areas out of the index alone; of the others those whose place the ground covers. Nobody is counted twice.
CELLS_SQL = f"""SELECT wx >> {CELL_BITS}, wy >> {CELL_BITS}, count(*), sum(wx), sum(wy) FROM (
 SELECT c.world_x AS wx, c.world_y AS wy FROM geo_camera c WHERE c.area_id = ANY(%(areas)s)
 UNION ALL SELECT c.world_x, c.world_y FROM geo_camera c WHERE c.area_id = ANY(%(others)s)
 AND c.point && %(around)s::geometry::geography
 AND ST_Covers((SELECT ST_Union(g.shape) FROM geo_ground g WHERE g.area_id = ANY(%(ground)s)), c.point::geometry)
) c GROUP BY 1, 2"""  # noqa: S608
AROUND_SQL = """SELECT ST_AsEWKT(ST_SetSRID(ST_Extent(shape)::geometry, 4326)),
 ST_XMax(ST_Extent(shape)) - ST_XMin(ST_Extent(shape)) FROM geo_ground WHERE area_id = ANY(%s)"""
WIDE_DEG = 20.0  # a box wider than that is no box on the sphere any more
TILE_SQL = f"""SELECT ST_AsMVT(t, 'cameras', {EXTENT}, 'geom') FROM (SELECT n AS count, ST_MakePoint(x, y) AS geom
 FROM unnest(%s::int[], %s::int[], %s::int[]) u(n, x, y)) t"""  # noqa: S608


def count_cells(area_ids: Sequence[int], ground_area_ids: Sequence[int]) -> bytes:
    """Return the summary of a scope: rows of COLUMNS 64-bit integers. It is good for one version of the cameras."""
    others = list(Area.objects.exclude(id__in=list(area_ids)).order_by("id").values_list("id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(AROUND_SQL, [list(ground_area_ids)])
        around, width_deg = cursor.fetchone()
        values = {
            "areas": list(area_ids),
            "ground": list(ground_area_ids),
            "others": others if around else [],
            "around": around,
        }
        sql = CELLS_SQL
        if around is None or width_deg > WIDE_DEG:
            sql = sql.replace("AND c.point && %(around)s::geometry::geography", "")
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return np.array(rows, dtype=np.int64).reshape(-1, COLUMNS).tobytes()


def count_tile(z: int, x: int, y: int, cells: bytes) -> bytes:
    """Return the tile with up to 8 by 8 marks, each the count of a cell at the middle of its cameras. z at most 12."""
    rows = np.frombuffer(cells, dtype=np.int64).reshape(-1, COLUMNS)
    apart = CELL_ZOOM - z
    rows = rows[(rows[:, 0] >> apart == x) & (rows[:, 1] >> apart == y)]
    if not len(rows):
        return b""
    marks = rows[:, :2] >> (apart - COUNT_BITS)
    _, which = np.unique(marks, axis=0, return_inverse=True)
    sums = np.zeros((int(which.max()) + 1, 3), dtype=np.int64)
    np.add.at(sums, which.ravel(), rows[:, 2:])
    side = 1 << (WORLD_BITS - z)
    spots = [(sums[:, 1 + axis] / sums[:, 0] - start * side) * EXTENT / side for axis, start in ((0, x), (1, y))]
    with connection.cursor() as cursor:
        cursor.execute(TILE_SQL, [sums[:, 0].tolist(), *(np.floor(spot).astype(int).tolist() for spot in spots)])
        return bytes(cursor.fetchone()[0])
