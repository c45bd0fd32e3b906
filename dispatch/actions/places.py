"""Which centre a thing belongs to: the actor's own desk, the station whose ground a point is, the next number."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import Point
from django.db import connection

from dispatch.access import MAY, Viewer
from dispatch.actions.base import now
from dispatch.actions.find import get_any
from dispatch.errors import DispatchError
from dispatch.models import Centre


def own_desk(actor: Viewer, verb: str, centre_uid: UUID | None = None) -> Centre:
    """Return the centre at which `actor` does `verb`: the one named, else his home, else his first. Raises `forbidden`."""
    held = [at for at in actor.held if at.role in MAY[verb]]
    if centre_uid is not None:
        centre = get_any(Centre, centre_uid, field="centre")
        if not {at.area_id for at in held} & set(centre.area.lineage):
            raise DispatchError("forbidden", verb=verb, field="centre", roles=sorted(MAY[verb]))
        return centre
    if not held:
        raise DispatchError("forbidden", verb=verb, roles=sorted(MAY[verb]))
    first = next((at for at in held if at.centre_id == actor.home_id), held[0])
    return Centre.objects.select_related("area").get(pk=first.centre_id)


def centre_for(point: Point, actor: Viewer, verb: str, centre_uid: UUID | None = None) -> Centre:
    """Return the centre an incident at `point` belongs to: the deepest territorial one of the actor's own subtree there.

    A desk that does not reach that ground keeps the incident itself.
    """
    desk = own_desk(actor, verb, centre_uid)
    if centre_uid is not None:
        return desk
    return deepest_on(point, desk)


def deepest_on(point: Point, desk: Centre) -> Centre:
    """Return the deepest territorial centre of `desk`'s subtree whose ground covers the point, else `desk` itself."""
    found = Centre.objects.select_related("area").filter(
        active=True, area__line="territorial", area__boundary__covers=point, area__lineage__contains=[desk.area_id]
    )
    return max(found, key=lambda centre: len(centre.area.lineage), default=desk)


def next_number(centre: Centre) -> str:
    """Return the next incident number: centre code, local day, counter ("S3-260311-0147")."""
    day = now().astimezone(ZoneInfo(centre.timezone)).date()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dispatch_daycounter (centre_id, day, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (centre_id, day) DO UPDATE SET last = dispatch_daycounter.last + 1 RETURNING last",
            [centre.pk, day],
        )
        return f"{centre.area.code}-{day:%y%m%d}-{cursor.fetchone()[0]:04d}"
