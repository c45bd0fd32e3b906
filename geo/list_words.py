"""Reading the cells of any list: headers and words as people write them, numbers within limits. Pure."""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from geo.errors import GeoError


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return a header or word as it is compared."""
    return re.sub(r"[\s_\-\ufeff]|[(（][^)）]*[)）]", "", unicodedata.normalize("NFKC", str(text)).strip().lower())


class Unreadable(dict[str, str]):
    """A row that says nothing but why it could not be read."""

    def __init__(self, error: GeoError) -> None:
        super().__init__()
        self.error = error


def by_header(
    row: Mapping[str, str], field_names: Mapping[str, str], headers: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Return a row's values under our words. `field_names` (our word → header) goes before the usual names.

    Raises what is wrong with a row that is `Unreadable`.
    """
    if isinstance(row, Unreadable):
        raise row.error
    names, cells = list(row), list(row.values())
    found: dict[str, str] = {}
    for word, places in place_columns(names, field_names, headers):
        value = next((str(cells[place]).strip() for place in places if cells[place] not in (None, "")), "")
        if value:
            found[word] = value
    return found


def place_columns(
    names: Sequence[str], field_names: Mapping[str, str], headers: Mapping[str, tuple[str, ...]]
) -> list[tuple[str, list[int]]]:
    """Return (our word, the columns it may stand in, first the one that counts) for each word that has any."""
    folded = [fold(name) for name in names]
    placed = []
    for word, usual in headers.items():
        wanted = [field_names[word]] if word in field_names else usual
        places = [at for name in wanted if name for at, header in enumerate(folded) if header == fold(name)]
        if places:
            placed.append((word, places))
    return placed


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
    if not text:
        return None
    plain = text if text.isascii() and text.isdigit() else unicodedata.normalize("NFKC", text).strip()
    plain = plain.rstrip("°mM米度").strip()
    if not plain:
        return None
    value = as_number(plain)
    if value is None:
        raise GeoError("not_a_number", {"value": plain[:40]}, field=field)
    if not (math.isfinite(value) and low <= value <= high):
        raise GeoError("out_of_range", {"value": plain[:40], "low": low, "high": high}, field=field)
    return value


def as_number(text: str) -> float | None:
    """Return what a number means, with a decimal comma too ("116,397"); None for anything else."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return float(text.replace(",", ".")) if re.fullmatch(r"[+-]?\d+,\d+", text) else None
    except ValueError:
        return None
