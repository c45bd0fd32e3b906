"""The ground an area watches: its boundary and the band around it, as one stored shape.

Kept beside the boundary because every question about it is asked often: who hears of an incident, which cameras and
units stand here. Distance to a detailed boundary costs a millisecond a point; lying within a shape costs microseconds.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

CORNER_SEGMENTS = 32  # a quarter circle: 0.3 m short of a 1,000 m band at worst
EDGE_DEG, EDGE_M = 0.02, 2_000.0  # a longer straight edge would not be straight on the other side
SMOOTH_M = 0.3

Floats = npt.NDArray[np.float64]


def widen(boundary: bytes, band_m: float) -> bytes:
    """Return the WKB of a lon/lat multipolygon widened by `band_m` metres, split where it crosses the antimeridian.

    Worked in an azimuthal equidistant plane about its own middle: for a city true to some centimetres at any latitude.
    """
    shape = shapely.from_wkb(boundary)
    if band_m <= 0:
        return bytes(shapely.to_wkb(shape))
    lon, lat = _middle(shape)
    there = Transformer.from_crs("EPSG:4326", f"+proj=aeqd +lon_0={lon} +lat_0={lat} +ellps=WGS84", always_xy=True)
    plane = shapely.transform(shapely.segmentize(shape, EDGE_DEG), lambda xy: _moved(there, xy))
    wide = shapely.make_valid(plane).buffer(band_m, quad_segs=CORNER_SEGMENTS).simplify(SMOOTH_M)
    back = shapely.transform(
        shapely.segmentize(wide, EDGE_M), lambda xy: _unwrapped(_moved(there, xy, inverse=True), lon)
    )
    return bytes(shapely.to_wkb(_within_the_world(shapely.make_valid(back))))


def _middle(shape: BaseGeometry) -> tuple[float, float]:
    """Return lon/lat in the middle of all vertices on the sphere, so that both sides of the antimeridian count alike."""
    lons, lats = np.radians(shapely.get_coordinates(shape)).T
    x, y, z = (np.cos(lats) * np.cos(lons)).mean(), (np.cos(lats) * np.sin(lons)).mean(), np.sin(lats).mean()
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arctan2(z, np.hypot(x, y))))


def _moved(there: Transformer, xy: Floats, *, inverse: bool = False) -> Floats:
    return np.column_stack(there.transform(xy[:, 0], xy[:, 1], direction="INVERSE" if inverse else "FORWARD"))


def _unwrapped(lonlat: Floats, lon: float) -> Floats:
    lonlat[:, 0] = lon + (lonlat[:, 0] - lon + 180) % 360 - 180
    return lonlat


def _within_the_world(shape: BaseGeometry) -> shapely.MultiPolygon:
    """Return the parts beyond ±180° on the side where they belong."""
    parts: list[BaseGeometry] = []
    for turn in (-360, 0, 360):
        moved = shapely.transform(shape, lambda xy, turn=turn: np.add(xy, (turn, 0)))
        parts += _polygons(shapely.intersection(moved, shapely.box(-180, -90, 180, 90)))
    return shapely.MultiPolygon(parts)


def _polygons(shape: BaseGeometry) -> Iterable[shapely.Polygon]:
    return [part for part in shapely.get_parts(shape, return_index=False) if part.geom_type == "Polygon"]
