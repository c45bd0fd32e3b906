"""manage.py import_cameras FILE: a camera list, CSV or GeoJSON, into the register."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dispatch.management.importing import add_terms, parse_map, said, terms_of
from geo.camera_words import HEADERS
from geo.cameras_importer import import_cameras
from geo.errors import GeoError
from geo.models import Area


class Command(BaseCommand):
    """Read a camera list; progress and refused rows go to stderr, the summary to stdout. Addresses are never said."""

    help = "Import cameras from CSV or GeoJSON: place, kind, heading, fov, range, grade, owner, consent, addresses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what the operator may say."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--area", default="", help="code of the area all belong to; else by the ground they stand on"
        )
        parser.add_argument("--map", default="", help=f"header names, e.g. lon=X,lat=Y; words: {', '.join(HEADERS)}")
        parser.add_argument("--datum", default="", help="wgs84, cgcs2000, gcj02, bd09 or EPSG:N")
        add_terms(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what became of it."""
        area = Area.objects.filter(code=options["area"]).first() if options["area"] else None
        if options["area"] and area is None:
            raise CommandError(f"There is no area with the code {options['area']}.")
        try:
            run = import_cameras(
                options["file"],
                area=area,
                fields=parse_map(options["map"]),
                datum=options["datum"],
                how=terms_of(options, self.stderr.write),
            )
        except GeoError as error:
            raise CommandError(f"{options['file'].name}: {error}. Nothing was imported.") from error
        self.stdout.write(said(run))
