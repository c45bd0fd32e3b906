"""manage.py import_roads FILE: roads, names and the map around them out of an OSM file or any GDAL layer."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dispatch.management.importing import add_terms, parse_map, said, terms_of
from geo.errors import GeoError
from geo.roads.importer import KINDS, import_roads
from geo.roads.layers import FIELD_NAMES


class Command(BaseCommand):
    """Read a road file; progress and refused rows go to stderr, the summary to stdout."""

    help = "Import roads (and water, parks, buildings, places where present) from .osm.pbf or any GDAL layer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what the operator may say."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--layer", default="", help="layer of a GDAL file; needed when it has several")
        parser.add_argument(
            "--map", default="", help=f"field names, e.g. name=NAME,class=TYPE; words: {', '.join(FIELD_NAMES)}"
        )
        parser.add_argument("--what", default="roads", choices=KINDS, help="what the GDAL layer holds")
        parser.add_argument(
            "--datum", default="", help="wgs84, cgcs2000, gcj02, bd09 or EPSG:N, when the file does not say"
        )
        add_terms(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what became of it."""
        try:
            run = import_roads(
                options["file"],
                layer=options["layer"],
                fields=parse_map(options["map"]),
                what=options["what"],
                datum=options["datum"],
                how=terms_of(options, self.stderr.write),
            )
        except GeoError as error:
            raise CommandError(f"{options['file'].name}: {error}. Nothing was imported.") from error
        self.stdout.write(said(run))
