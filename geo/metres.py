"""Distances and bearings on the WGS-84 ellipsoid, one and many."""

import numpy as np
import numpy.typing as npt
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
Floats = npt.NDArray[np.float64]


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the geodesic distance in metres between two lon/lat points."""
    return float(GEOD.inv(a[0], a[1], b[0], b[1])[2])


def bearing_and_distance(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """Return (bearing from a to b in degrees 0–360 clockwise from true north, metres)."""
    azimuth, _, metres = GEOD.inv(a[0], a[1], b[0], b[1])
    return azimuth % 360.0, float(metres)


def distances_m(point: tuple[float, float], lons: Floats, lats: Floats) -> Floats:
    """Return the geodesic distance in metres from one lon/lat point to each of many."""
    count = len(lons)
    return np.asarray(GEOD.inv(np.full(count, point[0]), np.full(count, point[1]), lons, lats)[2], dtype=float)


def destination(point: tuple[float, float], bearing_deg: float, metres: float) -> tuple[float, float]:
    """Return the lon/lat reached from `point` after `metres` on the given initial bearing."""
    lon, lat, _ = GEOD.fwd(point[0], point[1], bearing_deg, metres)
    return float(lon), float(lat)


def angle_between(a_deg: float, b_deg: float) -> float:
    """Return the signed turn in degrees from heading a to heading b, −180 < turn ≤ 180, clockwise positive."""
    return 180.0 - (180.0 - (b_deg - a_deg)) % 360.0
