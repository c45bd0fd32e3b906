"""Map tiles: the base map for whoever has a role, cameras within the viewer's scope. Kept privately by the browser."""

import hashlib
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from dispatch.api.base import ANY_ROLE, Endpoint
from dispatch.errors import DispatchError
from dispatch.queries.cameras import camera_scope
from geo import tiles

MVT = "application/vnd.mapbox-vector-tile"
KEPT_S = {"base": 3600, "cameras": 30}


class Tile(Endpoint):
    """Base of the two layers."""

    media, verb = MVT, ANY_ROLE
    layer = ""

    def get(self, request: Request, **path: Any) -> HttpResponse:
        """Return the tile, or 304 when the browser holds this very one."""
        z, x, y = path["z"], path["x"], path["y"]
        if z > tiles.DEEPEST or x >= 2**z or y >= 2**z:
            raise DispatchError("bad_input", field="z/x/y", why="tile", deepest=tiles.DEEPEST)
        known = request.headers.get("If-None-Match", "")
        etag = self.version(z, x, y)
        picture = self.draw(z, x, y) if etag is None or etag != known else b""
        etag = etag or _digest(picture)
        headers = {"Cache-Control": f"private, max-age={KEPT_S[self.layer]}", "ETag": etag, "Vary": "Cookie"}
        if etag == known:
            return HttpResponse(status=304, headers=headers)
        return HttpResponse(picture, content_type=MVT, headers=headers)

    def version(self, z: int, x: int, y: int) -> str | None:
        """Return the ETag when it is known without drawing."""

    def draw(self, z: int, x: int, y: int) -> bytes:
        """Return the tile's bytes, empty where there is nothing."""
        raise NotImplementedError


class BaseTile(Tile):
    """A tile of the base map, as it was imported. Bytes of no layers where there is nothing."""

    layer = "base"

    def version(self, z: int, x: int, y: int) -> str:
        """Return the ETag: the base map is the same for everybody until the next import."""
        return _digest(f"base/{z}/{x}/{y}/{tiles.base_version()}".encode())

    def draw(self, z: int, x: int, y: int) -> bytes:
        """Draw it."""
        return tiles.base_tile(z, x, y)


class CameraTile(Tile):
    """A tile of the cameras that the viewer may know of: his subtree's, and those on his ground and band."""

    verb, layer = "board.read", "cameras"

    def draw(self, z: int, x: int, y: int) -> bytes:
        """Draw it."""
        areas, ground = camera_scope(self.viewer)
        return tiles.camera_tile(z, x, y, area_ids=areas, ground_area_ids=ground)


def _digest(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:24]}"'
