"""What kind of file is this? Told by its first bytes rather than by its name, before anything opens it."""

from pathlib import Path
from typing import Literal

from geo.errors import GeoError

FileKind = Literal["osm", "json", "text", "layers"]
HEAD_BYTES = 65_536
OSM_SUFFIXES = (".osm.pbf", ".osm", ".osm.gz", ".osm.bz2", ".pbf", ".o5m", ".opl", ".osm.opl")
# Formats of GDAL that are archives or folders by themselves.
PACKED_SUFFIXES = frozenset({".xlsx", ".ods", ".kmz"})
LAYER_SUFFIXES = frozenset(
    {
        *PACKED_SUFFIXES,
        *(".shp", ".dbf", ".gpkg", ".fgb", ".kml", ".gml", ".gpx", ".tab", ".mif", ".dxf", ".dgn", ".sqlite", ".xls"),
        *(".geojsonl", ".geojsons"),
    }
)
LAYERS = (b"SQLite format 3", b"fgb\x03", b"\x00\x00\x27\x0a", b"\xd0\xcf\x11\xe0")
NO_LISTS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF")
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# XML by which GDAL would fetch other files or other machines' data.
LEADS_ELSEWHERE = (b"<OGRVRT", b"<OGRWFS", b"<GDAL_", b"<OGRWMS", b"<VRTDataset", b"<WCS_GDAL")


def kind_of(path: Path) -> FileKind:
    """Return how to open a file: osm, json, text (a list), layers (whatever GDAL knows).

    Raises GeoError `file_not_found`, `file_is_folder`, `file_empty`, `file_not_readable`, `file_is_archive`,
    `file_of_other_kind`.
    """
    if path.is_dir() and path.suffix.lower() == ".gdb":
        return "layers"
    head = _head(path)
    name = path.name.lower()
    if is_osm(head):
        return "osm"
    if head.startswith(ARCHIVES) and path.suffix.lower() not in PACKED_SUFFIXES:
        if name.endswith(OSM_SUFFIXES):
            return "osm"
        raise _refused("file_is_archive", path)
    if any(mark in head for mark in LEADS_ELSEWHERE) or not head.strip(b"\x00"):
        raise _refused("file_of_other_kind", path)
    if name.endswith(OSM_SUFFIXES):
        return "osm"
    return _listed(head, path)


def is_osm(head: bytes) -> bool:
    """Say whether a file that begins so is OpenStreetMap data."""
    return b"OSMHeader" in head[:64] or (b"<osm" in head[:2000] and b"<osmChange" not in head[:2000])


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise _refused("file_is_folder", path)
    if not path.is_file():
        raise _refused("file_not_found", path)
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise GeoError("file_not_readable", {"file": path.name, "why": error.strerror or ""}, field="file") from error
    if not head.strip():
        raise _refused("file_empty", path)
    return head


def _listed(head: bytes, path: Path) -> FileKind:
    if head.startswith(NO_LISTS):
        raise _refused("file_of_other_kind", path)
    if path.suffix.lower() in LAYER_SUFFIXES or head.startswith(LAYERS):
        return "layers"
    plain = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if plain.startswith(b"{") or (plain.startswith(b"[") and path.suffix.lower() in {".json", ".geojson"}):
        return "json"
    # A stray zero byte is dirt in a text; many of them are no text.
    binary = head.count(b"\x00") > max(8, len(head) // 50) and not head.startswith(BOMS)
    return "layers" if plain.startswith(b"<") or binary else "text"


def _refused(code: str, path: Path) -> GeoError:
    return GeoError(code, {"file": path.name}, field="file")
