"""Cameras that stood elsewhere during a replay than they do now; all others stand on the map's own tiles."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Q

from dispatch import access
from dispatch.access import Viewer
from dispatch.cards import Point
from geo.models import CameraPlacement

MOST = 500


class MovedCamera(msgspec.Struct, kw_only=True, frozen=True):
    """One placement that has ended since: where the camera stood from `placed_from` until `placed_to`."""

    uid: UUID
    code: str
    kind: str
    point: Point
    heading_deg: float | None
    fov_deg: float | None
    range_m: float | None
    placed_from: datetime
    placed_to: datetime


def list_moved(looker: Viewer, begins: datetime, ends: datetime) -> list[MovedCamera]:
    """Return the placements within the viewer's subtree that were in force in this time and have ended since, MOST at most."""
    areas = access.subtree_ids(looker)
    then = Q(placed_from__lt=ends, placed_to__gt=begins)
    rows = (
        CameraPlacement.objects.filter(then, camera__area_id__in=areas).select_related("camera").order_by("-placed_to")
    )
    return [
        MovedCamera(
            uid=row.camera.uid, code=row.camera.code, kind=row.camera.kind, point=(row.point.x, row.point.y),
            heading_deg=row.heading_deg, fov_deg=row.fov_deg, range_m=row.range_m, placed_from=row.placed_from,
            placed_to=row.placed_to,
        )
        for row in rows[:MOST]
        if row.placed_to is not None
    ]  # fmt: skip
