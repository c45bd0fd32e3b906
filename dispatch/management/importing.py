"""What all import commands share: where a file comes from, how it is read, what is said of the run."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dispatch.actions.estate import note_file
from dispatch.errors import DispatchError
from geo.errors import GeoError
from geo.models import ImportRun, ImportState
from geo.runs import Terms
from geo.undo import Undone

NOTES = {
    "looks_shifted": "This list looks shifted by about {shift_m} m: half of it stands over {as_given_m} m from any road, and"
    " within {as_datum_m} m when read as {datum}. If it is {datum}, import it again with --datum {datum}.",
}


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
            run = self.read(path, options, _terms(options, self.stderr.write))
        except (GeoError, DispatchError) as error:
            raise CommandError(f"{path.name}: {error}. Nothing was imported.") from error
        self.stdout.write(_said(run))
        for note in run.notes:
            words = NOTES.get(note["code"], note["code"])
            self.stderr.write(self.style.WARNING(words.format(**note["facts"])))


def _add_terms(parser: ArgumentParser) -> None:
    parser.add_argument("--source", default="", help="where the file comes from")
    parser.add_argument("--attribution", default="", help="credit to show on the map")
    parser.add_argument("--made-up", action="store_true", help="the data is invented and must be labelled so")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")


def _terms(options: dict[str, Any], say: Callable[[str], Any]) -> Terms:
    return Terms(
        source=options["source"], attribution=options["attribution"], made_up=options["made_up"],
        preview=options["dry_run"], say=say, done=note_file,
    )  # fmt: skip


def _said(run: ImportRun) -> str:
    counts = ", ".join(f"{name} {number}" for name, number in sorted(run.counts.items()))
    ending = ". Nothing was changed." if run.state == ImportState.PREVIEW else ""
    return f"{run.file_name}: {counts}, refused {run.refused_total}{ending}"


def parse_map(text: str) -> dict[str, str]:
    """Return "name=NAME,class=TYPE" as a dict; raise GeoError `map_unreadable` for anything else."""
    pairs = [part.split("=", 1) for part in text.split(",") if part.strip()]
    if any(len(pair) != 2 for pair in pairs):
        raise GeoError("map_unreadable", {"map": text[:80]}, field="map")
    return {word.strip(): name.strip() for word, name in pairs}


def said_of_undo(done: Undone) -> str:
    """Return what an undo did, in one line; what stays is named."""
    gone = ", ".join(f"{number} {noun}" for noun, number in sorted(done.removed.items())) or "nothing"
    back = ", ".join(f"{number} {noun}" for noun, number in sorted(done.restored.items())) or "nothing"
    kept = ", ".join(f"{row['noun']} {row['name']}" for row in done.kept)
    return f"removed {gone}; put back {back}" + (
        f"; kept because used since ({done.kept_total}): {kept}" if kept else ""
    )
