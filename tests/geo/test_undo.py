"""Undo of import runs: everything is again exactly as it was, or nothing happens and it is said why."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from geo import traces, undo
from geo.cameras_importer import import_cameras
from geo.errors import GeoError
from geo.estate import put_camera
from geo.models import Area, Camera, ImportBefore, ImportMark, ImportRun, ImportTrace, Road, TrackerLast
from geo.roads.importer import import_roads
from geo.runs import Terms, importing
from geo.trackers import enrol
from tests.geo.town import CENTRE

Town = dict[str, Area]
TABLES = (
    "geo_area", "geo_ground", "geo_camera", "geo_cameraplacement", "geo_cameraaddress", "geo_road", "geo_mapfeature", "geo_place",
    "geo_roadnode", "geo_turnrestriction",
)  # fmt: skip
LON, LAT = CENTRE


def exported() -> dict[str, list[str]]:
    """Return every row of every imported table as PostgreSQL writes it."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def cameras(path: Path, *rows: str) -> ImportRun:
    """Import a camera list: code, name, lon offset, heading, snapshot."""
    lines = ["code,name,lon,lat,heading,snapshot"]
    for row in rows:
        code, name, east, heading, snapshot = row.split(",")
        lines.append(f"{code},{name},{LON + float(east)},{LAT},{heading},{snapshot}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return import_cameras(path)


def streets(path: Path, **ways: str) -> ImportRun:
    """Import an OSM file with one way for each name → class."""
    nodes = '<node id="1" lon="1" lat="50"/><node id="2" lon="1.01" lat="50.001"/>'
    number = {"a": 11, "b": 12, "c": 13}
    drawn = "".join(
        f'<way id="{number[key]}"><nd ref="1"/><nd ref="2"/><tag k="highway" v="{value}"/></way>'
        for key, value in ways.items()
    )
    path.write_text(f'<osm version="0.6">{nodes}{drawn}</osm>', encoding="utf-8")
    return import_roads(path)


def undone(run: ImportRun) -> undo.Undone:
    with transaction.atomic():
        return undo.carry_out(undo.prepare(run.pk))


def refusal(run: ImportRun) -> GeoError:
    with pytest.raises(GeoError) as caught:
        undone(run)
    run.refresh_from_db()
    assert run.state == "done"
    return caught.value


Step = Callable[[Path], ImportRun]
STEPS: list[Step] = [
    lambda at: cameras(at / "a.csv", "A,Quay,0,90,", "B,Bridge,0.001,,http://u:p@h/b.jpg", "C,Gate,0.002,10,"),
    lambda at: streets(at / "s.osm", a="primary", b="residential"),
    # Some changed, some the same, one new, one gone from the list.
    lambda at: cameras(at / "a.csv", "A,Quay North,0.0005,180,http://h/a.jpg", "B,Bridge,0.001,,http://u:q@h/b.jpg"),
    lambda at: streets(at / "s.osm", a="secondary", b="residential", c="service"),
    lambda at: cameras(at / "a.csv", "A,Quay North,0.0005,180,", "D,Tower,0.003,,"),
]  # fmt: skip


def test_several_runs_are_undone_in_reverse_order_exactly(town: Town, tmp_path: Path) -> None:
    before = []
    runs = []
    for step in STEPS:
        before.append(exported())
        runs.append(step(tmp_path))
    assert all(run.traced for run in runs)
    assert runs[0].area_ids == sorted({town["east_1"].pk, town["west_1"].pk} & set(runs[0].area_ids))
    for run, was in zip(reversed(runs), reversed(before), strict=True):
        undone(run)
        assert exported() == was
        run.refresh_from_db()
        assert (run.state, run.traced, run.undone_at is not None) == ("undone", False, True)
    assert not any(model.objects.exists() for model in (ImportTrace, ImportBefore, ImportMark))
    assert Camera.objects.count() == Road.objects.count() == 0


def test_the_counts_say_what_was_done(town: Town, tmp_path: Path) -> None:
    STEPS[0](tmp_path)
    done = undone(STEPS[2](tmp_path))
    assert done.removed == {"placement": 1, "address": 1}
    # A moved and turned, B's password changed: two cameras; the former placement of A runs again.
    assert done.restored == {"camera": 2, "placement": 1, "address": 1}


def test_an_older_run_waits_for_the_newer_one(town: Town, tmp_path: Path) -> None:
    first, second = STEPS[0](tmp_path), STEPS[2](tmp_path)
    error = refusal(first)
    assert error.code == "run_overtaken"
    assert error.facts["runs"] == [{"run": second.pk, "file": "a.csv"}]
    undone(second)
    undone(first)


def test_a_run_elsewhere_is_not_in_the_way(town: Town, tmp_path: Path) -> None:
    first = cameras(tmp_path / "a.csv", "A,Quay,0,90,")
    cameras(tmp_path / "b.csv", "B,Bridge,0.001,,")
    undone(first)
    assert [camera.code for camera in Camera.objects.all()] == ["B"]


def test_what_a_person_changed_since_is_not_thrown_away(town: Town, tmp_path: Path) -> None:
    run = STEPS[0](tmp_path)
    camera = Camera.objects.get(code="A")
    moved = (LON + 0.0001, LAT)
    put_camera(code="A", area=camera.area, point=moved, at=timezone.now(), camera=camera, name="By hand")
    was = exported()
    error = refusal(run)
    assert (error.code, error.facts["total"]) == ("rows_changed", 2)
    assert {"noun": "camera", "name": "A"} in error.facts["rows"]
    assert exported() == was


def test_a_row_that_a_person_deleted_since_is_said_too(town: Town, tmp_path: Path) -> None:
    run = streets(tmp_path / "s.osm", a="primary")
    Road.objects.all().delete()
    assert refusal(run).code == "rows_changed"


def test_a_camera_that_died_since_is_no_obstacle(town: Town, tmp_path: Path) -> None:
    run = STEPS[0](tmp_path)
    Camera.objects.filter(code="A").update(status="offline", status_at=timezone.now())
    undone(run)
    assert not Camera.objects.exists()


def test_a_place_that_was_taken_since_blocks_the_undo(town: Town, tmp_path: Path) -> None:
    STEPS[0](tmp_path)
    with importing("cameras", tmp_path / "r.csv") as tally:
        Camera.objects.filter(code="A").update(code="A2")
    Camera.objects.create(code="A", name="new", area=town["city"], point="POINT(-71.2 -29.9)", placed_at=timezone.now())
    error = refusal(tally.run)
    assert error.code == "undo_blocked"
    assert Camera.objects.filter(code="A2").exists()


def test_an_area_with_something_in_it_stops_the_whole_undo(town: Town, tmp_path: Path) -> None:
    from geo.areas import put_area

    with importing("areas", tmp_path / "a.gpkg") as tally:
        area = put_area(code="N", name="New", level="station", parent=town["west"], boundary=town["west"].boundary)
    put_camera(code="X", area=area, point=CENTRE, at=timezone.now(), name="X")
    error = refusal(tally.run)
    assert error.code == "rows_in_use"
    assert error.facts["rows"] == [{"noun": "area", "name": "N", "by": "geo_camera"}]
    Camera.objects.all().delete()  # cascades to its placements


def test_a_redrawn_area_gets_its_ground_back(town: Town, tmp_path: Path) -> None:
    from geo.areas import put_area

    was = exported()
    with importing("areas", tmp_path / "a.gpkg") as tally:
        put_area(code="T-W", name="Far West", level="district", parent=town["city"], boundary=town["east"].boundary)
        put_area(code="T-W-2", name="W2", level="station", parent=town["west"], boundary=town["west"].boundary)
        put_area(code="T-E-1", name="East 1", level="station", parent=town["west"])
    assert tally.run.area_ids
    undone(tally.run)
    assert exported() == was


def test_a_beacon_that_spoke_stays_and_is_named(town: Town, tmp_path: Path) -> None:
    with importing("units", tmp_path / "u.csv") as tally:
        enrol(label="P-1", area=town["city"], at=timezone.now())
        heard, _ = enrol(label="P-2", area=town["city"], at=timezone.now())
    now = timezone.now()
    TrackerLast.objects.create(tracker=heard, lon_e7=0, lat_e7=0, fix_at=now, received_at=now)
    done = undone(tally.run)
    assert (done.kept, done.removed) == ([{"noun": "tracker", "name": "P-2"}], {"tracker": 1})
    assert type(heard).objects.get() == heard
    tally.run.refresh_from_db()
    assert tally.run.kept == done.kept


def test_what_was_added_and_removed_again_in_one_run_never_was(town: Town, tmp_path: Path) -> None:
    was = exported()
    with importing("roads", tmp_path / "r.csv") as tally:
        for key, kind in (("1", "primary"), ("2", "residential")):
            line = "SRID=4326;LINESTRING(1 50, 1.01 50)"
            Road.objects.create(source_key=key, highway=kind, geometry=line, run=tally.run)
        Road.objects.filter(highway="primary").update(name="Harbour Road")
        Road.objects.filter(highway="residential").delete()
    undone(tally.run)
    assert exported()["geo_road"] == was["geo_road"]


def test_what_a_run_removed_comes_back(town: Town, tmp_path: Path) -> None:
    STEPS[0](tmp_path)
    was = exported()
    with importing("cameras", tmp_path / "r.csv") as tally:
        Camera.objects.filter(code="B").update(name="Changed first")
        Camera.objects.filter(code="B").delete()
    assert exported() != was
    undone(tally.run)
    assert exported() == was


def test_previews_failed_and_undone_runs_have_nothing_to_undo(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"code,lon,lat\nA,{LON},{LAT}\n", encoding="utf-8")
    preview = import_cameras(path, how=Terms(preview=True))
    done = import_cameras(path)
    undone(done)
    for run in (preview, done):
        with pytest.raises(GeoError) as caught:
            undone(run)
        assert caught.value.code == "run_state"


def test_after_the_time_of_keeping_a_run_cannot_be_undone(town: Town, tmp_path: Path) -> None:
    run = STEPS[0](tmp_path)
    assert traces.forget(timezone.now() - timedelta(days=1)) == 0
    assert traces.forget(timezone.now() + timedelta(seconds=1)) == 1
    run.refresh_from_db()
    assert refusal(run).code == "undo_not_kept"
    assert not ImportMark.objects.exists()


def test_only_what_an_import_writes_is_noted(town: Town, tmp_path: Path) -> None:
    STEPS[0](tmp_path)
    noted = ImportBefore.objects.count() + ImportTrace.objects.count()
    Camera.objects.filter(code="A").update(name="By hand")
    assert ImportBefore.objects.count() + ImportTrace.objects.count() == noted


def test_every_imported_table_is_traced() -> None:
    from django.apps import apps

    with_run = {model._meta.db_table for model in apps.get_app_config("geo").get_models()
                if any(field.name == "run" for field in model._meta.fields)
                and not model.__name__.startswith("Import")}  # fmt: skip
    assert with_run <= {table.table for table in traces.TABLES}


def test_the_database_has_a_trigger_for_every_traced_table(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'geo_trace_changed'")
        assert {row[0] for row in cursor.fetchall()} == {table.table for table in traces.TABLES}
