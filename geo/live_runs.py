"""Whether an import run is alive: its process holds a lock of the database, which ends with it, however it ends.

A run whose process was killed cannot write down that it failed; whoever comes next does it for it.
"""

import contextlib
from typing import Any

from django.db import Error, connection, transaction

from geo import clock
from geo.models import ImportRun, ImportState

LOCK = 7_301_559
INTERRUPTED = "run_interrupted"


def begin_run(**facts: Any) -> ImportRun:
    """Make a running run of these columns; nobody sees it before its lock is held."""
    with transaction.atomic():
        run = ImportRun.objects.create(started_at=clock.now(), **facts)
        _ask("pg_advisory_lock", run.pk)
    return run


def let_go(run: ImportRun) -> None:
    """Give up the lock of a run that has ended; a broken connection has given it up already."""
    with contextlib.suppress(Error):
        _ask("pg_advisory_unlock", run.pk)


def fail_interrupted() -> int:
    """Mark the runs as failed whose process is dead, with the note `run_interrupted`; return how many."""
    found = 0
    for run_id in ImportRun.objects.filter(state=ImportState.RUNNING).values_list("pk", flat=True):
        with transaction.atomic():
            if not _ask("pg_try_advisory_xact_lock", run_id):
                continue
            run = ImportRun.objects.select_for_update().filter(pk=run_id, state=ImportState.RUNNING).first()
            if run is None:
                continue
            run.state, run.finished_at = ImportState.FAILED, clock.now()
            run.notes = [*run.notes, {"code": INTERRUPTED, "facts": {}}]
            run.save(update_fields=["state", "finished_at", "notes"])
            found += 1
    return found


def was_interrupted(run: ImportRun) -> bool:
    """Return whether a run failed because its process died."""
    return run.state == ImportState.FAILED and any(note["code"] == INTERRUPTED for note in run.notes)


def _ask(function: str, run_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [LOCK, run_id])
        return cursor.fetchone()[0] is not False
