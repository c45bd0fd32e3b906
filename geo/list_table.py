"""A list, whatever file it came from: a header and rows of text, read one at a time."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from geo.errors import GeoError

# The row's name in the file, the names of its columns, its cells, and what makes the whole row unusable.
Row = tuple[str, tuple[str, ...], Sequence[str], GeoError | None]
FEATURE_ID = "feature id"
EMPTY = frozenset({"null", "\\n", "(null)", "#n/a", "n/a", "nan", "none", "<null>"})
FORMULA = re.compile(r"^(=|[+@-][A-Za-z]+\(|#(REF|VALUE|NAME|DIV/0|NUM)[!?])", re.IGNORECASE)
FORMULA_BEGINS = frozenset("=+@-#")
LONGEST_EMPTY = max(len(word) for word in EMPTY)
BLANKS = "\ufeff\u200b\u3000\xa0 \t\r\n"


def _unknown() -> float | None:
    return None


@dataclass
class Table:
    """An opened list. `header` is empty where every row names its own columns (GeoJSON). `datum` is what the file itself
    says of its positions, "" nothing; `attribution` the credit it carries, complete when all rows were read; `share`
    tells how far it was read, 0 to 1 or None; `tall_rows` counts rows that go over several lines.
    """

    header: tuple[str, ...]
    rows: Iterator[Row]
    datum: str = ""
    attribution: str = ""
    encoding: str = "utf-8"
    share: Callable[[], float | None] = _unknown
    tall_rows: int = 0


def clean_cell(text: str) -> str:
    """Return a cell without blanks around it, "" for the words that programs write for nothing; ="…" is unpacked."""
    plain = text.strip(BLANKS)
    if plain[:1] == "=" and plain.startswith('="') and plain.endswith('"'):
        plain = plain[2:-1].strip(BLANKS)
    return "" if len(plain) <= LONGEST_EMPTY and plain.lower() in EMPTY else plain


def is_formula(text: str) -> bool:
    """Say whether a cell holds a spreadsheet's formula or the trace of a broken one instead of a value."""
    return text[:1] in FORMULA_BEGINS and bool(FORMULA.match(text))
