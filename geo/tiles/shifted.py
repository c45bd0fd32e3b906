"""Raster tiles drawn in another datum, composed anew for ours: which of them a tile needs, and how they are pulled into place.

The offset of GCJ-02 and BD-09 varies slowly but not evenly, so a tile is converted exactly at the corners of a mesh, and
between them interpolated. What that leaves is `error_m`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image

from geo.crs import from_wgs84, from_wgs84_many

Tile = tuple[int, int]
Corner = tuple[float, float]
FINE_CELLS, COARSE_CELLS = 16, 2
FINE_BELOW_ZOOM = 15  # a tile is 1.2 km across there: the offset hardly bends within


@dataclass(frozen=True)
class Placing:
    """The tiles of the other datum that one of ours is made of, and where the corners of the mesh lie in them.

    `corners[row][column]`: in pixels of the mosaic whose first tile is (`left`, `top`).
    """

    z: int
    left: int
    top: int
    tiles: tuple[Tile, ...]
    corners: tuple[tuple[Corner, ...], ...]


def place(z: int, x: int, y: int, datum: str, tile_px: int) -> Placing:
    """Return what tile z/x/y in WGS-84 needs of a layer in `datum` (gcj02, bd09; on the usual Web Mercator grid)."""
    mesh = _mesh(z, x, y, datum, tile_px)
    spots = [spot for row in mesh for spot in row]
    left, top = (int(min(spot[axis] for spot in spots) // tile_px) for axis in (0, 1))
    # A corner on the very edge of the next tile needs none of it.
    right, bottom = (math.ceil(max(spot[axis] for spot in spots) / tile_px - 1e-6) - 1 for axis in (0, 1))
    rows = range(max(0, top), min(2**z - 1, bottom) + 1)
    tiles = tuple((column % 2**z, row) for column in range(left, right + 1) for row in rows)
    moved = tuple(tuple((px - left * tile_px, py - top * tile_px) for px, py in row) for row in mesh)
    return Placing(z, left, top, tiles, moved)


def compose(placing: Placing, pictures: Mapping[Tile, Image.Image], tile_px: int) -> Image.Image:
    """Return our tile out of the fetched ones; what is missing stays transparent."""
    spots = [spot for row in placing.corners for spot in row]
    columns, rows = (max(1, math.ceil(max(spot[axis] for spot in spots) / tile_px)) for axis in (0, 1))
    mosaic = Image.new("RGBA", (columns * tile_px, rows * tile_px))
    for (column, row), picture in pictures.items():
        across = (column - placing.left) % 2**placing.z
        mosaic.paste(picture.convert("RGBA"), (across * tile_px, (row - placing.top) * tile_px))
    return mosaic.transform(
        (tile_px, tile_px), Image.Transform.MESH, _quads(placing, tile_px), Image.Resampling.BILINEAR
    )


def _quads(placing: Placing, tile_px: int) -> list[tuple[tuple[int, int, int, int], tuple[float, ...]]]:
    """Return for each cell of the mesh its box in our tile, and its corners in the mosaic (nw, sw, se, ne)."""
    corners, cells = placing.corners, len(placing.corners) - 1
    step, quads = tile_px // cells, []
    for row in range(cells):
        for column in range(cells):
            box = (column * step, row * step, (column + 1) * step, (row + 1) * step)
            around = (
                corners[row][column],
                corners[row + 1][column],
                corners[row + 1][column + 1],
                corners[row][column + 1],
            )
            quads.append((box, tuple(value for corner in around for value in corner)))
    return quads


def error_m(z: int, x: int, y: int, datum: str, steps: int = 4) -> float:
    """Return by how many metres at most the interpolated places of a tile are off the exactly converted ones.

    Looked at `steps` times along each side of each cell of the mesh.
    """
    mesh = np.array(_mesh(z, x, y, datum, 256))
    cells, worst_m = len(mesh) - 1, 0.0
    for row in range(cells):
        for column in range(cells):
            for v in np.linspace(0, 1, steps):
                for u in np.linspace(0, 1, steps):
                    west = mesh[row][column] * (1 - v) + mesh[row + 1][column] * v
                    east = mesh[row][column + 1] * (1 - v) + mesh[row + 1][column + 1] * v
                    lon, lat = _lonlat(z, x + (column + float(u)) / cells, y + (row + float(v)) / cells)
                    exact = np.array(_pixel(z, *from_wgs84(lon, lat, datum), 256))
                    off_px = float(np.hypot(*(west * (1 - u) + east * u - exact)))
                    worst_m = max(worst_m, off_px * 40_075_016.7 * math.cos(math.radians(lat)) / (256 * 2**z))
    return worst_m


def _mesh(z: int, x: int, y: int, datum: str, tile_px: int) -> tuple[tuple[Corner, ...], ...]:
    cells = FINE_CELLS if z < FINE_BELOW_ZOOM else COARSE_CELLS
    across = range(cells + 1)
    spots = [_lonlat(z, x + column / cells, y + row / cells) for row in across for column in across]
    lons, lats = (np.array(axis) for axis in zip(*spots, strict=True))
    moved = [
        _pixel(z, float(lon), float(lat), tile_px) for lon, lat in zip(*from_wgs84_many(lons, lats, datum), strict=True)
    ]
    return tuple(tuple(moved[row * (cells + 1) : (row + 1) * (cells + 1)]) for row in across)


def _lonlat(z: int, x: float, y: float) -> Corner:
    return x / 2**z * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / 2**z))))


def _pixel(z: int, lon: float, lat: float, tile_px: int) -> Corner:
    side = tile_px * 2**z
    return (lon + 180) / 360 * side, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side
