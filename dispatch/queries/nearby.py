"""Incidents near an officer's unit that he may join, trimmed: what and where, not who called and not what was told."""

from datetime import timedelta
from uuid import UUID

import msgspec
from django.db.models import Count

from dispatch import access
from dispatch.access import Viewer
from dispatch.cards import Point
from dispatch.lifecycles import ORDER_ACTIVE
from dispatch.models import Incident, Order, Unit
from dispatch.models.centres import Joining
from dispatch.queries.present import lonlat
from geo import clock
from geo.metres import distance_m
from geo.models import TrackerLast

FRESH = timedelta(minutes=10)
WITHIN_M = 5000.0
MOST = 20


class NearIncident(msgspec.Struct, kw_only=True, frozen=True):
    """One open incident of the unit's own line. `distance_m` is straight, null where the unit has no place of its own;
    `units` counts the crews on it."""

    uid: UUID
    number: str
    kind: str
    level: int
    place: str
    point: Point
    distance_m: int | None
    units: int


def here_of(unit: Unit) -> tuple[float, float] | None:
    """Return [lon, lat] of the unit's fresh fix of this duty, else the place it said by voice, else its post, else None."""
    last = TrackerLast.objects.filter(tracker_id=unit.tracker_id or 0).first()
    if last and unit.duty_since and last.fix_at >= max(unit.duty_since, clock.now() - FRESH):
        return last.lon_e7 / 1e7, last.lat_e7 / 1e7
    said = unit.reported_point or (unit.post.point if unit.post else None)
    return (said.x, said.y) if said else None


def may_join(unit: Unit, incident: Incident) -> bool:
    """Return whether the unit may come to an incident: an open one of its own line, whose centre lets crews join."""
    mine, theirs = unit.centre.area, incident.centre.area
    of_my_line = mine.pk in theirs.lineage or theirs.pk in mine.lineage
    return of_my_line and incident.state != "closed" and incident.centre.joining == Joining.JOIN


def list_near(viewer: Viewer) -> list[NearIncident]:
    """Return the incidents that the viewer's unit may come to, nearest first. Raises `forbidden`."""
    access.require(viewer, "incident.join")
    units = Unit.objects.filter(pk__in=viewer.unit_ids, on_duty=True).select_related("centre__area", "post")
    unit = units.first()
    if unit is None:
        return []
    held = unit.orders.filter(state__in=ORDER_ACTIVE).values("incident")
    rows = Incident.objects.exclude(state="closed").exclude(pk__in=held).filter(centre__joining=Joining.JOIN)
    open_ones = [row for row in rows.select_related("centre__area") if may_join(unit, row)]
    here = here_of(unit)
    away = [(distance_m(here, (row.point.x, row.point.y)) if here else None, row) for row in open_ones]
    near = [(metres, row) for metres, row in away if metres is None or metres <= WITHIN_M]
    near = sorted(near, key=lambda one: (round(one[0] or 0), one[1].level, one[1].number))[:MOST]
    crews = _crews_on([row.pk for _, row in near])
    return [_near(row, metres, crews.get(row.pk, 0)) for metres, row in near]


def _crews_on(incidents: list[int]) -> dict[int, int]:
    """Return how many crews are on each of these incidents."""
    active = Order.objects.filter(incident__in=incidents, state__in=ORDER_ACTIVE, unit__isnull=False)
    return dict(active.order_by().values_list("incident").annotate(Count("pk")))


def _near(row: Incident, away_m: float | None, crews: int) -> NearIncident:
    point = lonlat(row.point)
    assert point is not None
    return NearIncident(
        uid=row.uid, number=row.number, kind=row.kind_id, level=row.level, place=row.place, point=point,
        distance_m=None if away_m is None else round(float(away_m)), units=crews,
    )  # fmt: skip
