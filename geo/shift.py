"""Does a list stand beside the roads only when it is read in another datum? Chinese lists are often GCJ-02 and do not say so."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import connection

from geo.crs import to_wgs84_many
from geo.metres import distances_m

OTHERS = ("gcj02", "bd09")
SAMPLE = 400
FEWEST = 20
NEAR_M = 40.0  # cameras stand within this of a street when they are where they are
TIMES_BETTER = 2.0
NEAREST_ROAD_SQL = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY road.away_m)
FROM unnest(%s::float8[], %s::float8[]) AS given (lon, lat)
CROSS JOIN LATERAL (
 SELECT ST_Distance(r.geometry::geography, ST_SetSRID(ST_MakePoint(given.lon, given.lat), 4326)::geography) AS away_m
 FROM geo_road r ORDER BY r.geometry <-> ST_SetSRID(ST_MakePoint(given.lon, given.lat), 4326) LIMIT 1) road"""


def looks_shifted(points: Sequence[tuple[float, float]]) -> dict[str, Any] | None:
    """Return {as_given_m, datum, as_datum_m, shift_m} when `points` fit the roads far better in another datum, else None.

    `points` are lon/lat as they were taken for WGS-84; metres are medians to the nearest road, `shift_m` how far the
    points would move. None also without roads, with fewer than FEWEST points, and wherever the datums are the same.
    """
    if len(points) < FEWEST:
        return None
    picked = np.array(points)[:: max(1, len(points) // SAMPLE)]
    given_m = _median_m(picked[:, 0], picked[:, 1])
    if given_m is None:
        return None
    found = []
    for datum in OTHERS:
        lons, lats = to_wgs84_many(picked[:, 0], picked[:, 1], datum)
        away_m = _median_m(lons, lats)
        if away_m is not None and away_m < NEAR_M and away_m * TIMES_BETTER < given_m:
            shift_m = distances_m((picked[0, 0], picked[0, 1]), lons[:1], lats[:1])[0]
            found.append((away_m, datum, float(shift_m)))
    if not found:
        return None
    away_m, datum, shift_m = min(found)
    return {"as_given_m": round(given_m), "datum": datum, "as_datum_m": round(away_m), "shift_m": round(shift_m)}


def _median_m(lons: Any, lats: Any) -> float | None:
    with connection.cursor() as cursor:
        cursor.execute(NEAREST_ROAD_SQL, [lons.tolist(), lats.tolist()])
        row = cursor.fetchone()
    return None if row is None or row[0] is None else float(row[0])
