"""GeoJSON as a list: one feature at a time out of the text, its properties as columns, its point as lon and lat."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo.errors import GeoError
from geo.list_csv import encoding_of
from geo.list_table import FEATURE_ID, Row, Table, clean_cell

DECODER = json.JSONDecoder()
BLANKS = re.compile(r"[ \t\n\r]*")
POINTS = frozenset({"Point", "MultiPoint"})


def open_json(path: Path, encoding: str) -> Table:
    """Open a FeatureCollection. Raises GeoError `file_damaged` where the text is no JSON, `no_features`, while reading."""
    text = path.read_text(encoding=encoding_of(path, encoding))
    table = Table(header=(), rows=iter(()))
    table.rows = _Reader(path, text.removeprefix("\ufeff"), table).rows()
    return table


class _Reader:
    """Walks the outermost object; only the features are decoded one by one, so a large file costs its text and no more."""

    def __init__(self, path: Path, text: str, table: Table) -> None:
        self.path, self.text, self.table, self.at = path, text, table, 0
        table.share = lambda: self.at / max(1, len(text))

    def rows(self) -> Iterator[Row]:
        found = False
        self._expect("{")
        while not self._takes("}"):
            name = self._value()
            self._expect(":")
            if name == "features" and self._takes("["):
                found = True
                yield from self._features()
            else:
                value = self._value()
                if name == "attribution" and isinstance(value, str):
                    self.table.attribution = value[:1000]
            self._takes(",")
        if not found:
            raise GeoError("no_features", {"file": self.path.name}, field="file")

    def _features(self) -> Iterator[Row]:
        number = 0
        while not self._takes("]"):
            number += 1
            yield _row(number, self._value())
            self._takes(",")

    def _skip(self) -> str:
        blanks = BLANKS.match(self.text, self.at)
        self.at = blanks.end() if blanks else self.at
        return self.text[self.at : self.at + 1]

    def _takes(self, mark: str) -> bool:
        if self._skip() != mark:
            return False
        self.at += 1
        return True

    def _expect(self, mark: str) -> None:
        if not self._takes(mark):
            raise self._damaged(f"{mark} expected")

    def _value(self) -> Any:
        self._skip()
        try:
            value, self.at = DECODER.raw_decode(self.text, self.at)
        except (json.JSONDecodeError, RecursionError, ValueError) as error:
            raise self._damaged(getattr(error, "msg", type(error).__name__)) from error
        return value

    def _damaged(self, why: str) -> GeoError:
        line = self.text.count("\n", 0, self.at) + 1
        return GeoError("file_damaged", {"file": self.path.name, "why": f"{why}, line {line}"[:120]}, field="file")


def _row(number: int, feature: Any) -> Row:
    feature = feature if isinstance(feature, dict) else {}
    properties, geometry = feature.get("properties"), feature.get("geometry")
    cells = {str(key): _text(value) for key, value in (properties if isinstance(properties, dict) else {}).items()}
    error = None
    if isinstance(geometry, dict):
        point = _point(geometry)
        if point is None:
            error = GeoError("not_a_point", {"type": str(geometry.get("type"))[:40]}, field="geometry")
        else:
            cells = {
                "lon": _text(point[0]),
                "lat": _text(point[1]),
                **{k: v for k, v in cells.items() if k not in POSITION},
            }
    if feature.get("id") is not None:
        cells[FEATURE_ID] = _text(feature["id"])
    return f"feature {number}", tuple(cells), list(cells.values()), error


POSITION = frozenset({"lon", "lat"})


def _point(geometry: dict[str, Any]) -> list[Any] | None:
    coordinates = geometry.get("coordinates")
    if geometry.get("type") == "MultiPoint" and isinstance(coordinates, list) and len(coordinates) == 1:
        coordinates = coordinates[0]
    elif geometry.get("type") != "Point":
        return None
    return coordinates if isinstance(coordinates, list) and len(coordinates) >= 2 else None


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else clean_cell(str(value))
