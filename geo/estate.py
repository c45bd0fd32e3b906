"""The camera register: placing and changing cameras with their history; addresses, which are secrets."""

from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point, Polygon
from django.db import transaction
from shapely import from_wkb

from geo.addresses import join_login, split_login
from geo.crs import check_lonlat
from geo.errors import GeoError
from geo.models import Area, Camera, CameraAddress, CameraAddressKind, CameraPlacement
from geo.sight import Lens, sector_of
from geo.tiles import changes as tiles

FACTS = ("name", "kind", "grade", "owner", "consent", "national_code", "pole_code", "status")
PLACED = ("heading_deg", "fov_deg", "range_m", "sight")
TILED = {"code", "kind", "grade", "area", "point", *PLACED}
LIMITS = {"heading_deg": (0.0, 360.0), "fov_deg": (1.0, 360.0), "range_m": (1.0, 20_000.0)}


@transaction.atomic
def put_camera(
    *, code: str, area: Area, point: tuple[float, float], at: datetime, camera: Camera | None = None, **fields: Any
) -> tuple[Camera, dict[str, Any]]:
    """Make or change a camera; returns it and what changed. A new place or view closes the former placement at `at`.

    `point` is lon/lat. `fields`: name, kind, grade, owner, consent, national_code, pole_code, status, heading_deg,
    fov_deg, range_m (None: not known), sight (a drawn polygon). Raises GeoError `camera_exists`, `out_of_range` and
    those of `check_lonlat`.
    """
    lon, lat = check_lonlat(*point)
    check_fields(fields)
    taken = Camera.objects.filter(code=code).first()
    if taken and taken != camera:
        raise GeoError("camera_exists", {"code": code}, field="code")
    row = (
        Camera.objects.select_for_update(no_key=True).get(uid=camera.uid) if camera else Camera(code=code, placed_at=at)
    )
    changed = _change(row, {"code": code, **{name: fields[name] for name in FACTS if name in fields}})
    if row.area_id != area.pk:
        row.area, changed["area"] = area, area.code
    if "status" in changed:
        row.status_at = at
    moved = _change(row, {name: fields[name] for name in PLACED if name in fields})
    if row.point is None or (round(row.point.x, 7), round(row.point.y, 7)) != (round(lon, 7), round(lat, 7)):
        row.point = moved["point"] = Point(lon, lat, srid=4326)
    if moved or "kind" in changed:
        row.sector = sector_for(row)
    if moved:
        row.placed_at = at
    row.save()
    if moved:
        _place(row, at)
    _tell_tiles({*changed, *moved})
    return row, {**changed, **{name: _said(value) for name, value in moved.items()}}


def _tell_tiles(changed: set[str]) -> None:
    shown = {tiles.CAMERAS} if changed & TILED else set()
    shown |= {tiles.STATUS} if "status" in changed else set()
    if shown:
        tiles.tell_changed(*shown)


def check_fields(fields: dict[str, Any]) -> None:
    """Raise GeoError `unknown_field` or `out_of_range` for what a camera cannot have."""
    unknown = set(fields) - {*FACTS, *PLACED}
    if unknown:
        raise GeoError("unknown_field", field=min(unknown))
    for name, (low, high) in LIMITS.items():
        value = fields.get(name)
        if value is not None and not low <= value <= high:
            raise GeoError("out_of_range", {"low": low, "high": high}, field=name)


def _change(row: Camera, wanted: dict[str, Any]) -> dict[str, Any]:
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value or row.pk is None}
    for name, value in changed.items():
        setattr(row, name, value)
    return changed


def _said(value: Any) -> Any:
    if isinstance(value, Point):
        return [value.x, value.y]
    return "drawn" if isinstance(value, Polygon) else value


def sector_for(row: Camera) -> MultiPolygon | None:
    """Return what the index searches for a camera as it is placed: drawn polygon or sector, None when unknown."""
    drawn = from_wkb(bytes(row.sight.wkb)) if row.sight else None
    lens = Lens(row.point.x, row.point.y, row.kind, row.heading_deg, row.fov_deg, row.range_m, drawn)
    shape = sector_of(lens)
    return GEOSGeometry(memoryview(shape.wkb), srid=4326) if shape is not None else None  # type: ignore[return-value]


def _place(row: Camera, at: datetime) -> None:
    running = CameraPlacement.objects.filter(camera=row, placed_to=None)
    running.filter(placed_from__gte=at).delete()
    running.update(placed_to=at)
    CameraPlacement.objects.create(
        camera=row, point=row.point, placed_from=at, **{name: getattr(row, name) for name in PLACED}
    )


def put_address(camera: Camera, kind: str, url: str) -> None:
    """Keep where a picture (snapshot) or stream is fetched; "" forgets it. A login in it is split off and encrypted.

    Raises GeoError `address_unusable`, which repeats nothing of the address.
    """
    if kind not in CameraAddressKind.values:
        raise GeoError("unknown_kind", field="kind")
    if not url:
        CameraAddress.objects.filter(camera=camera, kind=kind).delete()
        return
    where, login = split_login(url)
    sealed = Fernet(settings.CAMERA_KEY.encode()).encrypt(login.encode()) if login else None
    CameraAddress.objects.update_or_create(camera=camera, kind=kind, defaults={"url": where, "credentials": sealed})


def has_address(camera: Camera, kind: str) -> bool:
    """Return whether an address of this kind is kept."""
    return CameraAddress.objects.filter(camera=camera, kind=kind).exists()


def secret_address(camera: Camera, kind: str) -> tuple[str, tuple[str, str] | None] | None:
    """Return (address, (user, password) or None) for fetching, None when the camera has none. Never show or log it.

    Raises GeoError `credentials_unreadable` when the instance's key is not the one they were sealed with.
    """
    row = CameraAddress.objects.filter(camera=camera, kind=kind).first()
    if row is None:
        return None
    return join_login(row.url, secret_login(row))


def secret_login(row: CameraAddress) -> str:
    """Return the secrets of an address, "" when it has none. Never show or log it. Raises as `secret_address`."""
    if not row.credentials:
        return ""
    try:
        return Fernet(settings.CAMERA_KEY.encode()).decrypt(bytes(row.credentials)).decode()
    except InvalidToken as error:
        raise GeoError("credentials_unreadable") from error
