"""manage.py import_cameras FILE: a camera list (CSV, GeoJSON, any GDAL layer of points) into the register."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from dispatch.import_files import parse_map
from dispatch.management.importing import ImportCommand, add_crs
from geo.camera_words import HEADERS
from geo.cameras_importer import import_cameras
from geo.errors import GeoError
from geo.models import Area, ImportRun
from geo.runs import Terms


class Command(ImportCommand):
    """Read a camera list; progress and refused rows go to stderr, the summary to stdout. Addresses are never said."""

    help = "Import cameras from CSV, GeoJSON or any GDAL layer of points: place, kind, heading, fov, range, grade, owner, consent, addresses."

    def add_own(self, parser: ArgumentParser) -> None:
        """Declare what only this import has."""
        parser.add_argument(
            "--area", default="", help="code of the area all belong to; else by the ground they stand on"
        )
        parser.add_argument(
            "--map",
            default="",
            help=f"header names, e.g. lon=X,lat=Y; national_code= leaves one out; words: {', '.join(HEADERS)}",
        )
        parser.add_argument("--layer", default="", help="layer of a file that has several")
        add_crs(parser)

    def read(self, path: Path, options: dict[str, Any], how: Terms) -> ImportRun:
        """Read the file."""
        area = Area.objects.filter(code=options["area"]).first() if options["area"] else None
        if options["area"] and area is None:
            raise GeoError("area_unknown", {"code": options["area"]}, field="area")
        return import_cameras(
            path, area=area, fields=parse_map(options["map"]), datum=options["datum"], encoding=options["encoding"],
            layer=options["layer"], how=how,
        )  # fmt: skip
