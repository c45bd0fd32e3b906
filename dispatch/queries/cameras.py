"""Which cameras somebody may look through, and the list of looks for the auditor."""

from typing import Any
from uuid import UUID

from dispatch import access, journal
from dispatch.access import MAY, Viewer
from dispatch.errors import DispatchError
from geo.areas import areas_on_ground
from geo.models import Camera

READ_ROWS, MOST_READ = 500, 10_000


def find_camera(viewer: Viewer, uid: UUID) -> Camera:
    """Return the camera if it belongs to the viewer's subtree or stands on his ground or band. Raises `not_found`."""
    access.require(viewer, "camera.look")
    camera = Camera.objects.select_related("area").filter(uid=uid).first()
    mine = viewer.areas_of(MAY["camera.look"])
    if camera is None or not (mine & set(camera.area.lineage) or mine & set(_ground(camera))):
        raise DispatchError("not_found", object="camera")
    return camera


def _ground(camera: Camera) -> list[int]:
    return areas_on_ground((camera.point.x, camera.point.y))


def camera_scope(viewer: Viewer) -> tuple[list[int], list[int]]:
    """Return (area ids of the own subtrees, area ids whose ground counts) for geo's camera queries."""
    return access.subtree_ids(viewer), access.ground_ids(viewer)


def list_views(
    viewer: Viewer, *, before: int | None = None, after: int = 0, limit: int = 50, **wanted: Any
) -> tuple[list[dict[str, Any]], int | None]:
    """Return (looks the auditor may read, newest first; where to go on, None at the end).

    They are journal entries of camera.viewed within his areas; `wanted`: person, purpose (ids), camera (part of the
    code), outcome. What does not fit is passed over, MOST_READ entries at most for one answer.
    """
    access.require(viewer, "views.read")
    found: list[dict[str, Any]] = []
    cursor = before
    for _ in range(MOST_READ // READ_ROWS):
        page = journal.read(
            kinds=["camera.viewed"],
            audience=viewer.keys,
            after=after,
            before=cursor,
            newest_first=True,
            limit=READ_ROWS,
        )
        for entry in page:
            if access.view_of(entry.audience, viewer) is not None and _fits(entry.data, **wanted):
                found.append({"n": entry.n, **entry.data, "erased": list(entry.erased)})
                if len(found) == limit:
                    return found, entry.n
        if len(page) < READ_ROWS:
            return found, None
        cursor = page[-1].n
    return found, cursor


def _fits(
    look: dict[str, Any], person: UUID | None = None, purpose: UUID | None = None, camera: str = "", outcome: str = ""
) -> bool:
    ids = {"person_uid": person, "purpose_uid": purpose}
    if any(asked and look.get(name) != str(asked) for name, asked in ids.items()):
        return False
    if outcome and look.get("outcome") != outcome:
        return False
    return not camera or camera.lower() in str(look.get("camera_code", "")).lower()
