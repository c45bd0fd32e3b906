"""The tree and the ground, in real PostGIS."""

from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from geo.areas import ancestors_or_self, areas_on_ground, put_area, refresh_grounds, smallest_area_at, subtree_ids
from geo.errors import GeoError
from geo.metres import destination
from geo.models import Area
from tests.geo.town import CENTRE, square

Town = dict[str, Area]


def test_tree_up_and_down(town: Town) -> None:
    assert ancestors_or_self(town["west_1"].pk) == [town["city"].pk, town["west"].pk, town["west_1"].pk]
    assert subtree_ids(town["west"].pk) == [town["west"].pk, town["west_1"].pk]
    assert set(subtree_ids([town["west"].pk, town["traffic"].pk])) == {
        town["west"].pk,
        town["west_1"].pk,
        town["traffic"].pk,
    }


def test_moving_an_area_moves_everything_below_it(town: Town) -> None:
    put_area(code="T-W", name="West", level="district", parent=town["east"])
    assert ancestors_or_self(town["west_1"].pk) == [
        *(town["city"].pk, town["east"].pk),
        *(town["west"].pk, town["west_1"].pk),
    ]


def test_a_cycle_is_refused(town: Town) -> None:
    town["west_1"].refresh_from_db()
    with pytest.raises(GeoError) as caught:
        put_area(code="T-W", name="West", level="district", parent=town["west_1"])
    assert caught.value.code == "area_cycle"


def test_put_again_keeps_boundary_and_identity(town: Town) -> None:
    again = put_area(code="T-W-1", name="Other name", level="station", parent=town["west"])
    assert again.pk == town["west_1"].pk
    assert again.uid == town["west_1"].uid
    assert Area.objects.get(pk=again.pk).boundary is not None


@pytest.mark.django_db
def test_bow_tie_is_mended_and_a_line_is_refused() -> None:
    bow = Polygon(((0, 10), (1, 11), (1, 10), (0, 11), (0, 10)))
    area = put_area(code="B", name="Bow", level="station", boundary=bow)
    assert isinstance(area.boundary, MultiPolygon)
    assert area.boundary.valid
    with pytest.raises(GeoError) as caught:
        put_area(code="L", name="Line", level="station", boundary=Polygon(((0, 10), (1, 11), (0, 10), (0, 10))))
    assert caught.value.code == "boundary_unusable"


def test_ground_includes_every_line_and_level(town: Town, settings: Any) -> None:
    inside = (CENTRE[0] - 0.015, CENTRE[1])
    settings.GROUND_BAND_M = 0
    assert refresh_grounds() == len(town)
    expected = {town[name].pk for name in ("city", "west", "west_1", "traffic")}
    assert set(areas_on_ground(inside)) == expected
    assert smallest_area_at(inside) == town["west_1"]
    assert refresh_grounds() == 0
    assert smallest_area_at((0.0, 50.0)) is None


@pytest.mark.django_db
@pytest.mark.parametrize("lat", [-29.9, 0.5, 60.17, 78.2])
@pytest.mark.parametrize("lon", [24.94, 179.995])
def test_band_is_metres_at_any_latitude_and_across_the_antimeridian(lon: float, lat: float) -> None:
    area = put_area(code="B", name="B", level="station", boundary=square(lon, lat, 0.004))
    east_edge = (lon + 0.004, lat)
    assert areas_on_ground(destination(east_edge, 90, 990)) == [area.pk]
    assert areas_on_ground(destination(east_edge, 90, 1010)) == []
    assert areas_on_ground((lon, lat)) == [area.pk]


@pytest.mark.django_db
def test_ground_across_the_antimeridian_in_two_parts() -> None:
    parts = MultiPolygon(Polygon.from_bbox((179.99, -17, 180, -16.99)), Polygon.from_bbox((-180, -17, -179.99, -16.99)))
    area = put_area(code="F", name="Fiji", level="city", boundary=parts)
    assert areas_on_ground((179.995, -16.995)) == [area.pk]
    assert areas_on_ground((-179.995, -16.995)) == [area.pk]
    assert areas_on_ground(destination((-179.99, -16.995), 90, 900)) == [area.pk]
    assert areas_on_ground((0.0, -16.995)) == []
