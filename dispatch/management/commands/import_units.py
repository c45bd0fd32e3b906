"""manage.py import_units FILE: a list of units, CSV, into their centres; tokens of new beacons go to a file of their own."""

import csv
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from dispatch import access
from dispatch.actions.unit_import import HEADERS, Enrolled, put_units
from dispatch.management.importing import ImportCommand, parse_map
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
                _keep(enrolled, options["tokens"])
        return tally.run


def _keep(enrolled: list[Enrolled], path: Path | None) -> None:
    """Write the tokens before the import is kept: a token that nobody has is a beacon that never speaks."""
    if path is None:
        raise GeoError("tokens_need_a_file", {"beacons": len(enrolled), "option": "--tokens"}, field="tokens")
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise GeoError("file_not_written", {"file": path.name, "why": error.strerror or ""}, field="tokens") from error
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["centre", "call_sign", "token"])
        writer.writerows([one.centre, one.call_sign, one.token] for one in enrolled)
