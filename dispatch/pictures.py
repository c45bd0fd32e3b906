"""Pictures of the ground from the deployer's own network: which layers there are, and one tile of one, in our datum.

The deployer names the layers in a file that only the instance's user can read. Their addresses may hold tokens, so they
never leave the server: a browser asks our origin, and our origin asks only the addresses of MAP_NETWORKS.
"""

import asyncio
import hashlib
import io
import json
import re
import time
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx
from django.conf import settings
from PIL import Image, UnidentifiedImageError

from dispatch import stills
from dispatch.cards import Words, to_builtins
from dispatch.errors import DispatchError
from geo.tiles.kept import Kept
from geo.tiles.shifted import Tile, compose, place

KEY = re.compile(r"[a-z0-9_-]{1,40}")
DATUMS = ("wgs84", "gcj02", "bd09")
SIDES = (256, 512)
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
MOST_LAYERS, BIGGEST_BYTES, DEEPEST = 20, 1_500_000, 20
KEPT_S, REST_S = 3600, 10.0
MOST_AT_ONCE, WAIT_S = 8, 2.0
EMPTY = b""

_kept = Kept(48_000_000)
_doors = BoundedSemaphore(MOST_AT_ONCE)
# Layer → until when its server is left alone (monotonic seconds): one that is down must not hold every desk's threads.
_resting: dict[str, float] = {}


@dataclass(frozen=True)
class Layer:
    """One layer. `address` has {z} {x} {y} or {-y} and is a secret, as `login` is; `grid` fits Web Mercator in `datum`."""

    key: str
    name: Words
    address: str = field(repr=False)
    login: str = field(repr=False)
    datum: str
    min_zoom: int
    max_zoom: int
    tile_px: int
    attribution: str

    def shown(self) -> dict[str, Any]:
        """Return what a browser may know of it."""
        return {
            "key": self.key, "name": to_builtins(self.name), "min_zoom": self.min_zoom, "max_zoom": self.max_zoom,
            "tile_px": self.tile_px, "attribution": self.attribution,
        }  # fmt: skip

    @property
    def mark(self) -> str:
        """Return what kept tiles of it go by: another address is another layer."""
        return hashlib.sha256(f"{self.address} {self.login} {self.datum} {self.tile_px}".encode()).hexdigest()[:16]


def layers() -> tuple[Layer, ...]:
    """Return the layers of MAP_LAYERS_FILE, in its order; none when there is no file. One that is wrong is left out."""
    return _read()[0]


def problems() -> tuple[str, ...]:
    """Return what is wrong with the file, a sentence each, without any address."""
    return _read()[1]


def _read() -> tuple[tuple[Layer, ...], tuple[str, ...]]:
    path = Path(settings.MAP_LAYERS_FILE)
    try:
        return _parse(str(path), path.stat().st_mtime_ns)
    except OSError:
        return (), ()


@lru_cache(maxsize=4)
def _parse(path: str, stamp_ns: int) -> tuple[tuple[Layer, ...], tuple[str, ...]]:
    try:
        rows = json.loads(Path(path).read_text(encoding="utf-8"))["layers"]
        if not isinstance(rows, list):
            raise TypeError("layers is no list")
    except (OSError, ValueError, KeyError, TypeError) as error:
        return (), (f'MAP_LAYERS_FILE is not JSON of the form {{"layers": [...]}} ({type(error).__name__}).',)
    good: dict[str, Layer] = {}
    bad = []
    for number, row in enumerate(rows[:MOST_LAYERS], 1):
        try:
            layer = _layer(row)
            if layer.key in good:
                raise ValueError("key is there twice")
            good[layer.key] = layer
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # A KeyError names the missing word; our own ValueErrors repeat nothing of the address.
            bad.append(f"MAP_LAYERS_FILE, layer {number}: {type(error).__name__} {error}.")
    return tuple(good.values()), tuple(bad)


def _layer(row: dict[str, Any]) -> Layer:
    where, login = _split_login(str(row["url"]).replace("{-y}", "{tms}"))
    if not where.startswith(("http://", "https://")) or not all(word in where for word in ("{z}", "{x}")):
        raise ValueError("url must be http(s) with {z}, {x} and {y} or {-y}")
    if ("{y}" in where) == ("{tms}" in where):
        raise ValueError("url must have {y} or {-y}")
    layer = Layer(
        key=str(row["key"]),
        name=Words(str(row["name"]), str(row.get("name_zh", "")), str(row.get("name_en", ""))),
        address=where, login=login, datum=str(row.get("datum", "wgs84")).lower(),
        min_zoom=int(row.get("min_zoom", 0)), max_zoom=int(row.get("max_zoom", 18)),
        tile_px=int(row.get("tile_px", 256)), attribution=str(row.get("attribution", "")),
    )  # fmt: skip
    if not KEY.fullmatch(layer.key):
        raise ValueError("key must be 1 to 40 of a-z, 0-9, - and _")
    if layer.datum not in DATUMS:
        raise ValueError(f"datum must be one of {', '.join(DATUMS)}")
    if layer.tile_px not in SIDES or not 0 <= layer.min_zoom <= layer.max_zoom <= DEEPEST:
        raise ValueError(f"tile_px must be one of {SIDES}, zooms within 0 to {DEEPEST}")
    return layer


def _split_login(url: str) -> tuple[str, str]:
    """Return (address without a login before the host, "user:password" or ""). The whole address is a secret anyway."""
    try:
        parts = urlsplit(url)
        login, _, host = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=host)), unquote(login)
    except ValueError:
        raise ValueError("url is no address") from None


def find_layer(key: str) -> Layer:
    """Return the layer. Raises `not_found`."""
    found = next((layer for layer in layers() if layer.key == key), None)
    if found is None:
        raise DispatchError("not_found", object="map_layer")
    return found


def picture_tile(layer: Layer, z: int, x: int, y: int) -> tuple[bytes, str]:
    """Return (bytes, media type) of one tile in WGS-84; bytes are empty where the layer has none.

    Raises `map_layer_silent`, `map_layer_refused`, `map_layer_blocked`, `map_layer_busy`.
    """
    spoken = ("tile", layer.mark, z, x, y, int(time.monotonic() / KEPT_S))
    content = _kept.get_or_draw(spoken, lambda: _make(layer, z, x, y))
    return content, _media(content)


def _make(layer: Layer, z: int, x: int, y: int) -> bytes:
    if layer.datum == "wgs84":
        return _fetch_all(layer, z, ((x, y),))[(x, y)]
    placing = place(z, x, y, layer.datum, layer.tile_px)
    found = _fetch_all(layer, z, placing.tiles)
    pictures = {tile: Image.open(io.BytesIO(content)) for tile, content in found.items() if content}
    if not pictures:
        return EMPTY
    made, out = compose(placing, pictures, layer.tile_px), io.BytesIO()
    if made.getchannel("A").getextrema() == (255, 255):
        made.convert("RGB").save(out, "JPEG", quality=88)
    else:
        made.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _fetch_all(layer: Layer, z: int, tiles: tuple[Tile, ...]) -> dict[Tile, bytes]:
    """Return the layer's own tiles, empty where it answers 404; those of the last hour are not asked for again."""
    found: dict[Tile, bytes] = {}
    for tile in tiles:
        spoken = ("source", layer.mark, z, *tile, int(time.monotonic() / KEPT_S))
        found[tile] = _kept.get_or_draw(spoken, lambda tile=tile: _ask(layer, z, *tile))  # type: ignore[misc]
    return found


def _ask(layer: Layer, z: int, x: int, y: int) -> bytes:
    if _resting.get(layer.mark, 0) > time.monotonic():
        raise DispatchError("map_layer_silent", why="resting", layer=layer.key)
    if not _doors.acquire(timeout=WAIT_S):
        raise DispatchError("map_layer_busy", layer=layer.key)
    try:
        return asyncio.run(_fetch(layer, _target(layer, z, x, y)))
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
        _resting[layer.mark] = time.monotonic() + REST_S
        raise DispatchError("map_layer_silent", why=type(error).__name__, layer=layer.key) from None
    finally:
        _doors.release()


def _target(layer: Layer, z: int, x: int, y: int) -> stills.Target:
    address = layer.address
    for word, value in (("{z}", z), ("{x}", x), ("{y}", y), ("{tms}", 2**z - 1 - y)):
        address = address.replace(word, str(value))
    try:
        return stills.resolve(address, settings.MAP_NETWORKS)
    except DispatchError as error:
        code = "map_layer_silent" if error.code == "camera_offline" else "map_layer_blocked"
        raise DispatchError(code, why=error.facts.get("why", ""), layer=layer.key) from None


async def _fetch(layer: Layer, target: stills.Target) -> bytes:
    user, _, password = layer.login.partition(":")
    timeout_s = settings.MAP_FETCH_TIMEOUT_S
    async with (
        asyncio.timeout(timeout_s),
        httpx.AsyncClient(timeout=timeout_s, trust_env=False, follow_redirects=False) as client,
        client.stream("GET", **stills.request_to(target), auth=(user, password) if layer.login else None) as answer,
    ):
        return await _read_tile(layer, answer)


async def _read_tile(layer: Layer, answer: httpx.Response) -> bytes:
    if answer.status_code in {204, 404}:
        return EMPTY
    media = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if answer.status_code != 200 or not media.startswith("image/"):
        raise DispatchError("map_layer_refused", status=answer.status_code, media=media[:60], layer=layer.key)
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > BIGGEST_BYTES:
            raise DispatchError("map_layer_refused", why="too_big", layer=layer.key)
    return _checked(layer, bytes(body))


def _checked(layer: Layer, content: bytes) -> bytes:
    """Return the content when it really is a picture of the right size. Its size is read before its pixels are."""
    try:
        with Image.open(io.BytesIO(content), formats=list(FORMATS)) as picture:
            if picture.size != (layer.tile_px, layer.tile_px):
                raise DispatchError("map_layer_refused", why="size", size=list(picture.size), layer=layer.key)
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DispatchError("map_layer_refused", why="no_picture", layer=layer.key) from error
    return content


def _media(content: bytes) -> str:
    if not content:
        return ""
    with Image.open(io.BytesIO(content), formats=list(FORMATS)) as picture:
        return FORMATS[str(picture.format)]
