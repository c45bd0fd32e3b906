"""What a crew begins by itself: a job where it stands, joining an incident of its own line, and stepping back from one.

Each leaves an order with receipts like any other, marked with its origin, so that the desk sees one list and the unit
holds one active order.
"""

from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import recast_incident, wanted_at_opening
from dispatch.actions.base import action, now
from dispatch.actions.find import get_any, get_unit
from dispatch.actions.incidents import find_kind, tell
from dispatch.actions.orders import busy, end_order, insert, tell_order, wake_incident
from dispatch.actions.places import deepest_on, next_number
from dispatch.actions.units import tell_unit
from dispatch.errors import DispatchError
from dispatch.lifecycles import ORDER_ACTIVE, next_state
from dispatch.models import Incident, Order, OrderStep, Unit
from dispatch.queries.nearby import here_of, may_join
from dispatch.queries.present import incident_card, order_card
from geo.naming import find_name


@action
def start_job(
    *, actor: Viewer, uid: UUID, order_uid: UUID, kind: str, point: Any = None, place: str = "", note: str = ""
) -> Order:
    """Open an incident where the actor's unit stands and put the unit on it at once, on scene.

    Without `point` the unit's own last place counts, without `place` the nearest street. The incident is nobody's until
    a desk takes it. Raises `unit_off_duty`, `unit_busy`, `no_place`, `unknown_kind`, `bad_position`, `exists`.
    """
    unit = _own_unit(actor, "incident.start")
    where = inputs.place_in_city(point) if point is not None else _here(unit)
    incident = Incident(
        uid=inputs.uid(uid), kind=find_kind(kind), point=where, place=inputs.text(place, "place", limit=300),
        remark=inputs.text(note, "note", limit=1000),
    )  # fmt: skip
    _open(actor, unit, incident)
    order = _own_order(actor, unit, incident, inputs.uid(order_uid, "order"))
    order.origin, order.state, order.on_scene_at = "started", next_state("order", "proposed", "start"), now()
    return _begin(order, "start", events.OrderStarted)


@action
def join_incident(*, actor: Viewer, uid: UUID, incident_uid: UUID) -> Order:
    """Put the actor's unit on an incident of its own line that its centre lets crews join; the desk is told.

    Raises `not_found` for one that he may not join, `unit_off_duty`, `unit_busy`, `exists`.
    """
    unit = _own_unit(actor, "incident.join")
    incident = get_any(Incident, incident_uid, lock=True, field="incident")
    if not may_join(unit, incident):
        raise DispatchError("not_found", field="incident", object="incident")
    wake_incident(incident)
    order = _own_order(actor, unit, incident, inputs.uid(uid))
    order.origin, order.state = "joined", next_state("order", "proposed", "join")
    return _begin(order, "join", events.OrderJoined)


@action
def step_back(*, actor: Viewer, uid: UUID) -> Order:
    """Leave an incident that the crew had joined by itself, before it is there: the undo of joining."""
    order = get_any(Order, uid, lock=True)
    if order.unit_id not in actor.unit_ids:
        raise DispatchError("not_found", field="uid", object="order")
    access.require(actor, "order.step_back", unit_id=order.unit_id)
    if order.origin != "joined":
        raise DispatchError("wrong_state", object="order", state=order.state, verb="step_back", possible=["refuse"])
    return end_order(order, "step_back", actor, events.OrderSteppedBack, "app")


def _own_unit(actor: Viewer, verb: str) -> Unit:
    """Return the actor's unit, locked: on duty and without an active order. Raises `forbidden`, `unit_off_duty`, `unit_busy`."""
    access.require(actor, verb)
    unit = (
        Unit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("centre__area", "tracker", "post")
        .filter(pk__in=actor.unit_ids, on_duty=True)
        .first()
    )
    if unit is None:
        raise DispatchError("unit_off_duty", unit=None)
    if unit.orders.filter(state__in=ORDER_ACTIVE, stacked=False).exists():
        raise busy(unit)
    return unit


def _here(unit: Unit) -> Point:
    found = here_of(unit)
    if found is None:
        raise DispatchError("no_place", field="point", unit=unit.call_sign)
    return inputs.place_in_city(list(found))


def _open(actor: Viewer, unit: Unit, incident: Incident) -> None:
    """Give the incident its centre, number, level and name of the place, store and tell it."""
    if Incident.objects.filter(uid=incident.uid).exists():
        raise DispatchError("exists", field="uid")
    where = incident.point
    named = None if incident.place else find_name((where.x, where.y))
    incident.place = incident.place or (named.words() if named else "")
    incident.centre = deepest_on(where, unit.centre)
    incident.number, incident.level = next_number(incident.centre), incident.kind.level
    incident.received_at = incident.opened_at = now()
    incident.opened_by_id = actor.person_id
    incident.audience = wanted_at_opening(incident)
    incident.save()
    tell(events.IncidentOpened(incident=incident_card(incident)), incident)


def _own_order(actor: Viewer, unit: Unit, incident: Incident, uid: UUID) -> Order:
    at = now()
    return Order(
        uid=uid, incident=incident, target_kind="unit", unit=unit, sent_by_id=actor.person_id, from_centre=unit.centre,
        sent_at=at, delivered_at=at, seen_at=at, signed_by_id=actor.person_id, answered_at=at,
    )  # fmt: skip


def _begin(order: Order, verb: str, event: Any) -> Order:
    """Store the order and tell everybody; the database settles it when a desk ordered the unit in the same moment."""
    insert(order, "order")
    OrderStep.objects.create(order=order, verb=verb, state=order.state, received_at=now(), decided_at=now(),
                             person_id=order.sent_by_id, how="app")  # fmt: skip
    recast_incident(order.incident)
    order.refresh_from_db(fields=["audience"])
    tell_order(event(order=order_card(order)), order)
    assert order.unit
    tell_unit(get_unit(order.unit.pk), "order")  # its audience was brought up to date with the others on the incident
    return order
