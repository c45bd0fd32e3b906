"""manage.py import_roads FILE: roads, names and the map around them out of an OSM file or any GDAL layer."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dispatch.actions.estate import note_file
from geo.errors import GeoError
from geo.models import ImportRun, ImportState
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
        parser.add_argument("--source", default="", help="where the file comes from")
        parser.add_argument("--attribution", default="", help="credit to show on the map")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
        parser.add_argument("--made-up", action="store_true", help="the data is invented and must be labelled so")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what became of it."""
        try:
            run = import_roads(
                options["file"],
                layer=options["layer"],
                fields=parse_map(options["map"]),
                what=options["what"],
                datum=options["datum"],
                source=options["source"],
                attribution=options["attribution"],
                made_up=options["made_up"],
                preview=options["dry_run"],
                say=self.stderr.write,
                done=note_file,
            )
        except GeoError as error:
            raise CommandError(f"{options['file'].name}: {error}. Nothing was imported.") from error
        self.stdout.write(said(run))


def said(run: ImportRun) -> str:
    """Return the line that ends an import."""
    counts = ", ".join(f"{name} {number}" for name, number in sorted(run.counts.items()))
    ending = ". Nothing was changed." if run.state == ImportState.PREVIEW else ""
    return f"{run.file_name}: {counts}, refused {run.refused_total}{ending}"


def parse_map(text: str) -> dict[str, str]:
    """Return "name=NAME,class=TYPE" as a dict; raise GeoError `map_unreadable` for anything else."""
    pairs = [part.split("=", 1) for part in text.split(",") if part.strip()]
    if any(len(pair) != 2 for pair in pairs):
        raise GeoError("map_unreadable", {"map": text[:80]}, field="map")
    return {word.strip(): name.strip() for word, name in pairs}
