"""Files that strangers send: no other file and no other host is reached, whatever they say."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from geo.errors import GeoError
from geo.layers import open_layer
from geo.safe_gdal import check_sqlite, only_safe_formats

LINE = {
    "type": "Feature",
    "properties": {"name": "a"},
    "geometry": {"type": "LineString", "coordinates": [[1, 50], [1.01, 50]]},
}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process of an import changes its environment for good; a test gives it back."""
    import os

    monkeypatch.setattr(os, "environ", os.environ)
    for name in ("GDAL_HTTP_PROXY", "http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    for name in ("GDAL_HTTPS_PROXY", "PROJ_NETWORK", "GDAL_HTTP_TIMEOUT", "GDAL_HTTP_MAX_RETRY"):
        monkeypatch.setenv(name, "")
    for name in ("SPATIALITE_SECURITY", "OGR_SQLITE_LOAD_EXTENSIONS"):
        monkeypatch.setenv(name, "")


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a server and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}", asked
        http.shutdown()


def collection(**more: object) -> str:
    return json.dumps({"type": "FeatureCollection", **more, "features": [LINE]})


def refused(path: Path, layer: str = "") -> str:
    with only_safe_formats(), pytest.raises(GeoError) as caught:
        open_layer(path, layer)
    return caught.value.code


def database(path: Path, *statements: str) -> Path:
    with sqlite3.connect(path) as opened:
        for statement in statements:
            opened.execute(statement)
    return path


def catalogued(path: Path, kind: str, name: str, statement: str | bytes) -> None:
    """Write a row of the catalogue as anybody can who edits the file."""
    with sqlite3.connect(path) as opened:
        opened.execute("PRAGMA writable_schema = ON")
        opened.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, 0, ?)", [kind, name, name, statement])


def test_plain_files_open(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(collection(), encoding="utf-8")
    with only_safe_formats():
        assert open_layer(path, "").num_feat == 1


VRT = """<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{to}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"""
GML = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://x {to}/x.xsd">
<gml:featureMember><ogr:a fid="1"><ogr:n>&e;</ogr:n></ogr:a></gml:featureMember></ogr:FeatureCollection>"""
KML = """<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY e SYSTEM "file:///etc/passwd">]><kml><NetworkLink><Link><href>{to}</href></Link>
</NetworkLink><Placemark><name>&e;</name><Point><coordinates>1,2</coordinates></Point></Placemark></kml>"""
OTHERS = {
    "vrt": VRT, "padded_vrt": " " * 70_000 + VRT, "gml": GML, "kml": KML,
    "wfs": "<OGRWFSDataSource><URL>{to}</URL></OGRWFSDataSource>", "http": "HTTP:{to}", "carto": "PG:host=127.0.0.1",
    "csv": "a,b\n1,2\n", "gpx": '<gpx version="1.1"><wpt lat="1" lon="2"/></gpx>',
}  # fmt: skip


@pytest.mark.parametrize("name", ["x.geojson", "x.shp", "x.gpkg", "x.vrt"])
@pytest.mark.parametrize("kind", OTHERS)
def test_formats_that_lead_elsewhere_are_unknown(
    tmp_path: Path, server: tuple[str, list[str]], kind: str, name: str
) -> None:
    secret = tmp_path / "secret.geojson"
    secret.write_text(collection(), encoding="utf-8")
    path = tmp_path / name
    path.write_text(OTHERS[kind].replace("{to}", server[0] if kind != "vrt" else str(secret)), encoding="utf-8")
    assert refused(path) in {"file_of_other_kind", "file_damaged", "file_empty"}
    assert server[1] == []


@pytest.mark.parametrize("way", ["link", "url", "LINK"])
def test_a_coordinate_system_behind_a_link_is_not_fetched(
    tmp_path: Path, server: tuple[str, list[str]], way: str
) -> None:
    path = tmp_path / "a.geojson"
    there = {"href": f"{server[0]}/crs", "url": f"{server[0]}/crs", "type": "esriwkt"}
    path.write_text(collection(crs={"type": way, "properties": there}), encoding="utf-8")
    with only_safe_formats():
        try:
            open_layer(path, "")
        except GeoError as error:
            assert error.code in {"file_of_other_kind", "file_damaged"}  # noqa: PT017
    assert server[1] == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIRTUAL TABLE x USING VirtualText('/etc/passwd', 'UTF-8', 0)",
        "CREATE VIRTUAL TABLE x USING VirtualOGR('/etc/passwd')",
        'create  virtual table "a using b" using [VirtualShape](/etc/x, UTF-8, 4326)',
        "CREATE VIRTUAL TABLE \"a using rtree\" USING VirtualText('/etc/passwd', 'UTF-8', 0)",
        "CREATE VIRTUAL TABLE a\u00a0using\u00a0rtree USING VirtualText('/etc/passwd', 'UTF-8', 0)",
        "CREATE VIRTUAL TABLE x/* using rtree */USING VirtualText('/etc/passwd', 'UTF-8', 0)",
        "CREATE VIRTUAL TABLE x USING/**/VirtualText('/etc/passwd', 'UTF-8', 0)",
        "CREATE VIRTUAL--\nTABLE x USING--\n'VirtualText'('/etc/passwd', 'UTF-8', 0)",
        b"CREATE VIRTUAL TABLE x USING VirtualText('/etc/passwd', 'UTF-8', 0)",
        "CREATE VIEW x AS SELECT \"BlobFromFile\"('/etc/passwd') AS g",
        "CREATE VIEW x AS SELECT load_extension/**/('/tmp/x.so')",
        "CREATE VIEW x AS SELECT load_extension('/tmp/x.so')",
        "CREATE VIEW x AS SELECT ogr_geocode('a') AS g",
        "CREATE VIEW x AS SELECT BlobFromFile ('/etc/passwd') AS g",
    ],
)
def test_databases_that_reach_out_are_refused(tmp_path: Path, statement: str | bytes) -> None:
    """Such a row of the catalogue can be written by anybody who edits the file."""
    path = database(tmp_path / "a.sqlite", "CREATE TABLE y (id INTEGER)")
    catalogued(path, "view" if "VIEW" in str(statement) else "table", "x", statement)
    assert refused(path) in {"file_leads_elsewhere", "file_damaged"}


@pytest.mark.parametrize("name", ['"a using rtree" ', "a/* using rtree */", "a USING/**/ "])
def test_no_way_of_writing_a_table_reads_a_file_of_the_server(tmp_path: Path, name: str) -> None:
    secret = tmp_path / "settings.txt"
    secret.write_text("SECRET_KEY=hunter2\nDB_PASSWORD=hunter2\n", encoding="utf-8")
    path = database(tmp_path / "a.sqlite", "CREATE TABLE y (id INTEGER, name TEXT)")
    called = name.strip(' "') if name.startswith('"') else "a"
    using = "" if "USING" in name else "USING "
    text = f"VirtualText('{secret}', 'UTF-8', 0, POINT, NONE, ';')"
    catalogued(path, "table", called, f"CREATE VIRTUAL TABLE {name}{using}{text}")
    catalogued(path, "view", "v", f'CREATE VIEW v AS SELECT COL001 AS name FROM "{called}"')
    read = ""
    with only_safe_formats():
        try:
            layer = open_layer(path, "v")
            read = " ".join(str(feature.get("name")) for feature in layer)
        except GeoError as error:
            assert error.code == "file_leads_elsewhere"  # noqa: PT017
    assert "hunter2" not in read
    assert refused(path, "v") == "file_leads_elsewhere"


def test_words_in_texts_and_names_are_no_reason_to_refuse(tmp_path: Path) -> None:
    check_sqlite(
        database(
            tmp_path / "a.gpkg",
            'CREATE VIRTUAL TABLE "rtree_\u6444\u50cf\u673a_geom" USING rtree(id, minx, maxx, miny, maxy)',
            "CREATE TABLE \"create virtual table\" (a TEXT DEFAULT 'readfile(x)', b INTEGER) -- import(1)",
        )
    )


def test_a_database_with_an_index_of_boxes_is_harmless(tmp_path: Path) -> None:
    check_sqlite(
        database(
            tmp_path / "a.gpkg", "CREATE VIRTUAL TABLE r USING rtree(id, a, b)", "CREATE VIEW v AS SELECT id FROM r"
        )
    )


def test_a_damaged_database_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    assert refused(path) in {"file_damaged", "file_of_other_kind"}


@pytest.mark.parametrize("layer", ["../../etc/passwd", "x'; DROP TABLE y; --", "/vsicurl/http://h/x", "SELECT 1"])
def test_a_layer_is_a_name_and_nothing_else(tmp_path: Path, layer: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(collection(), encoding="utf-8")
    assert refused(path, layer) == "layer_unknown"
