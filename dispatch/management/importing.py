"""What all import commands share: where a file comes from, how it is read, what is said of the run."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from dispatch.actions.estate import note_file
from geo.errors import GeoError
from geo.models import ImportRun, ImportState
from geo.runs import Terms


def add_terms(parser: ArgumentParser) -> None:
    """Declare the options that every import has."""
    parser.add_argument("--source", default="", help="where the file comes from")
    parser.add_argument("--attribution", default="", help="credit to show on the map")
    parser.add_argument("--made-up", action="store_true", help="the data is invented and must be labelled so")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")


def terms_of(options: dict[str, Any], say: Callable[[str], Any]) -> Terms:
    """Return what those options say; the run is journalled in its own transaction."""
    return Terms(
        source=options["source"], attribution=options["attribution"], made_up=options["made_up"],
        preview=options["dry_run"], say=say, done=note_file,
    )  # fmt: skip


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
