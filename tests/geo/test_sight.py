"""Field of view against plain geometry: sectors, drawings, turning, high latitude and the antimeridian."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon

from geo.metres import destination
from geo.sight import KIND_VIEWS, Lens, look, sector_of, sectors_of

HERE = (24.94, 60.17)


def test_every_kind_of_camera_has_its_assumptions() -> None:
    from geo.models import CameraKind

    assert set(KIND_VIEWS) == set(CameraKind.values)


@pytest.mark.parametrize(
    ("bearing", "metres", "kind", "reason"),
    [
        (90, 50, "sees", "in_sector"),
        (119, 99, "sees", "in_sector"),
        (121, 50, "away", "facing_away"),
        (270, 50, "away", "facing_away"),
        (90, 101, "away", "out_of_range"),
    ],
)
def test_fixed_camera_by_heading(bearing: float, metres: float, kind: str, reason: str) -> None:
    lens = Lens(*HERE, heading_deg=90, fov_deg=60, range_m=100)
    sight = look(lens, destination(HERE, bearing, metres))
    assert (sight.kind, sight.reason, sight.assumed) == (kind, reason, False)
    assert sight.distance_m == pytest.approx(metres, abs=0.001)
    assert sight.bearing_deg == pytest.approx(bearing, abs=0.001)


def test_heading_north_sees_on_both_sides_of_north() -> None:
    lens = Lens(*HERE, heading_deg=0, fov_deg=60, range_m=100)
    assert look(lens, destination(HERE, 359, 50)).kind == "sees"
    assert look(lens, destination(HERE, 29, 50)).kind == "sees"
    assert look(lens, destination(HERE, 329, 50)).kind == "away"


def test_ptz_turns_the_shorter_way_and_says_how_far() -> None:
    lens = Lens(*HERE, kind="ptz", heading_deg=350, fov_deg=40, range_m=200)
    right = look(lens, destination(HERE, 50, 80))
    left = look(lens, destination(HERE, 290, 80))
    assert (right.kind, round(right.turn_deg or 0)) == ("can_turn", 60)
    assert (left.kind, round(left.turn_deg or 0)) == ("can_turn", -60)
    assert look(lens, destination(HERE, 50, 201)).reason == "out_of_range"


def test_unknown_heading_is_said_and_a_ptz_can_still_turn() -> None:
    near = destination(HERE, 10, 30)
    fixed = look(Lens(*HERE), near)
    dome = look(Lens(*HERE, kind="ptz"), near)
    assert (fixed.kind, fixed.reason, fixed.turn_deg) == ("unknown", "heading_unknown", None)
    assert (dome.kind, dome.reason, dome.turn_deg) == ("can_turn", "can_turn_heading_unknown", None)


def test_assumed_figures_are_marked_and_known_ones_are_not() -> None:
    near = destination(HERE, 0, 30)
    assert look(Lens(*HERE, heading_deg=0), near).assumed is True
    assert look(Lens(*HERE, heading_deg=0, fov_deg=60), near).assumed is True
    assert look(Lens(*HERE, heading_deg=0, fov_deg=60, range_m=80), near).assumed is False


def test_all_round_camera_needs_no_heading() -> None:
    lens = Lens(*HERE, fov_deg=360, range_m=60)
    assert look(lens, destination(HERE, 200, 50)).reason == "all_round"
    assert sector_of(lens) is not None


def test_drawn_polygon_goes_before_heading() -> None:
    drawn = Polygon([destination(HERE, bearing, 40) for bearing in (0, 90, 180, 270)])
    fixed = Lens(*HERE, heading_deg=0, fov_deg=30, range_m=500, sight=drawn)
    assert look(fixed, destination(HERE, 180, 30)).reason == "drawn"
    outside = look(fixed, destination(HERE, 0, 100))
    assert (outside.kind, outside.reason) == ("away", "outside_drawn")
    ptz = Lens(*HERE, kind="ptz", heading_deg=0, range_m=500, fov_deg=30, sight=drawn)
    assert look(ptz, destination(HERE, 120, 100)).kind == "can_turn"


@settings(max_examples=150, deadline=None)
@given(
    lat=st.sampled_from([-77.8, -29.9, 0.0, 40.0, 60.17, 88.0]),
    lon=st.sampled_from([-71.25, 24.94, 179.9999, -179.9999, 180.0]),
    heading=st.floats(0, 359),
    fov=st.sampled_from([20.0, 70.0, 180.0, 300.0, 360.0]),
    bearing=st.floats(0, 359),
    part=st.floats(0.01, 1.3),
)
def test_sector_holds_whatever_look_says_it_sees(
    lat: float, lon: float, heading: float, fov: float, bearing: float, part: float
) -> None:
    lens = Lens(lon, lat, heading_deg=heading, fov_deg=fov, range_m=250)
    point = destination((lon, lat), bearing, 250 * part)
    sector = sector_of(lens)
    assert sector is not None
    west, _, east, _ = sector.bounds
    assert west >= -180
    assert east <= 180
    assert sum(len(polygon.exterior.coords) for polygon in sector.geoms) <= 24 + 6 * (len(sector.geoms) - 1)
    if look(lens, point).kind == "sees":
        assert sector.distance(Point(point)) < 1e-9


def test_sector_is_not_much_larger_than_what_is_seen() -> None:
    for fov in (30.0, 90.0, 360.0):
        sector = sector_of(Lens(*HERE, heading_deg=45, fov_deg=fov, range_m=100))
        assert sector is not None
        metres2 = sector.area * 111_412 * (111_320 * math.cos(math.radians(HERE[1])))
        assert metres2 == pytest.approx(math.pi * 100**2 * fov / 360, rel=0.02)


def test_drawing_across_the_antimeridian() -> None:
    for ring in ([(179.999, -17), (-179.999, -17), (-179.999, -16.998), (179.999, -16.998)],
                 [(179.999, -17), (180.001, -17), (180.001, -16.998), (179.999, -16.998)]):  # fmt: skip
        lens = Lens(179.9995, -16.999, sight=Polygon(ring))
        assert look(lens, (-179.9995, -16.999)).kind == "sees"
        assert look(lens, (179.9995, -16.999)).kind == "sees"
        assert look(lens, (-179.99, -16.999)).kind == "away"
        sector = sector_of(lens)
        assert sector is not None
        assert len(sector.geoms) == 2
        assert sector.area == pytest.approx(0.002 * 0.002, rel=0.01)


def test_no_sector_at_the_pole_or_without_heading() -> None:
    assert sector_of(Lens(10, 89.5, heading_deg=0)) is None
    assert sector_of(Lens(*HERE)) is None
    assert look(Lens(10, 90, heading_deg=0), (10, 89.9999)).kind in {"sees", "away"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(-180, 180), st.floats(-89.9, 89.9), st.sampled_from(sorted(KIND_VIEWS)),
            st.one_of(st.none(), st.floats(0, 360)), st.one_of(st.none(), st.floats(1, 360)), st.one_of(st.none(), st.floats(1, 20_000)),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_sectors_of_many_are_those_of_each(
    given_lenses: list[tuple[float, float, str, float | None, float | None, float | None]],
) -> None:
    lenses = [Lens(*one) for one in given_lenses]
    for many, one in zip(sectors_of(lenses), [sector_of(lens) for lens in lenses], strict=True):
        assert (many is None) == (one is None)
        if many is not None and one is not None:
            assert many.is_valid
            assert many.symmetric_difference(one).area <= 1e-9 * max(1.0, one.area)
