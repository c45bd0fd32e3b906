"""What all import commands share: where a file comes from, how it is read, what is said of the run."""

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from dispatch.actions.estate import note_file
from dispatch.errors import DispatchError
from dispatch.management.import_words import Refusals, note_words, sentence
from geo.addresses import without_logins
from geo.errors import GeoError
from geo.models import ImportRun, ImportState
from geo.runs import Terms
from geo.undo import Undone


class ImportCommand(BaseCommand):
    """A command that reads one file: progress and refused rows go to stderr, the summary to stdout.

    A subclass declares its own options in `add_own` and reads in `read`, which returns the finished run.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what the operator may say."""
        parser.add_argument("file", type=Path)
        self.add_own(parser)
        _add_terms(parser)

    def add_own(self, parser: ArgumentParser) -> None:
        """Declare what only this import has."""

    def read(self, path: Path, options: dict[str, Any], how: Terms) -> ImportRun:
        """Read the file."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what became of it."""
        path: Path = options["file"]
        try:
            run = self._run(path, options)
        except (GeoError, DispatchError) as error:
            words = sentence(error.code, error.field, without_logins(error.facts))
            raise CommandError(f"{path.name}: {words} Nothing was imported. [{error.code}]") from error
        except DatabaseError as error:
            raise CommandError(f"{path.name}: {_primary(error)}. Nothing was imported. [database]") from error
        except KeyboardInterrupt as error:
            raise CommandError(f"{path.name}: stopped. Nothing was imported.", returncode=130) from error
        self.stdout.write(_said(run))
        for note in run.notes:
            self.stderr.write(self.style.WARNING(note_words(note["code"], note["facts"])))

    def _run(self, path: Path, options: dict[str, Any]) -> ImportRun:
        refusals = Refusals(self.stderr.write, options["report"])
        how = Terms(
            source=options["source"], attribution=options["attribution"], made_up=options["made_up"],
            preview=options["dry_run"], say=self.stderr.write, done=note_file, refused=refusals.hear,
        )  # fmt: skip
        try:
            with _ending_like_ctrl_c():
                return self.read(path, options, how)
        finally:
            refusals.close()


@contextmanager
def _ending_like_ctrl_c() -> Iterator[None]:
    """Let a polite kill take everything back as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _add_terms(parser: ArgumentParser) -> None:
    parser.add_argument("--encoding", default="", help="of the file's text, e.g. gb18030, when it does not show")
    parser.add_argument("--source", default="", help="where the file comes from")
    parser.add_argument("--attribution", default="", help="credit to show on the map")
    parser.add_argument("--made-up", action="store_true", help="the data is invented and must be labelled so")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
    parser.add_argument("--report", type=Path, help="new CSV file that names every refused row with its reason")


def add_crs(parser: ArgumentParser) -> None:
    """Declare what the positions of a file are in; --datum is the older word."""
    parser.add_argument(
        "--crs", "--datum", dest="datum", default="",
        help="WGS84, CGCS2000, GCJ-02, BD-09 or EPSG:n, when the file does not say or says it wrong",
    )  # fmt: skip


def _primary(error: DatabaseError) -> str:
    """Return the database's own first line: its details may repeat what stood in the file."""
    shown = getattr(getattr(error.__cause__, "diag", None), "message_primary", None)
    return f"the database refused it: {shown or type(error).__name__}"


def _said(run: ImportRun) -> str:
    counts = ", ".join(f"{name} {number}" for name, number in sorted(run.counts.items()) if number)
    ending = ". Nothing was changed." if run.state == ImportState.PREVIEW else ""
    return f"{run.file_name}: {counts}, refused {run.refused_total}{ending}"


def said_of_undo(done: Undone) -> str:
    """Return what an undo did, in one line; what stays is named."""
    gone = ", ".join(f"{number} {noun}" for noun, number in sorted(done.removed.items())) or "nothing"
    back = ", ".join(f"{number} {noun}" for noun, number in sorted(done.restored.items())) or "nothing"
    kept = ", ".join(f"{row['noun']} {row['name']}" for row in done.kept)
    return f"removed {gone}; put back {back}" + (
        f"; kept because used since ({done.kept_total}): {kept}" if kept else ""
    )
