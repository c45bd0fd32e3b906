"""Pictures of the ground from a real HTTP server: placed right, only from where it is allowed, and never with its secrets."""

import io
import json
import logging
import math
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from PIL import Image

from dispatch import pictures
from dispatch.checks import map_layers
from geo.crs import from_wgs84
from geo.tiles.shifted import error_m, place
from tests.dispatch.town import Town

TOKEN = "s3cr3t-t0ken"
BEIJING = (116.391, 39.907)
Asked = list[tuple[str, dict[str, str]]]


def tile_at(point: tuple[float, float], z: int) -> tuple[int, int]:
    """Return x, y of the tile that holds a lon/lat point."""
    x, y = pixel(point, z)
    return int(x // 256), int(y // 256)


def pixel(point: tuple[float, float], z: int) -> tuple[float, float]:
    """Return a lon/lat point's place on the whole map, in pixels of tiles of 256."""
    side = 256 * 2**z
    lat = math.asinh(math.tan(math.radians(point[1])))
    return (point[0] + 180) / 360 * side, (1 - lat / math.pi) / 2 * side


def png(side: int = 256, form: str = "PNG") -> bytes:
    """Return a picture whose red is the column and whose green is the row of each pixel."""
    picture = Image.new("RGB", (side, side))
    picture.putdata([(column % 256, row % 256, 40) for row in range(side) for column in range(side)])
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()


TILE = png()


class Tiles(BaseHTTPRequestHandler):
    """Answers by the first word of the path."""

    def do_GET(self) -> None:
        """Answer as asked."""
        self.server.asked.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        kind = self.path.split("/")[1]
        answers: dict[str, tuple[int, str, bytes]] = {
            "good": (200, "image/png", TILE), "none": (404, "text/html", b"no"), "broken": (500, "text/html", b"no"),
            "html": (200, "text/html", b"<script>"), "liar": (200, "image/png", b"<script>alert(1)</script>"),
            "big": (200, "image/png", TILE + bytes(pictures.BIGGEST_BYTES)), "small": (200, "image/png", png(64)),
            "cut": (200, "image/png", TILE[:200]), "gif": (200, "image/gif", png(256, "GIF")),
        }  # fmt: skip
        if kind == "away":
            self.send_response(302)
            self.send_header("Location", "/good/0/0/0")
            self.end_headers()
            return
        status, media, body = answers.get(kind, answers["good"])
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if kind == "drip":
            time.sleep(3)
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def asked() -> Asked:
    """What the server was asked: path and headers."""
    return []


@pytest.fixture
def port(asked: Asked) -> Iterator[int]:
    """A tile server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    server.asked = asked  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Forget the tiles and the failures of other tests."""
    pictures._kept.clear()
    pictures._resting.clear()


@pytest.fixture
def configured(settings: Any, tmp_path: Path, port: int) -> Callable[..., None]:
    """Return a function that writes the file of layers: key → fields, the address relative to the server."""
    settings.MAP_LAYERS_FILE, settings.MAP_NETWORKS = tmp_path / "layers.json", [f"127.0.0.1:{port}"]
    settings.MAP_FETCH_TIMEOUT_S = 30  # a busy machine is no silent source

    def write(**given: Any) -> None:
        rows = []
        for key, more in given.items():
            kind = more.pop("kind", "good")
            address = f"http://127.0.0.1:{port}/{kind}/{{z}}/{{x}}/{{y}}.png?token={TOKEN}"
            rows.append({"key": key, "name": key, "url": address, **more})
        settings.MAP_LAYERS_FILE.write_text(json.dumps({"layers": rows}))

    return write


def fetch(town: Town, path: str, name: str = "desk", **headers: str) -> Any:
    """GET a tile of a picture."""
    return town.page(name).get(f"/api/v1/tiles/picture/{path}", headers=headers)


def test_a_layer_in_our_datum_comes_as_it_is(town: Town, configured: Callable[..., None], asked: Asked) -> None:
    configured(aerial={"name_zh": "航片", "attribution": "Survey 2025"})
    answer = fetch(town, "aerial/14/3/7")
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (200, TILE, "image/png")
    assert answer.headers["Cache-Control"].startswith("private")
    assert asked[0][0] == f"/good/14/3/7.png?token={TOKEN}"
    assert fetch(town, "aerial/14/3/7", If_None_Match=answer.headers["ETag"]).status_code == 304
    assert len(asked) == 1
    assert [(row.key, row.name.zh) for row in pictures.layers()] == [("aerial", "航片")]


def test_rows_from_the_south_and_a_login_of_its_own(
    town: Town, configured: Callable[..., None], asked: Asked, port: int
) -> None:
    configured(tms={"url": f"http://surveyor:pa%3Ass@127.0.0.1:{port}/good/{{z}}/{{x}}/{{-y}}.png"})
    assert fetch(town, "tms/4/3/5").status_code == 200
    path, headers = asked[0]
    assert path == "/good/4/3/10.png"
    assert headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize("z", [10, 14, 17])
def test_a_shifted_layer_lies_where_it_belongs(town: Town, configured: Callable[..., None], datum: str, z: int) -> None:
    """Each of its pixels says where it was: ours at a place must be theirs at that place in the other datum."""
    configured(shifted={"datum": datum})
    x, y = tile_at(BEIJING, z)
    picture = Image.open(io.BytesIO(fetch(town, f"shifted/{z}/{x}/{y}").content)).convert("RGB")
    own = pixel(BEIJING, z)
    theirs = pixel(from_wgs84(*BEIJING, datum), z)
    for east, south in ((0, 0), (20, -13), (-31, 17)):
        spot = int(own[0] + east) - x * 256, int(own[1] + south) - y * 256
        if not (0 <= spot[0] < 256 and 0 <= spot[1] < 256):
            continue
        found = picture.getpixel(spot)
        assert isinstance(found, tuple)
        for axis, shift in ((0, east), (1, south)):
            wanted = (theirs[axis] + shift) % 256
            off = min(abs(found[axis] - wanted), 256 - abs(found[axis] - wanted))
            assert off < 4 or not 24 < wanted < 232  # where two tiles meet, red and green leap, and JPEG rings


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize("point", [BEIJING, (121.47, 31.23), (87.6, 43.8)])
def test_what_is_interpolated_is_well_under_a_pixel(datum: str, point: tuple[float, float]) -> None:
    for z in (8, 10, 12, 14, 15, 16, 18):
        pixel_m = 156_543 / 2**z * math.cos(math.radians(point[1]))
        assert error_m(z, *tile_at(point, z), datum) < pixel_m / 4
    assert error_m(16, *tile_at(point, 16), datum) < 0.15


def test_neighbours_share_what_was_fetched(town: Town, configured: Callable[..., None], asked: Asked) -> None:
    configured(shifted={"datum": "gcj02"})
    x, y = tile_at(BEIJING, 15)
    assert len(place(15, x, y, "gcj02", 256).tiles) == 4
    fetch(town, f"shifted/15/{x}/{y}")
    fetch(town, f"shifted/15/{x + 1}/{y}")
    assert len(asked) == 6
    assert len({path for path, _ in asked}) == 6


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("broken", "map_layer_refused"), ("html", "map_layer_refused"), ("liar", "map_layer_refused"),
        ("big", "map_layer_refused"), ("small", "map_layer_refused"), ("cut", "map_layer_refused"),
        ("gif", "map_layer_refused"), ("away", "map_layer_refused"), ("drip", "map_layer_silent"),
    ],
)  # fmt: skip
def test_what_is_no_tile_is_refused_in_one_code(
    town: Town, configured: Callable[..., None], asked: Asked, settings: Any, caplog: Any, kind: str, code: str
) -> None:
    settings.MAP_FETCH_TIMEOUT_S = 1 if kind == "drip" else 30
    caplog.set_level(logging.DEBUG)
    configured(odd={"kind": kind})
    answer = fetch(town, "odd/3/1/1")
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, code)
    assert len(asked) == 1  # a redirect is not followed
    assert TOKEN not in answer.content.decode()
    assert TOKEN not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("dispatch"))
    assert TOKEN not in repr(pictures.layers())


def test_a_layer_may_have_holes(town: Town, configured: Callable[..., None]) -> None:
    configured(holes={"kind": "none"}, shifted={"kind": "none", "datum": "bd09"})
    for key in ("holes", "shifted"):
        answer = fetch(town, f"{key}/12/3372/1551")
        assert (answer.status_code, answer.content) == (204, b"")


def test_only_the_allowed_addresses_are_asked(
    town: Town, configured: Callable[..., None], asked: Asked, settings: Any, port: int
) -> None:
    configured(aerial={})
    for networks in ([], ["10.0.0.0/8:80"], [f"127.0.0.1:{port + 1}"], [f"127.0.0.0/8:{port}"]):
        settings.MAP_NETWORKS = networks
        assert fetch(town, "aerial/3/1/1").json()["error"]["code"] == "map_layer_blocked"
    settings.CAMERA_NETWORKS = [f"127.0.0.1:{port}"]  # cameras and map are two lists
    assert fetch(town, "aerial/3/1/1").json()["error"]["code"] == "map_layer_blocked"
    assert asked == []


def test_a_server_that_is_down_holds_nobody_up(town: Town, configured: Callable[..., None], settings: Any) -> None:
    settings.MAP_NETWORKS = ["127.0.0.1:9"]
    configured(gone={"url": "http://127.0.0.1:9/{z}/{x}/{y}"})
    assert fetch(town, "gone/3/1/1").json()["error"]["code"] == "map_layer_silent"
    begun = time.monotonic()
    for x in range(8):
        error = fetch(town, f"gone/3/{x}/1").json()["error"]
        assert (error["code"], error["facts"]["why"]) == ("map_layer_silent", "resting")
    assert time.monotonic() - begun < 2


def test_no_such_layer_and_no_such_tile(town: Town, configured: Callable[..., None], asked: Asked) -> None:
    configured(aerial={"min_zoom": 5, "max_zoom": 9})
    assert fetch(town, "other/5/1/1").status_code == 404
    for path in ("aerial/4/1/1", "aerial/10/1/1", "aerial/5/32/1", f"aerial/5/1/{10**30}"):
        assert fetch(town, path).json()["error"]["code"] == "bad_input"
    assert asked == []


def test_it_is_for_whoever_has_a_role(town: Town, configured: Callable[..., None], asked: Asked, client: Any) -> None:
    configured(aerial={})
    assert fetch(town, "aerial/3/1/1", name="nobody").status_code == 403
    assert client.get("/api/v1/tiles/picture/aerial/3/1/1").status_code == 401
    assert asked == []
    assert fetch(town, "aerial/3/1/1", name="officer").status_code == 200


def test_a_browser_is_told_of_layers_without_their_addresses(town: Town, configured: Callable[..., None]) -> None:
    from dispatch.queries.ground import find_ground

    configured(aerial={"name_en": "Aerial", "attribution": "Survey"})
    told = find_ground(town.viewer("desk"))["pictures"]
    assert told == [{
        "key": "aerial", "name": {"name": "aerial", "zh": "", "en": "Aerial"}, "min_zoom": 0, "max_zoom": 18,
        "tile_px": 256, "attribution": "Survey",
    }]  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        [{"key": "A B", "name": "x", "url": f"http://h/{{z}}/{{x}}/{{y}}?t={TOKEN}"}],
        [{"key": "a", "name": "x", "url": f"file:///{{z}}/{{x}}/{{y}}?t={TOKEN}"}],
        [{"key": "a", "name": "x", "url": f"http://h/{{z}}/{{x}}?t={TOKEN}"}],
        [{"key": "a", "name": "x", "url": f"http://h/{{z}}/{{x}}/{{y}}?t={TOKEN}", "datum": "mars"}],
        [{"key": "a", "name": "x", "url": f"http://h/{{z}}/{{x}}/{{y}}?t={TOKEN}", "tile_px": 300}],
        [{"key": "a", "name": "x", "url": f"http://h/{{z}}/{{x}}/{{y}}?t={TOKEN}", "max_zoom": "deep"}],
        [{"key": "a", "name": "x"}], ["text"],
    ],
)  # fmt: skip
def test_a_wrong_file_is_said_at_the_start_without_its_secrets(settings: Any, tmp_path: Path, rows: Any) -> None:
    settings.MAP_LAYERS_FILE = tmp_path / "layers.json"
    good = {"key": "good", "name": "x", "url": "http://h/{z}/{x}/{y}"}
    settings.MAP_LAYERS_FILE.write_text(json.dumps({"layers": [*rows, good]}))
    assert [layer.key for layer in pictures.layers()] == ["good"]
    (warning,) = map_layers(None)
    assert "layer 1" in warning.msg
    assert TOKEN not in warning.msg


def test_a_file_that_is_none(settings: Any, tmp_path: Path) -> None:
    settings.MAP_LAYERS_FILE = tmp_path / "layers.json"
    assert (pictures.layers(), map_layers(None)) == ((), [])
    settings.MAP_LAYERS_FILE.write_text("[")
    assert pictures.layers() == ()
    assert len(map_layers(None)) == 1
    settings.MAP_NETWORKS = ["nonsense"]
    assert {message.id for message in map_layers(None)} == {"nearcast.E003", "nearcast.W002"}
