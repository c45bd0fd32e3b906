"""Files that administrators send: a folder of their own, names that we make, kinds told by their first bytes.

Nothing of a sent file's name is a path; an archive is unpacked by size, count and ending; whatever is not among the
few kinds that an import reads is refused before anything opens it.
"""

import os
import shutil
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler

from dispatch.errors import DispatchError
from geo.safe_gdal import SQLITE_HEAD

CHUNK = 1 << 20
LONGEST_STEM = 60
MOST_PARTS = 30
SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
ALONE = (".geojson", ".json", ".csv", ".gpkg", ".sqlite", ".fgb")
LAYERS = frozenset({".geojson", ".gpkg", ".sqlite", ".fgb", ".shp"})
OSM = frozenset({".osm.pbf", ".osm", ".osm.gz", ".osm.bz2"})
TAKEN: dict[str, frozenset[str]] = {
    "roads": LAYERS | OSM, "areas": LAYERS, "cameras": LAYERS | {".csv"}, "units": frozenset({".csv"}),
}  # fmt: skip


class SentFile(TemporaryUploadedFile):
    """A file on its way in, in the instance's own folder, readable by nobody else."""

    def __init__(self, name: str | None, content_type: str | None, charset: str | None) -> None:
        folder = Path(settings.IMPORT_FOLDER)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        coming = tempfile.NamedTemporaryFile(prefix="coming-", dir=folder)  # noqa: SIM115
        UploadedFile.__init__(self, coming, name, content_type, 0, charset)


class LimitedUpload(TemporaryFileUploadHandler):
    """Every sent file goes to the instance's own folder, and is cut off when it is longer than allowed."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = SentFile(self.file_name, self.content_type, self.charset)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write on, or stop taking more."""
        if start + len(raw_data) > settings.IMPORT_MAX_MB * 1_000_000:
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)


def folder_of(uid: UUID) -> Path:
    """Return the folder of one import."""
    return Path(settings.IMPORT_FOLDER) / str(uid)


def forget_folder(uid: UUID) -> None:
    """Delete what was sent and what was made of it."""
    shutil.rmtree(folder_of(uid), ignore_errors=True)


def keep_file(uid: UUID, kind: str, name: str, chunks: Iterable[bytes]) -> Path:
    """Store a sent file under a name of our own and return it; leaves nothing behind when it is refused.

    Raises `bad_input` (field file) with why: too_big, kind_not_taken, archive_unusable, archive_several.
    """
    folder = folder_of(uid)
    folder.mkdir(parents=True, mode=0o700)
    try:
        raw = folder / "sent"
        _write(raw, chunks, settings.IMPORT_MAX_MB * 1_000_000)
        suffix = suffix_of(raw, name)
        path = _unpack(raw, folder) if suffix == ".zip" else raw.rename(folder / f"{clean_stem(name)}{suffix}")
        if _ending(path) not in TAKEN[kind]:
            raise _refused("kind_not_taken", allowed=sorted(TAKEN[kind]))
    except BaseException:
        forget_folder(uid)
        raise
    return path


def clean_stem(name: str) -> str:
    """Return the file's name without folders, ending and whatever could mean something to a file system."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    for ending in (*sorted(OSM, key=len, reverse=True), ".pbf", ".zip", *ALONE, *SHAPE_PARTS):
        last = last.removesuffix(ending).removesuffix(ending.upper())
    kept = "".join(char if char.isalnum() or char in "-_ ()" else "_" for char in last).strip(" _")
    return kept.encode()[: LONGEST_STEM * 3].decode(errors="ignore")[:LONGEST_STEM] or "file"


def suffix_of(path: Path, name: str) -> str:
    """Return the ending that a file's first bytes deserve. Raises `bad_input`, why kind_not_taken."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(SQLITE_HEAD):
        return ".gpkg" if head[68:72] in {b"GPKG", b"GP10", b"GP11"} else ".sqlite"
    if head.startswith(b"PK\x03\x04"):
        return ".zip"
    if head[:3] == b"fgb":
        return ".fgb"
    if b"OSMHeader" in head[:64]:
        return ".osm.pbf"
    packed = {b"\x1f\x8b": ".osm.gz", b"BZ": ".osm.bz2"}.get(head[:2])
    if packed:
        return packed
    if head[:4] == b"\x00\x00\x27\x0a":
        return ".shp"
    return _suffix_of_text(head, name)


def _suffix_of_text(head: bytes, name: str) -> str:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    plain = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if plain.startswith(b"{"):
        return ".geojson"
    if plain.startswith(b"<"):
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"<osm" not in head:
            raise _refused("kind_not_taken", name=name[-40:])
        return ".osm"
    if plain and (wide or b"\x00" not in head):
        return ".csv"
    raise _refused("kind_not_taken", name=name[-40:])


def _unpack(raw: Path, folder: Path) -> Path:
    """Unpack one layer out of an archive: a shapefile with its parts, or one file of another kind."""
    try:
        with zipfile.ZipFile(raw) as archive:
            parts = _parts(archive)
            main = next(info for info in parts if _ext(info) in {".shp", *ALONE})
            stem, left = clean_stem(main.filename), settings.IMPORT_MAX_MB * 1_000_000
            for info in parts:
                with archive.open(info) as file:
                    left -= _write(folder / f"{stem}{_ext(info)}", _chunks(file), left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _refused("archive_unusable") from error
    raw.unlink()
    unpacked = folder / f"{stem}{_ext(main)}"
    return unpacked.rename(unpacked.with_suffix(suffix_of(unpacked, unpacked.name)))


def _parts(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    infos = [info for info in archive.infolist() if not info.is_dir() and "__MACOSX" not in info.filename]
    mains = [info for info in infos if _ext(info) in {".shp", *ALONE}]
    if len(infos) > MOST_PARTS or not mains or any(info.flag_bits & 1 for info in infos):
        raise _refused("archive_unusable")
    if len(mains) > 1:
        raise _refused("archive_several", files=[clean_stem(info.filename) for info in mains][:MOST_PARTS])
    if _ext(mains[0]) != ".shp":
        return mains
    stem = mains[0].filename[:-4].lower()
    return [info for info in infos if _ext(info) in SHAPE_PARTS and info.filename[:-4].lower() == stem]


def _ext(info: zipfile.ZipInfo) -> str:
    return os.path.splitext(info.filename)[1].lower()


def _ending(path: Path) -> str:
    return next((ending for ending in OSM if path.name.endswith(ending)), path.suffix)


def _chunks(file: IO[bytes]) -> Iterable[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _write(path: Path, chunks: Iterable[bytes], most_bytes: int) -> int:
    written = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
        for chunk in chunks:
            written += len(chunk)
            if written > most_bytes:
                raise _refused("too_big", limit=settings.IMPORT_MAX_MB)
            file.write(chunk)
    return written


def _refused(why: str, **facts: Any) -> DispatchError:
    return DispatchError("bad_input", field="file", why=why, **facts)
