"""What a place is called: by metres on the ellipsoid, at any latitude, in any direction."""

import pytest
from django.contrib.gis.geos import LineString, Point

from geo import clock
from geo.metres import destination
from geo.models import ImportRun, Place, Road
from geo.naming import HOUSE_WITHIN_M, STREET_WITHIN_M, Named, find_name

LATITUDES = pytest.mark.parametrize("lat", [0.0, 31.2, 60.0, -78.0, 89.9])
AROUND = pytest.mark.parametrize("bearing", [0, 90, 180, 300])


@pytest.fixture
def run(db: None) -> ImportRun:
    return ImportRun.objects.create(kind="roads", file_name="a.pbf", started_at=clock.now())


def put_road(run: ImportRun, ends: list[tuple[float, float]], name: str = "Long Lane") -> None:
    line = LineString(*ends, srid=4326)
    Road.objects.create(source_key=name, name=name, highway="residential", geometry=line, run=run)


@LATITUDES
@AROUND
def test_a_street_counts_up_to_its_limit_and_no_farther(run: ImportRun, lat: float, bearing: float) -> None:
    here = (25.0, lat)
    near = destination(here, bearing, STREET_WITHIN_M - 0.05)
    put_road(run, [near, destination(near, bearing, 20)])
    found = find_name(here)
    assert found is not None
    assert (found.words(), found.away_m) == ("Long Lane", pytest.approx(STREET_WITHIN_M - 0.05, abs=0.01))
    assert find_name(destination(here, bearing + 180, 0.1)) is None


@LATITUDES
@AROUND
def test_a_house_number_goes_before_a_street_within_its_own_limit(run: ImportRun, lat: float, bearing: float) -> None:
    here = (25.0, lat)
    put_road(run, [here, destination(here, bearing + 90, 5)])
    facts = {"kind": "address", "street": "High Street", "house_number": "7", "run": run}
    where = Point(*destination(here, bearing, HOUSE_WITHIN_M - 0.05), srid=4326)
    Place.objects.create(source_key="p", point=where, **facts)
    assert find_name(here) == Named("High Street", "7", pytest.approx(HOUSE_WITHIN_M - 0.05, abs=0.01))
    Place.objects.update(point=Point(*destination(here, bearing, HOUSE_WITHIN_M + 0.05), srid=4326))
    assert find_name(here) == Named("Long Lane", "", pytest.approx(0, abs=0.01))
