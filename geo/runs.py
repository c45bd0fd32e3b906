"""Import runs: one row for each, all or nothing for the data, refusals named, progress said aloud."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from geo import clock, live_runs, traces
from geo.addresses import without_logins
from geo.errors import GeoError
from geo.models import ImportRun, ImportState

REFUSED_KEPT = 1000
SAY_EVERY_S = 2.0

Say = Callable[[str], None]
Done = Callable[[ImportRun], None]
Refusal = dict[str, Any]  # row: its name in the file; code, field and facts of the reason


def silent(_: str) -> None:
    """Say nothing: for importers called by other code."""


def unheard(_: ImportRun) -> None:
    """Tell nobody that a run is done."""


@dataclass(frozen=True)
class Terms:
    """Where a file comes from and on what terms it is read.

    `attribution` is the credit to show, `made_up` marks invented data, `preview` takes everything back at the end.
    `say` hears progress; `refused` every row that was not taken, however many; `done` is told of the finished run inside
    its transaction, so that a journal entry stands or falls with the data; `look` before that, a preview's too, when all
    rows are written.
    """

    source: str = ""
    attribution: str = ""
    made_up: bool = False
    preview: bool = False
    say: Say = silent
    done: Done = unheard
    look: Done = unheard
    refused: Callable[[Refusal], None] | None = None


DEFAULT = Terms()


@dataclass
class Tally:
    """What one import counted and refused while it ran."""

    run: ImportRun
    say: Say = silent
    hear: Callable[[Refusal], None] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)
    refused_total: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    begun_at: float = field(default_factory=time.monotonic)
    said_at: float = field(default_factory=time.monotonic)

    def refuse(self, row: str, error: GeoError) -> None:
        """Note that a row was not taken: its name in the file, the code of the reason and its facts, logins masked."""
        entry = {"row": row, "code": error.code, "field": error.field, "facts": without_logins(error.facts)}
        self.refused_total += 1
        self.reasons[error.code] += 1
        if len(self.refused) < REFUSED_KEPT:
            self.refused.append(entry)
        if self.hear is not None:
            self.hear(entry)
        elif self.refused_total <= REFUSED_KEPT:
            where = f" ({error.field})" if error.field else ""
            self.say(f"refused {row}: {error.code}{where} {entry['facts'] or ''}".rstrip())

    def note(self, code: str, facts: dict[str, Any]) -> None:
        """Note what looks wrong with the file as a whole, though it was taken; logins masked."""
        self.run.notes.append({"code": code, "facts": without_logins(facts)})

    def step(self, what: str, rows: int = 1, *, share: Callable[[], float | None] | None = None) -> None:
        """Count rows read and every two seconds say how many, how fast, and how far: `share` tells 0 to 1 if known."""
        self.rows += rows
        now = time.monotonic()
        if now - self.said_at >= SAY_EVERY_S:
            self.said_at = now
            read = share() if share else None
            part = "" if read is None else f", {min(read, 1):.0%} of the file"
            self.say(f"{what}: {self.rows:,} read{part}, {self.rows / (now - self.begun_at):,.0f} a second")

    def begin(self) -> None:
        """Count from nothing again: another pass over the file, or another kind of row."""
        self.rows, self.begun_at = 0, time.monotonic()


@contextmanager
def importing(kind: str, path: Path, how: Terms = DEFAULT) -> Iterator[Tally]:
    """Run an import inside one transaction. When it fails nothing but its row, state failed, is left.

    A preview does everything and takes it back; the row keeps what would have been counted and refused. What a run
    changed is kept for its undo (geo.traces, geo.undo). One import works at a time; the next one waits. Runs whose process
    was killed are marked as failed first (geo.live_runs).
    """
    live_runs.fail_interrupted()
    run = live_runs.begin_run(
        kind=kind, file_name=path.name[:255], source=how.source, attribution=how.attribution, made_up=how.made_up
    )
    tally = Tally(run, how.say, how.refused)
    try:
        with transaction.atomic():
            if not traces.take_lock(wait=False):
                how.say("another import is running; waiting for it")
                traces.take_lock(wait=True)
            traces.begin(run)
            yield tally
            traces.seal(run)
            how.look(run)
            if how.preview:
                transaction.set_rollback(True)
            else:
                _finish(tally, ImportState.DONE)
                how.done(run)
        if how.preview:
            run.traced = False
            _finish(tally, ImportState.PREVIEW)
    except BaseException:  # also Ctrl-C: the data is taken back, the run says so
        run.traced = False
        _finish(tally, ImportState.FAILED)
        raise
    finally:
        live_runs.let_go(run)


def _finish(tally: Tally, state: str) -> None:
    run = tally.run
    run.state, run.finished_at = state, clock.now()
    run.counts, run.refused, run.refused_total = dict(tally.counts), tally.refused, tally.refused_total
    run.save()
