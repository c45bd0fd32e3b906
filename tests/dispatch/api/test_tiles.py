"""Tiles: the base map for whoever has a role, cameras of one's own scope only."""

import math
from datetime import UTC, datetime
from typing import Any

import pytest

from dispatch.queries.cameras import camera_scope
from geo.estate import put_camera
from geo.models import Camera, ImportRun, Road, TileChange
from geo.tiles.cameras import camera_tile
from geo.tiles.changes import CAMERAS, camera_version, status_version
from geo.tiles.kept import ENTRY_BYTES, KEPT, Kept
from tests.dispatch.town import DEEP_EAST, FAR, WEST, Town

AT = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


def tile(at: tuple[float, float], z: int) -> str:
    """Return z/x/y of the tile that holds a lon/lat point."""
    x = (at[0] + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(math.radians(at[1]))) / math.pi) / 2 * 2**z
    return f"{z}/{int(x)}/{int(y)}"


def camera(town: Town, code: str, centre: str, at: tuple[float, float]) -> None:
    """Put up a camera."""
    area = town.centres[centre].area
    put_camera(code=code, area=area, point=at, at=AT, name=code, kind="fixed", consent="granted", heading_deg=90.0)


@pytest.fixture
def cameras(town: Town) -> Town:
    """One camera in the west, one deep in the east, one far away."""
    camera(town, "CAM-W", "S1", WEST)
    camera(town, "CAM-E", "S2", DEEP_EAST)
    camera(town, "CAM-F", "FAR", FAR)
    return town


def read(town: Town, name: str, path: str, **headers: str) -> Any:
    """GET a tile."""
    return town.page(name).get(f"/api/v1/tiles/{path}", headers=headers)


def test_points_follow_the_viewers_scope(cameras: Town) -> None:
    west, east = f"cameras/{tile(WEST, 17)}", f"cameras/{tile(DEEP_EAST, 17)}"
    assert b"CAM-W" in read(cameras, "desk", west).content
    assert b"CAM-E" not in read(cameras, "desk", east).content
    assert b"CAM-E" in read(cameras, "neighbour", east).content
    assert b"CAM-W" not in read(cameras, "far", west).content
    assert b"CAM-W" in read(cameras, "chief", west).content
    assert read(cameras, "officer", west).content == b""


def test_counts_are_of_the_same_scope(cameras: Town) -> None:
    z, x, y = (int(part) for part in tile(WEST, 10).split("/"))
    areas, ground = camera_scope(cameras.viewer("far"))
    assert camera_tile(z, x, y, area_ids=areas, ground_area_ids=ground) == b""
    answer = read(cameras, "chief", f"cameras/{tile(WEST, 10)}")
    assert b"count" in answer.content
    assert b"CAM-W" not in answer.content


def test_caching_is_private_and_told_by_etag(cameras: Town) -> None:
    path = f"cameras/{tile(WEST, 14)}"
    first = read(cameras, "desk", path)
    assert first.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert first.headers["Cache-Control"].startswith("private, max-age=")
    again = read(cameras, "desk", path, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert read(cameras, "officer", path).headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("said", ["W/{}", '{}, "other"', '"other", W/{}'])
def test_a_tag_that_the_proxy_weakened_is_known_again(cameras: Town, said: str) -> None:
    """Packing a tile makes nginx weaken its tag; a browser sends it back so."""
    path = f"cameras/{tile(WEST, 14)}"
    tag = read(cameras, "desk", path).headers["ETag"]
    assert read(cameras, "desk", path, If_None_Match=said.format(tag)).status_code == 304
    others = read(cameras, "far", path).headers["ETag"]
    assert read(cameras, "desk", path, If_None_Match=said.format(others)).status_code == 200
    assert read(cameras, "desk", path, If_None_Match="*").status_code == 200


def test_a_late_change_that_clears_away_an_old_one_is_another_version(db: None) -> None:
    """Of two changes at once the first begun may be committed last, and clear away as many rows as it brings."""
    old = TileChange.objects.create(layer=CAMERAS)
    late, last = old.pk + 1, old.pk + 2
    TileChange.objects.create(pk=last, layer=CAMERAS)
    before = camera_version(), status_version()
    TileChange.objects.create(pk=late, layer=CAMERAS)
    old.delete()
    after = camera_version(), status_version()
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_base_map_changes_with_an_import(town: Town) -> None:
    path = f"base/{tile(WEST, 14)}"
    empty = read(town, "officer", path)
    assert empty.content == b""
    run = ImportRun.objects.create(kind="roads", file_name="x", started_at=AT, state="done")
    line = f"SRID=4326;LINESTRING({WEST[0] - 0.002} {WEST[1]}, {WEST[0] + 0.002} {WEST[1]})"
    Road.objects.create(source_key="1", name="Calle Larga", highway="residential", geometry=line, run=run)
    drawn = read(town, "officer", path, If_None_Match=empty.headers["ETag"])
    assert drawn.status_code == 200
    assert b"Calle Larga" in drawn.content
    assert b"residential" in drawn.content
    assert read(town, "officer", path, If_None_Match=drawn.headers["ETag"]).status_code == 304


def test_a_kept_tile_is_never_anothers(cameras: Town) -> None:
    """Everybody asks for the same tiles one after another, twice: the second round, out of memory, is like the first."""
    paths = [
        f"{layer}/{tile(at, z)}" for layer in ("cameras", "dead") for at in (WEST, DEEP_EAST, FAR) for z in (10, 14, 17)
    ]
    Camera.objects.update(status="offline")
    names = ("desk", "neighbour", "far", "chief", "officer")
    alone = {}
    for name in names:
        KEPT.clear()
        alone[name] = [read(cameras, name, path).content for path in paths]
    KEPT.clear()
    for _ in range(2):
        assert {name: [read(cameras, name, path).content for path in paths] for name in names} == alone
    assert not any(alone["officer"])
    assert alone["desk"] != alone["neighbour"]
    assert alone["chief"] not in (alone["desk"], alone["neighbour"], alone["far"])


def test_a_tile_is_drawn_once_for_all_of_one_centre(cameras: Town) -> None:
    path = f"cameras/{tile(WEST, 14)}"
    first = read(cameras, "desk", path)
    held = KEPT.held_bytes
    assert read(cameras, "desk", path).content == first.content
    assert KEPT.held_bytes == held


def test_a_dead_camera_leaves_the_other_tiles_as_they_are(cameras: Town) -> None:
    places, dead = f"cameras/{tile(WEST, 14)}", f"dead/{tile(WEST, 14)}"
    before, none = read(cameras, "desk", places), read(cameras, "desk", dead)
    assert none.content == b""
    camera = Camera.objects.get(code="CAM-W")
    put_camera(code=camera.code, area=camera.area, point=WEST, at=AT, camera=camera, status="offline")
    assert read(cameras, "desk", places, If_None_Match=before.headers["ETag"]).status_code == 304
    marked = read(cameras, "desk", dead, If_None_Match=none.headers["ETag"])
    assert marked.status_code == 200
    assert marked.content
    assert read(cameras, "far", dead).content == b""


def test_a_moved_camera_is_seen_where_it_is(cameras: Town) -> None:
    path = f"cameras/{tile(WEST, 17)}"
    before = read(cameras, "desk", path)
    camera = Camera.objects.get(code="CAM-W")
    put_camera(code=camera.code, area=camera.area, point=(WEST[0] - 0.01, WEST[1]), at=AT, camera=camera)
    after = read(cameras, "desk", path, If_None_Match=before.headers["ETag"])
    assert (after.status_code, b"CAM-W" in after.content) == (200, False)


def test_memory_is_bounded_and_forgets_what_was_not_asked_for() -> None:
    kept, drawn = Kept(limit_bytes=10 * (100 + ENTRY_BYTES)), []

    def draw(key: int) -> bytes:
        drawn.append(key)
        return bytes(100)

    for key in [*range(10), 0, 10]:
        kept.get_or_draw(key, lambda key=key: draw(key))  # type: ignore[misc]
    assert kept.held_bytes <= kept.limit_bytes
    kept.get_or_draw(0, lambda: draw(0))
    assert drawn == list(range(11))
    kept.get_or_draw(1, lambda: draw(1))
    assert drawn[-1] == 1
    with pytest.raises(ZeroDivisionError):
        kept.get_or_draw("fails", lambda: bytes(1 // 0))
    assert kept.get_or_draw("fails", lambda: b"now") == b"now"


@pytest.mark.parametrize(
    "path", ["dead/3/8/0", "base/19/0/0", "base/3/8/0", "cameras/3/0/8", f"cameras/{10**30}/0/0", f"base/2/{10**30}/0"]
)
def test_tiles_that_are_none(town: Town, path: str) -> None:
    answer = read(town, "desk", path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_input")


@pytest.mark.parametrize("z", [0, 1, 4, 9, 12, 18])
def test_every_zoom_draws(cameras: Town, z: int) -> None:
    for layer in ("base", "cameras", "dead"):
        assert read(cameras, "chief", f"{layer}/{tile(WEST, z)}").status_code == 200


def test_map_is_not_for_strangers_nor_people_without_a_role(town: Town) -> None:
    assert read(town, "nobody", "base/0/0/0").status_code == 403
    assert read(town, "nobody", "cameras/0/0/0").status_code == 403
    assert read(town, "nobody", "dead/0/0/0").status_code == 403
    assert read(town, "admin", "base/0/0/0").status_code == 200
