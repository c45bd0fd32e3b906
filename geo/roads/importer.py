"""Import of road networks and what is drawn around them. All or nothing; the same file again changes, never doubles."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from django.db import connection

from geo.errors import GeoError
from geo.files import kind_of
from geo.models import ImportRun, MapFeatureKind
from geo.roads.layers import read_layer
from geo.roads.osm import read_osm
from geo.roads.rows import MapRows
from geo.runs import DEFAULT, Terms, importing

OSM_ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"
KINDS = ("roads", *MapFeatureKind.values)


def import_roads(
    path: Path,
    *,
    layer: str = "",
    fields: Mapping[str, str] | None = None,
    what: str = "roads",
    datum: str = "",
    encoding: str = "",
    how: Terms = DEFAULT,
) -> ImportRun:
    """Read an OSM file (sorted or not) or one GDAL layer into roads, map features and places; return the finished run.

    `layer`, `fields` (our word → the layer's field, words of geo.roads.layers.FIELD_NAMES), `what` (roads or a map
    feature kind), `datum` and `encoding` (when the layer does not say its own) are for GDAL layers. Rows that are refused are named
    in the run; GeoError is raised for what makes the whole file unusable, also `nothing_found` when not one row came of
    it.
    """
    is_osm = kind_of(path) == "osm"
    if what not in KINDS:
        raise GeoError("kind_unknown", {"kind": what, "kinds": list(KINDS)}, field="what")
    credit = how.attribution or (OSM_ATTRIBUTION if is_osm else "")
    with importing("roads", path, replace(how, attribution=credit)) as tally:
        rows = MapRows(tally)
        if is_osm:
            read_osm(path, rows, tally)
        else:
            read_layer(
                path, rows, tally, layer=layer, fields=fields or {}, what=what, datum=datum, encoding=encoding
            )  # fmt: skip
        rows.write()
        if not any(
            number for name, number in tally.counts.items() if name.endswith(("_added", "_changed", "_unchanged"))
        ):
            raise GeoError("nothing_found", {"file": path.name, "refused": tally.refused_total})
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE geo_road, geo_roadnode, geo_turnrestriction, geo_mapfeature, geo_place")
    return tally.run
