"""Runs whose process died are marked as failed by whoever comes next; one that is alive is left alone."""

import threading
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from geo import live_runs
from geo.models import ImportRun
from geo.runs import Terms, importing

pytestmark = pytest.mark.django_db(transaction=True)


def dead_run(file_name: str = "dead.csv") -> ImportRun:
    """Return what a killed process leaves: a running row that nobody holds."""
    return ImportRun.objects.create(kind="cameras", file_name=file_name, started_at=timezone.now())


def sweep_elsewhere(*, dead: str = "") -> int:
    """Look for dead runs as another process does, over a connection of its own, after leaving a dead one there if named."""
    found: list[int] = []

    def sweep() -> None:
        try:
            if dead:
                dead_run(dead)
            found.append(live_runs.fail_interrupted())
        finally:
            connection.close()

    thread = threading.Thread(target=sweep)
    thread.start()
    thread.join()
    return found[0]


def test_the_next_run_marks_a_dead_one_and_not_itself(tmp_path: Path) -> None:
    dead = dead_run()
    with importing("cameras", tmp_path / "next.csv", Terms()):
        pass
    dead.refresh_from_db()
    assert (dead.state, dead.notes) == ("failed", [{"code": "run_interrupted", "facts": {}}])
    assert dead.finished_at is not None
    assert live_runs.was_interrupted(dead)
    done = ImportRun.objects.latest("id")
    assert (done.state, done.notes, live_runs.was_interrupted(done)) == ("done", [], False)


def test_a_run_that_is_alive_is_left_alone_until_its_process_ends(tmp_path: Path) -> None:
    with importing("cameras", tmp_path / "alive.csv", Terms()):
        assert sweep_elsewhere(dead="dead.csv") == 1
        assert ImportRun.objects.get(file_name="alive.csv").state == "running"
    assert ImportRun.objects.get(file_name="dead.csv").state == "failed"
    assert ImportRun.objects.get(file_name="alive.csv").state == "done"
    assert sweep_elsewhere() == 0


def test_a_run_that_failed_by_itself_says_nothing_of_its_process(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), importing("cameras", tmp_path / "bad.csv", Terms()):
        raise RuntimeError
    run = ImportRun.objects.get()
    assert (run.state, live_runs.was_interrupted(run), sweep_elsewhere()) == ("failed", False, 0)
