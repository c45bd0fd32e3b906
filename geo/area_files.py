"""Boundaries out of any layer that GDAL reads: code, names, level, line, parent and the ground itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from geo.areas import clean_boundary
from geo.crs import datum_of
from geo.errors import GeoError
from geo.layers import features_of, field_map, open_layer, shape_of, system_of, text_of
from geo.models import AreaLevel, AreaLine
from geo.roads.tags import short
from geo.runs import Tally

# Our word → the field names looked for when --map does not say, first found wins, case ignored.
FIELD_NAMES: dict[str, tuple[str, ...]] = {
    "code": ("code", "area_code", "id", "gid", "编码", "代码", "机构代码"),
    "name": ("name", "area_name", "名称", "辖区名称", "单位名称"),
    "name_zh": ("name_zh", "name:zh"),
    "name_en": ("name_en", "name:en"),
    "level": ("level", "area_level", "级别", "层级"),
    "line": ("line", "police_line", "警种"),
    "parent": ("parent", "parent_code", "上级", "上级代码", "上级编码"),
}
LEVELS = {
    **{level.value: level.value for level in AreaLevel},
    **{"市": "city", "市局": "city", "区": "district", "分局": "district", "县": "district", "所": "station"},
    **{"派出所": "station", "station": "station", "precinct": "station", "监控室": "room"},
}
LINES = {
    **{line.value: line.value for line in AreaLine},
    **{"治安": "territorial", "派出所": "territorial", "交警": "traffic", "交通": "traffic", "特警": "special"},
}


@dataclass(frozen=True)
class AreaRow:
    """One area as a file tells of it; `parent` is the code of the area above, "" for a root."""

    row: str
    code: str
    parent: str
    name: str
    name_zh: str
    name_en: str
    level: str
    line: str
    boundary: MultiPolygon


def read_areas(
    path: Path, tally: Tally, *, layer: str = "", fields: Mapping[str, str], datum: str = "", level: str = "",
    encoding: str = "",
) -> list[AreaRow]:  # fmt: skip
    """Return the usable rows, parents before children; the others are refused by name in `tally`.

    `level` is for files that have no such field. Raises GeoError for what makes the whole file unusable.
    """
    source = open_layer(path, layer, encoding)
    found = field_map(list(source.fields), fields, FIELD_NAMES)
    for word in ("code", "name"):
        if word not in found:
            raise GeoError("columns_missing", {"words": [word], "fields": list(source.fields)[:60]}, field="map")
    system = datum_of(datum) if datum else system_of(source)
    rows: dict[str, AreaRow] = {}
    for name, feature in features_of(source, tally):
        try:
            row = _row(name, {word: text_of(feature, field) for word, field in found.items()}, feature, system, level)
            if row.code in rows:
                raise GeoError("duplicate_row", {"first": rows[row.code].row, "code": row.code}, field="code")
            rows[row.code] = row
        except GeoError as error:
            tally.refuse(name, error)
    return list(_in_order(rows, tally))


def _row(name: str, given: Mapping[str, str], feature: Any, system: str, level: str) -> AreaRow:
    text = {word: short(value) for word, value in given.items()}
    text["code"], text["parent"] = (text.get(word, "").removesuffix(".0") for word in ("code", "parent"))
    if not text["code"] or not text["name"]:
        raise GeoError("cell_missing", field="code" if not text["code"] else "name")
    shape = shape_of(feature, system)
    return AreaRow(
        row=name,
        code=text["code"][:40],
        parent=text.get("parent", "")[:40],
        name=text["name"],
        name_zh=text.get("name_zh", ""),
        name_en=text.get("name_en", ""),
        level=_word(text.get("level", "") or level, LEVELS, "level"),
        line=_word(text.get("line", "") or "territorial", LINES, "line"),
        boundary=clean_boundary(GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4326)),
    )


def _word(text: str, words: Mapping[str, str], field: str) -> str:
    found = words.get(text.strip().lower())
    if found is None:
        raise GeoError("word_unknown", {"value": text[:40], "known": sorted(set(words.values()))}, field=field)
    return found


def _in_order(rows: Mapping[str, AreaRow], tally: Tally) -> Iterator[AreaRow]:
    """Yield parents before children; rows that are above themselves are refused."""
    waiting, placed = dict(rows), set[str]()
    while waiting:
        ready = [row for row in waiting.values() if row.parent not in rows or row.parent in placed]
        if not ready:
            for row in waiting.values():
                tally.refuse(row.row, GeoError("area_cycle", {"code": row.code, "parent": row.parent}, field="parent"))
            return
        for row in ready:
            placed.add(row.code)
            del waiting[row.code]
            yield row
