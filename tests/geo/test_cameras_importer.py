"""Camera lists: real ones, Chinese ones and broken ones; addresses stay secret."""

import json
import logging
from pathlib import Path

import pytest
from django.core import serializers

from geo.camera_words import addresses_of, heading_of
from geo.cameras_importer import import_cameras
from geo.errors import GeoError
from geo.estate import secret_address
from geo.models import Area, Camera, CameraAddress, CameraPlacement, ImportRun
from geo.runs import Terms
from tests.geo.town import CENTRE

Town = dict[str, Area]
SECRET = "Hunter2"


@pytest.mark.parametrize(
    ("text", "heading"),
    [("90", 90), ("NNE", 22.5), ("north", 0), ("SouthWest", 225), ("Northbound", 0), ("东北", 45), ("朝南", 180), ("西向", 270),
     ("由北向南", 180), ("-90", 270), ("144°", 144), ("Median", None), ("NS", None), ("", None), ("360", 0)],
)  # fmt: skip
def test_compass_words(text: str, heading: float | None) -> None:
    assert heading_of(text)[0] == heading
    assert heading_of(text)[2] is (heading is not None or text == "")


def test_direction_span_gives_heading_and_fov() -> None:
    assert heading_of("90-180") == (135.0, 90.0, True)
    assert heading_of("350-10") == (0.0, 20.0, True)


def test_bare_address_is_sorted_by_format_then_ending() -> None:
    assert list(addresses_of({"url": "http://h/a.m3u8"})) == ["stream"]
    assert list(addresses_of({"url": "http://h/a.jpg?x=1"})) == ["snapshot"]
    assert list(addresses_of({"url": "http://h/a", "format": "IMAGE_STREAM"})) == ["snapshot"]


def test_real_traffic_cameras(town: Town, real_data: Path) -> None:
    path = real_data / "cameras" / "traffic-cameras-california-ohio.csv"
    said: list[str] = []
    run = import_cameras(path, area=town["city"], how=Terms(say=said.append))
    added, refused = run.counts["added"], run.refused_total
    assert added + refused == 4003
    assert added > 3900
    assert Camera.objects.exclude(heading_deg=None).count() > 2500
    assert run.counts["heading_not_understood"] >= 40
    assert run.counts["address_shared"] > 0
    assert {row["code"] for row in run.refused} <= {"duplicate_row", "position_not_a_number", "position_null_island"}
    assert CameraPlacement.objects.filter(placed_to=None).count() == added
    again = import_cameras(path, area=town["city"])
    assert (again.counts["added"], again.counts.get("changed", 0), again.counts["unchanged"]) == (0, 0, added)
    assert CameraPlacement.objects.count() == added


def test_real_osm_cameras_keep_their_direction(town: Town, real_data: Path) -> None:
    run = import_cameras(real_data / "cameras" / "osm-cameras-sf-downtown.geojson", area=town["city"])
    assert run.counts["added"] == 59
    assert Camera.objects.exclude(heading_deg=None).count() == 24
    assert "OpenStreetMap" in run.attribution
    assert Camera.objects.filter(source_key__startswith="osm:node/").count() == 59
    helsinki = import_cameras(real_data / "cameras" / "osm-cameras-helsinki.geojson", area=town["city"])
    assert helsinki.counts["added"] + helsinki.refused_total == 223
    assert helsinki.counts["added"] > 215


def test_chinese_list_in_gb18030_and_gcj02(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "点位.csv"
    path.write_bytes(
        "设备编号,点位名称,经度,纬度,类型,朝向,等级,所属单位,授权,点位编号\n"
        "X-001,东门路口,116.39724,39.90840,球机,朝东,一类,交警支队,已授权,G-7\n".encode("gb18030")
    )
    import_cameras(path, area=town["city"], datum="gcj02")
    camera = Camera.objects.get()
    assert (camera.code, camera.name, camera.kind, camera.heading_deg) == ("X-001", "东门路口", "ptz", 90)
    assert (camera.grade, camera.owner, camera.consent, camera.pole_code) == ("key", "交警支队", "granted", "G-7")
    assert camera.point.coords == pytest.approx((116.391, 39.907), abs=3e-5)
    assert camera.sector is not None


def _csv(path: Path, *lines: str) -> Path:
    path.write_text("code,lon,lat,heading,fov,range,snapshot_url,stream_url\n" + "\n".join(lines))
    return path


def test_area_by_ground_the_deepest_first(town: Town, tmp_path: Path) -> None:
    lon, lat = CENTRE
    path = _csv(tmp_path / "a.csv", f"A,{lon - 0.015},{lat},,,,,", f"B,{lon - 0.03},{lat},,,,,", "C,10,50,,,,,")
    run = import_cameras(path)
    assert Camera.objects.get(code="A").area == town["west_1"]
    assert Camera.objects.get(code="B").area == town["west"]
    assert [(row["row"], row["code"]) for row in run.refused] == [("line 4", "no_area_here")]


def test_unusable_rows_are_named_and_the_rest_is_taken(town: Town, tmp_path: Path) -> None:
    lon, lat = CENTRE
    here = f"{lon},{lat}"
    path = _csv(
        tmp_path / "a.csv",
        f"A,{here},90,60,100,,",
        "B,nan,1,,,,,", "C,39.9,116.4,,,,,", "D,0,0,,,,,", "E,x,y,,,,,",
        f"F,{here},400,,,,", f"G,{here},,0,,,", f"H,{here},,,99999999,,", f"I,{here},,,,file:///etc/passwd,",
        f"A,{here},90,60,100,,",
    )  # fmt: skip
    run = import_cameras(path, area=town["city"])
    assert Camera.objects.get().code == "A"
    assert [(row["row"], row["code"]) for row in run.refused] == [
        ("line 3", "position_not_a_number"),
        ("line 4", "position_out_of_range"),
        ("line 5", "position_null_island"),
        ("line 6", "position_not_a_number"),
        ("line 7", "out_of_range"),
        ("line 8", "out_of_range"),
        ("line 9", "out_of_range"),
        ("line 10", "address_unusable"),
        ("line 11", "duplicate_row"),
    ]
    assert run.refused[1]["facts"]["swapped"] is True


def test_second_import_moves_and_keeps_the_old_place(town: Town, tmp_path: Path) -> None:
    lon, lat = CENTRE
    import_cameras(_csv(tmp_path / "a.csv", f"A,{lon},{lat},90,60,100,,"), area=town["city"])
    run = import_cameras(_csv(tmp_path / "a.csv", f"A,{lon + 0.001},{lat},180,60,100,,"), area=town["city"])
    assert run.counts["changed"] == 1
    old, new = CameraPlacement.objects.order_by("placed_from")
    assert (old.placed_to, old.heading_deg) == (new.placed_from, 90)
    assert (new.placed_to, new.heading_deg) == (None, 180)
    camera = Camera.objects.get()
    assert camera.point.x == pytest.approx(lon + 0.001)
    assert camera.sector is not None
    assert camera.sector.centroid.y < lat


def test_logins_are_split_off_sealed_and_never_said(
    town: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    lon, lat = CENTRE
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    path = _csv(
        tmp_path / "a.csv",
        f"A,{lon},{lat},,,,http://root:{SECRET}@10.1.2.3:81/snap.jpg,rtsp://u%40b:p%3A{SECRET}@10.1.2.3/live",
        f"B,{lon},{lat},,,,http://root:{SECRET}@10.1.2.3:81/snap.jpg,ftp://x:{SECRET}@h/",
    )
    run = import_cameras(path, area=town["city"], how=Terms(say=said.append))
    camera = Camera.objects.get(code="A")
    assert secret_address(camera, "snapshot") == ("http://10.1.2.3:81/snap.jpg", ("root", SECRET))
    assert secret_address(camera, "stream") == ("rtsp://10.1.2.3/live", ("u@b", f"p:{SECRET}"))
    for row in CameraAddress.objects.all():
        assert SECRET.encode() not in bytes(row.credentials or b"")
        assert SECRET not in row.url
        assert "10.1.2.3" not in f"{row} {row!r}"
    kept = json.dumps([run.refused, run.counts]) + serializers.serialize("json", Camera.objects.all())
    spoken = caplog.text + "".join(capsys.readouterr()) + "\n".join(said) + kept
    assert SECRET not in spoken
    assert "10.1.2.3" not in spoken


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("gone.csv", None, "file_not_found"),
        ("a.geojson", "{", "file_damaged"),
        ("a.geojson", "[1]", "file_damaged"),
        ("a.csv", "only one header\n", "header_missing"),
        ("a.csv", "lon,lat\nx,y\n", "nothing_found"),
    ],
)
def test_unusable_file_is_refused_whole(town: Town, tmp_path: Path, name: str, content: str | None, code: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(GeoError) as caught:
        import_cameras(path)
    assert caught.value.code == code
    assert not Camera.objects.exists()
    assert set(ImportRun.objects.values_list("state", flat=True)) <= {"failed"}


def test_cameras_without_code_are_numbered_by_their_area(town: Town, tmp_path: Path) -> None:
    lon, lat = CENTRE
    path = tmp_path / "a.csv"
    path.write_text(f"name,lon,lat\nfirst,{lon - 0.015},{lat}\nsecond,{lon - 0.016},{lat}\n")
    import_cameras(path)
    assert list(Camera.objects.values_list("code", "name")) == [("T-W-1-C0001", "first"), ("T-W-1-C0002", "second")]
