"""Tiles of cameras: scope, counts that add up, marks and poles, the dead apart, and what makes a kept tile another one."""

import base64
from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.gis.geos import Polygon

from geo.areas import put_area
from geo.errors import GeoError
from geo.estate import put_camera
from geo.estate_bulk import NewCamera, add_cameras
from geo.models import Area, Camera, ImportRun, TileChange
from geo.tiles import cameras as tiles
from geo.tiles import changes
from tests.geo.reading import Features, Read, tile_at
from tests.geo.town import CENTRE, NOON, plain_camera

Town = dict[str, Area]
LON, LAT = CENTRE


def uid_of(short: str) -> UUID:
    """Return the uid that a tile carries in base64url."""
    return UUID(bytes=base64.urlsafe_b64decode(f"{short}=="))


@pytest.fixture
def cameras(town: Town) -> Town:
    """Three cameras in the west, one just over the border, one beyond the band; the first with a sector."""
    put_camera(
        code="W1", area=town["west_1"], point=(LON - 0.001, LAT), at=NOON, name="W1", kind="ptz", grade="key",
        heading_deg=90, status="online",
    )  # fmt: skip
    rows = [("W2", "west_1", -0.002), ("W3", "west_1", -0.003), ("E1", "east_1", 0.004), ("E2", "east_1", 0.018)]
    for code, area, east in rows:
        plain_camera(town[area], code, LON + east, LAT).save()
    return town


def test_points_carry_what_the_map_needs_and_no_more(cameras: Town, read: Read) -> None:
    everything = [area.pk for area in cameras.values()]
    address = tile_at((LON - 0.001, LAT), 15)
    layers = read(tiles.camera_tile(*address, area_ids=everything, ground_area_ids=[]))
    first = Camera.objects.get(code="W1")
    found = {uid_of(row["uid"]): row for row in layers["cameras"]}
    mine = found[first.uid]
    assert (mine["kind"], mine["grade"], mine["heading"]) == ("ptz", "key", 90)
    assert [uid_of(row["uid"]) for row in layers["sector"]] == [first.uid]
    assert not {"url", "credentials", "owner", "status", "code"} & set(mine)
    close = read(tiles.camera_tile(*tile_at((LON - 0.001, LAT), 17), area_ids=everything, ground_area_ids=[]))
    assert {row["code"] for row in close["cameras"]} == {"W1"}


def total(layers: Features) -> int:
    return sum(row["count"] for row in layers.get("cameras", []))


@pytest.mark.parametrize("zoom", [0, 3, 6, 10, 12])
def test_counts_are_counted_within_the_scope(cameras: Town, read: Read, zoom: int) -> None:
    address = tile_at((LON - 0.001, LAT), zoom)
    west, every = [cameras["west_1"].pk], [area.pk for area in cameras.values()]
    assert total(read(tiles.camera_tile(*address, area_ids=west, ground_area_ids=[]))) == 3
    assert total(read(tiles.camera_tile(*address, area_ids=west, ground_area_ids=west))) == 4
    assert total(read(tiles.camera_tile(*address, area_ids=every, ground_area_ids=[]))) == 5
    assert total(read(tiles.camera_tile(*address, area_ids=[], ground_area_ids=west))) == 4
    assert tiles.camera_tile(*address, area_ids=[], ground_area_ids=[]) == b""


def test_neighbour_sees_points_on_his_ground_and_band_only(cameras: Town, read: Read) -> None:
    west = [cameras["west_1"].pk]
    near = read(tiles.camera_tile(*tile_at((LON + 0.004, LAT), 17), area_ids=[], ground_area_ids=west))
    assert {row["code"] for row in near["cameras"]} == {"E1"}
    assert tiles.camera_tile(*tile_at((LON + 0.018, LAT), 17), area_ids=[], ground_area_ids=west) == b""


@pytest.mark.parametrize("zoom", [13, 14, 15, 16, 17, 18])
def test_no_camera_of_a_crowd_is_lost_or_counted_twice(town: Town, read: Read, zoom: int) -> None:
    """300 along a street and five on one pole: over all tiles that hold them, marks add up to 305."""
    spots = [(LON + number / 30_000, LAT + number % 7 / 40_000) for number in range(300)] + [(LON, LAT)] * 5
    fields = {"name": "x", "kind": "fixed"}
    add_cameras([NewCamera(f"C{n}", town["west_1"], spot, fields=fields) for n, spot in enumerate(spots)], at=NOON)
    mine, seen = [town["west_1"].pk], 0
    for address in {tile_at(spot, zoom) for spot in spots}:
        rows = read(tiles.camera_tile(*address, area_ids=mine, ground_area_ids=[])).get("cameras", [])
        seen += len(rows) if zoom >= 17 else sum(row.get("n") or 1 for row in rows)
        assert all(row.get("uid") is None for row in rows if (row.get("n") or 1) > 1 and zoom < 17)
    assert seen == 305


def test_cameras_of_one_pole_are_told_apart_close_in(town: Town, read: Read) -> None:
    for code, status in (("A", "online"), ("B", "offline"), ("C", "online")):
        put_camera(code=code, area=town["west_1"], point=CENTRE, at=NOON, name=code, kind="fixed", status=status)
    mine = {"area_ids": [town["west_1"].pk], "ground_area_ids": []}
    rows = read(tiles.camera_tile(*tile_at(CENTRE, 17), **mine))["cameras"]
    assert [(row["code"], row["i"], row["n"]) for row in rows] == [("A", 0, 3), ("B", 1, 3), ("C", 2, 3)]
    dead = read(tiles.dead_tile(*tile_at(CENTRE, 17), **mine))["dead"]
    assert [(row["i"], row["n"]) for row in dead] == [(1, 3)]
    assert uid_of(dead[0]["uid"]) == Camera.objects.get(code="B").uid
    assert len(read(tiles.dead_tile(*tile_at(CENTRE, 13), **mine))["dead"]) == 1
    assert tiles.dead_tile(*tile_at(CENTRE, 12), **mine) == b""
    assert tiles.dead_tile(*tile_at(CENTRE, 17), area_ids=[town["east_1"].pk], ground_area_ids=[]) == b""


def test_a_crowd_of_sectors_comes_whole_or_not_at_all(town: Town, read: Read) -> None:
    fields = {"name": "x", "kind": "fixed", "heading_deg": 10.0}
    spots = [(LON + number / 400_000, LAT) for number in range(tiles.MOST_SECTORS + 1)]
    add_cameras([NewCamera(f"C{n}", town["west_1"], spot, fields=fields) for n, spot in enumerate(spots)], at=NOON)
    mine = {"area_ids": [town["west_1"].pk], "ground_area_ids": []}
    assert "sector" not in read(tiles.camera_tile(*tile_at(CENTRE, 15), **mine))
    assert len(read(tiles.camera_tile(*tile_at(CENTRE, 17), **mine))["sector"]) > 0
    Camera.objects.filter(code="C0").delete()
    assert len(read(tiles.camera_tile(*tile_at(CENTRE, 15), **mine))["sector"]) == tiles.MOST_SECTORS


@pytest.mark.parametrize("lat", [-89.9, 89.9])
@pytest.mark.parametrize("lon", [-180.0, 180.0])
def test_the_edge_of_the_world_is_on_the_map(town: Town, read: Read, lon: float, lat: float) -> None:
    plain_camera(town["west_1"], "X", lon, lat).save()
    assert total(read(tiles.camera_tile(0, 0, 0, area_ids=[town["west_1"].pk], ground_area_ids=[]))) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("address", [(-1, 0, 0), (19, 0, 0), (3, 8, 0), (3, 0, -1), (0, 0, 1)])
def test_bad_addresses_are_refused(address: tuple[int, int, int]) -> None:
    for draw in (tiles.camera_tile, tiles.dead_tile):
        with pytest.raises(GeoError):
            draw(*address, area_ids=[1], ground_area_ids=[])


def test_a_state_is_no_new_map_a_place_is(cameras: Town) -> None:
    camera = Camera.objects.get(code="W1")
    place = {"code": "W1", "area": camera.area, "point": (LON - 0.001, LAT), "camera": camera, "at": NOON}
    places, states = changes.camera_version(), changes.status_version()
    put_camera(**place, status="offline")
    assert changes.camera_version() == places
    assert changes.status_version() != states
    put_camera(**place, name="renamed", owner="somebody")
    assert changes.camera_version() == places
    for change in ({"heading_deg": 180.0}, {"grade": "watch"}, {"kind": "fixed"}, {"point": (LON - 0.0011, LAT)}):
        put_camera(**{**place, **change, "at": NOON + timedelta(hours=1)})
        assert changes.camera_version() != places
        places = changes.camera_version()


def test_what_else_makes_the_map_another_one(town: Town) -> None:
    seen = {changes.camera_version()}
    add_cameras([NewCamera("N1", town["west_1"], CENTRE, fields={"name": "x", "kind": "fixed"})], at=NOON)
    seen.add(changes.camera_version())
    put_area(code="new", boundary=Polygon.from_bbox((1, 1, 2, 2)), name="n", level="city", line="territorial")
    seen.add(changes.camera_version())
    run = ImportRun.objects.create(kind="cameras", file_name="x", started_at=NOON, state="done")
    seen.add(changes.camera_version())
    run.state = "undone"
    run.save()
    seen.add(changes.camera_version())
    put_area(code="new", parent=town["west_1"], name="n", level="room", line="territorial")
    seen.add(changes.camera_version())
    assert len(seen) == 6


def test_old_changes_go_with_the_next(cameras: Town) -> None:
    changes.tell_changed(changes.CAMERAS)
    TileChange.objects.update(at=NOON - timedelta(days=4000))
    changes.tell_changed(changes.STATUS)
    assert [row.layer for row in TileChange.objects.all()] == ["status"]
