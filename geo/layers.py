"""Vector layers as GDAL reads them (SpatiaLite, GeoPackage, GeoJSON, Shapefile …): open, name the fields, convert shapes."""

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.gdal import GDALException
from django.contrib.gis.gdal.layer import Layer
from shapely.geometry.base import BaseGeometry

from geo.crs import check_many, datum_of, to_wgs84_many
from geo.errors import GeoError
from geo.files import kind_of
from geo.runs import Tally
from geo.safe_gdal import open_source

ENCODINGS = ("utf-8", "gb18030")
SAMPLE = 500  # features looked at to tell the encoding


def field_map(present: list[str], given: Mapping[str, str], words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return our word → the layer's field, from what the caller gave and else by the usual names in `words`."""
    by_lower = {name.lower(): name for name in reversed(present)}
    found = {}
    for word, names in words.items():
        usual = next((by_lower[name] for name in names if name in by_lower), None)
        if usual:
            found[word] = usual
    for word, name in given.items():
        if word not in words or name.lower() not in by_lower:
            raise GeoError("field_unknown", {"word": word, "field": name, "fields": present}, field="map")
        found[word] = by_lower[name.lower()]
    return found


def open_layer(path: Path, layer: str, encoding: str = "") -> Layer:
    """Return the named layer, or the only one. `encoding` is for files that do not say theirs; GB 18030 is tried.

    Raises GeoError of `geo.files.kind_of`, `file_of_other_kind`, `layer_unknown`, `layer_needed`, `encoding_unknown`.
    """
    kind_of(path)
    last: Exception | None = None
    for attempt in [encoding] if encoding else ENCODINGS:
        opened = _layer(path, layer, attempt)
        try:
            list(opened.fields)  # names are in the file's encoding too
            for feature in itertools.islice(opened, SAMPLE):
                [feature[number].as_string() for number in range(feature.num_fields)]
        except (UnicodeDecodeError, LookupError) as error:
            last = error
        except GDALException as error:
            raise GeoError("file_damaged", {"file": path.name, "why": str(error)[:120]}, field="file") from error
        else:
            return opened
    raise GeoError("encoding_unknown", {"file": path.name, "tried": encoding or ", ".join(ENCODINGS)}) from last


def _layer(path: Path, layer: str, encoding: str) -> Layer:
    try:
        source = open_source(path, encoding)
        names = [source[number].name for number in range(len(source))]
    except (GDALException, RuntimeError, LookupError, UnicodeDecodeError) as error:
        raise GeoError("file_of_other_kind", {"file": path.name}, field="file") from error
    if layer and layer not in names:
        raise GeoError("layer_unknown", {"layer": layer, "layers": names[:50]}, field="layer")
    if not layer and len(names) != 1:
        raise GeoError("layer_needed", {"layers": names[:50]}, field="layer")
    return source[layer or 0]


def features_of(source: Layer, tally: Tally) -> Iterator[tuple[str, Any]]:
    """Yield (the feature's name for refusals, feature), counting and saying how far it is.

    Raises GeoError `file_damaged` when the file breaks off in between.
    """
    total = source.num_feat if source.test_capability("FastFeatureCount") else 0
    tally.begin()
    try:
        for feature in source:
            tally.step(source.name, share=lambda: tally.rows / total if total > 0 else None)
            yield f"{source.name} fid {feature.fid}", feature
    except GDALException as error:
        raise GeoError("file_damaged", {"file": source.name, "why": str(error)[:120]}, field="file") from error


def text_of(feature: Any, name: str) -> str:
    """Return a field as text, "" for none. Raises GeoError `text_unreadable`."""
    try:
        value = feature.get(name)
    except (UnicodeDecodeError, GDALException, ValueError, TypeError) as error:
        raise GeoError("text_unreadable", field=name) from error
    return "" if value is None else str(value)


def system_of(layer: Layer) -> str:
    """Return the layer's own datum in geo.crs's words; raise `datum_needed` when it names none that we know."""
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


def shape_of(feature: Any, system: str) -> BaseGeometry:
    """Return a feature's flat shape in WGS-84, every corner checked. Raises `geometry_unreadable`, `geometry_empty`."""
    try:
        shape = shapely.force_2d(shapely.from_wkb(bytes(feature.geom.wkb)))
    except (GDALException, shapely.errors.GEOSException, AttributeError) as error:
        raise GeoError("geometry_unreadable", {"why": str(error)[:120]}, field="geometry") from error

    def convert(xy: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
        lons, lats = to_wgs84_many(xy[:, 0], xy[:, 1], system)
        return np.column_stack([lons, lats])

    if shape.is_empty:
        raise GeoError("geometry_empty", field="geometry")
    converted = shapely.transform(shape, convert)
    check_many(shapely.get_coordinates(converted))
    return converted
