"""Reading lists: CSV, GeoJSON and whatever GDAL opens, as rows of text under their headers or under our words."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from geo.errors import GeoError
from geo.files import kind_of
from geo.list_csv import open_csv
from geo.list_json import open_json
from geo.list_layers import open_points
from geo.list_table import FEATURE_ID, Table, is_formula
from geo.list_words import Unreadable, fold, place_columns

Words = Mapping[str, tuple[str, ...]]


class Listing:
    """A list under our words: iterate (row's name in the file, our word → text, feature's id, error or None).

    `fields` is our word → header and goes before the usual names in `words`; an empty header means "do not read it".
    `needed` are sets of words of which one must have its columns. Raises GeoError `columns_missing`, `field_unknown` and
    those of opening.
    """

    def __init__(
        self, path: Path, words: Words, fields: Mapping[str, str], *, needed: tuple[tuple[str, ...], ...] = (),
        encoding: str = "", layer: str = "", datum: str = "",
    ) -> None:  # fmt: skip
        self.words, self.fields, self.needed = words, fields, needed
        self._placed: dict[tuple[str, ...], list[tuple[str, list[int]]]] = {}
        if unknown := set(fields) - set(words):
            raise GeoError("word_not_ours", {"word": min(unknown), "words": sorted(words)}, field="map")
        self.table = open_table(path, encoding=encoding, layer=layer, datum=datum, is_header=self._is_header)
        if self.table.header:
            self._check(self.table.header)

    def has(self, word: str) -> bool:
        """Say whether the list has a column for a word. GeoJSON: whether any row so far had."""
        return any(found == word for placed in self._placed.values() for found, _ in placed)

    def __iter__(self) -> Iterator[tuple[str, dict[str, str], str, GeoError | None]]:
        for name, keys, cells, error in self.table.rows:
            found: dict[str, str] = {}
            for word, places in self._columns(keys):
                for place in places:
                    if place < len(cells) and cells[place]:
                        found[word] = cells[place]
                        break
            if error is None:
                error = _formula(found)
            own = cells[keys.index(FEATURE_ID)] if FEATURE_ID in keys and len(cells) == len(keys) else ""
            yield name, found, own, error

    def _columns(self, keys: tuple[str, ...]) -> list[tuple[str, list[int]]]:
        placed = self._placed.get(keys)
        if placed is None:
            placed = self._placed[keys] = place_columns(keys, self.fields, self.words)
        return placed

    def _is_header(self, cells: list[str]) -> bool:
        found = {word for word, _ in place_columns(cells, self.fields, self.words)}
        return bool(self.needed) and any(set(choice) <= found for choice in self.needed)

    def _check(self, header: tuple[str, ...]) -> None:
        shown = [name[:40] for name in header if name][:60]
        present = {fold(name) for name in header}
        for word, name in self.fields.items():
            if name and fold(name) not in present:
                raise GeoError("field_unknown", {"word": word, "field": name[:40], "fields": shown}, field="map")
        found = {word for word, _ in self._columns(header)}
        if self.needed and not any(set(choice) <= found for choice in self.needed):
            missing = [word for word in self.needed[0] if word not in found]
            raise GeoError("columns_missing", {"words": missing, "fields": shown}, field="map")


def open_table(path: Path, *, encoding: str = "", layer: str = "", datum: str = "", is_header: object = None) -> Table:
    """Open a list by what the file is. Raises GeoError of `geo.files.kind_of` and of the three readers."""
    kind = kind_of(path)
    if kind == "osm":
        raise GeoError("file_of_other_kind", {"file": path.name}, field="file")
    if kind == "json":
        return open_json(path, encoding)
    if kind == "layers":
        return open_points(path, layer, encoding, datum)
    return open_csv(path, encoding, is_header if callable(is_header) else lambda cells: False)


def read_rows(path: Path, *, encoding: str = "") -> tuple[list[tuple[str, dict[str, str]]], str]:
    """Return ([(row's name in the file, header → text)], attribution the file itself carries): for short lists.

    A row that cannot be read is `Unreadable`, and whoever asks it by our words is told why. Raises as `open_table`.
    """
    table = open_table(path, encoding=encoding)
    rows: list[tuple[str, dict[str, str]]] = []
    for name, keys, cells, error in table.rows:
        found = dict(zip(keys, cells, strict=False))
        broken = error or _formula(found)
        rows.append((name, Unreadable(broken) if broken else found))
    return rows, table.attribution


def _formula(found: Mapping[str, str]) -> GeoError | None:
    return next((GeoError("cell_is_formula", field=word) for word, text in found.items() if is_formula(text)), None)
