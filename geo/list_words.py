"""Reading the cells of any list: headers and words as people write them, numbers within limits. Pure."""

import math
import re
from collections.abc import Mapping

from geo.errors import GeoError


def fold(text: str) -> str:
    """Return a header or word as it is compared."""
    return re.sub(r"[\s_\-]", "", text.strip().lower())


def by_header(
    row: Mapping[str, str], field_names: Mapping[str, str], headers: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Return a row's values under our words. `field_names` (our word → header) goes before the usual names."""
    folded = {fold(name): value for name, value in row.items() if value not in (None, "")}
    found: dict[str, str] = {}
    for word, usual in headers.items():
        names = [fold(field_names[word])] if word in field_names else [fold(name) for name in usual]
        value = next((folded[name] for name in names if name in folded), None)
        if value is not None:
            found[word] = value.strip()
    return found


def word_of(text: str | None, table: Mapping[str, tuple[str, ...]], default: str, field: str) -> str:
    """Return our code for a word of a list; "" is the default, an unknown word raises GeoError `word_unknown`."""
    key = fold(text or "")
    if not key:
        return default
    for code, words in table.items():
        if key in words:
            return code
    raise GeoError("word_unknown", {"value": str(text)[:40], "known": sorted(table)}, field=field)


def number_of(text: str | None, field: str, low: float, high: float) -> float | None:
    """Return a number between low and high, None when nothing is given; GeoError `not_a_number`, `out_of_range`."""
    plain = (text or "").strip().rstrip("°mM米").strip()
    if not plain:
        return None
    try:
        value = float(plain)
    except ValueError as error:
        raise GeoError("not_a_number", {"value": plain[:40]}, field=field) from error
    if not (math.isfinite(value) and low <= value <= high):
        raise GeoError("out_of_range", {"value": plain[:40], "low": low, "high": high}, field=field)
    return value
