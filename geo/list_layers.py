"""Any layer that GDAL reads as a list: fields as columns, the point as lon and lat in the layer's own datum."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely
from django.contrib.gis.gdal import GDALException
from django.contrib.gis.gdal.layer import Layer

from geo.errors import GeoError
from geo.layers import open_layer, system_of, text_of
from geo.list_table import Row, Table, clean_cell


def open_points(path: Path, layer: str, encoding: str, datum: str) -> Table:
    """Open a layer of points, or one without shapes (a spreadsheet) whose columns hold the position.

    Raises GeoError of `geo.layers.open_layer`, `datum_needed` when neither the layer nor `datum` says what it is in.
    """
    source = open_layer(path, layer, encoding)
    shaped = source.srs is not None or _has_shapes(source)
    own = system_of(source) if shaped and not datum else ""
    fields = tuple(source.fields)
    header = (*(["lon", "lat"] if shaped else []), *fields)  # the shape goes before columns of that name
    table = Table(header=header, rows=iter(()), datum=own)
    table.rows = _rows(source, fields, header, table, shaped=shaped)
    return table


def _has_shapes(source: Layer) -> bool:
    first = next(iter(source), None)
    try:
        return first is not None and bool(first.geom)
    except GDALException:
        return False


def _rows(
    source: Layer, fields: tuple[str, ...], header: tuple[str, ...], table: Table, *, shaped: bool
) -> Iterator[Row]:
    total = max(1, source.num_feat)
    number = 0
    table.share = lambda: number / total
    try:
        for feature in source:
            number += 1
            name, error = f"{source.name} fid {feature.fid}", None
            cells: list[str] = []
            try:
                position = _position(feature) if shaped else []
                cells = [*position, *(clean_cell(text_of(feature, field)) for field in fields)]
            except GeoError as refused:
                error = refused
            if error or any(cells):
                yield name, header, cells, error
    except GDALException as error:
        raise GeoError("file_damaged", {"file": source.name, "why": str(error)[:120]}, field="file") from error


def _position(feature: Any) -> list[str]:
    try:
        shape = shapely.from_wkb(bytes(feature.geom.wkb))
    except (GDALException, shapely.errors.GEOSException, AttributeError) as error:
        raise GeoError("geometry_empty", field="geometry") from error
    if shape.is_empty:
        raise GeoError("geometry_empty", field="geometry")
    spots = list(shapely.get_parts(shape))
    if len(spots) != 1 or shape.geom_type not in {"Point", "MultiPoint"}:
        raise GeoError("not_a_point", {"type": shape.geom_type}, field="geometry")
    return [repr(float(spots[0].x)), repr(float(spots[0].y))]
