"""manage.py import_roads FILE: roads, names and the map around them out of an OSM file or any GDAL layer."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from dispatch.import_files import parse_map
from dispatch.management.importing import ImportCommand, add_crs
from geo.models import ImportRun
from geo.roads.importer import KINDS, import_roads
from geo.roads.layers import FIELD_NAMES
from geo.runs import Terms


class Command(ImportCommand):
    """Read a road file; progress and refused rows go to stderr, the summary to stdout."""

    help = "Import roads (and water, parks, buildings, places where present) from .osm.pbf or any GDAL layer."

    def add_own(self, parser: ArgumentParser) -> None:
        """Declare what only this import has."""
        parser.add_argument("--layer", default="", help="layer of a GDAL file; needed when it has several")
        parser.add_argument(
            "--map", default="", help=f"field names, e.g. name=NAME,class=TYPE; words: {', '.join(FIELD_NAMES)}"
        )
        parser.add_argument("--what", default="roads", choices=KINDS, help="what the GDAL layer holds")
        add_crs(parser)

    def read(self, path: Path, options: dict[str, Any], how: Terms) -> ImportRun:
        """Read the file."""
        return import_roads(
            path, layer=options["layer"], fields=parse_map(options["map"]), what=options["what"],
            datum=options["datum"], encoding=options["encoding"], how=how,
        )  # fmt: skip
