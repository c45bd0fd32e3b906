"""Vector layers as GDAL reads them (SpatiaLite, GeoPackage, GeoJSON, Shapefile …): open, name the fields, convert shapes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.gdal import DataSource, GDALException
from django.contrib.gis.gdal.layer import Layer
from shapely.geometry.base import BaseGeometry

from geo.crs import check_lonlat, datum_of, to_wgs84_many
from geo.errors import GeoError


def field_map(present: list[str], given: Mapping[str, str], words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return our word → the layer's field, from what the caller gave and else by the usual names in `words`."""
    by_lower = {name.lower(): name for name in present}
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


def open_layer(path: Path, layer: str) -> Layer:
    """Return the named layer, or the only one. Raises `file_unreadable`, `layer_unknown`, `layer_needed`."""
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
    except (GDALException, shapely.errors.GEOSException) as error:
        raise GeoError("geometry_unreadable", {"why": str(error)[:120]}, field="geometry") from error

    def convert(xy: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
        lons, lats = to_wgs84_many(xy[:, 0], xy[:, 1], system)
        return np.column_stack([lons, lats])

    converted = shapely.transform(shape, convert)
    if converted.is_empty:
        raise GeoError("geometry_empty", field="geometry")
    for lon, lat in shapely.get_coordinates(converted):
        check_lonlat(float(lon), float(lat))
    return converted
