"""Tiles, read back by GDAL's own MVT driver: layers, properties, scope, counts and bad addresses."""

import contextlib
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.gdal import DataSource, GDALException
from django.contrib.gis.gdal.feature import Feature
from django.contrib.gis.gdal.layer import Layer
from django.contrib.gis.geos import LineString, Point, Polygon

from geo import tiles
from geo.errors import GeoError
from geo.estate import put_camera
from geo.models import Area, ImportRun, MapFeature, Place, Road
from geo.roads.importer import import_roads
from tests.geo.town import CENTRE, NOON, plain_camera

Town = dict[str, Area]
Features = dict[str, list[dict[str, Any]]]
Read = Callable[[bytes], Features]


def tile_at(point: tuple[float, float], z: int) -> tuple[int, int, int]:
    """Return z, x, y of the tile that holds a lon/lat point."""
    width = 2**z
    x = int((point[0] + 180) / 360 * width)
    y = int((1 - math.asinh(math.tan(math.radians(point[1]))) / math.pi) / 2 * width)
    return z, x, y


def shown(layer: Layer) -> Iterator[Feature]:
    """Yield the features inside the tile: GDAL counts those of the buffer too, but does not give them."""
    rows = iter(layer)
    with contextlib.suppress(GDALException, StopIteration):
        while True:
            yield next(rows)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a reader of tile bytes: layer → features as dicts of their properties."""

    def reader(content: bytes) -> Features:
        path = tmp_path / "tile.mvt"
        path.write_bytes(content)
        if not content:
            return {}
        source = DataSource(str(path))
        return {
            layer.name: [{name: row.get(name) for name in layer.fields} for row in shown(layer)] for layer in source
        }

    return reader


@pytest.fixture
def drawn(db: None) -> ImportRun:
    """A street, a tunnel, a footpath, a park and a numbered house at the centre of the town."""
    run = ImportRun.objects.create(kind="roads", file_name="drawn", started_at=NOON, state="done")
    lon, lat = CENTRE
    for number, (highway, name, tunnel) in enumerate(
        [("primary", "Balmaceda", False), ("primary", "", True), ("footway", "", False)]
    ):
        line = LineString((lon - 0.01, lat + number / 1e4), (lon + 0.01, lat + number / 1e4))
        chinese = "巴尔马塞达" if name else ""
        Road.objects.create(
            source_key=str(number), highway=highway, name=name, name_zh=chinese, tunnel=tunnel, geometry=line, run=run
        )
    ring = Polygon.from_bbox((lon, lat, lon + 0.004, lat + 0.004))
    MapFeature.objects.create(source_key="p", kind="park", name="Plaza", geometry=ring, run=run)
    MapFeature.objects.create(source_key="b", kind="building", geometry=ring, run=run)
    Place.objects.create(source_key="h", kind="address", house_number="12-B", point=Point(lon, lat), run=run)
    Place.objects.create(
        source_key="c", kind="place", name="La Serena", name_zh="拉塞雷纳", point=Point(lon, lat), run=run
    )
    return run


def test_base_layers_and_their_properties(drawn: ImportRun, read: Read) -> None:
    layers = read(tiles.base_tile(*tile_at(CENTRE, 14)))
    assert set(layers) == {"road", "park", "build", "place"}
    named = layers["road"][0]
    assert (named["h"], named["name"], named["name_zh"]) == ("primary", "Balmaceda", "巴尔马塞达")
    assert [road["tunnel"] or 0 for road in layers["road"]] == [0, 1, 0]
    assert {(place["k"], place["name"]) for place in layers["place"]} == {("place", "La Serena"), ("park", "Plaza")}
    assert read(tiles.base_tile(*tile_at(CENTRE, 17)))["house"][0]["n"] == "12-B"


def test_far_out_only_what_can_be_seen(drawn: ImportRun, read: Read) -> None:
    far = read(tiles.base_tile(*tile_at(CENTRE, 10)))
    assert {road["h"] for road in far["road"]} == {"primary"}
    assert "build" not in far
    assert "name" not in far["road"][0]
    assert tiles.base_tile(*tile_at((100, 60), 14)) == b""


def test_version_follows_imports(drawn: ImportRun) -> None:
    assert tiles.base_version() == str(drawn.pk)
    ImportRun.objects.create(kind="roads", file_name="x", started_at=NOON, state="failed")
    assert tiles.base_version() == str(drawn.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("address", [(-1, 0, 0), (19, 0, 0), (3, 8, 0), (3, 0, -1), (0, 0, 1)])
def test_bad_addresses_are_refused(address: tuple[int, int, int]) -> None:
    with pytest.raises(GeoError) as caught:
        tiles.base_tile(*address)
    assert caught.value.code == "tile_out_of_range"
    with pytest.raises(GeoError):
        tiles.camera_tile(*address, area_ids=[1], ground_area_ids=[])


def test_real_city_tile_is_valid_at_every_zoom(db: None, read: Read, real_data: Path) -> None:
    import_roads(real_data / "roads" / "sf-downtown.osm.pbf")
    here = (-122.41, 37.785)
    for zoom in range(19):
        content = tiles.base_tile(*tile_at(here, zoom))
        assert len(content) < 250_000
        layers = read(content)
        assert ("road" in layers) or zoom < 6 or zoom == 18
    assert {"road", "build", "place", "house"} <= set(read(tiles.base_tile(*tile_at(here, 17))))


@pytest.fixture
def cameras(town: Town) -> Town:
    """Three cameras in the west, one just over the border, one beyond the band; the first with a sector."""
    lon, lat = CENTRE
    put_camera(
        code="W1", area=town["west_1"], point=(lon - 0.001, lat), at=NOON, name="W1", kind="ptz", grade="key",
        heading_deg=90, status="online",
    )  # fmt: skip
    rows = [("W2", "west_1", -0.002), ("W3", "west_1", -0.003), ("E1", "east_1", 0.004), ("E2", "east_1", 0.018)]
    for code, area, east in rows:
        plain_camera(town[area], code, lon + east, lat).save()
    return town


def test_points_carry_what_the_map_needs(cameras: Town, read: Read) -> None:
    everything = [area.pk for area in cameras.values()]
    layers = read(
        tiles.camera_tile(*tile_at((CENTRE[0] - 0.001, CENTRE[1]), 15), area_ids=everything, ground_area_ids=[])
    )
    found = {row["code"]: row for row in layers["cameras"]}
    assert {"W1", "W2", "W3"} <= set(found)
    assert (found["W1"]["kind"], found["W1"]["grade"], found["W1"]["heading_deg"]) == ("ptz", "key", 90)
    assert len(found["W1"]["uid"]) == 36
    assert [row["uid"] for row in layers["sector"]] == [found["W1"]["uid"]]
    assert not {"url", "credentials", "owner"} & set(found["W1"])


def total(layers: Features) -> int:
    return sum(row["count"] for row in layers.get("cameras", []))


@pytest.mark.parametrize("zoom", [0, 3, 6, 10, 12])
def test_counts_are_counted_within_the_scope(cameras: Town, read: Read, zoom: int) -> None:
    address = tile_at((CENTRE[0] - 0.001, CENTRE[1]), zoom)
    west, every = [cameras["west_1"].pk], [area.pk for area in cameras.values()]
    assert total(read(tiles.camera_tile(*address, area_ids=west, ground_area_ids=[]))) == 3
    assert total(read(tiles.camera_tile(*address, area_ids=west, ground_area_ids=west))) == 4
    assert total(read(tiles.camera_tile(*address, area_ids=every, ground_area_ids=[]))) == 5
    assert tiles.camera_tile(*address, area_ids=[], ground_area_ids=[]) == b""


def test_neighbour_sees_points_on_his_ground_and_band_only(cameras: Town, read: Read) -> None:
    west = [cameras["west_1"].pk]
    address = tile_at((CENTRE[0] + 0.004, CENTRE[1]), 13)
    near = read(tiles.camera_tile(*address, area_ids=[], ground_area_ids=west))
    codes = {row["code"] for row in near["cameras"]}
    assert "E1" in codes
    assert "E2" not in codes
