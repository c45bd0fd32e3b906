"""Roads and map features out of any layer that GDAL reads, by a map of field names."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from geo.crs import datum_of
from geo.errors import GeoError
from geo.layers import features_of, field_map, open_layer, shape_of, system_of, text_of
from geo.models import MapFeatureKind
from geo.roads.rows import MapRows
from geo.roads.tags import ROAD_CLASSES, short
from geo.runs import Tally

# Our word → the field names looked for when --map does not say, first found wins, case ignored.
FIELD_NAMES: dict[str, tuple[str, ...]] = {
    "key": ("source_key", "link_id", "road_id", "id", "osm_id", "objectid", "gid", "linearid"),
    "name": ("name", "street_name", "road_name", "street", "fullname", "名称", "道路名称", "路名", "名字"),
    "name_zh": ("name_zh", "name:zh", "name:zh-hans", "name_zh_cn", "zh", "name_chn", "中文名", "中文名称"),
    "name_en": ("name_en", "name:en", "en", "name_eng", "int_name", "英文名", "英文名称"),
    "ref": ("ref", "route", "road_no", "编号", "路线编号"),
    "class": (
        "highway",
        "fclass",
        "class",
        "link_type",
        "road_class",
        "roadclass",
        "type",
        "mtfcc",
        "道路等级",
        "等级",
        "类型",
    ),
    "oneway": ("oneway", "one_way", "direction", "单行", "方向"),
    "oneway_bus": ("oneway:bus", "oneway_bus"),
    "speed": ("maxspeed", "speed", "speed_kmh", "speed_ab", "speedlimit", "speed_limit", "限速"),
    "speed_back": ("maxspeed:backward", "maxspeed_backward", "speed_ba"),
    "lanes": ("lanes", "lanes_ab", "lane_num", "车道数"),
    "bridge": ("bridge", "桥梁"),
    "tunnel": ("tunnel", "隧道"),
    "layer": ("layer", "level"),
    "access": ("access",),
    "motor_vehicle": ("motor_vehicle",),
    "bus": ("bus",),
    "emergency": ("emergency",),
    "service": ("service",),
    "junction": ("junction",),
    "surface": ("surface", "路面"),
}
TAG_OF = {
    **{word: word for word in FIELD_NAMES if word != "key"},
    **{"name_zh": "name:zh", "name_en": "name:en", "class": "highway", "oneway_bus": "oneway:bus"},
    **{"speed": "maxspeed", "speed_back": "maxspeed:backward"},
}
NOT_ROADS = frozenset({"centroid_connector"})
# As other makers of maps say it. Along the line: F, FT, 1; against it: T, TF, -1.
ONEWAY_SAID = {
    **{"f": "yes", "ft": "yes", "y": "yes", "单行": "yes", "单向": "yes", "t": "-1", "tf": "-1"},
    **{"b": "no", "n": "no", "0": "no", "0.0": "no", "双向": "no", "双行": "no", "否": "no", "是": "yes"},
}
CLASS_SAID = {
    **{
        "高速公路": "motorway",
        "高速": "motorway",
        "城市快速路": "trunk",
        "快速路": "trunk",
        "国道": "trunk",
        "省道": "primary",
    },
    **{"主干路": "primary", "主干道": "primary", "次干路": "secondary", "次干道": "secondary", "县道": "secondary"},
    **{
        "乡道": "tertiary",
        "支路": "tertiary",
        "街道": "residential",
        "小区道路": "residential",
        "匝道": "motorway_link",
    },
    **{"内部道路": "service", "人行道": "footway", "步行街": "pedestrian"},
    **{"s1100": "motorway", "s1200": "secondary", "s1400": "residential", "s1500": "track", "s1630": "motorway_link"},
    **{
        "s1640": "service",
        "s1710": "footway",
        "s1720": "steps",
        "s1730": "service",
        "s1740": "service",
        "s1780": "service",
    },
    **{"track_grade1": "track", "track_grade2": "track", "track_grade3": "track", "track_grade4": "track"},
    **{
        "track_grade5": "track",
        "highway": "road",
        "freeway": "motorway",
        "ramp": "motorway_link",
        "arterial": "primary",
    },
    **{"collector": "tertiary", "local": "residential", "alley": "service"},
}


def read_layer(
    path: Path,
    rows: MapRows,
    tally: Tally,
    *,
    layer: str = "",
    fields: Mapping[str, str],
    what: str,
    datum: str = "",
    encoding: str = "",
) -> None:
    """Read one layer into `rows`. `what` is roads or a map feature kind; `datum` overrides the layer's own system.

    Raises GeoError of `geo.layers.open_layer` and `field_map`.
    """
    source = open_layer(path, layer, encoding)
    found = field_map(list(source.fields), fields, FIELD_NAMES)
    system = datum_of(datum) if datum else system_of(source)
    if what == "roads" and "class" not in found:
        tally.note("class_missing", {"fields": list(source.fields)[:60]})
    seen: Counter[str] = Counter()
    for name, feature in features_of(source, tally):
        try:
            tags = _tags(feature, found)
            if what == "roads" and tags.get("highway") in NOT_ROADS:
                tally.counts["not_roads"] += 1
                continue
            key = f"{path.stem}:{source.name}/{_key(feature, found)}"[:180]
            seen[key] += 1
            if seen[key] > 1:
                key = f"{key}~{seen[key]}"
            unknown = tags.get("highway") not in ROAD_CLASSES
            _take(rows, key, tags, shape_of(feature, system), what)
            tally.counts["class_unknown"] += what == "roads" and unknown
        except GeoError as error:
            tally.refuse(name, error)


def _key(feature: Any, found: Mapping[str, str]) -> str:
    value = text_of(feature, found["key"]) if "key" in found else ""
    return short(value.removesuffix(".0"), 80) or str(feature.fid)


def _tags(feature: Any, found: Mapping[str, str]) -> dict[str, str]:
    tags = {TAG_OF[word]: text for word, name in found.items() if word in TAG_OF and (text := text_of(feature, name))}
    oneway = tags.get("oneway", "").strip().lower()
    if oneway:
        tags["oneway"] = ONEWAY_SAID.get(oneway, oneway.removesuffix(".0"))
    said = tags.get("highway", "").strip().lower()
    if said:
        tags["highway"] = CLASS_SAID.get(said, said)
    return tags


def _take(rows: MapRows, key: str, tags: dict[str, str], shape: BaseGeometry, what: str) -> None:
    if what != "roads":
        _take_feature(rows, key, tags, shape, what)
        return
    if tags.get("highway") not in ROAD_CLASSES:
        tags["highway"] = "road"
    lines = [line for line in _lines(shape) if line.length > 0]
    if not lines:
        raise GeoError("not_a_line", {"type": shape.geom_type}, field="geometry")
    for number, line in enumerate(lines):
        rows.add_road(f"{key}/{number}" if len(lines) > 1 else key, tags, line)


def _take_feature(rows: MapRows, key: str, tags: dict[str, str], shape: BaseGeometry, what: str) -> None:
    wanted = LineString if what in {MapFeatureKind.RAIL, MapFeatureKind.STREAM} else Polygon
    mended = shape if shape.is_valid else shapely.make_valid(shape)
    if not all(isinstance(part, wanted) for part in shapely.get_parts(mended)):
        raise GeoError("wrong_shape", {"type": shape.geom_type, "kind": what}, field="geometry")
    rows.add_feature(key, what, tags, mended)


def _lines(shape: BaseGeometry) -> Iterator[LineString]:
    for part in shapely.get_parts(shape):
        if isinstance(part, LineString):
            yield part
