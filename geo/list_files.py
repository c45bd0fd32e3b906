"""Reading lists: CSV (any usual delimiter, UTF-8 or GB 18030) and GeoJSON, as plain rows of text."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo.errors import GeoError

Row = tuple[str, dict[str, str]]
LARGEST_CELL = 1_000_000


def read_rows(path: Path) -> tuple[list[Row], str]:
    """Return ([(row's name in the file, header → text)], attribution the file itself carries).

    Raises GeoError `file_not_found`, `file_unreadable`.
    """
    if not path.is_file():
        raise GeoError("file_not_found", {"file": path.name}, field="file")
    text = _decode(path)
    if path.suffix.lower() in {".geojson", ".json"} or text.lstrip().startswith("{"):
        return _from_geojson(path, text)
    return list(_from_csv(path, text)), ""


def _decode(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise GeoError("file_unreadable", {"file": path.name, "why": "encoding"}, field="file")


def _from_csv(path: Path, text: str) -> Iterator[Row]:
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",;\t|", key=head.count)
    csv.field_size_limit(LARGEST_CELL)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        if not reader.fieldnames or len(reader.fieldnames) < 2:
            raise GeoError("file_unreadable", {"file": path.name, "why": "no header"}, field="file")
        for row in reader:
            yield (
                f"line {reader.line_num}",
                {name: value or "" for name, value in row.items() if isinstance(value, str)},
            )
    except csv.Error as error:
        raise GeoError("file_unreadable", {"file": path.name, "why": str(error)[:120]}, field="file") from error


def _from_geojson(path: Path, text: str) -> tuple[list[Row], str]:
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise GeoError("file_unreadable", {"file": path.name, "why": "not JSON"}, field="file") from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise GeoError("file_unreadable", {"file": path.name, "why": "no features"}, field="file")
    return [_feature(number, feature) for number, feature in enumerate(features, 1)], str(
        content.get("attribution", "")
    )


def _feature(number: int, feature: Any) -> Row:
    feature = feature if isinstance(feature, dict) else {}
    properties, geometry = feature.get("properties"), feature.get("geometry")
    row = {str(key): _text(value) for key, value in (properties if isinstance(properties, dict) else {}).items()}
    coordinates = (
        geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    )
    if isinstance(coordinates, list) and len(coordinates) >= 2:
        row |= {"lon": _text(coordinates[0]), "lat": _text(coordinates[1])}
    if feature.get("id") is not None:
        row["feature id"] = _text(feature["id"])
    return f"feature {number}", row


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)
