"""Any other vector layer that GDAL reads (SpatiaLite, GeoPackage, GeoJSON, Shapefile …), by a map of field names."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.gdal import DataSource, GDALException
from django.contrib.gis.gdal.layer import Layer
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from geo.crs import check_lonlat, datum_of, to_wgs84_many
from geo.errors import GeoError
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
    source_layer = _open(path, layer)
    found = field_map(list(source_layer.fields), fields)
    system = datum_of(datum) if datum else _system(source_layer)
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
            _take(rows, key, tags, _shape(feature, system), what)
            tally.counts["class_unknown"] += what == "roads" and unknown
        except GeoError as error:
            tally.refuse(name, error)


def field_map(present: list[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return our word → the layer's field, from what the caller gave and else by the usual names."""
    by_lower = {name.lower(): name for name in present}
    found = {}
    for word, names in FIELD_NAMES.items():
        usual = next((by_lower[name] for name in names if name in by_lower), None)
        if usual:
            found[word] = usual
    for word, name in given.items():
        if word not in FIELD_NAMES or name.lower() not in by_lower:
            raise GeoError("field_unknown", {"word": word, "field": name, "fields": present}, field="map")
        found[word] = by_lower[name.lower()]
    return found


def _open(path: Path, layer: str) -> Layer:
    try:
        source = DataSource(str(path))
        names = [source[number].name for number in range(len(source))]
    except (GDALException, RuntimeError) as error:
        raise GeoError("file_unreadable", {"file": path.name, "why": str(error)[:200]}) from error
    if layer and layer not in names:
        raise GeoError("layer_unknown", {"layer": layer, "layers": names}, field="layer")
    if not layer and len(names) != 1:
        raise GeoError("layer_needed", {"layers": names}, field="layer")
    return source[layer or 0]


def _system(layer: Layer) -> str:
    if layer.srs is None:
        return "wgs84"
    code = layer.srs.srid
    if code is None:
        try:
            layer.srs.identify_epsg()
            code = layer.srs.srid
        except GDALException:
            code = None
    if code is None:
        raise GeoError("datum_needed", {"system": layer.srs.name}, field="datum")
    return datum_of(f"epsg:{code}")


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


def _shape(feature: Any, system: str) -> BaseGeometry:
    try:
        shape = shapely.force_2d(shapely.from_wkb(bytes(feature.geom.wkb)))
    except (GDALException, shapely.errors.GEOSException) as error:
        raise GeoError("geometry_unreadable", {"why": str(error)[:120]}, field="geometry") from error

    def convert(xy: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
        lons, lats = to_wgs84_many(xy[:, 0], xy[:, 1], system)
        return np.column_stack([lons, lats])

    return shapely.transform(shape, convert)


def _take(rows: MapRows, key: str, tags: dict[str, str], shape: BaseGeometry, what: str) -> None:
    if shape.is_empty:
        raise GeoError("geometry_empty", field="geometry")
    for lon, lat in shapely.get_coordinates(shape):
        check_lonlat(float(lon), float(lat))
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
