"""manage.py import_units FILE: a list of units, CSV, into their centres; tokens of new beacons go to a file of their own."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from dispatch import access
from dispatch.actions.unit_import import HEADERS, put_units
from dispatch.import_files import keep_tokens, parse_map
from dispatch.management.importing import ImportCommand
from geo.errors import GeoError
from geo.list_files import read_rows
from geo.models import ImportRun
from geo.runs import Terms, importing


class Command(ImportCommand):
    """Read a list of units; progress and refused rows go to stderr, the summary to stdout. Tokens are never said."""

    help = (
        "Import units from CSV (UTF-8 or GB 18030): call sign, kind, centre, talk group, radio only, equipment, beacon."
    )

    def add_own(self, parser: ArgumentParser) -> None:
        """Declare what only this import has."""
        parser.add_argument("--map", default="", help=f"header names, e.g. call_sign=HH; words: {', '.join(HEADERS)}")
        parser.add_argument(
            "--tokens", type=Path, help="new file for the tokens of new beacons; readable by its owner only"
        )

    def read(self, path: Path, options: dict[str, Any], how: Terms) -> ImportRun:
        """Read the file."""
        rows, _ = read_rows(path, encoding=options["encoding"])
        with importing("units", path, how) as tally:
            fields = parse_map(options["map"])
            enrolled = put_units(actor=access.system("setup"), rows=rows, fields=fields, tally=tally)
            if not tally.counts:
                raise GeoError("nothing_found", {"file": path.name, "refused": tally.refused_total})
            if enrolled and not how.preview:
                keep_tokens(enrolled, options["tokens"])
        return tally.run
