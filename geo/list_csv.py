"""CSV as people save it: any usual delimiter and encoding, mixed line ends, title lines, quotes left open. One line at a time."""

import codecs
import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from geo.errors import GeoError
from geo.list_table import Row, Table, clean_cell

ENCODINGS = ("utf-8-sig", "gb18030")
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
DELIMITERS = ",;\t|，；"
LONGEST_LINE, LONGEST_CELL, MOST_COLUMNS = 2_000_000, 100_000, 1_000
MOST_LINES_OF_A_ROW = 100
HEADER_WITHIN = 10  # lines above it are titles
CHUNK_BYTES = 1 << 20


def open_csv(path: Path, encoding: str, is_header: Callable[[list[str]], bool]) -> Table:
    """Open a CSV file; its header is the first of HEADER_WITHIN lines that `is_header`, else the first with
    two names.

    Raises GeoError `encoding_unknown`, `header_missing`, `too_many_columns`, and while reading `line_too_long`,
    `quote_not_closed`.
    """
    found = encoding_of(path, encoding)
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=found, newline="") as file:
        delimiter = _delimiter(file)
    with path.open(encoding=found, newline="") as file:
        heads = list(_records(_Lines(file, path), delimiter, HEADER_WITHIN))
    wide = [(at, cells) for at, cells in heads if sum(bool(cell.strip()) for cell in cells) > 1]
    header_line, header = next(((at, cells) for at, cells in wide if is_header(cells)), (wide or heads or [(1, [])])[0])
    _check_header(path, header)
    table = Table(header=tuple(name.strip() for name in header), rows=iter(()), encoding=found)
    table.rows = _rows(path, delimiter, header_line, table)
    return table


def encoding_of(path: Path, given: str = "") -> str:
    """Return the encoding that the whole file can be read in. Raises `encoding_unknown` with the line that it broke at."""
    with path.open("rb") as file:
        start = file.read(4)
    if not given and start.startswith(UTF16):
        given = "utf-16"
    broken = 0
    for encoding in [given] if given else ENCODINGS:
        try:
            broken = _broken_line(path, encoding)
        except LookupError:
            break
        if not broken:
            return encoding
    raise GeoError(
        "encoding_unknown", {"file": path.name, "line": broken, "tried": given or "utf-8, gb18030"}, field="encoding"
    )


def _broken_line(path: Path, encoding: str) -> int:
    """Return the line that cannot be read in this encoding, 0 when all can."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK_BYTES)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return line + chunk[: error.start].count(b"\n")
            if not chunk:
                return 0
            line += chunk.count(b"\n")


def _delimiter(file: IO[str]) -> str:
    head = "".join(file.readline(LONGEST_LINE) for _ in range(HEADER_WITHIN))
    return max(DELIMITERS, key=head.count)


def _check_header(path: Path, header: list[str]) -> None:
    if len([name for name in header if name.strip()]) < 2:
        raise GeoError("header_missing", {"file": path.name, "found": [name[:40] for name in header[:5]]}, field="file")
    if len(header) > MOST_COLUMNS:
        raise GeoError("too_many_columns", {"columns": len(header), "most": MOST_COLUMNS}, field="file")


class _Lines:
    """Lines of a file, none longer than LONGEST_LINE, counted; `quotes` since the record began."""

    def __init__(self, file: IO[str], path: Path) -> None:
        self.file, self.path, self.number, self.quotes = file, path, 0, 0
        self.size = max(1, path.stat().st_size)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.file.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > LONGEST_LINE:
            raise GeoError("line_too_long", {"line": self.number, "most": LONGEST_LINE}, field="file")
        self.quotes += line.count('"')
        return line

    def share(self) -> float:
        """Return how far the file was read, 0 to 1."""
        raw = getattr(self.file, "buffer", None)
        return raw.raw.tell() / self.size if raw is not None else 0.0


def _records(lines: _Lines, delimiter: str, most: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Yield (line it begins at, cells) of each record that holds anything; at most of the first `most` lines."""
    reader = csv.reader(lines, delimiter=delimiter)
    while not most or lines.number < most:
        begins, lines.quotes = lines.number + 1, 0
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise GeoError("quote_not_closed", {"line": begins, "why": str(error)[:80]}, field="file") from error
        if cells is None:
            return
        _check_quotes(lines, begins, cells)
        if cells:
            yield begins, cells


def _check_quotes(lines: _Lines, begins: int, cells: list[str]) -> None:
    too_tall = lines.number - begins >= MOST_LINES_OF_A_ROW
    open_at_end = lines.quotes % 2 == 1 and cells and cells[-1].endswith(("\n", "\r"))
    if too_tall or open_at_end:
        raise GeoError("quote_not_closed", {"line": begins}, field="file")


def _rows(path: Path, delimiter: str, header_line: int, table: Table) -> Iterator[Row]:
    columns = len(table.header)
    with path.open(encoding=table.encoding, newline="") as file:
        lines = _Lines(file, path)
        table.share = lines.share
        try:
            for begins, cells in _records(lines, delimiter):
                if begins <= header_line or not any(cells):
                    continue
                table.tall_rows += lines.number > begins
                error = None
                if len(cells) > columns and any(cell.strip() for cell in cells[columns:]):
                    error = GeoError("cells_too_many", {"cells": len(cells), "columns": columns})
                yield f"line {begins}", table.header, [clean_cell(cell) for cell in cells[:columns]], error
        except UnicodeError as error:
            raise GeoError(
                "encoding_unknown", {"file": path.name, "line": lines.number + 1, "tried": table.encoding}
            ) from error
