"""Opening files that somebody sent: only formats that hold their data themselves, nothing that leads to other files or hosts.

GDAL knows a hundred formats. Some fetch addresses, some open files that they name, some are programs. From a shell an
administrator may use what he likes; inside `only_safe_formats` a short list is tried and every other format is unknown.
"""

import ctypes
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.contrib.gis.gdal import DataSource, Driver
from django.contrib.gis.gdal.prototypes import ds as capi

from geo.errors import GeoError

SAFE_DRIVERS = ("GeoJSON", "GPKG", "SQLite", "ESRI Shapefile", "FlatGeobuf")
# A proxy that nobody is: whatever a file asks for over the network, by any way of GDAL's, is not reached.
NOWHERE = "http://127.0.0.1:1"
NO_NETWORK = {
    **dict.fromkeys(("GDAL_HTTP_PROXY", "GDAL_HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"), NOWHERE),
    "no_proxy": "", "NO_PROXY": "", "PROJ_NETWORK": "OFF", "GDAL_HTTP_TIMEOUT": "1", "GDAL_HTTP_MAX_RETRY": "0",
    "SPATIALITE_SECURITY": "strict", "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
}  # fmt: skip
SQLITE_HEAD = b"SQLite format 3\x00"
HARMLESS_MODULES = frozenset({"rtree", "rtree_i32", "fts3", "fts4", "fts5", "virtualspatialindex", "virtualelementary"})
HARMLESS_MODULES |= {"virtualknn", "virtualknn2", "virtualbbox", "spatialindex"}
# What SQLite takes as one piece: a text or name in quotes, a comment. Outside of them it knows no others than ASCII blanks.
PIECE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|/\*.*?(?:\*/|\Z)""", re.DOTALL)
VIRTUAL = re.compile(r"\s*create\s+virtual\b", re.IGNORECASE | re.ASCII)
MODULE = re.compile(
    r"\s*create\s+virtual\s+table\s+(?:if\s+not\s+exists\s+)?\w+\s+using\s+(\w+)", re.IGNORECASE | re.ASCII
)
REACHING = re.compile(
    r"\b(load_extension|readfile|writefile|edit|eval|fts3_tokenizer|ogr_\w+|gdal_\w+|blobfromfile|xb_loadxml|import\w+|export\w+)\s*\(",
    re.IGNORECASE,
)
_only: ContextVar[tuple[str, ...]] = ContextVar("only", default=())


@contextmanager
def only_safe_formats() -> Iterator[None]:
    """Open nothing but SAFE_DRIVERS in here, and reach no other host. The environment of the process changes for good."""
    os.environ.update(NO_NETWORK)
    token = _only.set(SAFE_DRIVERS)
    try:
        yield
    finally:
        _only.reset(token)


def open_source(path: Path, encoding: str) -> DataSource:
    """Return a file as GDAL opens it. Raises GDALException, and within `only_safe_formats` GeoError `file_leads_elsewhere`."""
    allowed = _only.get()
    if not allowed:
        return DataSource(str(path), encoding=encoding)
    check_sqlite(path)
    Driver.ensure_registered()
    names = (ctypes.c_char_p * (len(allowed) + 1))(*(name.encode() for name in allowed), None)
    handle = capi.open_ds(os.fsencode(path.resolve()), capi.GDAL_OF_READONLY | capi.GDAL_OF_VECTOR, names, None, None)
    return DataSource(handle, capi.get_dataset_driver(handle), encoding=encoding)


def check_sqlite(path: Path) -> None:
    """Raise GeoError `file_leads_elsewhere` for a database with tables or views that read other files or hosts."""
    with path.open("rb") as file:
        if file.read(len(SQLITE_HEAD)) != SQLITE_HEAD:
            return
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            said = [row[0] for row in database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
            said = [sql.decode() if isinstance(sql, bytes) else str(sql) for sql in said]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise GeoError("file_damaged", {"file": path.name, "why": str(error)[:120]}, field="file") from error
    for sql in said:
        plain = _plain(sql)
        module = MODULE.match(plain)
        named = module[1].lower() if module else ""
        if (VIRTUAL.match(plain) and named not in HARMLESS_MODULES) or REACHING.search(_outside_triggers(plain)):
            raise GeoError("file_leads_elsewhere", {"file": path.name}, field="file")


def _plain(sql: str) -> str:
    """Return a statement as SQLite's own reader takes it: no comments, each quoted text or name one bare word."""

    def bare(found: re.Match[str]) -> str:
        piece = found[0]
        return " " if piece.startswith(("--", "/*")) else " " + re.sub(r"\W", "_", piece[1:-1], flags=re.ASCII) + " "

    return re.sub(r"[^\x00-\x7f]", "_", PIECE.sub(bare, sql.split("\x00", maxsplit=1)[0]))


def _outside_triggers(sql: str) -> str:
    """Return what may run while a file is read: triggers do not."""
    return "" if re.match(r"\s*create\s+(temp\s+)?trigger", sql, re.IGNORECASE) else sql
