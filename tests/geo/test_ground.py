"""The widened ground against geodesic distances: its edge lies where the band ends, all round, anywhere on the globe."""

import numpy as np
import pytest
import shapely

from geo.ground import widen
from geo.metres import destination, distances_m

BAND_M = 1000.0
TRUE_TO_M = 1.5


def star(lon: float, lat: float, radius_m: float) -> shapely.Polygon:
    """Return a jagged ring of 90 corners, as a detailed boundary has them."""
    corners = [
        destination((lon, lat), 4.0 * index, radius_m * (1.0 if index % 2 else 0.8)) for index in range(90)
    ]  # fmt: skip
    unwrapped = [(lon + (x - lon + 180) % 360 - 180, y) for x, y in corners]
    return shapely.Polygon(unwrapped)


def on_map(shape: shapely.Polygon) -> shapely.MultiPolygon:
    """Return the shape cut at ±180, as a boundary is stored."""
    pieces = []
    for turn in (-360, 0, 360):
        moved = shapely.transform(shape, lambda xy, turn=turn: np.add(xy, (turn, 0)))
        piece = shapely.intersection(moved, shapely.box(-180, -90, 180, 90))
        pieces += [part for part in shapely.get_parts(piece) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(pieces)


def away_m(point: tuple[float, float], shape: shapely.Polygon) -> float:
    """Return geodesic metres to the nearest of points set every few metres along the edge."""
    edge = shapely.get_coordinates(shapely.segmentize(shape.exterior, 2e-5))
    lons = (edge[:, 0] + 180) % 360 - 180
    return float(distances_m(point, lons, edge[:, 1]).min())


@pytest.mark.parametrize("lat", [-29.9, 0.5, 60.17, 69.6])
@pytest.mark.parametrize("lon", [24.94, 179.99, -179.985])
def test_the_edge_of_the_ground_is_the_band_away_from_the_boundary(lon: float, lat: float) -> None:
    shape = star(lon, lat, 3_000)
    wide = shapely.from_wkb(widen(shapely.to_wkb(on_map(shape)), BAND_M))
    assert wide.is_valid
    west, _, east, _ = wide.bounds
    assert -180 <= west <= east <= 180
    rims = shapely.get_coordinates(wide)
    rim = rims[np.abs(np.abs(rims[:, 0]) - 180) > 1e-9]
    for x, y in rim[:: max(1, len(rim) // 40)]:
        assert away_m((float(x), float(y)), shape) == pytest.approx(BAND_M, abs=TRUE_TO_M)


@pytest.mark.parametrize("lon", [10.0, 179.99])
def test_what_the_boundary_covers_the_ground_covers(lon: float) -> None:
    boundary = on_map(star(lon, 60.0, 3_000))
    wide = shapely.from_wkb(widen(shapely.to_wkb(boundary), BAND_M))
    assert shapely.covers(shapely.buffer(wide, 1e-9), boundary)
    assert shapely.from_wkb(widen(shapely.to_wkb(boundary), 0)).equals(boundary)
