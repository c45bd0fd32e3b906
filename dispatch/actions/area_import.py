"""Many areas out of one file: one action, one entry for each that changed, audiences brought up to date once."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dispatch import access
from dispatch.access import Viewer
from dispatch.actions.base import action, part
from dispatch.actions.house import put_centre, recast_all, redrawn, store_area
from dispatch.errors import DispatchError
from dispatch.models import Centre
from geo.area_files import AreaRow
from geo.errors import GeoError
from geo.models import Area
from geo.runs import Tally

FIELDS = ("name", "name_zh", "name_en", "level", "line")


@action
def put_areas(*, actor: Viewer, rows: Sequence[AreaRow], zone: str, tally: Tally) -> Counter[str]:
    """Make or change an area and its centre for each row, parents first; count added, changed and unchanged.

    A row that cannot be stood by itself is refused in `tally` with what hangs below it. `zone` is an IANA time zone for
    new centres. Raises `forbidden`.
    """
    access.require(actor, "import.run")
    counts: Counter[str] = Counter()
    for row in rows:
        try:
            with part():
                counts[_put(actor, row, zone)] += 1
        except (DispatchError, GeoError) as error:
            facts = {name: value for name, value in error.facts.items() if name != "why"}
            tally.refuse(row.row, GeoError(str(error.facts.get("why", error.code)), facts, field=error.field))
    if counts["changed"]:
        recast_all()
    return counts


def _put(actor: Viewer, row: AreaRow, zone: str) -> str:
    parent = _parent(row)
    known = Area.objects.filter(code=row.code).first()
    if known and _same(known, row, parent):
        outcome = "unchanged"
    else:
        area, existed = store_area(actor, row.code, parent, row.boundary, _fields(row))
        outcome, known = "changed" if existed else "added", area
    if not Centre.objects.filter(area=known).exists():
        put_centre(actor=actor, area=known, zone=zone)
    return outcome


def _parent(row: AreaRow) -> Area | None:
    if not row.parent:
        return None
    parent = Area.objects.filter(code=row.parent).first()
    if parent is None:
        raise GeoError("area_unknown", {"code": row.parent}, field="parent")
    return parent


def _fields(row: AreaRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


def _same(known: Area, row: AreaRow, parent: Area | None) -> bool:
    if known.parent_id != (parent.pk if parent else None) or redrawn(known, row.boundary):
        return False
    return all(getattr(known, name) == value for name, value in _fields(row).items())
