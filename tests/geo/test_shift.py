"""A list in GCJ-02 or BD-09 that does not say so is told apart by the roads, and only then."""

import csv
import random
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from geo.areas import put_area
from geo.cameras_importer import import_cameras
from geo.crs import from_wgs84
from geo.metres import destination
from geo.models import Camera, ImportRun
from geo.roads.importer import import_roads
from tests.geo.town import square

CENTRES = {"beijing-roads": (116.39, 39.91), "porto-alegre": (-51.22, -30.03)}


def beside_roads(count: int) -> list[tuple[float, float]]:
    """Return points 5 to 12 m beside streets of the database, the same each time."""
    chance = random.Random(7)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_LineInterpolatePoint(geometry, 0.5) AS p FROM geo_road"
            " WHERE ST_Length(geometry::geography) > 150 ORDER BY md5(source_key) LIMIT %s) picked",
            [count],
        )
        return [destination(point, chance.uniform(0, 360), chance.uniform(5, 12)) for point in cursor.fetchall()]


def write(path: Path, points: list[tuple[float, float]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "lon", "lat"])
        writer.writerows([f"C{index}", f"{lon:.7f}", f"{lat:.7f}"] for index, (lon, lat) in enumerate(points))
    return path


@pytest.fixture(params=["beijing-roads", "porto-alegre"])
def city(request: pytest.FixtureRequest, db: None, real_data: Path) -> str:
    import_roads(real_data / "roads" / f"{request.param}.osm.pbf")
    put_area(code="C", name="City", level="city", boundary=square(*CENTRES[request.param], 0.8))
    return str(request.param)


def test_only_the_wrong_datum_is_told(city: str, tmp_path: Path) -> None:
    true = beside_roads(150)
    assert import_cameras(write(tmp_path / "a.csv", true)).notes == []
    for datum in ("gcj02", "bd09"):
        moved = write(tmp_path / f"{datum}.csv", [from_wgs84(*point, datum) for point in true])
        run = import_cameras(moved)
        if city == "porto-alegre":
            # Outside China both datums are the same as ours or none at all.
            assert datum == "bd09" or run.notes == []
            continue
        assert [(note["code"], note["facts"]["datum"]) for note in run.notes] == [("looks_shifted", datum)]
        assert 300 < run.notes[0]["facts"]["shift_m"] < 1500
        assert import_cameras(moved, datum=datum).notes == []


def test_the_command_says_what_to_do(db: None, real_data: Path, tmp_path: Path) -> None:
    import_roads(real_data / "roads" / "beijing-roads.osm.pbf")
    put_area(code="C", name="City", level="city", boundary=square(*CENTRES["beijing-roads"], 0.8))
    path = write(tmp_path / "list.csv", [from_wgs84(*point, "gcj02") for point in beside_roads(60)])
    complained = StringIO()
    call_command("import_cameras", str(path), "--dry-run", stdout=StringIO(), stderr=complained)
    assert "This list looks shifted by about" in complained.getvalue()
    assert "import it again with --crs gcj02" in complained.getvalue()
    assert ImportRun.objects.latest("id").notes[0]["code"] == "looks_shifted"
    assert not Camera.objects.exists()


def test_without_roads_nothing_is_claimed(db: None, tmp_path: Path) -> None:
    put_area(code="C", name="City", level="city", boundary=square(*CENTRES["beijing-roads"], 0.8))
    points = [(116.39 + index / 1000, 39.91) for index in range(40)]
    assert import_cameras(write(tmp_path / "a.csv", points)).notes == []
