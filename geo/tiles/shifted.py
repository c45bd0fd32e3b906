"""Raster tiles drawn in another datum, composed anew for ours: which of them a tile needs, and how they are pulled into place.

The offset of GCJ-02 and BD-09 varies slowly, so the four corners of a tile are converted exactly and the rest between them is
interpolated. What that leaves is `error_m`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image

from geo.crs import from_wgs84

Tile = tuple[int, int]
Corner = tuple[float, float]


@dataclass(frozen=True)
class Placing:
    """The tiles of the other datum that one of ours is made of, and its corners within them.

    `corners`: north-west, south-west, south-east, north-east, in pixels of the mosaic whose first tile is (`left`, `top`).
    """

    z: int
    left: int
    top: int
    tiles: tuple[Tile, ...]
    corners: tuple[Corner, Corner, Corner, Corner]


def place(z: int, x: int, y: int, datum: str, tile_px: int) -> Placing:
    """Return what tile z/x/y in WGS-84 needs of a layer in `datum` (gcj02, bd09; on the usual Web Mercator grid)."""
    spots = [_pixel(z, *from_wgs84(*corner, datum), tile_px) for corner in _corners(z, x, y)]
    left, top = (int(min(spot[axis] for spot in spots) // tile_px) for axis in (0, 1))
    # A corner on the very edge of the next tile needs none of it.
    right, bottom = (math.ceil(max(spot[axis] for spot in spots) / tile_px - 1e-6) - 1 for axis in (0, 1))
    last = 2**z - 1
    rows = range(max(0, top), min(last, bottom) + 1)
    tiles = tuple((column % 2**z, row) for column in range(left, right + 1) for row in rows)
    moved = [(px - left * tile_px, py - top * tile_px) for px, py in spots]
    return Placing(z, left, top, tiles, (moved[0], moved[1], moved[2], moved[3]))


def compose(placing: Placing, pictures: Mapping[Tile, Image.Image], tile_px: int) -> Image.Image:
    """Return our tile out of the fetched ones; what is missing stays transparent."""
    columns = max(math.ceil(x / tile_px) for x, _ in placing.corners)
    rows = max(math.ceil(y / tile_px) for _, y in placing.corners)
    mosaic = Image.new("RGBA", (max(columns, 1) * tile_px, max(rows, 1) * tile_px))
    for (column, row), picture in pictures.items():
        across = (column - placing.left) % 2**placing.z
        mosaic.paste(picture.convert("RGBA"), (across * tile_px, (row - placing.top) * tile_px))
    quad = tuple(value for corner in placing.corners for value in corner)
    return mosaic.transform((tile_px, tile_px), Image.Transform.QUAD, quad, Image.Resampling.BILINEAR)


def error_m(z: int, x: int, y: int, datum: str, steps: int = 9) -> float:
    """Return by how many metres at most the interpolated places of a tile are off the exactly converted ones."""
    side = 256 * 2**z
    north_west, south_west, south_east, north_east = (
        np.array(_pixel(z, *from_wgs84(*corner, datum), 256)) for corner in _corners(z, x, y)
    )
    worst = 0.0
    for u in np.linspace(0, 1, steps):
        for v in np.linspace(0, 1, steps):
            between = (north_west * (1 - v) + south_west * v) * (1 - u) + (north_east * (1 - v) + south_east * v) * u
            lon, lat = _lonlat(z, x + float(u), y + float(v))
            off_px = float(np.hypot(*(between - np.array(_pixel(z, *from_wgs84(lon, lat, datum), 256)))))
            worst = max(worst, off_px * 40_075_016.7 * math.cos(math.radians(lat)) / side)
    return worst


def _corners(z: int, x: int, y: int) -> list[Corner]:
    return [_lonlat(z, *corner) for corner in ((x, y), (x, y + 1), (x + 1, y + 1), (x + 1, y))]


def _lonlat(z: int, x: float, y: float) -> Corner:
    return x / 2**z * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / 2**z))))


def _pixel(z: int, lon: float, lat: float, tile_px: int) -> Corner:
    side = tile_px * 2**z
    return (lon + 180) / 360 * side, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side
