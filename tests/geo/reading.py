"""Reading tiles back by GDAL's own MVT driver."""

import contextlib
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.gis.gdal import DataSource, GDALException
from django.contrib.gis.gdal.feature import Feature
from django.contrib.gis.gdal.layer import Layer

Features = dict[str, list[dict[str, Any]]]
Read = Callable[[bytes], Features]


def tile_at(point: tuple[float, float], z: int) -> tuple[int, int, int]:
    """Return z, x, y of the tile that holds a lon/lat point."""
    width = 2**z
    x = int((point[0] + 180) / 360 * width)
    y = int((1 - math.asinh(math.tan(math.radians(point[1]))) / math.pi) / 2 * width)
    return z, x, y


def shown(layer: Layer) -> Iterator[Feature]:
    """Yield the features inside the tile: GDAL counts those of the buffer too, but does not give them."""
    rows = iter(layer)
    with contextlib.suppress(GDALException, StopIteration):
        while True:
            yield next(rows)


def read_tile(content: bytes, folder: Path) -> Features:
    """Return layer → features as dicts of their properties."""
    if not content:
        return {}
    path = folder / "tile.mvt"
    path.write_bytes(content)
    source = DataSource(str(path))
    return {layer.name: [{name: row.get(name) for name in layer.fields} for row in shown(layer)] for layer in source}
