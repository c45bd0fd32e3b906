"""What an import run wrote, thinned out to what a map can show: for a preview, before it is taken back."""

import json
from typing import Any

from django.db import connection

from geo.models import ImportRun
from geo.traces import ids_of

MOST = {"road": 8000, "feature": 800, "camera": 5000, "area": 400}
# Rows in the order of a hash of their ids: thinned evenly, and the same rows each time. Big roads come first: they join up.
ROADS_SQL = """SELECT ST_AsGeoJSON(ST_Simplify(t.geometry, 0.00002, true), 5), json_build_object('kind', t.highway, 'name', t.name)
 FROM geo_road t WHERE t.run_id = %s
 ORDER BY coalesce(array_position(ARRAY['motorway', 'trunk', 'primary', 'secondary', 'tertiary'], t.highway::text), 9), hashint8(t.id)
 LIMIT %s"""
FEATURES_SQL = """SELECT ST_AsGeoJSON(ST_Simplify(t.geometry, 0.00005, true), 5), json_build_object('kind', t.kind, 'name', t.name)
 FROM geo_mapfeature t WHERE t.run_id = %s AND t.kind IN ('water', 'park', 'rail') ORDER BY ST_Area(t.geometry) DESC LIMIT %s"""
CAMERAS_SQL = """SELECT ST_AsGeoJSON(t.point::geometry, 6), json_build_object('kind', t.kind, 'name', t.code,
 'heading', t.heading_deg) FROM geo_camera t WHERE t.run_id = %s ORDER BY hashint8(t.id) LIMIT %s"""
AREAS_SQL = """SELECT ST_AsGeoJSON(ST_SimplifyPreserveTopology(t.boundary, 0.0001), 5), json_build_object('kind', t.level,
 'name', t.code || ' ' || t.name) FROM geo_area t WHERE t.boundary IS NOT NULL AND t.id = ANY(%s)
 ORDER BY ST_Area(t.boundary) DESC LIMIT %s"""
COUNT_SQL = "SELECT count(*) FROM {} WHERE run_id = %s"
BY_RUN = {
    "road": ("geo_road", ROADS_SQL), "feature": ("geo_mapfeature", FEATURES_SQL), "camera": ("geo_camera", CAMERAS_SQL),
}  # fmt: skip


def sample(run: ImportRun) -> dict[str, Any]:
    """Return a GeoJSON FeatureCollection of what `run` wrote, inside its transaction.

    Features have `layer`: road, feature, camera, area (written by the run) or around (whose ground it wrote on); `shown` and
    `totals` beside them say how many of how many. No addresses.
    """
    features: list[dict[str, Any]] = []
    shown: dict[str, int] = {}
    totals: dict[str, int] = {}
    for layer, (table, sql) in BY_RUN.items():
        rows = _features(layer, sql, [run.pk, MOST[layer]])
        if rows:
            shown[layer], totals[layer] = len(rows), _total(table, run)
            features += rows
    drawn = set(ids_of(run, "geo_area", added=True)) | set(ids_of(run, "geo_area", added=False))
    if drawn:
        areas = _features("area", AREAS_SQL, [sorted(drawn), MOST["area"]])
        shown["area"], totals["area"] = len(areas), len(drawn)
        features += areas
    features += _features("around", AREAS_SQL, [sorted(set(run.area_ids) - drawn), MOST["area"]])
    return {"type": "FeatureCollection", "features": features, "shown": shown, "totals": totals}


def _features(layer: str, sql: str, values: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [
            {"type": "Feature", "geometry": json.loads(shape), "properties": {"layer": layer, **_read(facts)}}
            for shape, facts in cursor.fetchall()
            if shape
        ]


def _read(facts: Any) -> dict[str, Any]:
    return dict(json.loads(facts) if isinstance(facts, str) else facts)


def _total(table: str, run: ImportRun) -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT_SQL.format(table), [run.pk])
        return int(cursor.fetchone()[0])
