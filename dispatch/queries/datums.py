"""An incident's place in the datums of other maps: a phone's map app may take another one than ours."""

from uuid import UUID

import msgspec

from dispatch import access
from dispatch.access import Viewer
from dispatch.cards import Point
from dispatch.errors import DispatchError
from dispatch.models import Incident
from geo import crs


class Datums(msgspec.Struct, kw_only=True, frozen=True):
    """[lon, lat] in degrees: WGS-84 as we keep it, and GCJ-02 as maps of mainland China draw it."""

    wgs84: Point
    gcj02: Point


def get_datums(viewer: Viewer, uid: UUID) -> Datums:
    """Return the place of an incident that `viewer` sees. Raises `not_found`."""
    row = Incident.objects.filter(uid=uid, audience__overlap=list(viewer.keys)).first()
    if row is None or access.view_of(row.audience, viewer) is None:
        raise DispatchError("not_found", object="incident")
    here = (row.point.x, row.point.y)
    return Datums(wgs84=_rounded(here), gcj02=_rounded(crs.from_wgs84(*here, "gcj02")))


def _rounded(point: tuple[float, float]) -> Point:
    return round(point[0], 6), round(point[1], 6)
