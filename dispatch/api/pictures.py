"""Tiles of the deployer's own pictures of the ground, through our origin: the address and its token stay here."""

import hashlib
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from dispatch.api.base import ANY_ROLE, Endpoint
from dispatch.api.tiles import holds
from dispatch.errors import DispatchError
from dispatch.pictures import find_layer, picture_tile

FRESH_S = 3600


class PictureTile(Endpoint):
    """One tile in WGS-84 of one layer; nothing (204) where the layer has none."""

    media, verb = "image/*", ANY_ROLE

    def get(self, request: Request, **path: Any) -> HttpResponse:
        """Return the tile, or 304 when the browser holds this very one."""
        layer, z, x, y = find_layer(path["layer"]), path["z"], path["x"], path["y"]
        if not layer.min_zoom <= z <= layer.max_zoom or x >= 2**z or y >= 2**z:
            raise DispatchError("bad_input", field="z/x/y", why="tile", deepest=layer.max_zoom)
        content, media = picture_tile(layer, z, x, y)
        etag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
        headers = {"Cache-Control": f"private, max-age={FRESH_S}", "ETag": etag, "Vary": "Cookie"}
        if holds(request, etag):
            return HttpResponse(status=304, headers=headers)
        if not content:
            return HttpResponse(status=204, headers=headers)
        return HttpResponse(content, content_type=media, headers=headers)
