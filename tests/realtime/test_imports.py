"""The worker and sent files, with real processes: begun, seen through, begun again when killed, one at a time."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from uuid_utils.compat import uuid7

from dispatch.access import viewer_for
from dispatch.actions import import_jobs
from dispatch.models import ImportJob, JournalEntry
from dispatch.uploads import keep_file
from geo import undo
from geo.cameras_importer import import_cameras
from geo.errors import GeoError
from geo.models import Camera, ImportRun
from geo.runs import Terms, importing
from realtime.imports import WORKER, Imports
from tests.realtime.town import WEST, Town, build

pytestmark = pytest.mark.django_db(transaction=True)
WITHIN_S = 60.0
ROWS = 3000


@pytest.fixture
def city(transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    settings.IMPORT_FOLDER = tmp_path / "imports"
    monkeypatch.setenv("NEARCAST_VAR", str(tmp_path))
    monkeypatch.setenv("NEARCAST_DB_NAME", connection.settings_dict["NAME"])
    return build()


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.05)


def sent(city: Town, rows: int = 3) -> ImportJob:
    person = city.people["admin"]
    lines = ["code,name,lon,lat", *(f"K{n},Gate {n},{WEST[0]},{WEST[1]}" for n in range(rows))]
    uid = uuid7()
    path = keep_file(uid, "cameras", "list.csv", ["\n".join(lines).encode()])
    return import_jobs.upload_import(
        actor=viewer_for(person),
        uid=uid,
        kind="cameras",
        file_name=path.name,
        size_bytes=path.stat().st_size,
        options={},
    )


def state(job: ImportJob) -> str:
    job.refresh_from_db()
    return job.state


def test_a_file_is_previewed_and_imported_by_processes_of_their_own(city: Town) -> None:
    job = sent(city)
    work = Imports()
    assert work.start_one() is True
    assert work.start_one() is False
    until(lambda: state(job) == "previewed")
    assert (job.preview_run.counts["added"], Camera.objects.count()) == (3, 0)
    import_jobs.approve_import(actor=viewer_for(job.made_by), uid=job.uid)
    until(work.start_one)
    until(lambda: state(job) == "done")
    assert Camera.objects.count() == 3
    assert JournalEntry.objects.filter(kind="import.finished").count() == 1


def test_a_killed_process_leaves_nothing_and_is_begun_again(city: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_jobs, "STARTING_S", 0.0)
    job = sent(city, rows=ROWS)
    work = Imports(clock=lambda: time.monotonic() * 100)
    until(work.start_one)
    child = work._child
    assert child is not None
    until(lambda: ImportRun.objects.filter(state="running").exists())
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert state(job) == "working"
    until(work.start_one)
    until(lambda: state(job) == "previewed")
    assert (job.tries, job.preview_run.counts["added"], Camera.objects.count()) == (2, ROWS, 0)
    dead, again = ImportRun.objects.order_by("id")
    assert (dead.state, dead.notes, again.state) == ("failed", [{"code": "run_interrupted", "facts": {}}], "preview")


def test_a_child_whose_worker_died_is_not_begun_twice(city: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    job = sent(city, rows=ROWS)
    first = Imports()
    assert first.start_one()
    until(lambda: ImportRun.objects.filter(state="running").exists())
    monkeypatch.setattr(import_jobs, "STARTING_S", 0.0)
    other = Imports()  # the worker was killed and started again; its child goes on
    assert other.start_one() is False
    assert state(job) in {"working", "previewed"}
    until(lambda: state(job) == "previewed")
    assert (job.tries, job.preview_run.counts["added"]) == (1, ROWS)


def test_an_undo_while_an_import_runs_is_refused_and_two_undos_are_one(city: Town, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"code,lon,lat\nA,{WEST[0]},{WEST[1]}\n", encoding="utf-8")
    run = import_cameras(path)
    errors = from_another_connection(lambda: _undo(run), during=lambda: importing("roads", tmp_path / "b", Terms()))
    assert [error.code for error in errors] == ["import_running"]
    assert Camera.objects.count() == 1
    import threading

    outcomes: list[str] = []

    def race() -> None:
        try:
            _undo(run)
            outcomes.append("undone")
        except GeoError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("undone") == 1
    assert set(outcomes) <= {"undone", "import_running", "run_state"}
    assert Camera.objects.count() == 0


def _undo(run: ImportRun) -> None:
    from django.db import transaction

    with transaction.atomic():
        undo.carry_out(undo.prepare(run.pk))


def from_another_connection(act: Callable[[], None], *, during: Callable[[], Any]) -> list[GeoError]:
    """Run `act` in another thread while the context of `during` is open; return what it was refused with."""
    import threading

    errors: list[GeoError] = []

    def run() -> None:
        try:
            act()
        except GeoError as error:
            errors.append(error)
        finally:
            connection.close()

    with during():
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    return errors


def test_nothing_to_do_is_nothing_done(city: Town) -> None:
    assert Imports().start_one() is False
    assert import_jobs.take_import(actor=WORKER) is None
