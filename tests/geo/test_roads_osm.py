"""What an OSM file says for a router and a gazetteer: which roads meet, turns, limits, house numbers; damaged files."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.models import ImportRun, Place, Road, RoadNode, TurnRestriction
from geo.roads.importer import import_roads
from geo.roads.routing import routing_tags, speeds_of, turns_of
from geo.runs import Terms
from tests.geo.roads_osm import streets

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path: Path, db: None) -> ImportRun:
    return import_roads(streets(tmp_path / "streets.osm"))


def test_roads_meet_where_they_share_a_node_and_a_bridge_joins_nothing(run: ImportRun) -> None:
    nodes = {road.source_key: road.nodes for road in Road.objects.all()}
    assert nodes["osm:way/1"] == [1, 20, 2]
    assert set(nodes["osm:way/1"]) & set(nodes["osm:way/2"]) == {2}
    bridge = Road.objects.get(source_key="osm:way/5")
    assert (bridge.bridge, bridge.layer) == (True, 1)
    assert bridge.geometry.crosses(Road.objects.get(source_key="osm:way/2").geometry)
    assert not any(set(bridge.nodes) & set(ids) for key, ids in nodes.items() if key != "osm:way/5")
    assert all(len(road.nodes) == len(road.geometry.coords) for road in Road.objects.all())


def test_a_road_keeps_its_names_limits_and_words(run: ImportRun) -> None:
    road = Road.objects.get(source_key="osm:way/1")
    assert (road.name, road.name_zh, road.name_en, road.ref) == ("长安街", "长安街", "Chang'an Street", "G1")
    assert road.other_names == "十里长街;神州第一街"
    assert (road.maxspeed_kmh, road.maxspeed_back_kmh, road.oneway, road.lanes) == (60, 40, 1, 4)
    assert road.tags == {
        "bus:lanes": "|||designated", "maxspeed:backward": "40", "motor_vehicle:conditional": "no @ (22:00-06:00)",
        "oneway:bus": "no",
    }  # fmt: skip
    assert run.counts["conditional_kept"] == 1
    reversible = Road.objects.get(source_key="osm:way/3")
    assert (reversible.oneway, reversible.tags) == (0, {"oneway": "reversible"})
    assert Road.objects.get(source_key="osm:way/4").tags == {"service": "alley"}


def test_turns_at_a_node_and_over_a_way(run: ImportRun) -> None:
    rows = {row.source_key: row for row in TurnRestriction.objects.all()}
    assert sorted(rows) == ["osm:relation/1", "osm:relation/2", "osm:relation/7:hgv"]
    left, back = rows["osm:relation/1"], rows["osm:relation/2"]
    assert (left.kind, left.from_keys, left.via_node, left.to_keys) == ("no_left_turn", ["osm:way/1"], 2, ["osm:way/3"])
    assert left.except_for == ["bicycle", "psv"]
    assert (back.via_node, back.via_keys, back.to_keys) == (None, ["osm:way/2"], ["osm:way/6"])
    assert rows["osm:relation/7:hgv"].applies_to == "hgv"


def test_turns_that_cannot_be_used_are_named_and_those_by_hours_are_said(run: ImportRun) -> None:
    refused = {row["row"]: (row["code"], row["facts"]) for row in run.refused}
    assert refused == {
        "way 8": ("too_few_points", {"points": 0, "nodes": 2}),
        "way 9": ("interpolation_unusable", {"value": "alphabetic"}),
        "relation 5": ("restriction_unusable", {"why": "apart"}),
        "relation 8": ("restriction_unusable", {"why": "kind", "kind": "no_dancing"}),
        "relation 9": ("restriction_unusable", {"why": "members"}),
    }
    assert run.notes == [{"code": "turns_by_hours_not_read", "facts": {"count": 1}}]
    assert (run.counts["turns_cut_off"], run.counts["turns_on_red_not_read"]) == (1, 1)


def test_only_what_stands_on_a_road_is_kept(run: ImportRun) -> None:
    assert sorted(RoadNode.objects.values_list("node", "kind")) == [(20, "signals"), (21, "barrier")]
    assert RoadNode.objects.get(node=21).tags == {"access": "private", "barrier": "gate"}


def test_numbers_between_and_streets_by_relation(run: ImportRun) -> None:
    between = Place.objects.filter(detail="interpolated").order_by("point")
    assert sorted(place.house_number for place in between) == ["3", "5", "7"]
    assert {place.street for place in between} == {"长安街"}
    assert Place.objects.get(house_number="5").point.x == pytest.approx(116.392)
    assert Place.objects.get(house_number="2").street == "长安街"


def test_the_same_file_again_changes_nothing(run: ImportRun, tmp_path: Path) -> None:
    again = import_roads(streets(tmp_path / "streets.osm"))
    assert not any(number for word, number in again.counts.items() if word.endswith(("_added", "_changed")))
    assert again.refused == run.refused


def test_a_preview_counts_exactly_what_the_import_counts(tmp_path: Path) -> None:
    path = streets(tmp_path / "streets.osm")
    tried = import_roads(path, how=Terms(preview=True))
    assert not Road.objects.exists()
    done = import_roads(path)
    assert (tried.counts, tried.refused, tried.notes) == (done.counts, done.refused, done.notes)


def test_limits_and_words_of_a_road() -> None:
    assert speeds_of({"maxspeed": "50"}) == (50, None)
    assert speeds_of({"maxspeed:forward": "30 mph", "maxspeed:backward": "50"}) == (48.3, 50)
    assert routing_tags({"maxspeed": "DE:urban", "lanes": "2;3", "oneway": "yes", "name": "x", "access:bus": "yes"}) == {
        "access:bus": "yes", "lanes": "2;3", "maxspeed": "DE:urban",
    }  # fmt: skip
    assert turns_of({"type": "restriction:bus", "restriction": "no_u_turn"}) == ([("no_u_turn", "bus")], False)
    assert turns_of({"restriction": "no_u_turn", "day_on": "Monday"}) == ([], True)


def _tried(path: Path) -> str:
    """Import; return what became of it. Whatever is in the file, only a GeoError may come out."""
    try:
        return import_roads(path, how=Terms(preview=True)).state
    except GeoError as error:
        return error.code


def test_a_file_that_breaks_off_is_said_and_leaves_nothing(real_data: Path, tmp_path: Path) -> None:
    whole = (real_data / "roads" / "helsinki-centre.osm.pbf").read_bytes()
    chance = random.Random(7)
    found = set()
    for _ in range(12):
        path = tmp_path / "cut.osm.pbf"
        path.write_bytes(whole[: chance.randrange(100, len(whole) - 10)])
        found.add(_tried(path))
    assert found == {"file_damaged"}
    assert not Road.objects.exists()
    assert set(ImportRun.objects.values_list("state", flat=True)) == {"failed"}


def test_one_impossible_coordinate_is_said(tmp_path: Path) -> None:
    path = streets(tmp_path / "dirty.osm")
    path.write_text(path.read_text().replace('lon="116.391"', 'lon="500"'))
    with pytest.raises(GeoError) as caught:
        import_roads(path)
    assert caught.value.code == "file_damaged"
    assert "500" in caught.value.facts["why"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_an_osm_file_with_any_bytes_changed_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    raw = bytearray(streets(tmp_path / "dirty.osm").read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=8)):
        raw[place] = data.draw(st.integers(0, 255))
    (tmp_path / "dirty.osm").write_bytes(bytes(raw))
    assert _tried(tmp_path / "dirty.osm") in {"preview", "file_damaged", "nothing_found", "file_of_other_kind"}
