"""The camera register: history of places, and addresses that only one function can read."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.gis.geos import Polygon
from django.db import IntegrityError, transaction

from geo.errors import GeoError
from geo.estate import has_address, put_address, put_camera, secret_address
from geo.estate_bulk import NewCamera, add_cameras
from geo.metres import destination
from geo.models import Area, Camera, CameraAddress, CameraPlacement
from tests.geo.town import CENTRE, NOON, square

Town = dict[str, Area]
LATER = NOON + timedelta(days=3)


def test_moving_closes_the_former_place(town: Town) -> None:
    camera, first = put_camera(code="A", area=town["city"], point=CENTRE, at=NOON, name="A", heading_deg=10.0)
    there = destination(CENTRE, 90, 30)
    moved, changed = put_camera(code="A", area=town["city"], point=there, at=LATER, camera=camera, heading_deg=10.0)
    assert first["name"] == "A"
    assert set(changed) == {"point"}
    old, new = CameraPlacement.objects.filter(camera=moved)
    assert (old.placed_from, old.placed_to, new.placed_from, new.placed_to) == (NOON, LATER, LATER, None)
    assert new.point.coords == pytest.approx(there)
    assert moved.placed_at == LATER


def test_nothing_new_writes_no_history(town: Town) -> None:
    camera, _ = put_camera(code="A", area=town["city"], point=CENTRE, at=NOON, name="A")
    _, changed = put_camera(
        code="A", area=town["city"], point=CENTRE, at=LATER, camera=camera, name="A", status="unknown"
    )
    assert changed == {}
    assert CameraPlacement.objects.count() == 1


def test_status_is_no_move_and_carries_its_time(town: Town) -> None:
    camera, _ = put_camera(code="A", area=town["city"], point=CENTRE, at=NOON, name="A")
    dead, changed = put_camera(code="A", area=town["city"], point=CENTRE, at=LATER, camera=camera, status="offline")
    assert changed == {"status": "offline"}
    assert dead.status_at == LATER
    assert CameraPlacement.objects.count() == 1


def test_drawn_polygon_becomes_the_sector(town: Town) -> None:
    drawn = square(*CENTRE, half_deg=0.001)
    camera, changed = put_camera(code="A", area=town["city"], point=CENTRE, at=NOON, name="A", sight=drawn)
    assert changed["sight"] == "drawn"
    assert camera.sector is not None
    assert camera.sector[0].equals(drawn)
    assert isinstance(CameraPlacement.objects.get().sight, Polygon)


def test_a_camera_stands_in_one_place_at_a_time(town: Town) -> None:
    camera, _ = put_camera(code="A", area=town["city"], point=CENTRE, at=NOON, name="A")
    with pytest.raises(IntegrityError), transaction.atomic():
        CameraPlacement.objects.create(camera=camera, point=camera.point, placed_from=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        CameraPlacement.objects.create(
            camera=camera, point=camera.point, placed_from=NOON - timedelta(days=1), placed_to=LATER
        )


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"fov_deg": 0}, "out_of_range"), ({"range_m": 1e9}, "out_of_range"), ({"heading_deg": -1}, "out_of_range"), ({"face": 1}, "unknown_field")],
)  # fmt: skip
def test_senseless_fields_are_refused(town: Town, fields: dict[str, object], code: str) -> None:
    with pytest.raises(GeoError) as caught:
        put_camera(code="A", area=town["city"], point=CENTRE, at=NOON, name="A", **fields)
    assert caught.value.code == code
    with pytest.raises(GeoError):
        add_cameras([NewCamera("A", town["city"], CENTRE, fields=dict(fields))], at=NOON)
    assert not Camera.objects.exists()


def test_bulk_makes_the_same_rows_as_one_by_one(town: Town) -> None:
    fields = {"name": "x", "kind": "ptz", "heading_deg": 77.0, "fov_deg": 40.0, "range_m": 90.0, "status": "online"}
    one, _ = put_camera(code="ONE", area=town["west"], point=CENTRE, at=NOON, **fields)
    added = add_cameras([NewCamera("MANY", town["west"], CENTRE, fields=dict(fields))], at=NOON)[0]
    many = Camera.objects.get(pk=added)
    ignored = {"id", "uid", "code", "_state"}
    rows = [Camera.objects.get(pk=camera.pk).__dict__ for camera in (one, many)]
    assert {name: rows[0][name] for name in set(rows[0]) - ignored} == {
        name: rows[1][name] for name in set(rows[1]) - ignored
    }
    places = [
        CameraPlacement.objects.filter(camera=camera).values("point", "heading_deg", "fov_deg", "placed_from").get()
        for camera in (one, many)
    ]
    assert places[0] == places[1]


def test_address_comes_back_only_with_the_instance_key(town: Town, settings: Any) -> None:
    camera, _ = put_camera(code="A", area=town["city"], point=CENTRE, at=NOON, name="A")
    put_address(camera, "snapshot", "http://me:pw@127.0.0.1:8/x.jpg")
    assert secret_address(camera, "snapshot") == ("http://127.0.0.1:8/x.jpg", ("me", "pw"))
    assert has_address(camera, "snapshot")
    assert secret_address(camera, "stream") is None
    settings.CAMERA_KEY = Fernet.generate_key().decode()
    with pytest.raises(GeoError) as caught:
        secret_address(camera, "snapshot")
    assert caught.value.code == "credentials_unreadable"
    put_address(camera, "snapshot", "")
    assert not CameraAddress.objects.exists()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://", "http://[::1", "//h/x", "http://h:99999/", "http://a\nb/", "x" * 3000]
)
def test_unusable_addresses_are_refused_without_repeating_them(town: Town, url: str) -> None:
    camera, _ = put_camera(code="A", area=town["city"], point=CENTRE, at=NOON, name="A")
    with pytest.raises(GeoError) as caught:
        put_address(camera, "snapshot", url)
    assert caught.value.code == "address_unusable"
    assert url not in str(caught.value)
