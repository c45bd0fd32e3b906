"""manage.py import_areas FILE: boundaries with their names, level, line and parent, and a centre for each."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from dispatch import access
from dispatch.actions.area_import import put_areas
from dispatch.import_files import parse_map
from dispatch.management.importing import ImportCommand, add_crs
from geo.area_files import FIELD_NAMES, LEVELS, read_areas
from geo.errors import GeoError
from geo.models import ImportRun
from geo.runs import Terms, importing


class Command(ImportCommand):
    """Read boundaries; progress and refused rows go to stderr, the summary to stdout."""

    help = (
        "Import areas from any GDAL layer (GeoJSON, GeoPackage, Shapefile): code, name, level, line, parent, boundary."
    )

    def add_own(self, parser: ArgumentParser) -> None:
        """Declare what only this import has."""
        parser.add_argument("--layer", default="", help="layer of a file that has several")
        parser.add_argument(
            "--map", default="", help=f"field names, e.g. code=BM,name=MC; words: {', '.join(FIELD_NAMES)}"
        )
        parser.add_argument(
            "--level", default="", choices=["", *sorted(set(LEVELS.values()))], help="level of rows without one"
        )
        add_crs(parser)
        parser.add_argument("--timezone", default="UTC", help="IANA time zone of new centres, e.g. Asia/Shanghai")

    def read(self, path: Path, options: dict[str, Any], how: Terms) -> ImportRun:
        """Read the file."""
        with importing("areas", path, how) as tally:
            rows = read_areas(
                path, tally, layer=options["layer"], fields=parse_map(options["map"]), datum=options["datum"],
                level=options["level"], encoding=options["encoding"],
            )  # fmt: skip
            counts = put_areas(actor=access.system("setup"), rows=rows, zone=options["timezone"], tally=tally)
            if not counts:
                raise GeoError("nothing_found", {"file": path.name, "refused": tally.refused_total})
            tally.counts.update(counts)
        return tally.run
