"""Datums: known points, round trips and the positions that must be refused."""

import math

import numpy as np
import pytest

from geo.crs import check_lonlat, datum_of, from_wgs84, to_wgs84, to_wgs84_many
from geo.errors import GeoError
from geo.metres import distance_m

TIANANMEN = (116.391, 39.907)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_chinese_datums_close_their_round_trip_to_a_millimetre(datum: str) -> None:
    rng = np.random.default_rng(7)
    for lon, lat in zip(rng.uniform(74, 134, 200), rng.uniform(18, 53, 200), strict=True):
        there = from_wgs84(lon, lat, datum)
        back = to_wgs84(*there, datum)
        assert distance_m((lon, lat), back) < 0.001
        assert 10 < distance_m((lon, lat), there) < 2500


def test_known_shift_at_tiananmen() -> None:
    # What the map makers' own public converters answer for this square, to about two metres.
    assert from_wgs84(*TIANANMEN, "gcj02") == pytest.approx((116.39724, 39.90840), abs=2e-5)
    assert from_wgs84(*TIANANMEN, "bd09") == pytest.approx((116.40361, 39.91475), abs=5e-5)


def test_gcj02_leaves_the_rest_of_the_world_alone() -> None:
    assert to_wgs84(-71.25, -29.9, "GCJ-02") == (-71.25, -29.9)


@pytest.mark.parametrize("name", ["WGS84", "wgs-84", "CGCS2000", "EPSG:4490", ""])
def test_names_of_the_same_datum(name: str) -> None:
    assert datum_of(name) == "wgs84"
    assert to_wgs84(24.94, 60.17, name) == (24.94, 60.17)


def test_projected_systems_are_x_east_y_north() -> None:
    # Greenwich meridian on Web Mercator, and the Finnish grid's own false easting on its meridian 27° E.
    assert to_wgs84(0.0, 6446275.841, "EPSG:3857") == pytest.approx((0.0, 50.0), abs=1e-6)
    lon, lat = to_wgs84(500000.0, 6672000.0, "EPSG:3067")
    assert lon == pytest.approx(27.0, abs=1e-9)
    assert 60.1 < lat < 60.3
    assert from_wgs84(lon, lat, "EPSG:3067") == pytest.approx((500000.0, 6672000.0), abs=0.001)


@pytest.mark.parametrize("name", ["mars-2", "EPSG:0", "EPSG:999999", "'; drop"])
def test_unknown_datum_is_named(name: str) -> None:
    with pytest.raises(GeoError) as caught:
        to_wgs84(1.0, 1.0, name)
    assert caught.value.code == "datum_unknown"


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (math.nan, 1, "position_not_finite"),
        (1, math.inf, "position_not_finite"),
        (10**400, 1, "position_not_finite"),
        ("24.9", 60.1, "position_not_a_number"),
        (None, 60.1, "position_not_a_number"),
        (True, 60.1, "position_not_a_number"),
        (0, 0, "position_null_island"),
        (-0.0, 0.0000001, "position_null_island"),
        (181, 10, "position_out_of_range"),
        (10, -90.0001, "position_out_of_range"),
    ],
)
def test_unusable_positions_are_refused_by_code(lon: object, lat: object, code: str) -> None:
    with pytest.raises(GeoError) as caught:
        check_lonlat(lon, lat)
    assert caught.value.code == code
    assert caught.value.field == "point"


def test_swapped_position_is_said_to_be_swapped() -> None:
    with pytest.raises(GeoError) as caught:
        check_lonlat(39.9, 116.4)
    assert caught.value.facts["swapped"] is True
    with pytest.raises(GeoError) as caught:
        check_lonlat(500, 116.4)
    assert caught.value.facts["swapped"] is False


@pytest.mark.parametrize("point", [(180, 10), (-180, -10), (5, 90), (5, -90), (0, 51.5), (9, 0)])
def test_edges_of_the_world_are_usable(point: tuple[float, float]) -> None:
    assert check_lonlat(*point) == point


def test_projection_outside_its_range_is_refused_not_invented() -> None:
    with pytest.raises(GeoError):
        to_wgs84(1e30, 1e30, "EPSG:3857")


def test_many_equals_one() -> None:
    lons, lats = to_wgs84_many(np.array([116.397, 121.5]), np.array([39.908, 31.2]), "gcj02")
    assert (lons[1], lats[1]) == to_wgs84(121.5, 31.2, "gcj02")
