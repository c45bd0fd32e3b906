"""manage.py import_shifts FILE: planned shifts, CSV: which unit, from when until when, with whom, on what."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from dispatch import access
from dispatch.actions.shift_import import HEADERS, put_shifts
from dispatch.import_files import parse_map
from dispatch.management.importing import ImportCommand
from geo.errors import GeoError
from geo.list_files import read_rows
from geo.models import ImportRun
from geo.runs import Terms, importing


class Command(ImportCommand):
    """Read a roster; progress and refused rows go to stderr, the summary to stdout. A plan binds nobody."""

    help = "Import planned shifts from CSV (UTF-8 or GB 18030): centre, unit, from, until, people, vehicle, equipment."

    def add_own(self, parser: ArgumentParser) -> None:
        """Declare what only this import has."""
        parser.add_argument("--map", default="", help=f"header names, e.g. people=RY; words: {', '.join(HEADERS)}")

    def read(self, path: Path, options: dict[str, Any], how: Terms) -> ImportRun:
        """Read the file."""
        rows, _ = read_rows(path, encoding=options["encoding"])
        with importing("shifts", path, how) as tally:
            put_shifts(actor=access.system("setup"), rows=rows, fields=parse_map(options["map"]), tally=tally)
            if not tally.counts:
                raise GeoError("nothing_found", {"file": path.name, "refused": tally.refused_total})
        return tally.run
