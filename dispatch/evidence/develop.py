"""From the last part of an upload to what an attachment is made of: hash, a look in the fenced process, copies, facts."""

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from dispatch.errors import DispatchError
from dispatch.evidence import reader, store
from geo.metres import distance_m

READER_S = 30
OLDEST = timedelta(days=366)
AHEAD = timedelta(minutes=10)
FAR_M = 50_000


@dataclass(frozen=True)
class Developed:
    """A picture that was looked at: its facts and the hashes of its copies."""

    media_type: str
    width: int
    height: int
    exif: dict[str, Any]
    shared_sha256: str
    thumb_sha256: str


@dataclass(frozen=True)
class Taken:
    """When and where it was taken, as far as that is believed; `doubts` says what was declared and is not."""

    at: datetime | None = None
    source: str = ""
    point: tuple[float, float] | None = None
    doubts: list[str] = field(default_factory=list)


def develop(upload: Any) -> Developed:
    """Check the hash, look at the picture, keep it and its copies.

    Raises `photo_incomplete`, `photo_altered` (another hash than announced), `not_a_photo` with why.
    """
    here = store.arrived_bytes(upload.uid)
    if here < upload.size_bytes:
        raise DispatchError("photo_incomplete", received=here, size=upload.size_bytes)
    coming = store.coming_path(upload.uid)
    if store.hash_of(coming) != upload.sha256:
        raise DispatchError("photo_altered", announced=upload.sha256)
    with store.workbench(upload.uid) as folder:
        found = look(coming, folder)
        if "refused" in found:
            raise DispatchError("not_a_photo", field="file", why=found["refused"], said=found["said"])
        copies = [store.keep_copy(folder / name) for name in ("shared.jpg", "thumb.jpg")]
    store.keep_original(upload.uid, upload.sha256)
    return Developed(found["type"], found["width"], found["height"], found["exif"], *copies)


def look(path: Path, folder: Path) -> dict[str, Any]:
    """Return what the fenced reader says of a file. One that it does not survive is refused as damaged."""
    asked = [
        str(path),
        str(folder),
        *map(str, (settings.PHOTO_MAX_PIXELS, settings.PHOTO_SHARED_SIDE, settings.PHOTO_THUMB_SIDE)),
    ]
    try:
        run = subprocess.run(
            [sys.executable, "-I", reader.__file__, *asked], env={}, cwd=folder, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=READER_S, check=True,
        )  # fmt: skip
        said: dict[str, Any] = json.loads(run.stdout)
    except (subprocess.SubprocessError, ValueError):
        return {"refused": "damaged", "said": ""}
    return said


def judge(upload: Any, exif: dict[str, Any], *, received_at: datetime) -> Taken:
    """Weigh what file, phone and clock say of time and place. The file's own word comes first, else the phone's.

    A time without a zone is the incident's centre's. Times over a year old or ahead of ours, and places over 50 km from
    the incident, are named as doubts and believed by nobody; they stay in the original.
    """
    incident = upload.order.incident
    doubts: list[str] = []
    zone = ZoneInfo(incident.centre.timezone)
    at, source = None, ""
    for said, told in ((_exif_time(exif, zone), "exif"), (_exif_time(upload.declared, zone), "declared")):
        if at is None and said is not None:
            if received_at - OLDEST <= said <= received_at + AHEAD:
                at, source = said, told
            else:
                doubts.append("time")
    if at is None and upload.device_at:
        at, source = upload.device_at, "device"
    point = next(_places(exif, upload.declared), None)
    if point and not _near(point, (incident.point.x, incident.point.y)):
        point = None
        doubts.append("place")
    return Taken(at, source, point, sorted(set(doubts)))


def _exif_time(declared: dict[str, Any], zone: ZoneInfo) -> datetime | None:
    if not declared.get("time"):
        return None
    try:
        said, offset = (str(declared.get(name) or "").strip("\x00 ") for name in ("time", "offset"))
        there = datetime.strptime(said, "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
        if offset:
            there = datetime.strptime(f"{said} {offset}", "%Y:%m:%d %H:%M:%S %z")
        return there.astimezone(UTC)
    except (ValueError, OverflowError):
        # A time that is none is as absurd as one before cameras.
        return datetime.min.replace(tzinfo=UTC)


def _places(*declared: dict[str, Any]) -> Iterator[tuple[float, float]]:
    for one in declared:
        lon, lat = one.get("lon"), one.get("lat")
        if isinstance(lon, (int, float)) and isinstance(lat, (int, float)):
            yield float(lon), float(lat)


def _near(point: tuple[float, float], there: tuple[float, float]) -> bool:
    lon, lat = point
    if not (math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        return False
    return distance_m(point, there) <= FAR_M
