"""Checks of what comes in: texts, numbers, places, ids. Each refusal names the field and the fact."""

import math
import unicodedata
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point

from dispatch.errors import DispatchError
from geo import clock
from geo.models import Area

FUTURE_S = 30
# Letters, symbols and marks by their category that are drawn as nothing: fillers, blank braille, joiners, selectors.
UNSEEN = frozenset("\n\t\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(n) for n in range(0xFE00, 0xFE10)}


def text(value: Any, field: str, *, limit: int, required: bool = False) -> str:
    """Return `value` stripped, without NUL and control characters. Raises `bad_input` or `too_long`.

    Right-to-left marks, emoji and zero-width characters stay: they are somebody's words. Alone they are none: what is
    required must show something.
    """
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise DispatchError("bad_input", field=field, expected="text")
    clean = "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()
    if len(clean) > limit:
        raise DispatchError("too_long", field=field, length=len(clean), limit=limit)
    if required and not any(_shows(c) for c in clean):
        raise DispatchError("bad_input", field=field, expected="text", missing=True)
    return clean


def _shows(character: str) -> bool:
    """Return whether a reader sees anything of a character: no space, no mark of direction, no filler."""
    return unicodedata.category(character) not in {"Cf", "Cn", "Co", "Zl", "Zp", "Zs"} and character not in UNSEEN


def one_of(value: Any, field: str, allowed: Any, code: str = "bad_input") -> str:
    """Return `value` when it is in `allowed`, else raise `code` with the list."""
    if not isinstance(value, str) or value not in allowed:
        raise DispatchError(code, field=field, value=str(value)[:60], allowed=sorted(allowed))
    return value


def whole(value: Any, field: str, *, low: int, high: int) -> int:
    """Return a whole number within [low, high], or raise `bad_input`."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise DispatchError("bad_input", field=field, low=low, high=high)
    return value


def metres(value: Any, field: str, *, high: float) -> float | None:
    """Return a length in metres within (0, high], None for None, or raise `bad_input`."""
    if value is None:
        return None
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or not math.isfinite(value)
        or not 0 < value <= high
    ):
        raise DispatchError("bad_input", field=field, low=0, high=high)
    return float(value)


def uid(value: Any, field: str = "uid") -> UUID:
    """Return a UUID, or raise `bad_input`."""
    if isinstance(value, UUID):
        return value
    try:
        return UUID(str(value))
    except ValueError as error:
        raise DispatchError("bad_input", field=field, expected="uuid") from error


def moment(value: Any, field: str, *, oldest_h: float | None = 24 * 7) -> datetime:
    """Return an aware time not later than now + 30 s and not older than `oldest_h`, or raise `bad_input`.

    With `oldest_h` None any time is one: the caller judges it.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise DispatchError("bad_input", field=field, expected="time") from error
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise DispatchError("bad_input", field=field, expected="time with zone")
    if oldest_h is None:
        return value
    ahead = value - clock.now()
    if ahead > timedelta(seconds=FUTURE_S) or -ahead > timedelta(hours=oldest_h):
        raise DispatchError("bad_input", field=field, expected="recent time")
    return value


def place(value: Any, field: str = "point") -> Point:
    """Return a point of a [lon, lat] pair. Raises `bad_position` with why: form, nan, range, null_island."""
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise DispatchError("bad_position", field=field, why="form")
    if any(isinstance(number, bool) or not isinstance(number, (int, float)) for number in value):
        raise DispatchError("bad_position", field=field, why="form")
    try:
        lon, lat = float(value[0]), float(value[1])
    except OverflowError as error:
        raise DispatchError("bad_position", field=field, why="range") from error
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise DispatchError("bad_position", field=field, why="nan")
    if not (-180 <= lon <= 180 and -89.9 < lat < 89.9):
        swapped = 90 < abs(lat) <= 180 and -89.9 < lon < 89.9
        raise DispatchError("bad_position", field=field, why="swapped" if swapped else "range")
    if abs(lon) < 1e-6 and abs(lat) < 1e-6:
        raise DispatchError("bad_position", field=field, why="null_island")
    return Point(lon, lat, srid=4326)


def place_in_city(value: Any, field: str = "point") -> Point:
    """Return a point that lies on some area's ground; else `bad_position`, why outside or swapped."""
    point = place(value, field)
    if Area.objects.filter(boundary__covers=point).exists() or not Area.objects.exclude(boundary=None).exists():
        return point
    mirrored = Point(point.y, point.x, srid=4326)
    swapped = abs(point.x) <= 90 and Area.objects.filter(boundary__covers=mirrored).exists()
    raise DispatchError("bad_position", field=field, why="swapped" if swapped else "outside", lon=point.x, lat=point.y)
