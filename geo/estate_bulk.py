"""Many new cameras at once: the same rows that `geo.estate.put_camera` makes one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.gis.geos import Point

from geo.addresses import split_login
from geo.crs import check_lonlat
from geo.estate import FACTS, PLACED, check_fields, sector_for
from geo.models import Area, Camera, CameraAddress, CameraPlacement, ImportRun
from geo.tiles.changes import CAMERAS, tell_changed

BATCH = 2000


@dataclass
class NewCamera:
    """One camera to add: lon/lat, the fields of `put_camera`, and addresses by kind, which are secrets."""

    code: str
    area: Area
    point: tuple[float, float]
    source_key: str | None = None
    height_m: float | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict, repr=False)


def add_cameras(new: Sequence[NewCamera], *, at: datetime, run: ImportRun | None = None) -> list[Camera]:
    """Write new cameras with their first placements and addresses. Raises GeoError for the first unusable one."""
    cameras = Camera.objects.bulk_create([_camera(given, at, run) for given in new], batch_size=BATCH)
    placements = [_placement(camera, given, at) for camera, given in zip(cameras, new, strict=True)]
    CameraPlacement.objects.bulk_create(placements, batch_size=BATCH)
    sealer = Fernet(settings.CAMERA_KEY.encode())
    addresses = [
        _address(camera, kind, url, sealer)
        for camera, given in zip(cameras, new, strict=True)
        for kind, url in given.addresses.items()
    ]
    CameraAddress.objects.bulk_create(addresses, batch_size=BATCH)
    if cameras:
        tell_changed(CAMERAS)
    return cameras


def _camera(given: NewCamera, at: datetime, run: ImportRun | None) -> Camera:
    lon, lat = check_lonlat(*given.point)
    check_fields(given.fields)
    facts = {name: given.fields[name] for name in FACTS if name in given.fields}
    placed = {name: given.fields[name] for name in PLACED if name in given.fields}
    known = given.fields.get("status", "unknown") != "unknown"
    camera = Camera(
        code=given.code,
        area=given.area,
        point=Point(lon, lat, srid=4326),
        placed_at=at,
        status_at=at if known else None,
        source_key=given.source_key,
        run=run,
        **facts,
        **placed,
    )
    camera.sector = sector_for(camera)
    return camera


def _placement(camera: Camera, given: NewCamera, at: datetime) -> CameraPlacement:
    placed = {name: getattr(camera, name) for name in PLACED}
    return CameraPlacement(camera=camera, point=camera.point, height_m=given.height_m, placed_from=at, **placed)


def _address(camera: Camera, kind: str, url: str, sealer: Fernet) -> CameraAddress:
    where, login = split_login(url)
    sealed = sealer.encrypt(login.encode()) if login else None
    return CameraAddress(camera=camera, kind=kind, url=where, credentials=sealed)
