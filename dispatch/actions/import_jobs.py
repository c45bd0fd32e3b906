"""Imports through the administrator's pages: a file is sent, looked at, imported or discarded. The worker does the reading."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from dispatch import access
from dispatch.access import Viewer
from dispatch.actions.base import action, now
from dispatch.actions.estate import note_import
from dispatch.errors import DispatchError
from dispatch.import_files import require_import
from dispatch.models import ImportJob, ImportKind, JobState
from dispatch.uploads import forget_folder
from geo import clock, live_runs
from geo.models import ImportRun

TRIES = 3
OPEN = (JobState.PREVIEWED, JobState.FAILED)
WORK_LOCK = 7_301_558
STARTING_S = 30.0  # a process that was just started has not taken its lock yet


@action
def upload_import(
    *, actor: Viewer, uid: UUID, kind: str, file_name: str, size_bytes: int, options: dict[str, Any]
) -> ImportJob:
    """Note that a file was sent and is to be looked at. Raises `forbidden`, `bad_input`."""
    if kind not in ImportKind.values:
        raise DispatchError("bad_input", field="kind")
    require_import(actor, kind)
    return ImportJob.objects.create(
        uid=uid, kind=kind, file_name=file_name, size_bytes=size_bytes, options=options, made_by_id=actor.pk, made_at=now(),
        changed_at=now(),
    )  # fmt: skip


@action
def look_again(*, actor: Viewer, uid: UUID, options: dict[str, Any]) -> ImportJob:
    """Look at the file again with other options. Raises `not_found`, `wrong_state`, `forbidden`."""
    job = _own(actor, uid, OPEN)
    job.options = options
    return _wait(job, "preview")


@action
def approve_import(*, actor: Viewer, uid: UUID) -> ImportJob:
    """Import what the preview showed. Raises `not_found`, `wrong_state`, `forbidden`."""
    return _wait(_own(actor, uid, (JobState.PREVIEWED,)), "import")


@action
def discard_import(*, actor: Viewer, uid: UUID) -> ImportJob:
    """Forget the file; nothing of it was imported. Raises `not_found`, `wrong_state`, `forbidden`."""
    job = _own(actor, uid, (*OPEN, JobState.WAITING))
    _store(job, state=JobState.DISCARDED)
    transaction.on_commit(lambda: forget_folder(job.uid))
    return job


@action
def take_import(*, actor: Viewer) -> ImportJob | None:
    """Return the oldest file that waits, now being worked on; None when there is none."""
    access.require(actor, "journal.keep")
    job = ImportJob.objects.select_for_update(skip_locked=True).filter(state=JobState.WAITING).order_by("id").first()
    if job is not None:
        _store(job, state=JobState.WORKING, tries=job.tries + 1)
    return job


@action
def requeue_imports(*, actor: Viewer) -> int:
    """Have files worked on again whose process died, at most TRIES times; return how many. Dead runs are marked as failed."""
    access.require(actor, "journal.keep")
    live_runs.fail_interrupted()
    found = 0
    before = now() - timedelta(seconds=clock.span_s(STARTING_S))
    working = ImportJob.objects.select_for_update(skip_locked=True).filter(
        state=JobState.WORKING, changed_at__lt=before
    )
    for job in working:
        if _is_worked_on(job):
            continue
        found += 1
        if job.tries < TRIES:
            _store(job, state=JobState.WAITING)
        else:
            _store(
                job,
                state=JobState.FAILED,
                problem={"code": "import_interrupted", "field": None, "facts": {"tries": job.tries}},
            )
    return found


@action
def end_import(
    *, actor: Viewer, uid: UUID, run: ImportRun | None = None, found: dict[str, Any] | None = None,
    problem: dict[str, Any] | None = None,
) -> ImportJob:  # fmt: skip
    """Note what became of a file: a finished run, which is journalled when it was no preview, or a problem."""
    job = ImportJob.objects.select_for_update().get(uid=uid)
    if job.state != JobState.WORKING:
        raise DispatchError("wrong_state", state=job.state)
    if problem is not None or run is None:
        return _store(job, state=JobState.FAILED, problem=problem, found=found or job.found, preview_run=None)
    if job.wants == "preview":
        return _store(job, state=JobState.PREVIEWED, preview_run=run, found=found or {}, problem=None)
    note_import(actor=actor, run=run, counts=run.counts, refused=run.refused_total)
    return _store(job, state=JobState.DONE, run=run, problem=None)


@action
def sweep_imports(*, actor: Viewer, older_than: timedelta) -> int:
    """Discard files that nobody decided about; return how many."""
    access.require(actor, "journal.keep")
    forgotten = ImportJob.objects.select_for_update(skip_locked=True).filter(
        state__in=OPEN, changed_at__lt=now() - older_than
    )
    count = 0
    for job in forgotten:
        _store(job, state=JobState.DISCARDED)
        transaction.on_commit(lambda uid=job.uid: forget_folder(uid))  # type: ignore[misc]
        count += 1
    return count


def hold(job: ImportJob) -> bool:
    """Take the lock that says "a process works on this"; it ends with the process. Returns whether it was free."""
    return _locked("pg_try_advisory_lock", job)


def _is_worked_on(job: ImportJob) -> bool:
    if not _locked("pg_try_advisory_lock", job):
        return True
    _locked("pg_advisory_unlock", job)
    return False


def _locked(function: str, job: ImportJob) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [WORK_LOCK, job.pk])
        return bool(cursor.fetchone()[0])


def _own(actor: Viewer, uid: UUID, states: tuple[str, ...]) -> ImportJob:
    job = ImportJob.objects.select_for_update().filter(uid=uid, made_by_id=actor.pk).first()
    if job is None:
        raise DispatchError("not_found")
    require_import(actor, job.kind)
    if job.state not in states:
        raise DispatchError("wrong_state", state=job.state)
    return job


def _wait(job: ImportJob, wants: str) -> ImportJob:
    return _store(job, state=JobState.WAITING, wants=wants, tries=0, problem=None)


def _store(job: ImportJob, **values: Any) -> ImportJob:
    for name, value in values.items():
        setattr(job, name, value)
    job.changed_at = now()
    job.save()
    return job
