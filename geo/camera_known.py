"""Cameras that are there already, looked up a batch at a time, and whether a row of a list tells anything new of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection

from geo.camera_rows import GivenCamera
from geo.estate import FACTS, PLACED
from geo.estate_bulk import Change, NewCamera
from geo.models import Area

SAME_DEGREES = 1e-7
FIELDS = (*FACTS, *PLACED)
KNOWN_SQL = f"""SELECT c.id, c.code, c.source_key, c.area_id, ST_X(c.point::geometry), ST_Y(c.point::geometry), p.height_m,
 {", ".join(f"c.{name}" for name in FIELDS[:-1])}, ST_AsBinary(c.sight)
 FROM geo_camera c LEFT JOIN geo_cameraplacement p ON p.camera_id = c.id AND p.placed_to IS NULL
 WHERE c.source_key = ANY(%(keys)s) OR c.code = ANY(%(codes)s)"""  # noqa: S608
ADDRESS_SQL = "SELECT camera_id, kind, url, credentials FROM geo_cameraaddress WHERE camera_id = ANY(%s)"


@dataclass(slots=True)
class KnownCamera:
    """One camera as the register has it; `addresses` is kind → (open part, sealed part)."""

    id: int
    code: str
    source_key: str | None
    area_id: int
    point: tuple[float, float]
    height_m: float | None
    fields: dict[str, Any]
    addresses: dict[str, tuple[str, bytes | None]] = field(default_factory=dict, repr=False)

    def changed_by(self, given: GivenCamera, area: Area) -> Change | None:
        """Return the change that a row asks for, None when it tells nothing new. Where it lies and looks is a move."""
        fields = {**self.fields, **given.fields}
        told = {name for name in FIELDS if fields[name] != self.fields[name]}
        point = given.point if self._elsewhere(given.point) else self.point
        height_m = given.height_m if given.height_m is not None else self.height_m
        moved = point != self.point or height_m != self.height_m or bool(told & set(PLACED))
        addresses = {kind: said for kind, said in given.addresses.items() if not self._has_address(kind, *said)}
        code, key = given.code or self.code, given.source_key or self.source_key
        if not (told or moved or addresses or code != self.code or area.pk != self.area_id):
            return None
        return Change(self.id, NewCamera(code, area, point, key, height_m, fields, addresses), moved)

    def _elsewhere(self, point: tuple[float, float]) -> bool:
        return any(
            not math.isclose(a, b, rel_tol=0, abs_tol=SAME_DEGREES) for a, b in zip(point, self.point, strict=True)
        )

    def _has_address(self, kind: str, where: str, login: str) -> bool:
        kept = self.addresses.get(kind)
        if kept is None or kept[0] != where:
            return False
        if not kept[1]:
            return not login
        try:
            return Fernet(settings.CAMERA_KEY.encode()).decrypt(kept[1]).decode() == login
        except InvalidToken:  # sealed with another instance's key: only the list knows it now
            return False


def find_known(keys: Sequence[str], codes: Sequence[str]) -> tuple[dict[str, KnownCamera], dict[str, KnownCamera]]:
    """Return the cameras that have one of these source keys or codes, by key and by code."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_SQL, {"keys": list(keys), "codes": list(codes)})
        found = [_camera(row) for row in cursor.fetchall()]
        cursor.execute(ADDRESS_SQL, [[camera.id for camera in found]])
        by_id = {camera.id: camera for camera in found}
        for camera_id, kind, url, sealed in cursor.fetchall():
            by_id[camera_id].addresses[kind] = (url, bytes(sealed) if sealed else None)
    return {camera.source_key: camera for camera in found if camera.source_key}, {
        camera.code: camera for camera in found
    }


def _camera(row: Sequence[Any]) -> KnownCamera:
    fields = dict(zip(FIELDS, row[7:], strict=True))
    if fields["sight"]:
        fields["sight"] = GEOSGeometry(memoryview(fields["sight"]), srid=4326)
    return KnownCamera(row[0], row[1], row[2], row[3], (row[4], row[5]), row[6], fields)
