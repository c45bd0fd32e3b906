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
from geo.layers import field_map, open_layer, shape_of, system_of
from geo.models import MapFeatureKind
from geo.roads.rows import MapRows
from geo.roads.tags import ROAD_CLASSES
from geo.runs import Tally

# Our word → the field names looked for when --map does not say, first found wins, case ignored.
FIELD_NAMES: dict[str, tuple[str, ...]] = {
    "key": ("source_key", "link_id", "road_id", "id", "osm_id", "objectid", "gid"),
    "name": ("name", "street_name", "road_name", "street", "名称", "道路名称"),
    "name_zh": ("name_zh", "name:zh"),
    "name_en": ("name_en", "name:en"),
    "class": ("highway", "fclass", "class", "link_type", "road_class", "type"),
    "oneway": ("oneway", "one_way", "direction"),
    "speed": ("maxspeed", "speed", "speed_kmh", "speed_ab"),
    "lanes": ("lanes", "lanes_ab"),
    "bridge": ("bridge",),
    "tunnel": ("tunnel",),
    "layer": ("layer", "level"),
    "access": ("access",),
    "surface": ("surface",),
}
TAG_OF = {
    **{"name": "name", "name_zh": "name:zh", "name_en": "name:en", "class": "highway", "oneway": "oneway"},
    **{"speed": "maxspeed", "lanes": "lanes", "bridge": "bridge", "tunnel": "tunnel", "layer": "layer"},
    **{"access": "access", "surface": "surface"},
}
NOT_ROADS = frozenset({"centroid_connector"})
ONEWAY_WORDS = {"f": "yes", "t": "-1", "b": "no", "ft": "yes", "tf": "-1"}


def read_layer(
    path: Path, rows: MapRows, tally: Tally, *, layer: str = "", fields: Mapping[str, str], what: str, datum: str = ""
) -> None:
    """Read one layer into `rows`. `what` is roads or a map feature kind; `datum` overrides the layer's own system.

    Raises GeoError `file_unreadable`, `layer_unknown` (facts layers), `field_unknown` (facts fields).
    """
    source_layer = open_layer(path, layer)
    found = field_map(list(source_layer.fields), fields, FIELD_NAMES)
    system = datum_of(datum) if datum else system_of(source_layer)
    seen: Counter[str] = Counter()
    for feature in source_layer:
        tally.step(source_layer.name)
        name = f"{source_layer.name} fid {feature.fid}"
        try:
            tags = _tags(feature, found)
            if what == "roads" and tags.get("highway") in NOT_ROADS:
                tally.counts["not_roads"] += 1
                continue
            key = f"{path.stem}:{source_layer.name}/{_key(feature, found)}"[:180]
            seen[key] += 1
            if seen[key] > 1:
                key = f"{key}~{seen[key]}"
            unknown = tags.get("highway") not in ROAD_CLASSES
            _take(rows, key, tags, shape_of(feature, system), what)
            tally.counts["class_unknown"] += what == "roads" and unknown
        except GeoError as error:
            tally.refuse(name, error)


def _key(feature: Any, found: Mapping[str, str]) -> str:
    value = feature.get(found["key"]) if "key" in found else None
    return str(feature.fid if value in (None, "") else value)


def _tags(feature: Any, found: Mapping[str, str]) -> dict[str, str]:
    tags: dict[str, str] = {}
    for word, field_name in found.items():
        value = feature.get(field_name) if word in TAG_OF else None
        if value not in (None, ""):
            tags[TAG_OF[word]] = str(value)
    oneway = tags.get("oneway", "").strip().lower()
    if oneway:
        tags["oneway"] = ONEWAY_WORDS.get(oneway, "no" if oneway in {"0", "0.0"} else oneway.removesuffix(".0"))
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
    wanted = LineString if what == MapFeatureKind.RAIL else Polygon
    mended = shape if shape.is_valid else shapely.make_valid(shape)
    if not any(isinstance(part, wanted) for part in shapely.get_parts(mended)):
        raise GeoError("wrong_shape", {"type": shape.geom_type, "kind": what}, field="geometry")
    rows.add_feature(key, what, tags, mended)


def _lines(shape: BaseGeometry) -> Iterator[LineString]:
    for part in shapely.get_parts(shape):
        if isinstance(part, LineString):
            yield part
