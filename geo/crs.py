"""The only place that converts datums. Inside everything is WGS-84 lon/lat; here is the edge.

GCJ-02 and BD-09 have no official specification; the constants are the ones in public use. Their inverses are iterated
on the forward formula, so a round trip closes to about 1e-9 degree (0.1 mm).
"""

import math
import re
from functools import lru_cache
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.errors import GeoError

Floats = npt.NDArray[np.float64]

SEMI_MAJOR_M = 6378245.0  # Krasovsky 1940, as GCJ-02 uses it
ECCENTRICITY_SQUARED = 0.00669342162296594323
BAIDU_PI = math.pi * 3000.0 / 180.0
CHINA_BOX = (72.004, 0.8293, 137.8347, 55.8271)
INVERSE_ROUNDS = 12
ALIASES = {
    "": "wgs84",
    "wgs84": "wgs84",
    "epsg:4326": "wgs84",
    "cgcs2000": "wgs84",  # same to some centimetres; far below any camera list's own error
    "epsg:4490": "wgs84",
    "gcj02": "gcj02",
    "mars": "gcj02",
    "bd09": "bd09",
    "baidu": "bd09",
}


def check_lonlat(lon: Any, lat: Any) -> tuple[float, float]:
    """Return (lon, lat) in degrees as floats, or raise GeoError.

    Codes: `position_not_a_number`, `position_not_finite`, `position_out_of_range` (facts lon, lat, `swapped`, true
    when the two would fit the other way round, and `metres`, true when they look projected), `position_null_island`.
    """
    if any(isinstance(value, bool) or not isinstance(value, Real) for value in (lon, lat)):
        raise GeoError("position_not_a_number", {"lon": str(lon)[:40], "lat": str(lat)[:40]}, field="point")
    try:
        x, y = float(lon), float(lat)
    except OverflowError:
        x = y = math.inf
    if not (math.isfinite(x) and math.isfinite(y)):
        raise GeoError("position_not_finite", {"lon": str(x), "lat": str(y)}, field="point")
    if abs(x) > 180 or abs(y) > 90:
        swapped = abs(y) <= 180 and abs(x) <= 90
        facts = {"lon": x, "lat": y, "swapped": swapped, "metres": abs(x) > 1000 and abs(y) > 1000}
        raise GeoError("position_out_of_range", facts, field="point")
    if abs(x) < 1e-6 and abs(y) < 1e-6:
        raise GeoError("position_null_island", {"lon": x, "lat": y}, field="point")
    return x, y


def fits_lonlat(points: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return for each of many lon/lat rows whether `check_lonlat` would take it."""
    lons, lats = np.abs(points[:, 0]), np.abs(points[:, 1])
    return np.asarray((lons <= 180) & (lats <= 90) & ~((lons < 1e-6) & (lats < 1e-6)))


def check_many(points: npt.NDArray[np.float64]) -> None:
    """Raise what `check_lonlat` raises for the first of many lon/lat rows that is no position."""
    wrong = ~fits_lonlat(points)
    if wrong.any():
        check_lonlat(*(float(value) for value in points[int(np.argmax(wrong))]))


def datum_of(name: str) -> str:
    """Return the plain name of a datum: wgs84, gcj02, bd09 or "epsg:N"; raise GeoError `datum_unknown` otherwise."""
    key = re.sub(r"[\s_-]", "", name.strip().lower())
    if key in ALIASES:
        return ALIASES[key]
    if re.fullmatch(r"epsg:\d{4,6}", key):
        transformer(key, "epsg:4326")
        return key
    raise GeoError("datum_unknown", {"datum": name[:40]}, field="datum")


def to_wgs84(x: float, y: float, datum: str = "wgs84") -> tuple[float, float]:
    """Convert one position (x east, y north, in the datum's own units) to checked WGS-84 lon/lat degrees."""
    lons, lats = to_wgs84_many(np.array([x], dtype=float), np.array([y], dtype=float), datum)
    return check_lonlat(float(lons[0]), float(lats[0]))


def to_wgs84_many(xs: Floats, ys: Floats, datum: str = "wgs84") -> tuple[Floats, Floats]:
    """Convert arrays of positions to WGS-84 degrees, unchecked: impossible input comes back as Inf or NaN."""
    plain = datum_of(datum)
    if plain == "wgs84":
        return xs, ys
    if plain == "gcj02":
        return _gcj02_to_wgs84(xs, ys)
    if plain == "bd09":
        return _gcj02_to_wgs84(*_bd09_to_gcj02(xs, ys))
    return _projected_to_wgs84(plain, xs, ys)


def _projected_to_wgs84(system: str, xs: Floats, ys: Floats) -> tuple[Floats, Floats]:
    """Convert out of any pyproj system; what does not come back to where it began becomes NaN."""
    lons, lats = transformer(system, "epsg:4326").transform(xs, ys)
    again_xs, again_ys = transformer("epsg:4326", system).transform(lons, lats)
    unit = 1e-7 if CRS.from_user_input(system).is_geographic else 0.01
    wrong = ~((np.abs(again_xs - xs) < unit) & (np.abs(again_ys - ys) < unit))
    return np.where(wrong, np.nan, lons), np.where(wrong, np.nan, lats)


def from_wgs84_many(lons: Floats, lats: Floats, datum: str) -> tuple[Floats, Floats]:
    """Convert arrays of WGS-84 degrees to gcj02 or bd09 degrees. Raises GeoError `datum_unknown` for any other."""
    plain = datum_of(datum)
    if plain not in {"gcj02", "bd09"}:
        raise GeoError("datum_unknown", {"datum": datum}, field="datum")
    shifted = _wgs84_to_gcj02(lons, lats)
    return _gcj02_to_bd09(*shifted) if plain == "bd09" else shifted


def from_wgs84(lon: float, lat: float, datum: str) -> tuple[float, float]:
    """Convert one WGS-84 position to the datum's own units (x east, y north)."""
    plain = datum_of(datum)
    lons, lats = np.array([lon], dtype=float), np.array([lat], dtype=float)
    if plain in {"gcj02", "bd09"}:
        lons, lats = _wgs84_to_gcj02(lons, lats)
        if plain == "bd09":
            lons, lats = _gcj02_to_bd09(lons, lats)
    elif plain != "wgs84":
        lons, lats = transformer("epsg:4326", plain).transform(lons, lats)
    return float(lons[0]), float(lats[0])


@lru_cache(maxsize=64)
def transformer(source: str, target: str) -> Transformer:
    """Return the cached pyproj transformer between two systems, always x east and y north."""
    try:
        return Transformer.from_crs(CRS.from_user_input(source), CRS.from_user_input(target), always_xy=True)
    except CRSError as error:
        raise GeoError("datum_unknown", {"datum": f"{source} {target}"[:80]}, field="datum") from error


def _in_china(lons: Floats, lats: Floats) -> npt.NDArray[np.bool_]:
    west, south, east, north = CHINA_BOX
    return np.asarray((lons >= west) & (lons <= east) & (lats >= south) & (lats <= north))


def _waves(value: Floats, *terms: tuple[float, float]) -> Floats:
    return np.asarray(sum(weight * np.sin(value * rate * math.pi) for weight, rate in terms) * 2.0 / 3.0)


def _gcj02_shift(lons: Floats, lats: Floats) -> tuple[Floats, Floats]:
    x, y = lons - 105.0, lats - 35.0
    root = np.sqrt(np.abs(x))
    ripple = _waves(x, (20.0, 6.0), (20.0, 2.0))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north = north + _waves(y, (20.0, 1.0), (40.0, 1 / 3)) + _waves(y, (160.0, 1 / 12), (320.0, 1 / 30))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east = east + _waves(x, (20.0, 1.0), (40.0, 1 / 3)) + _waves(x, (150.0, 1 / 12), (300.0, 1 / 30))
    latitude = np.radians(lats)
    magic = 1 - ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    meridian = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / (magic * np.sqrt(magic))
    parallel = SEMI_MAJOR_M / np.sqrt(magic) * np.cos(latitude)
    inside = _in_china(lons, lats)
    return np.where(inside, np.degrees(east / parallel), 0.0), np.where(inside, np.degrees(north / meridian), 0.0)


def _wgs84_to_gcj02(lons: Floats, lats: Floats) -> tuple[Floats, Floats]:
    east, north = _gcj02_shift(lons, lats)
    return lons + east, lats + north


def _gcj02_to_wgs84(lons: Floats, lats: Floats) -> tuple[Floats, Floats]:
    guess_lons, guess_lats = lons, lats
    for _ in range(INVERSE_ROUNDS):
        east, north = _gcj02_shift(guess_lons, guess_lats)
        guess_lons, guess_lats = lons - east, lats - north
    return guess_lons, guess_lats


def _gcj02_to_bd09(lons: Floats, lats: Floats) -> tuple[Floats, Floats]:
    radius = np.hypot(lons, lats) + 0.00002 * np.sin(lats * BAIDU_PI)
    angle = np.arctan2(lats, lons) + 0.000003 * np.cos(lons * BAIDU_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _bd09_to_gcj02(lons: Floats, lats: Floats) -> tuple[Floats, Floats]:
    guess_lons, guess_lats = lons - 0.0065, lats - 0.006
    for _ in range(INVERSE_ROUNDS):
        made_lons, made_lats = _gcj02_to_bd09(guess_lons, guess_lats)
        guess_lons, guess_lats = guess_lons + (lons - made_lons), guess_lats + (lats - made_lats)
    return guess_lons, guess_lats
