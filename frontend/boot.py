"""Boot data: what a face needs for its first paint, written into the page. No secret, nothing of the board."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from dispatch.access import Viewer
from dispatch.cards import to_builtins
from dispatch.queries.board import get_clock, get_me
from dispatch.queries.ground import find_ground, find_timezone
from frontend.built import get_version
from frontend.choices import short_language, theme_of


def get_boot(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """Return the boot data for one page; its shape is `Boot` in src/core/boot.ts."""
    return {
        "csrf_header": settings.CSRF_HEADER_NAME.removeprefix("HTTP_").replace("_", "-"),
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "language": short_language(),
        "theme": theme_of(request),
        "me": to_builtins(get_me(viewer)),
        "ws": "/ws",
        "api": "/api/v1",
        "map": find_ground(viewer),
        "timezone": find_timezone(viewer),
        "version": get_version(),
        "clock": get_clock(),
        "photo": {
            "max_mb": settings.PHOTO_MAX_MB,
            "side_px": settings.PHOTO_PHONE_SIDE,
            "quality_pct": settings.PHOTO_PHONE_QUALITY,
        },
    }
