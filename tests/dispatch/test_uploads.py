"""Sent files: where they lie, what they are called, what they may be, how big."""

import io
import stat
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadhandler import StopUpload
from django.http import HttpRequest
from uuid_utils.compat import uuid7

from dispatch.errors import DispatchError
from dispatch.uploads import LimitedUpload, clean_stem, folder_of, keep_file, suffix_of

CSV = b"code,lon,lat\nA,1,2\n"
GEOJSON = b'{"type": "FeatureCollection", "features": []}'
SHP = b"\x00\x00\x27\x0a" + b"\x00" * 96


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.IMPORT_FOLDER = tmp_path / "imports"
    settings.IMPORT_MAX_MB = 1
    return tmp_path / "imports"


def keep(data: bytes, name: str = "list.csv", kind: str = "cameras", uid: UUID | None = None) -> Path:
    return keep_file(uid or uuid7(), kind, name, [data[:10], data[10:]])


def refusal(data: bytes, name: str = "list.csv", kind: str = "cameras") -> str:
    uid = uuid7()
    with pytest.raises(DispatchError) as caught:
        keep(data, name, kind, uid)
    assert not folder_of(uid).exists()
    assert (caught.value.code, caught.value.field) == ("bad_input", "file")
    return str(caught.value.facts["why"])


def packed(method: int = zipfile.ZIP_DEFLATED, **files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def test_a_file_lies_in_its_own_folder_for_nobody_else(folder: Path) -> None:
    path = keep(CSV, "cameras 2026.csv")
    assert path.name == "cameras 2026.csv"
    assert path.parent.parent == folder
    assert path.read_bytes() == CSV
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("../../etc/passwd", "passwd"), ("..\\..\\windows\\x.csv", "x"), ("/vsicurl/http://h/a.geojson", "a"),
        ("a\x00b.csv", "a_b"), (".hidden", "hidden"), ("..", "file"), ("", "file"), ("$(rm -rf).csv", "(rm -rf)"),
        ("镜头清单.csv", "镜头清单"), ("a" * 400 + ".csv", "a" * 60), ("x.osm.pbf", "x"), ("CITY.ZIP", "CITY"),
        ("-rf.csv", "-rf"), ("a\nb.csv", "a_b"), ("PG:host=x", "PG_host=x".replace("=", "_")),
    ],
)  # fmt: skip
def test_nothing_of_a_name_is_a_path(folder: Path, name: str, stem: str) -> None:
    assert clean_stem(name) == stem
    path = keep(CSV, name)
    assert path.parent.parent == folder
    assert path.name == f"{stem}.csv"


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (CSV, ".csv"), (GEOJSON, ".geojson"), (b"\xef\xbb\xbf" + GEOJSON, ".geojson"), (SHP, ".shp"), (b"fgb\x03fgb", ".fgb"),
        (b"SQLite format 3\x00" + b"\x00" * 52 + b"GPKG", ".gpkg"), (b"SQLite format 3\x00" + b"\x00" * 90, ".sqlite"),
        (b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18", ".osm.pbf"), (b'<?xml version="1.0"?><osm version="0.6"/>', ".osm"),
        (b"\x1f\x8b\x08\x00", ".osm.gz"), (b"BZh9", ".osm.bz2"), ("编码,经度".encode("gb18030"), ".csv"),
        ("a,b".encode("utf-16"), ".csv"),
    ],
)  # fmt: skip
def test_a_kind_is_told_by_its_bytes(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    assert suffix_of(path, "looks-like.exe") == suffix


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x7fELF\x02\x01\x00", b"%PDF-1.7\n\x00", b"<OGRVRTDataSource/>", b'<!DOCTYPE x [<!ENTITY e SYSTEM "x">]><osm/>',
        b"<kml/>", b"<gml:FeatureCollection/>", b"\x89PNG\r\n\x1a\n\x00",
    ],
)  # fmt: skip
def test_what_no_import_reads_is_refused(data: bytes) -> None:
    assert refusal(data) == "kind_not_taken"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("roads", CSV),
        ("areas", CSV),
        ("units", GEOJSON),
        ("cameras", b"\x1f\x8b\x08"),
        ("areas", b"<osm/>"),
        ("units", b"<osm/>"),
    ],
)
def test_each_import_takes_its_own_kinds(kind: str, data: bytes) -> None:
    assert refusal(data, kind=kind) == "kind_not_taken"


def test_a_file_too_big_leaves_nothing() -> None:
    assert refusal(CSV + b"x" * 1_000_000) == "too_big"


def test_a_zipped_shapefile_is_unpacked_under_one_name() -> None:
    path = keep(
        packed(a__Roads_dot_SHP=SHP, a__Roads_dot_dbf=b"d", a__Roads_dot_prj=b"p", a__readme_dot_txt=b"x"),
        "z.zip",
        "roads",
    )
    assert sorted(part.name for part in path.parent.iterdir()) == ["Roads.dbf", "Roads.prj", "Roads.shp"]
    assert all(stat.S_IMODE(part.stat().st_mode) == 0o600 for part in path.parent.iterdir())


def test_a_zipped_list_is_unpacked() -> None:
    assert keep(packed(x_dot_csv=CSV), "z.zip").read_bytes() == CSV


def raw_zip(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


@pytest.mark.parametrize("name", ["../../../tmp/evil.csv", "/etc/cron.d/evil.csv", "..\\evil.csv", "C:\\evil.csv"])
def test_names_in_an_archive_are_no_paths(folder: Path, name: str) -> None:
    path = keep(raw_zip(name, CSV), "z.zip")
    assert path.parent.parent == folder
    assert path.name == "evil.csv"


def test_a_link_in_an_archive_is_a_file_like_others(folder: Path) -> None:
    info = zipfile.ZipInfo("a.csv")
    info.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    path = keep(out.getvalue(), "z.zip")
    assert not path.is_symlink()
    assert path.read_text() == "/etc/passwd"


def test_a_bomb_is_stopped_where_it_gets_too_big() -> None:
    bomb = packed(x_dot_csv=b"a,b\n" + b"0" * 40_000_000)
    assert len(bomb) < 100_000
    assert refusal(bomb, "z.zip") == "too_big"


def test_a_bomb_that_lies_about_its_size_is_stopped() -> None:
    bomb = bytearray(packed(x_dot_csv=b"a,b\n" + b"0" * 4_000_000))
    real = (4_000_004).to_bytes(4, "little")
    while (at := bomb.find(real)) >= 0:
        bomb[at : at + 4] = (100).to_bytes(4, "little")
    assert refusal(bytes(bomb), "z.zip") in {"archive_unusable", "too_big"}


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"a_dot_csv": CSV, "b_dot_csv": CSV}, "archive_several"),
        ({"a_dot_exe": b"MZ"}, "archive_unusable"),
        ({"a_dot_zip": packed(x_dot_csv=CSV)}, "archive_unusable"),
        ({f"n{n}_dot_txt": b"x" for n in range(40)} | {"a_dot_csv": CSV}, "archive_unusable"),
        ({"a_dot_csv": b"\x7fELF\x00"}, "kind_not_taken"),
        ({"a_dot_csv": packed(x_dot_csv=CSV)}, "kind_not_taken"),
    ],
)
def test_archives_hold_one_layer(files: dict[str, bytes], why: str) -> None:
    assert refusal(packed(**files), "z.zip") == why


def test_broken_and_encrypted_archives_are_refused() -> None:
    whole = packed(x_dot_csv=CSV * 100)
    assert refusal(whole[:-30], "z.zip") == "archive_unusable"
    locked = bytearray(whole)
    locked[6] |= 1
    at = locked.rfind(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert refusal(bytes(locked), "z.zip") == "archive_unusable"
    broken = bytearray(whole)
    broken[45] ^= 0xFF
    assert refusal(bytes(broken), "z.zip") == "archive_unusable"


def test_sending_too_much_is_cut_off(folder: Path) -> None:
    handler = LimitedUpload(HttpRequest())
    handler.new_file("file", "x.csv", "text/csv", 0, None)
    handler.receive_data_chunk(b"x" * 900_000, 0)
    coming = list(folder.iterdir())
    assert len(coming) == 1
    assert stat.S_IMODE(coming[0].stat().st_mode) == 0o600
    with pytest.raises(StopUpload):
        handler.receive_data_chunk(b"x" * 200_000, 900_000)
    handler.upload_interrupted()
    assert list(folder.iterdir()) == []
