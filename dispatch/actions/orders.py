"""Sending orders and taking them back. The answers stand in dispatch.actions.answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs, reach
from dispatch.actions.audience import recast, recast_incident, subject_of, wanted
from dispatch.actions.base import action, collect, now
from dispatch.actions.desk_orders import follow_child, open_children, require_over
from dispatch.actions.find import get_any, get_seen, get_unit
from dispatch.actions.incidents import save as save_incident
from dispatch.actions.incidents import tell
from dispatch.actions.notices import copy_station
from dispatch.actions.places import own_desk
from dispatch.actions.proposals import withdraw
from dispatch.actions.units import tell_unit
from dispatch.errors import DispatchError
from dispatch.events import Event
from dispatch.lifecycles import ORDER_ACTIVE, next_state
from dispatch.models import Centre, Incident, MutualAid, Order, OrderRequest, OrderStep, Post, Unit
from dispatch.queries.present import incident_card, order_card

# The desk itself has decided otherwise: what was proposed in the order's stead is void. A refusal leaves it standing.
TAKEN_BACK = ("recall", "replace")
TARGETS: dict[str, Any] = {"unit": Unit, "post": Post, "centre": Centre}


@action
def send_order(
    *, actor: Viewer, uid: UUID, incident_uid: UUID, target_kind: str, target_uid: UUID,
    suggestion: tuple[int, int] | None = None, stack: bool = False, parent_uid: UUID | None = None,
) -> Order:  # fmt: skip
    """Send an order straight to a unit, a staffed post or a centre desk.

    `suggestion` is (version, slot) when a digit key chose it. Raises `unit_busy` naming who won, `unit_off_duty`,
    `suggestion_changed`, `needs_request`, `target_inactive`, `exists`.
    """
    incident = get_seen(Incident, incident_uid, actor, field="incident")
    parent = get_seen(Order, parent_uid, actor, field="parent") if parent_uid else None
    if parent:
        _check_parent(parent, incident)
    desk = (parent.centre if parent else None) or incident.centre
    access.require(actor, "order.send", lineage=desk.area.lineage)
    kind = inputs.one_of(target_kind, "target.kind", TARGETS)
    # A unit is locked: a crew that signs off in this moment is either still on duty with the order, or off without it.
    target = get_any(TARGETS[kind], target_uid, lock=kind == "unit", field="target.uid")
    if suggestion is not None:
        _check_suggestion(incident, suggestion, target)
    # Asked first: whether a unit is on duty elsewhere is told to nobody who may not order it.
    across = across_of(actor, incident, kind, target)
    check_target(kind, target)
    if parent and parent.centre and not across:
        _check_of_desk(parent.centre, target)
    order = Order(
        uid=inputs.uid(uid), incident=incident, target_kind=kind, parent=parent, sent_by_id=actor.person_id,
        from_centre=own_desk(actor, "order.send"), sent_at=now(), stacked=bool(stack), across=across,
        suggestion_version=suggestion[0] if suggestion else None, suggestion_slot=suggestion[1] if suggestion else None,
        **{kind: target},
    )  # fmt: skip
    insert(order)
    announce(order, actor)
    return order


def _check_parent(parent: Order, incident: Incident) -> None:
    """Refuse a parent that gives no right here: no desk's order, one of another incident, or one that is over."""
    if parent.centre_id is None:
        raise DispatchError("bad_input", field="parent", why="not_a_desk")
    if parent.incident_id != incident.pk:
        raise DispatchError("bad_input", field="parent", why="other_incident")
    if parent.state not in ORDER_ACTIVE:
        raise DispatchError("wrong_state", object="order", state=parent.state, verb="send", possible=[])


def _check_of_desk(desk: Centre, target: Any) -> None:
    """Refuse a child order past the desk it serves: to itself, or to who does not belong to it."""
    centre: Centre = target if isinstance(target, Centre) else target.centre
    if target == desk or desk.area_id not in centre.area.lineage:
        raise DispatchError("not_of_desk", field="target.uid", target=str(target), centre=desk.area.code)


def insert(order: Order, field: str = "uid") -> None:
    """Store a new order with its audience; the database settles who was first. Raises `exists` (of `field`), `unit_busy`."""
    order.audience = wanted(order)
    if Order.objects.filter(uid=order.uid).exists():
        raise DispatchError("exists", field=field)
    Order.objects.bulk_create([order], ignore_conflicts=True)
    stored = Order.objects.filter(uid=order.uid).values_list("pk", flat=True).first()
    if stored is None:
        raise busy(order.unit)
    order.pk = stored


def store(order: Order) -> None:
    """Store an order that becomes active; raises `unit_busy` when its unit got another meanwhile."""
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError as error:
        raise busy(order.unit) from error


def announce(order: Order, actor: Viewer) -> None:
    """After an order was stored as sent: note it, resume its incident, tell everybody; proposals give way to it."""
    OrderStep.objects.create(order=order, verb="send", state="sent", received_at=now(), decided_at=now(),
                             person_id=order.sent_by_id, how="desk")  # fmt: skip
    wake_incident(order.incident)
    recast_incident(order.incident)
    tell_order(events.OrderSent(order=order_card(order)), order)
    copy_station(order)
    follow_child(order, "send", actor)
    reach.reach_out(order)
    if order.unit:
        order.unit.refresh_from_db(fields=["audience"])  # recast with the others on the incident
        tell_unit(order.unit, "order")
    others = Order.objects.filter(incident=order.incident).exclude(pk=order.pk)
    withdraw(others, actor, "other_sent")


def wake_incident(incident: Incident) -> None:
    """Resume an incident that rests, for an order that came to it."""
    before = incident.state
    incident.state = next_state("incident", before, "order")
    if before != incident.state:
        incident.hold_until, incident.hold_reason = None, ""
        save_incident(incident)
        tell(events.IncidentResumed(incident=incident_card(incident)), incident)


def tell_order(event: Event, order: Order) -> None:
    """Collect an order's event for its audience."""
    collect(event, order.audience, subject_of(order))


def busy(unit: Unit | None) -> DispatchError:
    """Return the refusal that tells who won the unit."""
    held = (
        Order.objects.filter(unit=unit, state__in=ORDER_ACTIVE, stacked=False)
        .select_related("incident", "sent_by")
        .first()
    )
    return DispatchError(
        "unit_busy",
        unit=unit.call_sign if unit else None,
        incident=held.incident.number if held else None,
        level=held.incident.level if held else None,
        by=held.sent_by.name if held and held.sent_by else None,
        since=held.sent_at.isoformat() if held else None,
    )


def _check_suggestion(incident: Incident, suggestion: tuple[int, int], target: Any) -> None:
    """Refuse a digit whose line is not the target, or an old list whose unit the newest no longer offers."""
    version, slot = (inputs.whole(number, "suggestion", low=1, high=2**31 - 1) for number in suggestion)
    lists = {
        row.number: row.body for row in incident.suggestions.filter(number__in=[version, incident.suggestion_version])
    }
    newest = lists.get(incident.suggestion_version, {})
    shown = next((line for line in lists.get(version, {}).get("units", []) if line["slot"] == slot), None)
    still = any(line["unit"] == str(target.uid) for line in newest.get("units", []))
    held = Order.objects.filter(unit__uid=target.uid, state__in=ORDER_ACTIVE, stacked=False).exists()
    if shown is None or shown["unit"] != str(target.uid) or not (still or held):
        raise DispatchError(
            "suggestion_changed", version=version, slot=slot, newest=incident.suggestion_version,
            shown=shown["call_sign"] if shown else None,
        )  # fmt: skip


def check_target(kind: str, target: Any) -> None:
    """Raise `target_inactive` or `unit_off_duty` when nothing can be ordered there now."""
    if not target.active:
        raise DispatchError("target_inactive", field="target.uid", target=str(target))
    if kind == "unit" and not target.on_duty:
        since = target.status_at.isoformat() if target.status_at else None
        raise DispatchError("unit_off_duty", field="target.uid", unit=target.call_sign, since=since)


def across_of(actor: Viewer, incident: Incident, kind: str, target: Any) -> str:
    """Return how the target was reached: "" own subtree, aid, request, direct (level 1). Raises `needs_request`."""
    centre: Centre = target if kind == "centre" else target.centre
    if access.can(actor, "order.send", lineage=centre.area.lineage):
        return ""
    at = now()
    desks = list(actor.areas_of(access.MAY["order.send"]))
    aid = MutualAid.objects.filter(
        Q(unit=None) | Q(unit=target if kind == "unit" else None), from_centre=centre, to_centre__area__lineage__overlap=desks,
        ended_at=None, granted_at__lte=at, ends_at__gt=at,
    )  # fmt: skip
    if aid.exists():
        return "aid"
    if kind == "unit" and OrderRequest.objects.filter(incident=incident, unit=target, state="granted").exists():
        return "request"
    if incident.level == 1:
        return "direct"
    raise DispatchError("needs_request", target=str(target), centre=centre.area.code)


@action
def recall_order(*, actor: Viewer, uid: UUID) -> Order:
    """Take an order back; the officer is told, and the unit is free again. A desk's child orders go with it."""
    order = _own_order(actor, uid, "order.recall")
    _recall_children(order, actor)
    return end_order(order, "recall", actor, events.OrderRecalled)


def _recall_children(order: Order, actor: Viewer) -> None:
    for child in open_children(order):
        end_order(child, "recall", actor, events.OrderRecalled)


@action
def replace_order(*, actor: Viewer, uid: UUID, by_uid: UUID, target_kind: str, target_uid: UUID) -> Order:
    """Send another target in place of an order that is under way; returns the new order. A desk's child stays its child."""
    order = _own_order(actor, uid, "order.replace")
    _recall_children(order, actor)
    end_order(order, "replace", actor, lambda order: events.OrderReplaced(order=order, by=inputs.uid(by_uid, "by")))
    desk = order.parent.centre if order.parent else None
    serves = desk and access.can(actor, "order.send", lineage=desk.area.lineage)
    new = send_order(
        actor=actor, uid=by_uid, incident_uid=order.incident.uid, target_kind=target_kind, target_uid=target_uid,
        parent_uid=order.parent.uid if order.parent and serves else None,
    )  # fmt: skip
    Order.objects.filter(pk=order.pk).update(replaced_by=new)
    return new


@action
def time_out_order(*, actor: Viewer, uid: UUID) -> Order:
    """End an order that nobody answered, the ladder's last rung (worker): the shift commander is told with it."""
    order = get_any(Order, uid, lock=True)
    access.require(actor, "order.time_out")
    order.rung, order.rung_at = "commander", now()
    return end_order(order, "time_out", actor, events.OrderTimedOut)


def _own_order(actor: Viewer, uid: UUID, verb: str) -> Order:
    order = get_seen(Order, uid, actor)
    require_over(actor, verb, order)
    return order


def not_closed(order: Order, verb: str) -> None:
    """Raise `wrong_state` when the order's incident is closed: an order nobody answered in time must not live on then."""
    if order.incident.state == "closed":
        raise DispatchError("wrong_state", object="incident", state="closed", verb=verb, possible=["reopen"])


def end_order(
    order: Order, verb: str, actor: Viewer, event: Any, how: str = "desk", *, device_at: datetime | None = None
) -> Order:
    """Bring `order` to its end by `verb`: store, tell those who had it, then take it out of their sight."""
    not_closed(order, verb)
    order.state = next_state("order", order.state, verb)
    order.ended_at = now()
    order.inferred = order.doubt = None
    reach.call_back(order, verb)
    order.version += 1
    order.save()
    OrderStep.objects.create(order=order, verb=verb, state=order.state, device_at=device_at, received_at=now(),
                             decided_at=now() if how == "inferred" else device_at or now(), person_id=actor.person_id, how=how)  # fmt: skip
    tell_order(event(order=order_card(order)), order)
    if verb in TAKEN_BACK:
        withdraw(order.proposals.all(), actor, "recalled")
    release(order)
    follow_child(order, verb, actor)
    return order


def release(order: Order) -> None:
    """After an order ended: the crew loses sight of it and the incident, the unit shows its own state again."""
    incident = Incident.objects.select_related("centre__area", "owner").get(pk=order.incident_id)
    recast_incident(incident)
    if order.unit_id:
        unit = get_unit(order.unit_id)
        tell_unit(unit, "order")
        recast(unit)
