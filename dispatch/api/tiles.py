"""Map tiles: the base map for whoever has a role, cameras within the viewer's scope. Kept here by scope, by the browser privately."""

import hashlib
from collections.abc import Hashable
from typing import Any

from django.http import HttpResponse
from django.utils.http import parse_etags
from rest_framework.request import Request

from dispatch import access
from dispatch.api.base import ANY_ROLE, Endpoint
from dispatch.errors import DispatchError
from dispatch.queries.cameras import camera_scope
from geo.tiles import base, cameras, changes, counts
from geo.tiles.drawing import DEEPEST
from geo.tiles.kept import KEPT

MVT = "application/vnd.mapbox-vector-tile"


def holds(request: Request, etag: str) -> bool:
    """Return whether the browser says it has this very tile. A proxy that packs an answer makes its tag a weak one."""
    said = parse_etags(request.headers.get("If-None-Match", ""))
    return any(tag.removeprefix("W/") == etag for tag in said)


class Tile(Endpoint):
    """Base of all layers: what a tile depends on is known without drawing it, and is its ETag and its place in memory."""

    media, verb = MVT, ANY_ROLE
    layer = ""
    fresh_s = 60

    def get(self, request: Request, **path: Any) -> HttpResponse:
        """Return the tile, or 304 when the browser holds this very one."""
        z, x, y = path["z"], path["x"], path["y"]
        if z > DEEPEST or x >= 2**z or y >= 2**z:
            raise DispatchError("bad_input", field="z/x/y", why="tile", deepest=DEEPEST)
        what = (self.layer, self.version(), self.scope())
        etag = _digest(repr((*what, z, x, y)).encode())
        headers = {"Cache-Control": f"private, max-age={self.fresh_s}", "ETag": etag, "Vary": "Cookie"}
        if holds(request, etag):
            return HttpResponse(status=304, headers=headers)
        picture = KEPT.get_or_draw((*what, z, x, y), lambda: self.draw(z, x, y))
        return HttpResponse(picture, content_type=MVT, headers=headers)

    def version(self) -> str:
        """Return what changes when the content does."""
        raise NotImplementedError

    def scope(self) -> Hashable:
        """Return whose tile it is: two viewers share one only if this is the same. () is everybody's."""
        return ()

    def draw(self, z: int, x: int, y: int) -> bytes:
        """Return the tile's bytes, empty where there is nothing."""
        raise NotImplementedError


class BaseTile(Tile):
    """A tile of the base map, as it was imported. Bytes of no layers where there is nothing."""

    layer, fresh_s = "base", 3600

    def version(self) -> str:
        """Return the newest import."""
        return changes.base_version()

    def draw(self, z: int, x: int, y: int) -> bytes:
        """Draw it."""
        return base.base_tile(z, x, y)


class Scoped(Tile):
    """A tile of what the viewer may know of: his subtree's, and what stands on his ground and band."""

    verb = "board.read"

    def scope(self) -> Hashable:
        """Return the areas at which he sees the board: with the version, which changes with the tree, they are all that counts."""
        return tuple(access.ground_ids(self.viewer))

    def areas(self) -> dict[str, list[int]]:
        """Return these areas with everything below them, as geo wants them."""
        areas, ground = camera_scope(self.viewer)
        return {"area_ids": sorted(areas), "ground_area_ids": sorted(ground)}


class CameraTile(Scoped):
    """A tile of the cameras in the viewer's scope, without their states: those change often and are DeadTile's."""

    layer = "cameras"

    def version(self) -> str:
        """Return the version of places."""
        return changes.camera_version()

    def draw(self, z: int, x: int, y: int) -> bytes:
        """Draw it; a count is summed from what all far tiles of this scope share."""
        areas = self.areas()
        if z >= cameras.POINTS_FROM_ZOOM or not any(areas.values()):
            return cameras.camera_tile(z, x, y, **areas)
        key = ("cells", self.version(), self.scope())
        return counts.count_tile(
            z, x, y, KEPT.get_or_draw(key, lambda: counts.count_cells(areas["area_ids"], areas["ground_area_ids"]))
        )


class DeadTile(Scoped):
    """A tile of the cameras of the same scope that do not answer: small, and alone in being drawn anew when one stops."""

    layer, fresh_s = "dead", 15

    def version(self) -> str:
        """Return the version of places and states."""
        return changes.status_version()

    def draw(self, z: int, x: int, y: int) -> bytes:
        """Draw it."""
        return cameras.dead_tile(z, x, y, **self.areas())


def _digest(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:24]}"'
