"""Tiles, read back by GDAL's own MVT driver: layers, properties, zooms, sizes and bad addresses."""

from pathlib import Path

import pytest
from django.contrib.gis.geos import LineString, Point, Polygon

from geo.errors import GeoError
from geo.models import ImportRun, MapFeature, Place, Road
from geo.roads.importer import import_roads
from geo.tiles import base, changes
from tests.geo.reading import Read, tile_at
from tests.geo.town import CENTRE, NOON


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
    layers = read(base.base_tile(*tile_at(CENTRE, 14)))
    assert set(layers) == {"road", "park", "build", "place"}
    named = next(road for road in layers["road"] if road["name"])
    assert (named["h"], named["name"], named["name_zh"]) == ("primary", "Balmaceda", "巴尔马塞达")
    assert sorted(road["tunnel"] or 0 for road in layers["road"]) == [0, 1]
    close = read(base.base_tile(*tile_at(CENTRE, 15)))
    assert {road["h"] for road in close["road"]} == {"primary", "footway"}
    assert {(place["k"], place["name"]) for place in layers["place"]} == {("place", "La Serena"), ("park", "Plaza")}
    assert read(base.base_tile(*tile_at(CENTRE, 17)))["house"][0]["n"] == "12-B"


def test_far_out_only_what_can_be_seen(drawn: ImportRun, read: Read) -> None:
    far = read(base.base_tile(*tile_at(CENTRE, 10)))
    assert {road["h"] for road in far["road"]} == {"primary"}
    assert "build" not in far
    assert "name" not in far["road"][0]
    assert base.base_tile(*tile_at((100, 60), 14)) == b""


def test_version_follows_imports(drawn: ImportRun) -> None:
    before = changes.base_version()
    failed = ImportRun.objects.create(kind="roads", file_name="x", started_at=NOON, state="failed")
    assert changes.base_version() == before
    failed.state = "done"
    failed.save()
    assert changes.base_version() != before
    failed.state = "undone"
    failed.save()
    assert changes.base_version() != before  # what stood in the way of taking it back has stayed


@pytest.mark.django_db
@pytest.mark.parametrize("address", [(-1, 0, 0), (19, 0, 0), (3, 8, 0), (3, 0, -1), (0, 0, 1)])
def test_bad_addresses_are_refused(address: tuple[int, int, int]) -> None:
    with pytest.raises(GeoError) as caught:
        base.base_tile(*address)
    assert caught.value.code == "tile_out_of_range"


def test_real_city_tile_is_valid_at_every_zoom(db: None, read: Read, real_data: Path) -> None:
    import_roads(real_data / "roads" / "sf-downtown.osm.pbf")
    here = (-122.41, 37.785)
    for zoom in range(19):
        content = base.base_tile(*tile_at(here, zoom))
        assert len(content) < 100_000
        layers = read(content)
        assert ("road" in layers) or zoom < 6 or zoom == 18
    assert {"road", "build", "place", "poi", "house"} <= set(read(base.base_tile(*tile_at(here, 17))))


def road(key: str, run: ImportRun, *ends: tuple[float, float], **more: object) -> Road:
    """Make one stretch of a street."""
    return Road.objects.create(source_key=key, highway="residential", geometry=LineString(*ends), run=run, **more)


def test_one_street_is_one_shape_and_one_ways_keep_their_direction(drawn: ImportRun, read: Read) -> None:
    lon, lat = CENTRE
    here, mid, there = (lon - 0.002, lat - 0.002), (lon - 0.001, lat - 0.002), (lon, lat - 0.002)
    road("a", drawn, here, mid, name="Long Street")
    road("b", drawn, there, mid, name="Long Street")
    road("c", drawn, here, mid, name="Single", oneway=-1)
    road("d", drawn, mid, there, name="Single", bridge=True, layer=1)
    rows = read(base.base_tile(*tile_at(mid, 15)))["road"]
    assert len([row for row in rows if row["name"] == "Long Street"]) == 1
    single = {row["bridge"] or 0: row for row in rows if row["name"] == "Single"}
    assert (single[0]["ow"], single[1]["ow"], single[1]["lvl"]) == (1, None, 1)
    assert {"ow", "bridge", "lvl"} <= set(rows[0])
    assert all(row["ow"] is None for row in read(base.base_tile(*tile_at(mid, 14)))["road"] if "ow" in row)


def test_numbers_of_main_roads_and_the_first_of_several_names(drawn: ImportRun, read: Read) -> None:
    lon, lat = CENTRE
    far, here, there = (lon - 0.01, lat - 0.003), (lon - 0.002, lat - 0.003), (lon, lat - 0.003)
    way = road("m", drawn, far, here, name="West Innerbelt; Long Freeway", ref="I 70;I 71; US 23")
    Road.objects.filter(pk=way.pk).update(highway="motorway")
    road("s", drawn, here, there, name="Side Street", ref="R-7")

    def on(zoom: int) -> list[tuple[object, object]]:
        rows = read(base.base_tile(*tile_at(here, zoom)))["road"]
        return sorted(
            (row.get("name") or "", row.get("ref") or "") for row in rows if row["h"] in {"motorway", "residential"}
        )

    assert on(15) == [("Side Street", ""), ("West Innerbelt", "I 70 · I 71")]
    assert on(12) == [("", ""), ("West Innerbelt", "I 70 · I 71")], "a street's name comes with the zoom that writes it"
    assert on(10) == [("", "I 70 · I 71")]
    assert on(8) == [("", "")]


def test_places_by_importance_and_what_a_caller_reads_off_a_wall(drawn: ImportRun, read: Read) -> None:
    lon, lat = CENTRE

    def put(key: str, kind: str, detail: str = "", name: str = "", number: str = "") -> None:
        Place.objects.create(
            source_key=key, kind=kind, detail=detail, name=name, house_number=number, point=Point(lon, lat), run=drawn
        )

    put("t", "place", "town", "Ovalle")
    put("n", "place", "neighbourhood", "El Llano")
    put("p", "poi", "amenity=police", "Tercera Comisaría")
    put("k", "poi", "shop=kiosk", "Kiosko")
    put("pole", "pole", name="D-0417")
    put("gate", "gate", name="Portón 2")
    far, close = read(base.base_tile(*tile_at(CENTRE, 9))), read(base.base_tile(*tile_at(CENTRE, 17)))
    assert {place["name"]: place["r"] for place in far["place"]} == {"Ovalle": 1}
    ranks = {place["name"]: place["r"] for place in close["place"] if place["k"] == "place"}
    assert ranks["Ovalle"] < ranks["El Llano"]
    assert [poi["c"] for poi in close["poi"]] == ["police", "other"]
    assert [poi["c"] for poi in read(base.base_tile(*tile_at(CENTRE, 15)))["poi"]] == ["police"]
    assert {(house["k"], house["n"]) for house in close["house"]} == {
        ("address", "12-B"), ("pole", "D-0417"), ("gate", "Portón 2"),
    }  # fmt: skip
    assert {house["k"] for house in read(base.base_tile(*tile_at(CENTRE, 16)))["house"]} == {"gate"}


def test_one_name_of_quarter_square_and_park_is_written_once_until_there_is_room(drawn: ImportRun, read: Read) -> None:
    lon, lat = CENTRE
    for key, detail in (("q", "quarter"), ("s", "square")):
        Place.objects.create(
            source_key=key, kind="place", detail=detail, name="Plaza", point=Point(lon, lat), run=drawn
        )

    def plazas(zoom: int) -> list[tuple[str, str | None]]:
        rows = read(base.base_tile(*tile_at((lon + 0.0005, lat + 0.0005), zoom)))["place"]
        return sorted((row["k"], row["d"]) for row in rows if row["name"] == "Plaza")

    assert plazas(15) == [("place", "quarter")]
    assert {("place", "quarter"), ("place", "square")} <= set(plazas(16))


def test_specks_are_left_out_far_and_drawn_close(drawn: ImportRun, read: Read) -> None:
    lon, lat = CENTRE
    ring = Polygon.from_bbox((lon + 0.001, lat + 0.001, lon + 0.00105, lat + 0.00105))
    MapFeature.objects.create(source_key="shed", kind="building", name="Kiosk", geometry=ring, run=drawn)
    assert len(read(base.base_tile(*tile_at((lon + 0.001, lat + 0.001), 14)))["build"]) == 1
    close = read(base.base_tile(*tile_at((lon + 0.001, lat + 0.001), 17)))
    assert len(close["build"]) == 2
    assert ("building", "Kiosk") in {(place["k"], place["name"]) for place in close["place"]}
