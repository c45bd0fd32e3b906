"""Which cameras somebody may look through, and the list of looks for the auditor."""

from typing import Any
from uuid import UUID

from dispatch import access, journal
from dispatch.access import MAY, Viewer
from dispatch.errors import DispatchError
from geo.areas import areas_on_ground
from geo.models import Camera


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
    viewer: Viewer,
    *,
    before: int | None = None,
    limit: int = 50,
    person: UUID | None = None,
    camera: str = "",
    outcome: str = "",
) -> list[dict[str, Any]]:
    """Return looks the auditor may read, newest first: journal entries of camera.viewed within his areas."""
    access.require(viewer, "views.read")
    found: list[dict[str, Any]] = []
    cursor = before
    while len(found) < limit:
        page = journal.read(kinds=["camera.viewed"], audience=viewer.keys, before=cursor, newest_first=True, limit=500)
        if not page:
            break
        cursor = page[-1].n
        found += [_view(entry) for entry in page if _wanted(entry, viewer, person, camera, outcome)]
    return found[:limit]


def _view(entry: journal.Entry) -> dict[str, Any]:
    return {"n": entry.n, **entry.data, "erased": list(entry.erased)}


def _wanted(entry: journal.Entry, viewer: Viewer, person: UUID | None, camera: str, outcome: str) -> bool:
    if access.view_of(entry.audience, viewer) is None:
        return False
    if outcome and entry.data.get("outcome") != outcome:
        return False
    if person and entry.data.get("person_uid") != str(person):
        return False
    return not camera or camera.lower() in str(entry.data.get("camera_code", "")).lower()
