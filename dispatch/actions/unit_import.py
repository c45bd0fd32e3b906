"""Many units out of one list: one action, one entry for each that changed, a beacon's token for each that wants one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dispatch import access
from dispatch.access import Viewer
from dispatch.actions.base import action, part
from dispatch.actions.estate import put_unit
from dispatch.errors import DispatchError
from dispatch.models import Centre, Unit
from geo.errors import GeoError
from geo.list_words import by_header, place_columns, word_of
from geo.runs import Tally

# Our word → header names, compared without case, spaces, "_" and "-"; the first that holds something is taken.
HEADERS: dict[str, tuple[str, ...]] = {
    "call_sign": ("callsign", "unit", "sign", "code", "呼号", "警组", "警组呼号", "编号"),
    "kind": ("kind", "type", "类型", "警组类型"),
    "centre": ("centre", "center", "area", "areacode", "所属单位", "单位代码", "辖区编码"),
    "talk_group": ("talkgroup", "tg", "通话组", "对讲组"),
    "radio_only": ("radioonly", "仅对讲", "无终端"),
    "capabilities": ("capabilities", "skills", "equipment", "装备", "能力"),
    "tracker": ("tracker", "beacon", "gps", "定位", "定位终端"),
}
NEEDED = ("call_sign", "centre")
KINDS: dict[str, tuple[str, ...]] = {
    "car": ("car", "patrolcar", "汽车", "巡逻车", "警车"),
    "moto": ("moto", "motorcycle", "摩托", "摩托车", "铁骑"),
    "foot": ("foot", "onfoot", "步巡", "徒步"),
    "boat": ("boat", "船", "巡逻艇"),
    "cmd": ("cmd", "command", "指挥车"),
    "cam": ("cam", "cameracar", "视频车", "图传车"),
}
SEPARATOR = re.compile("[;,，、；]")
YES = {"yes": ("yes", "true", "1", "y", "是", "有"), "no": ("no", "false", "0", "n", "否", "无")}


@dataclass(frozen=True)
class Enrolled:
    """The plain token of a new beacon, told this once."""

    call_sign: str
    centre: str
    token: str


@action
def put_units(
    *, actor: Viewer, rows: Sequence[tuple[str, Mapping[str, str]]], fields: Mapping[str, str], tally: Tally
) -> list[Enrolled]:
    """Make or change a unit for each (row's name, header → text); return the tokens of new beacons.

    A unit is known by its centre and call sign. Rows that cannot be used are refused in `tally`, which also counts added,
    changed and unchanged. Raises `forbidden`, GeoError `field_unknown`.
    """
    access.require(actor, "import.run")
    if unknown := set(fields) - set(HEADERS):
        raise GeoError("field_unknown", {"word": min(unknown), "words": sorted(HEADERS)}, field="map")
    _check_columns(rows, fields)
    centres = {centre.area.code: centre for centre in Centre.objects.filter(active=True).select_related("area")}
    seen: dict[tuple[str, str], str] = {}
    enrolled: list[Enrolled] = []
    for name, row in rows:
        tally.step("units")
        try:
            with part():
                found = by_header(row, fields, HEADERS)
                _once(seen, name, found)
                enrolled += _put(actor, found, centres, tally)
        except (DispatchError, GeoError) as error:
            tally.refuse(name, GeoError(error.code, dict(error.facts), field=error.field))
    return enrolled


def _check_columns(rows: Sequence[tuple[str, Mapping[str, str]]], fields: Mapping[str, str]) -> None:
    """Raise once what would otherwise be said of every row: a column that a unit cannot do without."""
    names = next((list(row) for _, row in rows if row), [])
    placed = {word for word, _ in place_columns(names, fields, HEADERS)}
    if names and (missing := [word for word in NEEDED if word not in placed]):
        raise GeoError("columns_missing", {"words": missing, "fields": [name[:40] for name in names][:60]}, field="map")


def _once(seen: dict[tuple[str, str], str], name: str, found: Mapping[str, str]) -> None:
    key = (found.get("centre", ""), found.get("call_sign", ""))
    if key in seen:
        raise GeoError("duplicate_row", {"first": seen[key]})
    seen[key] = name


def _put(actor: Viewer, found: Mapping[str, str], centres: Mapping[str, Centre], tally: Tally) -> list[Enrolled]:
    centre = centres.get(found.get("centre", ""))
    if centre is None:
        raise GeoError("area_unknown", {"code": found.get("centre", "")[:40]}, field="centre")
    sign = found.get("call_sign", "")
    known = Unit.objects.filter(centre=centre, call_sign=sign).select_related("tracker", "centre__area").first()
    wanted = _wanted(found, known)
    beacon = word_of(found.get("tracker"), YES, "no", "tracker") == "yes" and not (known and known.tracker)
    if known and known.active and not beacon and all(getattr(known, name) == value for name, value in wanted.items()):
        tally.counts["unchanged"] += 1
        return []
    _, token = put_unit(actor=actor, centre=centre, call_sign=sign, unit=known, with_tracker=beacon, **wanted)
    tally.counts["changed" if known else "added"] += 1
    return [Enrolled(sign, centre.area.code, token)] if token else []


def _wanted(found: Mapping[str, str], known: Unit | None) -> dict[str, Any]:
    """Return what the row says; of a known unit, what its list has no column for stays as it is."""
    said: dict[str, Any] = {
        "kind": word_of(found.get("kind"), KINDS, known.kind if known else "car", "kind"),
        "talk_group": found.get("talk_group"),
        "radio_only": word_of(found["radio_only"], YES, "no", "radio_only") == "yes" if "radio_only" in found else None,
        "capabilities": [one.strip() for one in SEPARATOR.split(found["capabilities"]) if one.strip()]
        if "capabilities" in found
        else None,
    }
    empty = {"talk_group": "", "radio_only": False, "capabilities": []}
    return {
        name: value if value is not None else getattr(known, name) if known else empty[name]
        for name, value in said.items()
    }
