"""Road import on real files, sorted and not, OSM and GDAL; skipped where the files are absent."""

import json
from pathlib import Path

import pytest
from django.contrib.gis.geos import LineString

from geo.errors import GeoError
from geo.models import ImportRun, MapFeature, Place, Road, RoadNode, TurnRestriction
from geo.roads.importer import import_roads
from geo.roads.tags import lanes_of, names_of, oneway_of, place_kind, speed_kmh, surface_kind
from geo.runs import Terms

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "kmh"),
    [("50", 50), ("30 mph", 48.3), ("10 knots", 18.5), ("none", None), ("RU:urban", None), ("walk", 6), ("-5", None), ("", None),
     ("999", None), (None, None), ("80 km/h", 80)],
)  # fmt: skip
def test_speed_words(text: str | None, kmh: float | None) -> None:
    assert speed_kmh(text) == kmh


@pytest.mark.parametrize(
    ("tags", "oneway"),
    [({"oneway": "yes"}, 1), ({"oneway": "-1"}, -1), ({"highway": "motorway"}, 1), ({"highway": "motorway", "oneway": "no"}, 0),
     ({"junction": "roundabout"}, 1), ({"oneway": "reversible", "highway": "motorway"}, 0), ({}, 0)],
)  # fmt: skip
def test_oneway_words(tags: dict[str, str], oneway: int) -> None:
    assert oneway_of(tags) == oneway


def test_lanes_surfaces_and_places_by_tag() -> None:
    assert [lanes_of(text) for text in ("2", "2.0", "2;3", "0", "99", "x")] == [2, 2, None, None, None, None]
    assert surface_kind({"building": "yes"}, closed=True) == "building"
    assert surface_kind({"building": "yes"}, closed=False) is None
    assert surface_kind({"railway": "tram"}, closed=False) == "rail"
    assert surface_kind({"building": "no", "natural": "water"}, closed=True) == "water"
    assert place_kind({"amenity": "police"}) == ("poi", "amenity=police")
    assert place_kind({"amenity": "bench"}) is None
    assert place_kind({"addr:housenumber": "12"}) == ("address", "")


def _columns(road: Road) -> tuple[object, ...]:
    return (
        road.highway,
        road.name,
        road.oneway,
        road.maxspeed_kmh,
        road.lanes,
        road.bridge,
        road.layer,
        road.ref,
        road.nodes,
        str(road.tags),
        road.geometry.wkb,
    )


def _rest() -> dict[str, list[tuple[object, ...]]]:
    """Return everything else that an import wrote, as plain rows."""
    return {
        model.__name__: sorted(tuple(str(value) for value in row) for row in model.objects.values_list(*fields))
        for model, fields in (
            (RoadNode, ("source_key", "kind", "tags", "point")),
            (TurnRestriction, ("source_key", "kind", "from_keys", "via_node", "via_keys", "to_keys")),
            (MapFeature, ("source_key", "kind", "detail", "name", "geometry")),
            (Place, ("source_key", "kind", "name", "street", "house_number", "point")),
        )
    }


def test_unsorted_file_gives_the_same_roads_as_the_sorted_one(real_data: Path) -> None:
    folder = real_data / "roads"
    run = import_roads(folder / "columbus-ohio-unsorted.osm.pbf")
    assert run.state == "done"
    unsorted = {road.source_key: _columns(road) for road in Road.objects.all()}
    assert len(unsorted) > 11_144
    rest = _rest()
    assert all(rest.values())
    again = import_roads(folder / "columbus-ohio.osm.pbf")
    assert again.counts["roads_added"] == 0
    assert (again.counts["roads_changed"], again.counts["roads_unchanged"]) == (0, len(unsorted))
    assert {road.source_key: _columns(road) for road in Road.objects.all()} == unsorted
    assert _rest() == rest
    assert not any(number for word, number in again.counts.items() if word.endswith(("_added", "_changed")))
    assert set(Road.objects.values_list("run_id", flat=True)) == {run.pk}  # the run that wrote the row as it is
    assert Road.objects.exclude(name="").count() > 8000
    assert "OpenStreetMap" in again.attribution


def test_city_centre_with_everything_around_the_roads(real_data: Path) -> None:
    run = import_roads(real_data / "roads" / "sf-downtown.osm.pbf")
    kinds = dict.fromkeys(MapFeature.objects.values_list("kind", flat=True))
    assert set(kinds) == {"water", "park", "building", "pier", "rail", "square", "campus", "built"} | (
        set(kinds) & {"sand", "stream"}
    )
    assert Place.objects.filter(detail="amenity=police").count() == 8
    assert Place.objects.exclude(house_number="").count() > 2500
    assert Place.objects.filter(name_zh__contains="公园").exists() or Place.objects.exclude(name_zh="").exists()
    assert Road.objects.filter(bridge=True).exists()
    assert Road.objects.filter(tunnel=True).exists()
    assert Road.objects.filter(maxspeed_kmh__gt=40).exists()
    invalid = [feature.source_key for feature in MapFeature.objects.all() if not feature.geometry.valid]
    assert invalid == []
    assert run.counts["turns_added"] == TurnRestriction.objects.count() > 380
    assert {row["code"] for row in run.refused} <= {"restriction_unusable"}
    assert run.refused_total < 10
    assert RoadNode.objects.filter(kind="signals").count() > 100


def test_chinese_names_come_through(real_data: Path) -> None:
    run = import_roads(real_data / "roads" / "beijing-roads.osm.pbf")
    assert Road.objects.filter(name="东长安街").exists()
    assert run.refused_total == 5
    assert {row["code"] for row in run.refused} == {"too_few_points"}
    assert all(row["row"].startswith("way ") for row in run.refused)


def _layer(path: Path, features: list[dict[str, object]]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False))
    return path


def _line(coordinates: list[list[float]], **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "LineString", "coordinates": coordinates}}


def test_gdal_layer_with_a_field_map_and_named_refusals(tmp_path: Path) -> None:
    path = _layer(
        tmp_path / "streets.geojson",
        [
            _line([[1, 50], [1.01, 50]], RID="a", BEZ="Hauptstraße", KLASSE="primary", direction=1, lanes_ab=2),
            _line([[1, 50], [1.02, 50]], RID="a", BEZ="a second with its key", KLASSE="village", direction=-1),
            _line([[1, 50], [500, 50]], RID="b", KLASSE="primary"),
            _line([[0, 0], [1, 50]], RID="c", KLASSE="primary"),
            _line([[2, 50], [2, 50]], RID="d", KLASSE="primary"),
            _line([[2, 50], [3, 50]], RID="e", KLASSE="centroid_connector"),
        ],
    )
    said: list[str] = []
    run = import_roads(path, fields={"key": "RID", "name": "BEZ", "class": "klasse"}, how=Terms(say=said.append))
    rows = {road.source_key: road for road in Road.objects.all()}
    assert sorted(rows) == ["streets:streets/a", "streets:streets/a~2"]
    first, second = rows["streets:streets/a"], rows["streets:streets/a~2"]
    assert (first.name, first.highway, first.oneway, first.lanes) == ("Hauptstraße", "primary", 1, 2)
    assert (second.highway, second.oneway) == ("road", -1)
    assert isinstance(first.geometry, LineString)
    assert run.refused_total == 3
    assert [row["code"] for row in run.refused] == ["position_out_of_range", "position_null_island", "not_a_line"]
    assert run.counts["class_unknown"] == 1
    assert any("fid 2" in line and "position_out_of_range" in line for line in said)


def test_layer_in_another_datum_is_converted(tmp_path: Path) -> None:
    path = _layer(tmp_path / "gcj.geojson", [_line([[116.39724, 39.90840], [116.41, 39.91]], highway="primary")])
    import_roads(path, datum="GCJ-02")
    assert Road.objects.get().geometry.coords[0] == pytest.approx((116.391, 39.907), abs=3e-5)


def test_surface_layers(tmp_path: Path) -> None:
    ring = [[1, 50], [1.1, 50], [1.1, 50.1], [1, 50.1], [1, 50]]
    shape = {"type": "Feature", "properties": {"name": "湖"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    run = import_roads(_layer(tmp_path / "water.geojson", [shape, _line([[1, 50], [2, 50]])]), what="water")
    assert MapFeature.objects.get().name == "湖"
    assert [row["code"] for row in run.refused] == ["wrong_shape"]


@pytest.mark.parametrize(
    ("name", "content", "arguments", "code"),
    [
        ("bad.osm.pbf", "not a pbf", {}, "file_damaged"),
        ("bad.geojson", "not json", {}, "file_of_other_kind"),
        ("gone.osm.pbf", None, {}, "file_not_found"),
        ("a.geojson", '{"type":"FeatureCollection","features":[]}', {"what": "spaceport"}, "kind_unknown"),
        ("a.geojson", '{"type":"FeatureCollection","features":[]}', {"layer": "x"}, "layer_unknown"),
        ("a.geojson", '{"type":"FeatureCollection","features":[]}', {"fields": {"name": "X"}}, "field_unknown"),
        ("a.geojson", '{"type":"FeatureCollection","features":[]}', {}, "nothing_found"),
    ],
)
def test_unusable_file_leaves_nothing_but_its_failed_run(
    tmp_path: Path, name: str, content: str | None, arguments: dict[str, object], code: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(GeoError) as caught:
        import_roads(path, **arguments)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert Road.objects.count() == 0
    assert set(ImportRun.objects.values_list("state", flat=True)) <= {"failed"}


def test_a_key_held_down_takes_everything_back_and_says_so(tmp_path: Path) -> None:
    path = _layer(tmp_path / "s.geojson", [_line([[1, 50], [1.01, 50]], highway="primary")])

    def interrupt(run: ImportRun) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_roads(path, how=Terms(done=interrupt))
    assert Road.objects.count() == 0
    assert ImportRun.objects.get().state == "failed"


def test_the_same_layer_with_one_street_renamed_changes_that_one(tmp_path: Path) -> None:
    path = tmp_path / "s.geojson"
    lines = [_line([[1, 50 + n / 100], [1.01, 50]], highway="primary", id=n, name=f"{n}") for n in range(3)]
    first = import_roads(_layer(path, lines))
    lines[1]["properties"] = {"highway": "primary", "id": 1, "name": "Neu"}
    again = import_roads(_layer(path, lines))
    assert [again.counts[f"roads_{word}"] for word in ("added", "changed", "unchanged")] == [0, 1, 2]
    assert list(Road.objects.order_by("source_key").values_list("run_id", flat=True)) == [first.pk, again.pk, first.pk]


@pytest.mark.parametrize(
    ("said", "highway", "oneway", "bridge"),
    [
        ({"fclass": "primary", "oneway": "F", "bridge": "F"}, "primary", 1, False),
        ({"fclass": "track_grade2", "oneway": "T", "bridge": "T"}, "track", -1, True),
        ({"道路等级": "高速公路", "单行": "双向", "桥梁": "是"}, "motorway", 0, True),
        ({"MTFCC": "S1400", "oneway": "B", "bridge": "no"}, "residential", 0, False),
    ],
)
def test_layers_as_other_makers_of_maps_write_them(
    tmp_path: Path, said: dict[str, str], highway: str, oneway: int, bridge: bool
) -> None:
    import_roads(_layer(tmp_path / "s.geojson", [_line([[1, 50], [1.01, 50]], **said)]))
    road = Road.objects.get()
    assert (road.highway, road.oneway, road.bridge, road.nodes) == (highway, oneway, bridge, [])


def test_failure_at_the_very_end_undoes_all_rows(tmp_path: Path) -> None:
    path = _layer(tmp_path / "s.geojson", [_line([[1, 50], [1.01, 50]], highway="primary")])

    def fail(run: ImportRun) -> None:
        raise OSError("disk is full")

    with pytest.raises(OSError, match="disk"):
        import_roads(path, how=Terms(done=fail))
    assert Road.objects.count() == 0
    assert ImportRun.objects.get().state == "failed"


def test_numbered_posts_and_named_gates_are_places():
    assert place_kind({"highway": "street_lamp", "ref": "L017-042"}) == ("pole", "highway=street_lamp")
    assert place_kind({"highway": "milestone", "ref": "K12+500"}) == ("pole", "highway=milestone")
    assert place_kind({"highway": "street_lamp"}) is None
    assert names_of({"highway": "street_lamp", "ref": "L017-042"}) == ("L017-042", "", "")
    assert names_of({"highway": "primary", "ref": "G60"}) == ("", "", "")
    assert place_kind({"barrier": "gate", "name": "幸福花园东门"}) == ("poi", "barrier=gate")
    assert place_kind({"barrier": "gate"}) is None
