"""The ground a desk watches: its areas' boundaries and the band around them, cut into cells (z13 tiles).

A cell wholly inside needs no further look, a cell wholly outside none at all; only in cells that the edge crosses is
each point tested, so that nobody is sent a unit beyond his ground and band.
"""

from typing import Any

import numpy as np
import psycopg
import shapely
from shapely.geometry.base import BaseGeometry

ZOOM = 13
OUT, EDGE, INSIDE = 0, 1, 2
MERCATOR_LIMIT = 85.0
GROUND_SQL = "SELECT ST_AsBinary(ST_Union(shape)) FROM geo_ground WHERE area_id = ANY(%s)"


def cells_of(lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
    """Return each point's cell as one number: x << 13 | y of its z13 tile."""
    side = 1 << ZOOM
    x = np.clip(((lons + 180.0) / 360.0 * side).astype(np.int64), 0, side - 1)
    lat = np.radians(np.clip(lats, -MERCATOR_LIMIT, MERCATOR_LIMIT))
    y = np.clip(((1.0 - np.arcsinh(np.tan(lat)) / np.pi) / 2.0 * side).astype(np.int64), 0, side - 1)
    return x << ZOOM | y


def box_of(cell: int) -> BaseGeometry:
    """Return the cell's box in lon/lat degrees."""
    side = 1 << ZOOM
    x, y = cell >> ZOOM, cell & (side - 1)
    north, south = (float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * row / side))))) for row in (y, y + 1))
    return shapely.box(x / side * 360 - 180, south, (x + 1) / side * 360 - 180, north)


class Ground:
    """The shape (None: no ground) and what each cell met so far is to it."""

    def __init__(self, shape: BaseGeometry | None) -> None:
        self.shape = shape
        self._kinds: dict[int, int] = {}
        if shape is not None:
            shapely.prepare(shape)

    def kind_of(self, cell: int) -> int:
        """Return OUT, EDGE or INSIDE."""
        kind = self._kinds.get(cell)
        if kind is None:
            kind = self._kinds[cell] = self._judge(box_of(cell))
        return kind

    def _judge(self, box: BaseGeometry) -> int:
        if self.shape is None or not self.shape.intersects(box):
            return OUT
        return INSIDE if self.shape.contains_properly(box) else EDGE

    def covers(self, lons: np.ndarray, lats: np.ndarray, cells: np.ndarray) -> np.ndarray:
        """Return for each point whether it stands on this ground or its band."""
        if self.shape is None or not len(cells):
            return np.zeros(len(cells), bool)
        distinct, where = np.unique(cells, return_inverse=True)
        kinds = np.array([self.kind_of(int(cell)) for cell in distinct], np.int8)[where]
        inside = kinds == INSIDE
        edge = kinds == EDGE
        if edge.any():
            inside[edge] = shapely.contains_xy(self.shape, lons[edge], lats[edge])
        return inside


async def load(connection: psycopg.AsyncConnection[Any], area_ids: list[int]) -> Ground:
    """Return the ground of these areas with the band around it."""
    if not area_ids:
        return Ground(None)
    row = await (await connection.execute(GROUND_SQL, [area_ids])).fetchone()
    return Ground(shapely.from_wkb(bytes(row[0])) if row and row[0] else None)
