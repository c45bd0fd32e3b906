"""Reading a sent file of any kind with what the administrator said of it; and looking into it for the preview."""

import csv
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dispatch import access
from dispatch.access import Viewer
from dispatch.actions.area_import import put_areas
from dispatch.actions.house import lineage_or_top
from dispatch.actions.unit_import import HEADERS as UNIT_HEADERS
from dispatch.actions.unit_import import Enrolled, put_units
from dispatch.errors import DispatchError
from geo.addresses import without_logins
from geo.area_files import FIELD_NAMES as AREA_FIELDS
from geo.area_files import read_areas
from geo.camera_words import HEADERS as CAMERA_HEADERS
from geo.cameras_importer import import_cameras
from geo.errors import GeoError
from geo.list_files import read_rows
from geo.models import Area, ImportRun
from geo.roads.importer import import_roads
from geo.roads.layers import FIELD_NAMES as ROAD_FIELDS
from geo.runs import Terms, importing

WORDS = {"roads": ROAD_FIELDS, "cameras": CAMERA_HEADERS, "areas": AREA_FIELDS, "units": UNIT_HEADERS}
Options = dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """A file and what was said of it. `tokens`: where the tokens of new beacons go."""

    path: Path
    options: Options
    actor: Viewer
    tokens: Path

    def said(self, name: str) -> str:
        """Return one option, "" when it was left open."""
        return str(self.options.get(name) or "")

    @property
    def fields(self) -> dict[str, str]:
        """Return our word → the file's field. Raises GeoError `map_unreadable`."""
        return parse_map(self.said("fields"))


def parse_map(text: str) -> dict[str, str]:
    """Return "name=NAME, class=TYPE" (or one to a line) as a dict; raise GeoError `map_unreadable` for anything else."""
    pairs = [part.split("=", 1) for part in text.replace("\n", ",").split(",") if part.strip()]
    if any(len(pair) != 2 for pair in pairs):
        raise GeoError("map_unreadable", {"map": text[:80]}, field="map")
    return {word.strip(): name.strip() for word, name in pairs}


def require_import(actor: Viewer, kind: str) -> None:
    """Raise `forbidden` unless `actor` may import this kind at all: the map belongs to the whole house."""
    access.require(actor, "import.run", lineage=lineage_or_top(None, actor) if kind == "roads" else None)


def read_file(kind: str, sent: Sent, how: Terms) -> ImportRun:
    """Read a file into the map or the register; return the run. Only what `sent.actor` administers is written.

    Raises `forbidden`, GeoError of the readers, and `outside_your_ground` when rows belong to areas of others.
    """
    require_import(sent.actor, kind)

    def look(run: ImportRun) -> None:
        _refuse_elsewhere(sent.actor, run)
        how.look(run)

    return READERS[kind](sent, replace(how, look=look))


def _refuse_elsewhere(actor: Viewer, run: ImportRun) -> None:
    if run.kind == "roads":
        return
    others = [
        area
        for area in Area.objects.filter(pk__in=run.area_ids)
        if not access.can(actor, "import.run", lineage=area.lineage)
    ]
    if others:
        raise GeoError("outside_your_ground", {"areas": [area.code for area in others][:20], "total": len(others)})


def _roads(sent: Sent, how: Terms) -> ImportRun:
    return import_roads(
        sent.path, layer=sent.said("layer"), fields=sent.fields, what=sent.said("what") or "roads", datum=sent.said("datum"),
        encoding=sent.said("encoding"), how=how,
    )  # fmt: skip


def _cameras(sent: Sent, how: Terms) -> ImportRun:
    area = Area.objects.filter(code=sent.said("area")).first() if sent.said("area") else None
    if sent.said("area") and area is None:
        raise GeoError("area_unknown", {"code": sent.said("area")[:40]}, field="area")
    return import_cameras(
        sent.path, area=area, fields=sent.fields, datum=sent.said("datum"), encoding=sent.said("encoding"),
        layer=sent.said("layer"), how=how,
    )  # fmt: skip


def _areas(sent: Sent, how: Terms) -> ImportRun:
    with importing("areas", sent.path, how) as tally:
        rows = read_areas(
            sent.path, tally, layer=sent.said("layer"), fields=sent.fields, datum=sent.said("datum"), level=sent.said("level"),
            encoding=sent.said("encoding"),
        )  # fmt: skip
        counts = put_areas(actor=sent.actor, rows=rows, zone=sent.said("timezone") or "UTC", tally=tally)
        if not counts:
            raise GeoError("nothing_found", {"file": sent.path.name, "refused": tally.refused_total})
        tally.counts.update(counts)
    return tally.run


def _units(sent: Sent, how: Terms) -> ImportRun:
    rows, _ = read_rows(sent.path, encoding=sent.said("encoding"))
    with importing("units", sent.path, how) as tally:
        enrolled = put_units(actor=sent.actor, rows=rows, fields=sent.fields, tally=tally)
        if not tally.counts:
            raise GeoError("nothing_found", {"file": sent.path.name, "refused": tally.refused_total})
        if enrolled and not how.preview:
            keep_tokens(enrolled, sent.tokens)
    return tally.run


READERS: dict[str, Callable[[Sent, Terms], ImportRun]] = {
    "roads": _roads, "cameras": _cameras, "areas": _areas, "units": _units,
}  # fmt: skip


def keep_tokens(enrolled: list[Enrolled], path: Path | None) -> None:
    """Write the tokens before the import is kept: a token that nobody has is a beacon that never speaks.

    The file is new and readable by its owner only. Raises GeoError `tokens_need_a_file`, `file_not_written`.
    """
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


def problem_of(error: GeoError | DispatchError) -> dict[str, Any]:
    """Return a refusal as it is stored: code, field, facts, logins masked."""
    return {"code": error.code, "field": error.field, "facts": without_logins(dict(error.facts))}
