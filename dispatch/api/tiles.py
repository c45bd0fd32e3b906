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

    media = MVT
    layer = ""

    def get(self, request: Request, **path: Any) -> HttpResponse:
        """Return the tile, or 304 when the browser holds this very version."""
        z, x, y = path["z"], path["x"], path["y"]
        if z > tiles.DEEPEST or x >= 2**z or y >= 2**z:
            raise DispatchError("bad_input", field="z/x/y", why="tile", deepest=tiles.DEEPEST)
        etag = self._etag(z, x, y)
        headers = {"Cache-Control": f"private, max-age={KEPT_S[self.layer]}", "ETag": etag}
        if request.headers.get("If-None-Match") == etag:
            return HttpResponse(status=304, headers=headers)
        return HttpResponse(self.draw(z, x, y), content_type=MVT, headers=headers)

    def _etag(self, z: int, x: int, y: int) -> str:
        said = f"{self.layer}/{z}/{x}/{y}/{self.version()}"
        return f'"{hashlib.sha256(said.encode()).hexdigest()[:24]}"'

    def version(self) -> str:
        """Return what changes when the tiles of this viewer do."""
        raise NotImplementedError

    def draw(self, z: int, x: int, y: int) -> bytes:
        """Return the tile's bytes, empty where there is nothing."""
        raise NotImplementedError
