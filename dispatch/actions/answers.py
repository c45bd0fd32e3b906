"""What comes back on an order: device receipt, a person's signature, accept or cannot, en route, on scene, clear.

Device time, our time and the person's are kept apart. What comes twice or late (a receipt, the step a crew mate said
already) changes nothing and is no error.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs, reach
from dispatch.actions.audience import recast_incident
from dispatch.actions.base import action, now
from dispatch.actions.desk_orders import follow_child, require_no_children, require_of_desk, require_over
from dispatch.actions.find import get_any, get_seen, get_unit
from dispatch.actions.orders import check_target, end_order, not_closed, store, tell_order
from dispatch.actions.proposals import withdraw
from dispatch.actions.units import tell_unit
from dispatch.infer import still_holds
from dispatch.lifecycles import DISPOSITIONS, ORDER_IDLE, REFUSE_REASONS, VOICE_VERBS, next_state
from dispatch.models import Order, OrderStep, Unit
from dispatch.queries.present import order_card
from geo import clock

DEVICE_CLOCK_BELIEVED = timedelta(hours=24)
STAMP = {
    "deliver": "delivered_at",
    "see": "seen_at",
    "accept": "answered_at",
    "leave": "en_route_at",
    "arrive": "on_scene_at",
}
RECEIPTS = ("deliver", "see")
EVENT: dict[str, Any] = {
    "deliver": events.OrderDelivered,
    "see": events.OrderSeen,
    "accept": events.OrderAnswered,
    "leave": events.OrderMoved,
    "arrive": events.OrderMoved,
}


@action
def answer_order(*, actor: Viewer, uid: UUID, verb: str, device_at: datetime | str | None = None) -> Order:
    """Do `verb` (deliver, see, accept, leave, arrive) as the crew that holds the order, or the desk it was sent to."""
    order = _held_order(actor, uid)
    inputs.one_of(verb, "verb", STAMP)
    return _advance(order, verb, actor, device_time(device_at), "app")


@action
def refuse_order(*, actor: Viewer, uid: UUID, reason: str, text: str = "", device_at: Any = None) -> Order:
    """Say "cannot", with a reason out of the list; the unit is free again."""
    return _refuse(_held_order(actor, uid), actor, reason, text, "app", device_at=device_time(device_at))


@action
def clear_order(*, actor: Viewer, uid: UUID, disposition: str, text: str = "", device_at: Any = None) -> Order:
    """Finish with a disposition."""
    return _clear(_held_order(actor, uid), actor, disposition, text, "app", device_at=device_time(device_at))


@action
def answer_by_voice(
    *, actor: Viewer, uid: UUID, verb: str, reason: str = "", disposition: str = "", text: str = ""
) -> Order:
    """Enter what the crew said on the radio; ends any escalation."""
    order = get_seen(Order, uid, actor)
    require_over(actor, "order.voice", order)
    inputs.one_of(verb, "verb", VOICE_VERBS)
    if verb in {"refuse", "clear"}:
        order.by_voice = True
    if verb == "refuse":
        return _refuse(order, actor, reason or "other", text, "voice")
    if verb == "clear":
        return _clear(order, actor, disposition or "handled", text, "voice")
    return _advance(order, verb, actor, None, "voice")


def _held_order(actor: Viewer, uid: UUID) -> Order:
    order = get_seen(Order, uid, actor)
    if order.centre_id:
        require_of_desk(actor, order)
        return order
    units = (
        [order.unit_id]
        if order.unit_id
        else list(Unit.objects.filter(post=order.post, on_duty=True).values_list("pk", flat=True))
    )
    mine = next((unit for unit in units if unit in actor.unit_ids), -1)
    access.require(actor, "order.answer", unit_id=mine)
    return order


def device_time(value: Any) -> datetime | None:
    """Return when the device says it was; None where its clock cannot be right. Raises `bad_input` for what is no time.

    An answer is never refused for a phone's wrong clock: our own time of it is kept either way.
    """
    said = clock.of_device(inputs.moment(value, "device_at", oldest_h=None)) if value else None
    believed = said is not None and -DEVICE_CLOCK_BELIEVED <= said - now() <= timedelta(seconds=inputs.FUTURE_S)
    return said if believed else None


def _advance(order: Order, verb: str, actor: Viewer, device_at: datetime | None, how: str) -> Order:
    if order.state in ORDER_IDLE.get(verb, ()):
        return order
    not_closed(order, verb)
    was = order.state
    order.state = next_state("order", was, verb)
    if was == "timed_out" and order.unit_id:  # its crew may have gone home since; no order is begun by nobody
        check_target("unit", get_any(Unit, order.unit.uid, lock=True))  # type: ignore[union-attr]
    order.by_voice = order.by_voice or how == "voice"
    at = now()
    setattr(order, STAMP[verb], at)
    if verb in {"leave", "arrive"} and order.answered_at is None:
        order.answered_at = at
    if verb == "see":
        order.signed_by_id = actor.person_id
    still_holds(order)
    reach.call_back(order, verb)
    order.version += 1
    store(order)  # a late yes to a timed-out order loses against an order the unit got meanwhile
    OrderStep.objects.create(order=order, verb=verb, state=order.state, device_at=device_at, received_at=at,
                             decided_at=None if verb == "deliver" else at if how == "inferred" else device_at or at,
                             person_id=actor.person_id, how=how)  # fmt: skip
    order.refresh_from_db(fields=["signed_by"])
    extra = {"device_at": device_at} | ({} if verb in RECEIPTS else {"how": how})
    tell_order(EVENT[verb](order=order_card(order), **extra), order)
    if was == "timed_out":
        recast_incident(order.incident)
    if verb not in RECEIPTS:
        withdraw(order.proposals.all(), actor, "answered", how)
        if order.unit_id:
            tell_unit(get_unit(order.unit_id), "order")
        follow_child(order, verb, actor)
    return order


def _refuse(
    order: Order, actor: Viewer, reason: str, text: str, how: str, *, device_at: datetime | None = None
) -> Order:
    require_no_children(order)
    order.refuse_reason = inputs.one_of(reason, "reason", REFUSE_REASONS)
    order.refuse_text = inputs.text(text, "text", limit=200, required=reason == "other" and how == "app")
    order.answered_at = order.answered_at or now()
    told = partial(events.OrderAnswered, how=how, device_at=device_at)
    return end_order(order, "refuse", actor, told, how, device_at=device_at)


def _clear(
    order: Order, actor: Viewer, disposition: str, text: str, how: str, *, device_at: datetime | None = None
) -> Order:
    require_no_children(order)
    order.disposition = inputs.one_of(disposition, "disposition", DISPOSITIONS)
    order.disposition_text = inputs.text(text, "text", limit=500)
    told = partial(events.OrderCleared, how=how, device_at=device_at)
    return end_order(order, "clear", actor, told, how, device_at=device_at)
