"""Camera lists through the whole import: again and changed, any GDAL layer, batches, duplicates, dirt."""

import csv
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.gis.geos import Polygon
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import camera_batches, clock
from geo.camera_words import HEADERS
from geo.cameras_importer import import_cameras
from geo.crs import from_wgs84
from geo.errors import GeoError
from geo.estate import put_address, put_camera, secret_address
from geo.models import Area, Camera, CameraAddress, CameraPlacement, ImportRun
from geo.runs import Terms
from tests.geo.town import CENTRE

Town = dict[str, Area]
LON, LAT = CENTRE
HERE = f"{LON},{LAT}"


def write(path: Path, head: str, *rows: str) -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def outcome(run: ImportRun) -> tuple[int, int, int, int]:
    return (*(run.counts.get(word, 0) for word in ("added", "changed", "unchanged")), run.refused_total)


def test_what_a_list_has_no_column_for_stays_and_an_empty_cell_takes_it_back(town: Town, tmp_path: Path) -> None:
    full = "code,lon,lat,name,kind,heading,grade,height,snapshot"
    import_cameras(write(tmp_path / "a.csv", full, f"A,{HERE},Gate,ptz,90,key,6,http://u:p@h/a.jpg"), area=town["city"])
    assert outcome(import_cameras(write(tmp_path / "a.csv", "code,lon,lat", f"A,{HERE}"), area=town["city"])) == (
        0,
        0,
        1,
        0,
    )
    run = import_cameras(write(tmp_path / "a.csv", "code,lon,lat,heading,grade", f"A,{HERE},,"), area=town["city"])
    assert outcome(run) == (0, 1, 0, 0)
    camera = Camera.objects.get()
    assert (camera.name, camera.kind, camera.heading_deg, camera.grade) == ("Gate", "ptz", None, "general")
    assert CameraPlacement.objects.get(placed_to=None).height_m == 6
    assert secret_address(camera, "snapshot") == ("http://h/a.jpg", ("u", "p"))
    assert camera.run_id == run.pk


def test_every_change_is_seen_and_only_moves_make_history(town: Town, tmp_path: Path) -> None:
    head = "code,lon,lat,name,heading,height,status,snapshot"
    base = ["A", str(LON), str(LAT), "Gate", "90", "6", "online", "http://u:p@h/a.jpg"]
    path = tmp_path / "a.csv"
    import_cameras(write(path, head, ",".join(base)), area=town["city"])
    for place, value, moves in (
        (3, "Door", 0),
        (4, "180", 1),
        (5, "7", 1),
        (6, "offline", 0),
        (7, "http://u:q@h/a.jpg", 0),
        (1, str(LON + 1e-4), 1),
    ):
        base[place] = value
        before = CameraPlacement.objects.count()
        assert outcome(import_cameras(write(path, head, ",".join(base)), area=town["city"])) == (0, 1, 0, 0), (
            head.split(",")[place]
        )
        assert outcome(import_cameras(path, area=town["city"])) == (0, 0, 1, 0)
        assert CameraPlacement.objects.count() == before + moves
    camera = Camera.objects.get()
    assert (camera.name, camera.heading_deg, camera.status) == ("Door", 180, "offline")
    assert camera.placed_at == CameraPlacement.objects.get(placed_to=None).placed_from
    assert secret_address(camera, "snapshot") == ("http://h/a.jpg", ("u", "q"))
    assert camera.sector is not None
    assert camera.sector.distance(camera.point) < 1e-9


def test_a_drawn_view_outlives_an_import(town: Town, tmp_path: Path) -> None:
    drawn = Polygon(((LON, LAT), (LON + 0.001, LAT), (LON, LAT + 0.001), (LON, LAT)), srid=4326)
    put_camera(code="A", area=town["city"], point=CENTRE, at=clock.now(), name="A", sight=drawn)
    run = import_cameras(write(tmp_path / "a.csv", "code,lon,lat,name", f"A,{HERE},B"), area=town["city"])
    assert outcome(run) == (0, 1, 0, 0)
    camera = Camera.objects.get()
    assert camera.sight is not None
    assert camera.sight.equals(drawn)
    assert (camera.name, camera.source_key) == ("B", "a:A")


def test_duplicates_are_named_with_both_lines_over_batches(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.cameras_importer.ROWS", 3)
    code = "3402000000132{:07d}"
    rows = [f"C{n},{LON + n / 1e5},{LAT},{code.format(n)}" for n in range(1, 10)]
    rows += [f"C1,{HERE},", f"D,{HERE},{code.format(9)}", f"C5,{HERE},{code.format(77)}"]
    path = write(tmp_path / "a.csv", "code,lon,lat,national_code", *rows)
    run = import_cameras(path, area=town["city"])
    assert outcome(run) == (9, 0, 0, 3)
    assert [(row["row"], row["code"], row["facts"]["first"]) for row in run.refused] == [
        ("line 11", "duplicate_row", "line 2"),
        ("line 12", "duplicate_national_code", "line 10"),
        ("line 13", "duplicate_row", "line 6"),
    ]
    assert outcome(import_cameras(path, area=town["city"])) == (0, 0, 9, 3)
    tried = import_cameras(path, area=town["city"], how=Terms(preview=True))
    assert (tried.counts, tried.refused) == (import_cameras(path, area=town["city"]).counts, run.refused)


def test_cameras_of_one_pole_are_kept_and_without_a_code_the_national_one_stands(town: Town, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv", "国标编码,经度,纬度,朝向,点位编号",
        f"34020000001320000001,{HERE},东,P1", f"34020000001320000002,{HERE},西,P1",
    )  # fmt: skip
    import_cameras(path, area=town["city"])
    assert list(Camera.objects.values_list("code", "pole_code", "heading_deg")) == [
        ("34020000001320000001", "P1", 90), ("34020000001320000002", "P1", 270),
    ]  # fmt: skip


def test_another_lists_code_is_not_taken_over_by_a_renamed_one(town: Town, tmp_path: Path) -> None:
    import_cameras(write(tmp_path / "a.csv", "code,lon,lat", f"A,{HERE}", f"B,{HERE}"), area=town["city"])
    run = import_cameras(write(tmp_path / "b.csv", "code,lon,lat", f"A,{HERE}"), area=town["city"])
    assert outcome(run) == (0, 0, 1, 0)
    assert sorted(Camera.objects.values_list("source_key", flat=True)) == ["a:B", "b:A"]


def test_numbers_that_are_taken_are_passed_over(town: Town, tmp_path: Path) -> None:
    rows = [f"T-C0002,{HERE},x", *(f",{LON + n / 1e4},{LAT},n{n}" for n in range(3))]
    path = write(tmp_path / "a.csv", "code,lon,lat,name", *rows)
    import_cameras(path, area=town["city"])
    assert list(Camera.objects.values_list("code", "name")) == [
        ("T-C0001", "n0"), ("T-C0002", "x"), ("T-C0003", "n1"), ("T-C0004", "n2"),
    ]  # fmt: skip
    assert outcome(import_cameras(path, area=town["city"])) == (0, 0, 4, 0)


def test_swapped_and_projected_positions_are_told(town: Town, tmp_path: Path) -> None:
    run = import_cameras(write(tmp_path / "a.csv", "code,lon,lat", f"A,{HERE}", "B,430000,4412345", f"C,{LAT},{LON}"))
    facts = [row["facts"] for row in run.refused]
    assert next(row["code"] for row in run.refused) == "position_out_of_range"
    assert facts[0]["metres"] is True
    assert facts[1]["swapped"] is True


def test_projected_metres_with_their_system(town: Town, tmp_path: Path) -> None:
    x, y = from_wgs84(LON, LAT, "epsg:32650")
    import_cameras(write(tmp_path / "a.csv", "code,x,y", f"A,{x},{y}"), area=town["city"], datum="EPSG:32650")
    assert Camera.objects.get().point.coords == pytest.approx(CENTRE, abs=1e-6)


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="ogr2ogr makes the files")
@pytest.mark.parametrize(
    ("driver", "name", "system"),
    [
        ("GPKG", "a.gpkg", "EPSG:32719"),
        ("ESRI Shapefile", "a.shp", "EPSG:32719"),
        ("KML", "a.kml", "EPSG:4326"),
        ("XLSX", "a.xlsx", "EPSG:4326"),
        ("FlatGeobuf", "a.fgb", "EPSG:4979"),
    ],
)
def test_any_layer_of_points(town: Town, tmp_path: Path, driver: str, name: str, system: str) -> None:
    source = write(
        tmp_path / "points.csv", "code,lon,lat,name,heading", f"A,{HERE},东门,NE", f"B,{LON + 0.001},{LAT},西门,"
    )
    command = ["ogr2ogr", "-f", driver, str(tmp_path / name), str(source), "-s_srs", "EPSG:4326", "-t_srs", system]
    command += ["-oo", "X_POSSIBLE_NAMES=lon", "-oo", "Y_POSSIBLE_NAMES=lat"]
    if name.endswith(".shp"):
        command += ["-lco", "ENCODING=CP936"]
    subprocess.run(command, check=True, capture_output=True)
    run = import_cameras(tmp_path / name, area=town["city"])
    assert outcome(run) == (2, 0, 0, 0)
    assert Camera.objects.get(name="东门").point.coords == pytest.approx(CENTRE, abs=1e-6)
    assert outcome(import_cameras(tmp_path / name, area=town["city"])) == (0, 0, 2, 0)


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="ogr2ogr makes the files")
@pytest.mark.parametrize(
    ("driver", "name"), [("GPKG", "a.gpkg"), ("XLSX", "a.xlsx"), ("FlatGeobuf", "a.fgb"), ("ESRI Shapefile", "a.shp")]
)
def test_a_layer_that_breaks_off_is_said_or_read_to_its_end(town: Town, tmp_path: Path, driver: str, name: str) -> None:
    rows = [f"A{n},{LON + n / 1e4},{LAT},东门 {n}" for n in range(400)]
    source = write(tmp_path / "points.csv", "code,lon,lat,name", *rows)
    options = ["-oo", "X_POSSIBLE_NAMES=lon", "-oo", "Y_POSSIBLE_NAMES=lat", "-a_srs", "EPSG:4326"]
    subprocess.run(
        ["ogr2ogr", "-f", driver, str(tmp_path / name), str(source), *options], check=True, capture_output=True
    )
    whole = (tmp_path / name).read_bytes()
    chance = random.Random(11)
    for _ in range(12):
        raw = bytearray(whole[: chance.randrange(20, len(whole))] if chance.random() < 0.5 else whole)
        for _ in range(chance.choice([0, 3, 60])):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        (tmp_path / name).write_bytes(bytes(raw))
        try:
            run = import_cameras(tmp_path / name, area=town["city"], how=Terms(preview=True))
        except GeoError as error:
            assert error.code in {*WHOLE, "datum_needed", "layer_unknown", "datum_unknown", "encoding_unknown"}  # noqa: PT017
        else:
            assert 0 < sum(outcome(run)) <= 400


def test_lines_are_no_cameras(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "a.gml"
    path.write_text("<a/>")
    with pytest.raises(GeoError, match="file_of_other_kind"):
        import_cameras(path, area=town["city"])


def test_a_key_of_another_instance_does_not_stop_an_import(town: Town, tmp_path: Path, settings: Any) -> None:
    path = write(tmp_path / "a.csv", "code,lon,lat,snapshot", f"A,{HERE},http://u:p@h/a.jpg")
    import_cameras(path, area=town["city"])
    settings.CAMERA_KEY = Fernet.generate_key().decode()
    assert outcome(import_cameras(path, area=town["city"])) == (0, 1, 0, 0)
    assert secret_address(Camera.objects.get(), "snapshot") == ("http://h/a.jpg", ("u", "p"))


def test_an_address_set_by_hand_is_not_forgotten_by_a_list_without_one(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "code,lon,lat,snapshot", f"A,{HERE},")
    import_cameras(path, area=town["city"])
    put_address(Camera.objects.get(), "snapshot", "http://u:p@h/b.jpg")
    assert outcome(import_cameras(path, area=town["city"])) == (0, 0, 1, 0)
    assert CameraAddress.objects.count() == 1


WHOLE = {
    *("nothing_found", "quote_not_closed", "header_missing", "file_of_other_kind", "file_damaged", "layer_needed"),
    *("encoding_unknown", "columns_missing"),
}
CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "A",
            "B",
            str(LON),
            str(LAT),
            "NE",
            "东北",
            "ptz",
            "=1",
            '="x"',
            "http://u:p@h/",
            "\x00",
            "nan",
            "1e309",
            "-",
        ]
    ),
    st.text(max_size=12),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_cells_are_taken_or_refused_and_counted(town: Town, tmp_path: Path, data: st.DataObject) -> None:
    head = ["lon", "lat", *data.draw(st.lists(st.sampled_from(sorted(set(HEADERS) - {"lon", "lat"})), max_size=6))]
    rows = data.draw(st.lists(st.lists(CELLS, min_size=1, max_size=len(head)), min_size=1, max_size=6))
    path = tmp_path / "any.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerow([LON, LAT])
        writer.writerows(rows)
    try:
        run = import_cameras(path, area=town["city"], how=Terms(preview=True))
    except GeoError as error:
        assert error.code in WHOLE  # noqa: PT017
        return
    tall = any(note["code"] == "rows_over_lines" for note in run.notes)
    written = 1 + sum(any(cell.strip() for cell in row) for row in rows)
    assert tall or sum(outcome(run)) <= written
    assert camera_batches.WAITING not in str(run.counts)


def test_random_bytes_in_a_real_list(town: Town, real_data: Path, tmp_path: Path) -> None:
    whole = (real_data / "cameras" / "traffic-cameras-california-ohio.csv").read_bytes()[:60_000]
    chance = random.Random(3)
    for _ in range(8):
        raw = bytearray(whole[: chance.randrange(2000, len(whole))])
        for _ in range(chance.choice([1, 10, 100])):
            raw[chance.randrange(300, len(raw))] = chance.randrange(256)
        path = tmp_path / "dirty.csv"
        path.write_bytes(bytes(raw))
        try:
            run = import_cameras(path, area=town["city"], how=Terms(preview=True))
        except GeoError as error:
            assert error.code in WHOLE  # noqa: PT017
        else:
            assert sum(outcome(run)) > 5
