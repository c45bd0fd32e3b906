"""The house itself: areas, centres, kinds, thresholds."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.gis.geos import GEOSGeometry
from uuid_utils.compat import uuid7

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import overseers_of, recast, recast_incident
from dispatch.actions.base import action, collect
from dispatch.actions.find import JOINS
from dispatch.errors import DispatchError
from dispatch.lifecycles import DISTRESS_OPEN
from dispatch.models import Call, Centre, Distress, Incident, IncidentKind, MutualAid, Post, Threshold, Unit
from dispatch.models.centres import Joining
from geo.areas import clean_boundary
from geo.areas import put_area as put_geo_area
from geo.errors import GeoError
from geo.models import Area


def lineage_or_top(area: Area | None, actor: Viewer) -> list[int]:
    """Return the lineage that must hold the administrator; a new root may be made only at set-up or by a root's own."""
    if area is not None:
        return area.lineage
    return list(Area.objects.filter(parent=None).values_list("id", flat=True))


@action
def put_area(
    *, actor: Viewer, code: str, parent: Area | None = None, boundary: GEOSGeometry | None = None, **fields: Any
) -> Area:
    """Make or change an area; a new boundary or parent brings every open incident's audience up to date."""
    area, existed = store_area(actor, code, parent, boundary, fields)
    if existed:
        recast_all()
    return area


def store_area(
    actor: Viewer, code: str, parent: Area | None, boundary: GEOSGeometry | None, fields: dict[str, Any]
) -> tuple[Area, bool]:
    """Store and tell one area; return it and whether it was there before. Audiences are then the caller's to recast."""
    existing = Area.objects.select_related("parent").filter(code=code).first()
    _may_put(actor, existing, parent, boundary)
    try:
        area = put_geo_area(code=code, parent=parent, boundary=boundary, **fields)
    except GeoError as error:
        raise DispatchError("bad_input", field=error.field, why=error.code, **error.facts) from error
    changed = {**{name: str(value) for name, value in fields.items()}, "boundary": boundary is not None}
    tell_area(area, changed)
    return area, existing is not None


def tell_area(area: Area, changed: dict[str, Any]) -> None:
    """Tell that an area changed, and with it its centre."""
    told = events.AreaChanged(area_uid=area.uid, code=area.code, changed=changed)
    collect(told, access.role_keys("administrator", area.lineage), f"area:{area.uid}")
    centre = Centre.objects.filter(area=area).select_related("area").first()
    if centre:
        tell_centre(centre, {"area": area.code})


def _may_put(actor: Viewer, area: Area | None, parent: Area | None, boundary: GEOSGeometry | None) -> None:
    """Raise `forbidden` unless `actor` administers what he changes; ground and place in the tree are given from above.

    Whoever could draw his own boundary would see, and look through the cameras of, whatever ground he likes.
    """
    if area is None:
        access.require(actor, "house.administer", lineage=lineage_or_top(parent, actor))
        return
    access.require(actor, "house.administer", lineage=area.lineage)
    moved = area.parent_id != (parent.pk if parent else None)
    if moved or redrawn(area, boundary):
        access.require(actor, "house.administer", lineage=area.parent.lineage if area.parent else area.lineage)
    if moved:
        access.require(actor, "house.administer", lineage=lineage_or_top(parent, actor))


def redrawn(area: Area, boundary: GEOSGeometry | None) -> bool:
    """Return whether `boundary` is another one than the area has; None leaves it as it is."""
    if boundary is None:
        return False
    return area.boundary is None or not area.boundary.equals_exact(clean_boundary(boundary), 1e-9)


def recast_all() -> None:
    """Bring every audience on the boards up to date: ground and tree may both be others now."""
    for unit in Unit.objects.filter(active=True).select_related("centre__area", "post"):
        recast(unit)
    for post in Post.objects.filter(active=True).select_related("centre__area"):
        recast(post)
    for call in Call.objects.filter(state="open").select_related("centre__area", "taker"):
        recast(call)
    for incident in Incident.objects.exclude(state="closed").select_related("centre__area", "owner"):
        recast_incident(incident)
    for distress in Distress.objects.filter(state__in=DISTRESS_OPEN).select_related(*JOINS[Distress]):
        recast(distress)
    for aid in MutualAid.objects.filter(ended_at=None).select_related("from_centre__area", "to_centre__area", "unit"):
        recast(aid)


@action
def put_centre(*, actor: Viewer, area: Area, zone: str, active: bool = True, joining: str | None = None) -> Centre:
    """Make or change the centre of an area; `zone` is an IANA time zone, `joining` how crews come to its incidents."""
    access.require(actor, "house.administer", lineage=area.lineage)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise DispatchError("bad_input", field="timezone", value=zone[:60]) from error
    centre = Centre.objects.filter(area=area).first() or Centre(area=area, uid=uuid7(), version=0)
    centre.timezone, centre.active = zone, bool(active)
    if joining is not None:
        centre.joining = inputs.one_of(joining, "joining", Joining.values)
    centre.version += 1
    centre.save()
    tell_centre(centre, {"timezone": zone, "active": bool(active), "joining": centre.joining})
    return centre


def tell_centre(centre: Centre, changed: dict[str, Any]) -> None:
    """Tell that a centre changed; every desk in it and above reads the board afresh."""
    told = events.CentreChanged(centre_uid=centre.uid, code=centre.area.code, changed=changed)
    collect(told, [*access.tree_keys(centre.area.lineage), *overseers_of(centre)], f"centre:{centre.uid}")


@action
def put_kind(*, actor: Viewer, code: str, **fields: Any) -> IncidentKind:
    """Make or change an incident kind. Fields: name, name_en, level, group, position, active, desk_from_level."""
    access.require(actor, "house.administer", lineage=lineage_or_top(None, actor))
    kind = IncidentKind.objects.filter(code=code).first() or IncidentKind(code=code)
    allowed = {"name", "name_en", "level", "group", "position", "active", "desk_from_level"}
    if set(fields) - allowed:
        raise DispatchError("bad_input", field=sorted(set(fields) - allowed)[0])
    ranges = {"level": (1, 4), "position": (0, 32_000), "desk_from_level": (1, 4)}
    for name, value in fields.items():
        if name in ranges and not (name == "desk_from_level" and value is None):
            value = inputs.whole(value, name, low=ranges[name][0], high=ranges[name][1])
        setattr(kind, name, inputs.text(value, name, limit=60) if isinstance(value, str) else value)
    kind.save()
    told = events.KindChanged(code=code, changed=dict(fields))
    collect(told, _everybody(), f"kind:{code}")
    return kind


@action
def set_threshold(
    *, actor: Viewer, profile: str, key: str, value: float, unit: str | None = None, source: str | None = None
) -> Threshold:
    """Set one number of a profile; the former value stands in the journal."""
    access.require(actor, "house.administer", lineage=lineage_or_top(None, actor))
    row = Threshold.objects.filter(profile=profile, key=key).first()
    was = row.value if row else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e7:
        raise DispatchError("bad_input", field="value", low=0, high=1e7)
    row = row or Threshold(profile=profile, key=key, version=0, unit="s", source="own")
    row.value = float(value)
    row.unit = inputs.text(unit, "unit", limit=10) if unit is not None else row.unit
    row.source = inputs.text(source, "source", limit=200) if source is not None else row.source
    row.version += 1
    row.save()
    told = events.ThresholdChanged(profile=profile, key=key, value=float(value), was=was)
    collect(told, _everybody(), f"threshold:{profile}:{key}")
    return row


def _everybody() -> list[str]:
    return [f"area:{area}" for area in Area.objects.filter(centre__isnull=False).values_list("id", flat=True)]
