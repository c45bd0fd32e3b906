"""Lists as people save them: encodings, line ends, title lines, quotes, spreadsheets' leftovers, files of other kinds."""

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.camera_words import HEADERS
from geo.errors import GeoError
from geo.list_files import Listing, read_rows

NEEDED = (("lon", "lat"), ("position",))
HEAD = "设备编号,经度,纬度,点位名称"
ROW = "X-1,116.39,39.9,东门"


def listed(path: Path, **more: str) -> list[tuple[str, dict[str, str]]]:
    """Read a whole list; a row that cannot be read comes with its code."""
    fields = {word: name for word, name in more.items() if word in HEADERS}
    rest = {word: name for word, name in more.items() if word not in HEADERS}
    listing = Listing(path, HEADERS, fields, needed=NEEDED, **rest)  # type: ignore[arg-type]
    return [(name, {"error": error.code} if error else found) for name, found, _, error in listing]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le-bom", "utf-16-be-bom"]
)
def test_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    text = f"{HEAD}\n{ROW}\n"
    raw = {
        "utf-16-le-bom": b"\xff\xfe" + text.encode("utf-16-le"),
        "utf-16-be-bom": b"\xfe\xff" + text.encode("utf-16-be"),
    }.get(encoding) or text.encode(encoding)
    path = tmp_path / "a.csv"
    path.write_bytes(raw)
    assert listed(path) == [("line 2", {"code": "X-1", "lon": "116.39", "lat": "39.9", "name": "东门"})]


def test_another_encoding_is_named_or_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("name,lon,lat\nAção,1,2\nÀ".encode("latin-1") + b"\xff\n")
    with pytest.raises(GeoError) as caught:
        listed(path)
    assert (caught.value.code, caught.value.facts["line"]) == ("encoding_unknown", 3)
    assert listed(path, encoding="latin-1")[0] == ("line 2", {"name": "Ação", "lon": "1", "lat": "2"})
    with pytest.raises(GeoError, match="encoding_unknown"):
        listed(path, encoding="klingon")


@pytest.mark.parametrize("byte_order", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_cut_in_the_middle_of_a_letter_is_refused(tmp_path: Path, byte_order: bytes) -> None:
    path = tmp_path / "a.csv"
    text = f"{HEAD}\n{ROW}\n".encode("utf-16-le" if byte_order == b"\xff\xfe" else "utf-16-be")
    path.write_bytes(byte_order + text[:-3])
    with pytest.raises(GeoError, match="encoding_unknown"):
        listed(path)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_line_ends_and_delimiters(tmp_path: Path, end: str, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    lines = ["lon,lat,name", '1,2,"a', 'b"', "", "3,4,c", ",,"]
    path.write_bytes(end.join(lines).replace(",", delimiter).encode())
    rows = listed(path)
    assert [name for name, _ in rows] == ["line 2", "line 5"]
    assert rows[1][1] == {"lon": "3", "lat": "4", "name": "c"}


def test_mixed_line_ends_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"lon,lat\r\n1,2\n3,4\r\n\n5,6")
    assert [name for name, _ in listed(path)] == ["line 2", "line 3", "line 5"]


def test_titles_above_the_header_and_what_spreadsheets_leave(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "某市摄像机点位表,,,\n制表：张三,日期：2026,,\n编号,经度（度）,纬度（度）,名称\n"
        '"=""X-1""",１１６．３９,39.9\xa0,NULL\nX-2,1,2,=A1+B1\nX-3,1,2,#REF!\nX-4,1,2,n,extra\n',
        encoding="utf-8",
    )
    assert listed(path) == [
        ("line 4", {"code": "X-1", "lon": "１１６．３９", "lat": "39.9"}),
        ("line 5", {"error": "cell_is_formula"}),
        ("line 6", {"error": "cell_is_formula"}),
        ("line 7", {"error": "cells_too_many"}),
    ]


def test_of_two_columns_for_one_word_the_first_that_says_something(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("lon,lat,name,name,title\n1,2,,b,c\n1,2,,,c\n1,2,a,b,c\n")
    assert [found["name"] for _, found in listed(path)] == ["b", "c", "a"]


def test_a_map_goes_before_the_usual_names_and_can_leave_a_column_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("lon,lat,name,titel\n1,2,a,b\n")
    assert listed(path, name="titel")[0][1]["name"] == "b"
    assert "name" not in listed(path, name="")[0][1]
    with pytest.raises(GeoError) as caught:
        listed(path, name="nichts")
    assert (caught.value.code, caught.value.facts["fields"]) == ("field_unknown", ["lon", "lat", "name", "titel"])


def test_missing_columns_are_said_once_and_not_for_each_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("longitud,latitud,name\n1,2,a\n")
    with pytest.raises(GeoError) as caught:
        listed(path)
    assert caught.value.code == "columns_missing"
    assert caught.value.facts == {"words": ["lon", "lat"], "fields": ["longitud", "latitud", "name"]}


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "lon,lat\n1,2\n")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"), (b"  \n\n", "file_empty"), (b"\x00" * 5000, "file_of_other_kind"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 99, "file_of_other_kind"), (b"%PDF-1.7\n\x00\x01", "file_of_other_kind"),
        (b"\x1f\x8b\x08\x00aaaa", "file_is_archive"), (b"lon,lat\n1,2\n" + b'3,4,"open\n' * 3, "quote_not_closed"),
        (b'lon,lat,name\n1,2,"a' + b"\nx" * 300, "quote_not_closed"), (b"lon,lat\n" + b"1" * 3_000_000, "line_too_long"),
        (b",".join(b"c%d" % n for n in range(200_000)) + b"\n", "too_many_columns"), (b"one\ntwo\n", "header_missing"),
        (b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>", "file_of_other_kind"),
        (b"<?xml version='1.0'?><osm version='0.6'/>", "file_of_other_kind"), (b"<html><body>404</body></html>", "file_of_other_kind"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_said(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(GeoError) as caught:
        listed(path)
    assert caught.value.code == code
    assert str(tmp_path) not in str(caught.value)


def test_a_stray_zero_byte_is_dirt_and_not_another_kind_of_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"lon,lat,name\n1,2,a\x00b\n3,\x00,c\n")
    assert [name for name, _ in listed(path)] == ["line 2", "line 3"]


def test_a_folder_an_archive_and_nothing(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip")
    for name, code in (("", "file_is_folder"), ("a.zip", "file_is_archive"), ("gone.csv", "file_not_found")):
        with pytest.raises(GeoError) as caught:
            listed(tmp_path / name)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"type": "FeatureCollection"}', "no_features"), ('{"features": 1}', "no_features"), ("{", "file_damaged"),
        ('{"features": [{"type":', "file_damaged"), ('{"features": ' + "[" * 5000, "file_damaged"), ("{}", "no_features"),
    ],
)  # fmt: skip
def test_json_that_is_no_list(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text)
    with pytest.raises(GeoError) as caught:
        listed(path)
    assert caught.value.code == code


def test_features_of_every_sort(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    point = {"type": "Point", "coordinates": [1, 2]}
    features = [
        {"type": "Feature", "id": 7, "properties": {"name": "a", "lon": 9, "deep": {"x": 1}}, "geometry": point},
        {"type": "Feature", "properties": None, "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}},
        {"type": "Feature", "properties": {"name": "=1+1"}, "geometry": point},
        None,
        {"type": "Feature", "properties": {"lon": 5, "lat": float("nan")}, "geometry": None},
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, "attribution": "© X"}))
    listing = Listing(path, HEADERS, {}, needed=NEEDED)
    assert [(name, own, error.code if error else found) for name, found, own, error in listing] == [
        ("feature 1", "7", {"lon": "1", "lat": "2", "name": "a"}),
        ("feature 2", "", "not_a_point"),
        ("feature 3", "", "cell_is_formula"),
        ("feature 4", "", {}),
        ("feature 5", "", {"lon": "5"}),
    ]
    assert listing.table.attribution == "© X"


def test_short_lists_as_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes("呼号,单位\nA1,S1\n=B,S2\n".encode("gb18030"))
    rows, attribution = read_rows(path)
    assert (rows[0], attribution) == (("line 2", {"呼号": "A1", "单位": "S1"}), "")
    assert rows[1][1] == {}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.one_of(
        st.binary(max_size=400), st.text(max_size=200).map(lambda text: f"{HEAD}\n{text}".encode("utf-8", "replace"))
    )
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, raw: bytes) -> None:
    for name in ("a.csv", "a.geojson"):
        path = tmp_path / name
        path.write_bytes(raw)
        try:
            rows = listed(path)
        except GeoError as error:
            assert error.code  # noqa: PT017
        else:
            assert all(name.startswith(("line ", "feature ")) or " fid " in name for name, _ in rows)
