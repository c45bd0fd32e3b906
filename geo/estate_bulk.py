"""Many cameras at once: the same rows that `geo.estate.put_camera` makes one by one, in a few statements a batch."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import connection
from shapely import from_wkb

from geo.crs import check_many
from geo.errors import GeoError
from geo.estate import FACTS, PLACED, check_fields
from geo.ids import new_uid
from geo.models import Area, ImportRun
from geo.sight import Lens, sectors_of
from geo.tiles.changes import CAMERAS, tell_changed

DEFAULTS: dict[str, Any] = {
    **{"name": "", "kind": "fixed", "grade": "general", "owner": "", "consent": "none", "national_code": ""},
    **{"pole_code": "", "status": "unknown", "heading_deg": None, "fov_deg": None, "range_m": None, "sight": None},
}
COLUMNS = ("id", "code", "area_id", "source_key", "run_id", "point", "sector", *FACTS, *PLACED)
CHANGE_TABLE = f"""CREATE TEMP TABLE IF NOT EXISTS camera_change ON COMMIT DROP AS
 SELECT {", ".join(COLUMNS)}, false AS moved, 0::float8 AS height_m FROM geo_camera WITH NO DATA"""  # noqa: S608
SET_ALL = ", ".join(f"{name} = given.{name}" for name in COLUMNS if name != "id")
CHANGE_SQL = f"""UPDATE geo_camera kept SET {SET_ALL},
 placed_at = CASE WHEN given.moved THEN %(at)s ELSE kept.placed_at END,
 status_at = CASE WHEN given.status <> kept.status THEN %(at)s ELSE kept.status_at END
 FROM camera_change given WHERE kept.id = given.id"""  # noqa: S608
PLACEMENTS_SQL = (
    "DELETE FROM geo_cameraplacement p USING camera_change g"
    " WHERE g.moved AND p.camera_id = g.id AND p.placed_to IS NULL AND p.placed_from >= %(at)s",
    "UPDATE geo_cameraplacement p SET placed_to = %(at)s FROM camera_change g"
    " WHERE g.moved AND p.camera_id = g.id AND p.placed_to IS NULL",
    "INSERT INTO geo_cameraplacement (camera_id, point, heading_deg, fov_deg, range_m, height_m, sight, placed_from)"
    " SELECT id, point, heading_deg, fov_deg, range_m, height_m, sight, %(at)s FROM camera_change WHERE moved",
)
IDS_SQL = "SELECT nextval(pg_get_serial_sequence('geo_camera', 'id')) FROM generate_series(1, %s)"
ADDRESS_SQL = """INSERT INTO geo_cameraaddress (camera_id, kind, url, credentials)
 SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bytea[])
 ON CONFLICT (camera_id, kind) DO UPDATE SET url = excluded.url, credentials = excluded.credentials"""


@dataclass(slots=True)
class NewCamera:
    """One camera to write: lon/lat, the fields of `put_camera`, and kind → address as `split_login` gives it."""

    code: str
    area: Area
    point: tuple[float, float]
    source_key: str | None = None
    height_m: float | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    addresses: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class Change:
    """A camera that is there already, as it shall be; `moved` when its place or view is another one."""

    camera_id: int
    camera: NewCamera
    moved: bool


def add_cameras(new: Sequence[NewCamera], *, at: datetime, run: ImportRun | None = None) -> list[int]:
    """Write new cameras with their first placements and addresses; return their ids.

    Raises GeoError for the first unusable one.
    """
    if not new:
        return []
    check_many(np.array([one.point for one in new], dtype=float))
    for one in new:
        check_fields(one.fields)
    with connection.cursor() as cursor:
        cursor.execute(IDS_SQL, [len(new)])
        ids = [int(row[0]) for row in cursor.fetchall()]
        rows = _rows(ids, new, run)
        names = ", ".join((*COLUMNS, "uid", "placed_at", "status_at"))
        known_at = COLUMNS.index("status")
        with cursor.copy(f"COPY geo_camera ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((*row, new_uid(), at, None if row[known_at] == "unknown" else at))
        picked = [COLUMNS.index(name) for name in ("id", "point", *PLACED)]
        names = f"camera_id, point, {', '.join(PLACED)}, height_m, placed_from"
        with cursor.copy(f"COPY geo_cameraplacement ({names}) FROM STDIN") as copy:
            for row, one in zip(rows, new, strict=True):
                copy.write_row((*(row[place] for place in picked), one.height_m, at))
    put_addresses([(camera_id, one.addresses) for camera_id, one in zip(ids, new, strict=True)], new=True)
    tell_changed(CAMERAS)
    return ids


def change_cameras(changes: Sequence[Change], *, at: datetime, run: ImportRun | None = None) -> None:
    """Write cameras over those that are there; a new place or view closes the former placement at `at`."""
    if not changes:
        return
    for change in changes:
        check_fields(change.camera.fields)
    rows = _rows([change.camera_id for change in changes], [change.camera for change in changes], run)
    with connection.cursor() as cursor:
        cursor.execute(CHANGE_TABLE)
        cursor.execute("TRUNCATE camera_change")
        with cursor.copy(f"COPY camera_change ({', '.join(COLUMNS)}, moved, height_m) FROM STDIN") as copy:
            for row, change in zip(rows, changes, strict=True):
                copy.write_row((*row, change.moved, change.camera.height_m))
        for statement in (*PLACEMENTS_SQL, CHANGE_SQL):
            cursor.execute(statement, {"at": at})
    put_addresses([(change.camera_id, change.camera.addresses) for change in changes])
    tell_changed(CAMERAS)


def put_addresses(given: Sequence[tuple[int, dict[str, tuple[str, str]]]], *, new: bool = False) -> None:
    """Keep (camera id, kind → (open part, secrets)); the secrets are sealed. `new`: none of these has an address yet."""
    sealer = Fernet(settings.CAMERA_KEY.encode())
    rows = [
        (camera_id, kind, where, sealer.encrypt(login.encode()) if login else None)
        for camera_id, addresses in given
        for kind, (where, login) in addresses.items()
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        if not new:
            cursor.execute(ADDRESS_SQL, [list(column) for column in zip(*rows, strict=True)])
            return
        with cursor.copy("COPY geo_cameraaddress (camera_id, kind, url, credentials) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _rows(ids: Sequence[int], cameras: Sequence[NewCamera], run: ImportRun | None) -> list[tuple[Any, ...]]:
    """Return rows in the order of COLUMNS; sectors of all are computed together."""
    filled = [{**DEFAULTS, **one.fields} for one in cameras]
    lenses = [
        Lens(*one.point, f["kind"], f["heading_deg"], f["fov_deg"], f["range_m"], _drawn(f["sight"]))
        for one, f in zip(cameras, filled, strict=True)
    ]
    sectors = _hex(sectors_of(lenses))
    points = _hex(list(shapely.points([one.point for one in cameras])))
    return [
        (
            camera_id, one.code, one.area.pk, one.source_key, run.pk if run else None, point, sector,
            *(f[name] for name in FACTS), *(f[name] for name in PLACED[:-1]), f["sight"].hexewkb.decode() if f["sight"] else None,
        )
        for camera_id, one, f, point, sector in zip(ids, cameras, filled, points, sectors, strict=True)
    ]  # fmt: skip


def _drawn(sight: Any) -> Any:
    return from_wkb(bytes(sight.wkb)) if sight else None


def _hex(shapes: Sequence[Any]) -> list[str | None]:
    if not shapes:
        raise GeoError("geometry_empty")
    return list(shapely.to_wkb(shapely.set_srid(list(shapes), 4326), hex=True, include_srid=True))
