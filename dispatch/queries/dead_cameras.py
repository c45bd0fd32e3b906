"""Cameras of a viewer's own subtrees that do not answer: how many, and the newest of them by name."""

from datetime import datetime
from uuid import UUID

import msgspec

from dispatch import access
from dispatch.access import Viewer
from geo.models import Camera
from geo.tiles.changes import status_version

MOST_NAMED = 50


class DeadCamera(msgspec.Struct, kw_only=True, frozen=True):
    """One camera that does not answer; `since` is null when nobody noted when it stopped."""

    uid: UUID
    code: str
    name: str
    since: datetime | None


class DeadCameras(msgspec.Struct, kw_only=True, frozen=True):
    """How many there are, and up to fifty of them, newest first. `version`: another one means other tiles of dead cameras."""

    count: int
    cameras: list[DeadCamera]
    version: str


def get_dead_cameras(viewer: Viewer) -> DeadCameras:
    """Return the dead cameras that are the viewer's own business: his neighbours' are theirs to mend."""
    dead = Camera.objects.filter(status="offline", area_id__in=access.subtree_ids(viewer))
    named = dead.order_by("-status_at", "code")[:MOST_NAMED]
    return DeadCameras(
        count=dead.count(),
        cameras=[DeadCamera(uid=row.uid, code=row.code, name=row.name, since=row.status_at) for row in named],
        version=status_version(),
    )
