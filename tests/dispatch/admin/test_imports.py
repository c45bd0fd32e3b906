"""Imports through the pages: sent, looked at, imported or forgotten, undone; by administrators, on their own ground."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dispatch import journal
from dispatch.access import system
from dispatch.actions import import_jobs, people
from dispatch.admin.import_words import NOTES, REFUSED
from dispatch.import_work import TOKENS, work_on
from dispatch.models import ImportJob, JournalEntry, Unit
from dispatch.uploads import folder_of
from geo.cameras_importer import import_cameras
from geo.models import Area, Camera, ImportRun, Road
from geo.runs import Terms
from tests.dispatch.town import EAST, SETUP, WEST, Page, Town, new_uid

ROOT = "/admin/geo/importrun"
NEW = f"{ROOT}/send/"
S2 = (WEST[0] + 0.035, WEST[1])


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.IMPORT_FOLDER = tmp_path / "imports"
    settings.IMPORT_MAX_MB = 1
    return tmp_path / "imports"


def send(page: Page, data: bytes, name: str = "list.csv", token: str = "c" * 32, **fields: Any) -> Any:
    sent = {"csrfmiddlewaretoken": token, "kind": "cameras", **fields, "file": SimpleUploadedFile(name, data)}
    return page.post(NEW, sent, headers={"Referer": "http://testserver/"})


def do(page: Page, path: str, **fields: str) -> Any:
    return page.post(path, {**fields, "csrfmiddlewaretoken": "c" * 32}, headers={"Referer": "http://testserver/"})


def worked(job: ImportJob) -> ImportJob:
    taken = import_jobs.take_import(actor=system("worker"))
    assert taken == job
    work_on(taken)
    job.refresh_from_db()
    return job


def sent_job(town: Town, data: bytes, who: str = "admin", **fields: Any) -> ImportJob:
    answer = send(town.page(who), data, **fields)
    assert answer.status_code == 302, answer.content.decode()
    return ImportJob.objects.latest("id")


def cameras(*points: tuple[float, float], secret: str = "") -> bytes:
    rows = [f"K{n},Gate {n},{lon},{lat},{secret}" for n, (lon, lat) in enumerate(points)]
    return "\n".join(["code,name,lon,lat,snapshot", *rows]).encode()


def path_of(job: ImportJob) -> str:
    return f"{ROOT}/file/{job.uid}/"


def streets() -> bytes:
    line = {"type": "LineString", "coordinates": [list(WEST), list(EAST)]}
    feature = {"type": "Feature", "properties": {"highway": "primary", "name": "Quay"}, "geometry": line}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def district(town: Town) -> Page:
    """Return a page of an administrator of S1 alone."""
    people.grant_role(
        actor=SETUP, person_uid=town.people["nobody"].uid, role="administrator", centre_uid=town.centres["S1"].uid
    )
    return town.page("nobody")


def test_a_file_is_looked_at_then_imported_then_undone(
    town: Town, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    admin = town.page("admin")
    told = JournalEntry.objects.count()
    job = sent_job(town, cameras(WEST, (0, 0), EAST), source="City office", attribution="© City", made_up="on")
    assert (job.state, job.wants, JournalEntry.objects.count()) == ("waiting", "preview", told)
    assert admin.get(f"{path_of(job)}state").json() == {"state": "waiting", "wants": "preview"}
    worked(job)
    assert (job.state, Camera.objects.count(), JournalEntry.objects.count()) == ("previewed", 0, told)
    assert job.found["map"]["lon"] == "lon"
    page = admin.get(path_of(job), headers={"Accept-Language": "en"}).content.decode()
    assert "line 3" in page
    assert "not known" in page
    sample = admin.get(f"{path_of(job)}map").json()
    assert sample["shown"] == sample["totals"] == {"camera": 2}
    assert {one["properties"]["layer"] for one in sample["features"]} == {"camera", "around"}
    assert do(admin, path_of(job), do="import").status_code == 302
    worked(job)
    assert (job.state, Camera.objects.count()) == ("done", 2)
    assert not folder_of(job.uid).exists()
    entry = journal.read(kinds=["import.finished"], newest_first=True, limit=1)[0]
    assert entry.actor is not None
    assert entry.actor["uid"] == town.uid("admin")
    run = job.run
    assert run is not None
    assert (run.source, run.attribution, run.made_up) == ("City office", "© City", True)
    assert "2" in admin.get(f"{ROOT}/{run.pk}/undo/").content.decode()
    assert Camera.objects.count() == 2
    assert do(admin, f"{ROOT}/{run.pk}/undo/").status_code == 302
    assert Camera.objects.count() == 0
    run.refresh_from_db()
    assert run.state == "undone"
    assert admin.get(f"{ROOT}/{run.pk}/change/").status_code == 200
    assert admin.get(f"{ROOT}/{run.pk}/history/").status_code == 200
    assert admin.get(f"{ROOT}/?state__exact=undone").status_code == 200


def test_a_file_can_be_read_otherwise_and_forgotten(town: Town, django_capture_on_commit_callbacks: Any) -> None:
    admin = town.page("admin")
    data = "rechts;hoch;tag\n{};{};A\n".format(*WEST).encode()
    job = worked(sent_job(town, data))
    assert job.state == "failed"
    assert job.problem is not None
    assert admin.get(path_of(job)).status_code == 200
    assert do(admin, path_of(job), do="again", fields_map="lon=rechts\nlat=hoch\ncode=tag").status_code == 302
    worked(job)
    assert job.state == "previewed"
    assert job.found["map"]["code"] == "tag"
    assert do(admin, path_of(job), do="again", timezone="Mars/Olympus").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert do(admin, path_of(job), do="discard").status_code == 302
    job.refresh_from_db()
    assert (job.state, folder_of(job.uid).exists(), Camera.objects.count()) == ("discarded", False, 0)
    for again in ("import", "discard", "again", "nonsense"):
        do(admin, path_of(job), do=again)
        job.refresh_from_db()
        assert job.state == "discarded"


@pytest.mark.parametrize("who", ["desk", "neighbour", "far", "auditor", "supervisor", "chief", "officer", "nobody"])
def test_nobody_else_comes_near(town: Town, who: str, folder: Path) -> None:
    job = worked(sent_job(town, cameras(WEST)))
    run = import_cameras(_list(folder, WEST))
    page = town.page(who)
    assert page.get(f"{NEW}may").status_code == 403
    for path in (
        f"{ROOT}/",
        NEW,
        f"{ROOT}/add/",
        path_of(job),
        f"{path_of(job)}state",
        f"{path_of(job)}map",
        f"{ROOT}/{run.pk}/undo/",
    ):
        assert page.get(path).status_code == 403, path
    assert send(page, cameras(WEST)).status_code == 403
    assert do(page, path_of(job), do="import").status_code == 403
    assert do(page, f"{ROOT}/{run.pk}/undo/").status_code == 403
    assert do(page, f"{path_of(job)}tokens").status_code == 403
    job.refresh_from_db()
    run.refresh_from_db()
    assert (job.state, run.state, ImportJob.objects.count()) == ("previewed", "done", 1)
    assert Page().get(path_of(job)).status_code == 302
    assert Page().get(f"{NEW}may").status_code == 403
    assert town.page("admin").get(f"{NEW}may").status_code == 204
    assert town.page("admin").get(NEW).headers["Location"] == f"{ROOT}/add/"


def _list(folder: Path, *points: tuple[float, float]) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "by-hand.csv"
    path.write_bytes(cameras(*points))
    return path


def test_without_the_token_of_the_page_nothing_is_taken(town: Town) -> None:
    assert send(town.page("admin"), cameras(WEST), token="x" * 32).status_code == 403
    job = worked(sent_job(town, cameras(WEST)))
    assert town.page("admin").post(path_of(job), {"do": "import"}).status_code == 403
    assert ImportJob.objects.get().state == "previewed"


def test_another_administrators_file_is_not_there(town: Town) -> None:
    job = worked(sent_job(town, cameras(WEST)))
    other = district(town)
    for path in (path_of(job), f"{path_of(job)}state", f"{path_of(job)}map", f"{ROOT}/file/{new_uid()}/"):
        assert other.get(path).status_code == 404
    assert do(other, path_of(job), do="import").status_code == 404
    assert do(other, f"{path_of(job)}tokens").status_code == 404
    assert job.file_name not in other.get(f"{ROOT}/").content.decode()


def test_a_districts_administrator_imports_on_his_own_ground_only(town: Town, folder: Path) -> None:
    page = district(town)
    refused = send(page, streets(), "s.geojson", kind="roads")
    assert refused.status_code == 200
    assert ImportJob.objects.count() == 0
    assert not Road.objects.exists()
    both = worked(_own(page, cameras(WEST, S2)))
    assert (both.state, both.problem["code"]) == ("failed", "outside_your_ground")
    assert not (folder_of(both.uid) / "preview.json").exists()
    mine = worked(_own(page, cameras(WEST)))
    assert mine.state == "previewed"
    do(page, path_of(mine), do="import")
    worked(mine)
    assert [camera.area.code for camera in Camera.objects.all()] == ["S1"]


def _own(page: Page, data: bytes, **fields: Any) -> ImportJob:
    assert send(page, data, **fields).status_code == 302
    return ImportJob.objects.latest("id")


def test_he_takes_no_camera_of_another_area_by_its_code(town: Town) -> None:
    theirs = Area.objects.get(code="S2")
    worked_all(town, cameras(S2))
    job = worked(_own(district(town), cameras(WEST)))
    assert (job.state, job.problem["code"]) == ("failed", "outside_your_ground")
    assert Camera.objects.get().area == theirs


def worked_all(town: Town, data: bytes, **fields: Any) -> ImportJob:
    job = worked(sent_job(town, data, **fields))
    assert job.state == "previewed", job.problem
    do(town.page("admin"), path_of(job), do="import")
    return worked(job)


def test_units_and_areas_of_others_are_refused_by_row(town: Town) -> None:
    page = district(town)
    job = worked(_own(page, b"callsign,centre\nX-1,S1\nX-2,S2\n", kind="units"))
    assert job.state == "previewed"
    assert [(row["row"], row["code"]) for row in job.preview_run.refused] == [("line 3", "forbidden")]
    square = [[WEST[0], WEST[1]], [WEST[0] + 0.01, WEST[1]], [WEST[0], WEST[1] + 0.01], [WEST[0], WEST[1]]]
    rows = [
        {"type": "Feature", "properties": {"code": code, "name": code, "parent": parent, "level": "room"},
         "geometry": {"type": "Polygon", "coordinates": [square]}}
        for code, parent in (("R1", "S1"), ("R2", "S2"), ("S1", "CITY"), ("T", ""))
    ]  # fmt: skip
    drawn = json.dumps({"type": "FeatureCollection", "features": rows}).encode()
    job = worked(_own(page, drawn, name="a.geojson", kind="areas", timezone="UTC"))
    assert job.state == "previewed"
    assert {row["code"] for row in job.preview_run.refused} == {"forbidden"}
    assert job.preview_run.refused_total == 3
    sample = page.get(f"{path_of(job)}map").json()
    assert [one["properties"]["name"] for one in sample["features"] if one["properties"]["layer"] == "area"] == [
        "R1 R1"
    ]


def test_rights_lost_meanwhile_are_lost(town: Town) -> None:
    from dispatch.models import Assignment

    page = district(town)
    job = worked(_own(page, cameras(WEST)))
    do(page, path_of(job), do="import")
    role = Assignment.objects.get(person=town.people["nobody"], role="administrator")
    people.end_role(actor=town.viewer("admin"), assignment_uid=role.uid)
    worked(job)
    assert (job.state, job.problem["code"], Camera.objects.count()) == ("failed", "forbidden", 0)


def test_runs_are_listed_and_undone_by_whom_they_concern(town: Town, folder: Path) -> None:
    page = district(town)
    mine, theirs = (
        import_cameras(_list(folder, WEST)),
        worked_all(town, cameras(S2).replace(b"K0", b"L0"), name="b.csv"),
    )
    worked_all(town, streets(), name="s.geojson", kind="roads")
    shown = page.get(f"{ROOT}/").content.decode()
    assert f"{ROOT}/{mine.pk}/change/" in shown
    assert theirs.run is not None
    assert f"{ROOT}/{theirs.run.pk}/change/" not in shown
    assert shown.count("/change/") == 2  # number and name of the one
    for path in (f"{ROOT}/{theirs.run.pk}/undo/", f"{ROOT}/{theirs.run.pk}/change/"):
        assert page.get(path).status_code in {302, 404}
    assert do(page, f"{ROOT}/{theirs.run.pk}/undo/").status_code == 404
    assert do(page, f"{ROOT}/{mine.pk}/undo/").status_code == 302
    assert [camera.area.code for camera in Camera.objects.all()] == ["S2"]


def test_tokens_of_new_beacons_are_handed_out_once(town: Town) -> None:
    job = worked_all(town, b"callsign,centre,tracker\nX-1,S1,yes\n", kind="units")
    assert Unit.objects.get(call_sign="X-1").tracker
    assert [path.name for path in folder_of(job.uid).iterdir()] == [TOKENS]
    admin = town.page("admin")
    assert admin.get(f"{path_of(job)}tokens").status_code == 404
    answer = do(admin, f"{path_of(job)}tokens")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "X-1" in answer.content.decode()
    assert not folder_of(job.uid).exists()
    assert do(admin, f"{path_of(job)}tokens").status_code == 404


@pytest.mark.parametrize("name", ["tokens.csv", "preview.csv", "progress.csv", "sent.csv"])
def test_a_file_may_be_called_like_one_of_ours(town: Town, name: str) -> None:
    job = worked_all(town, b"callsign,centre,tracker\nX-1,S1,yes\n", kind="units", name=name)
    assert (job.state, job.problem) == ("done", None)
    assert [path.name for path in folder_of(job.uid).iterdir()] == [TOKENS]
    assert "X-1" in do(town.page("admin"), f"{path_of(job)}tokens").content.decode()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"\xff\xfea\x00,\x00b\x00\n\x00", "a.csv", None), (b"a,b\n" + b'"' * 50_000, "a.csv", None),
        (b'{"type":"FeatureCollection","features":[' + b"[" * 200_000, "a.geojson", None),
        (b'{"type": "Topology", "objects": {}}', "a.geojson", None), (b"{}", "a.json", None),
    ],
)  # fmt: skip
def test_what_is_no_list_fails_in_words(town: Town, data: bytes, name: str, code: str | None) -> None:
    job = worked(sent_job(town, data, name=name))
    assert job.state == "failed"
    assert job.problem is not None
    assert job.problem["code"] in REFUSED
    assert job.problem["code"] != "import_broke"
    assert town.page("admin").get(path_of(job)).status_code == 200


def test_a_file_that_is_refused_at_the_door_leaves_nothing(town: Town, folder: Path) -> None:
    admin = town.page("admin")
    for data, name in ((b"\x7fELF\x00\x01", "x.csv"), (b"x" * 1_200_000, "big.csv"), (b"", "empty.csv")):
        answer = send(admin, data, name)
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode()
    assert send(admin, cameras(WEST), kind="people").status_code == 200
    assert do(admin, NEW, kind="cameras").status_code == 200
    assert ImportJob.objects.count() == 0
    assert [path for path in folder.iterdir() if path.is_dir()] == [] if folder.exists() else True


def test_the_same_file_twice_changes_nothing_the_second_time(town: Town) -> None:
    first, second = worked_all(town, cameras(WEST)), worked_all(town, cameras(WEST))
    assert first.run is not None
    assert second.run is not None
    assert (first.run.counts["added"], second.run.counts.get("added", 0), Camera.objects.count()) == (1, 0, 1)


def test_a_process_that_died_is_begun_again_and_given_up_after_three(town: Town) -> None:
    from datetime import timedelta

    from django.utils import timezone

    job = sent_job(town, cameras(WEST))
    worker = system("worker")
    for tries in (1, 2, 3):
        assert import_jobs.take_import(actor=worker) == job
        assert import_jobs.take_import(actor=worker) is None
        assert import_jobs.requeue_imports(actor=worker) == 0  # it has just begun
        ImportJob.objects.update(changed_at=timezone.now() - timedelta(minutes=1))
        assert import_jobs.requeue_imports(actor=worker) == 1
        job.refresh_from_db()
        assert (job.state, job.tries) == ("waiting" if tries < 3 else "failed", tries)
    assert job.problem == {"code": "import_interrupted", "field": None, "facts": {"tries": 3}}


def test_files_that_nobody_decides_about_are_forgotten(town: Town, django_capture_on_commit_callbacks: Any) -> None:
    from datetime import timedelta

    job = worked(sent_job(town, cameras(WEST)))
    assert import_jobs.sweep_imports(actor=system("worker"), older_than=timedelta(hours=1)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert import_jobs.sweep_imports(actor=system("worker"), older_than=timedelta(seconds=-1)) == 1
    assert not folder_of(job.uid).exists()


def test_options_are_written_down_as_data(town: Town) -> None:
    hostile = "<script>alert(1)</script>"
    job = worked(sent_job(town, cameras(WEST), source=hostile, layer=hostile, fields_map=f"code={hostile}"))
    page = town.page("admin").get(path_of(job)).content.decode()
    assert hostile not in page


def test_previews_leave_no_undo(town: Town, folder: Path) -> None:
    import_cameras(_list(folder, WEST), how=Terms(preview=True))
    assert not ImportRun.objects.get().traced


def test_a_run_whose_process_died_says_so_in_the_list_and_on_its_page(town: Town, folder: Path) -> None:
    dead = ImportRun.objects.create(kind="roads", file_name="dead.pbf", started_at="2026-03-11T12:00:00Z")
    import_jobs.requeue_imports(actor=system("worker"))
    for path in (f"{ROOT}/", f"{ROOT}/{dead.pk}/change/"):
        shown = town.page("admin").get(path).content.decode()
        assert any(words in shown for words in NOTES["run_interrupted"]), path
    dead.refresh_from_db()
    assert dead.state == "failed"
