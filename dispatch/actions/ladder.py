"""Silence: the rungs of the no-answer ladder, climbed by the worker, and what a desk does with the unit it proposes."""

from typing import Any
from uuid import UUID

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import orders, reach
from dispatch.actions.audience import wanted
from dispatch.actions.base import action, now
from dispatch.actions.find import get_any, get_seen
from dispatch.actions.places import own_desk
from dispatch.actions.proposals import propose_next, withdraw
from dispatch.ladder import due_rung, height, limits, said
from dispatch.lifecycles import ORDER_UNANSWERED, next_state
from dispatch.models import Order, Unit
from dispatch.queries.board import thresholds
from dispatch.queries.present import order_card


@action
def climb_ladder(*, actor: Viewer, uid: UUID) -> Order | None:
    """Bring an unanswered order to the rung that is due now (worker); None when there is nothing to do any more.

    The row is locked and the rung read again: with two workers, or one that comes back, each rung is one entry. After a
    long outage only the highest due rung is taken: what was missed is past, and telling it late would be a flood.
    """
    access.require(actor, "order.escalate")
    order = get_any(Order, uid, lock=True)
    waited_s = (now() - order.sent_at).total_seconds()
    rung = due_rung(waited_s, limits(thresholds(), order.incident.level))
    if order.state not in ORDER_UNANSWERED or height(rung) <= height(order.rung) or order.incident.state == "closed":
        return None
    if rung == "commander":
        return orders.time_out_order(actor=actor, uid=uid)
    order.rung, order.rung_at = said(rung, radio_only=bool(order.unit and order.unit.radio_only)), now()
    if rung == "repeat":
        reach.reach_out(order, "repeat")
    proposed, nothing = propose_next(order, actor) if rung == "next" else (None, "")
    order.version += 1
    order.save()
    told = events.OrderEscalated(
        order=order_card(order), rung=order.rung, waited_s=round(waited_s), proposed=proposed.uid if proposed else None,
        nothing=nothing,
    )  # fmt: skip
    orders.tell_order(told, order)
    return order


@action
def send_proposed(*, actor: Viewer, uid: UUID) -> Order:
    """Send a proposed order as it stands. Raises `wrong_state` when it was sent or is gone, else as `send_order`."""
    order = _proposal(actor, uid)
    orders.not_closed(order, "send")
    order.state = next_state("order", order.state, "send")
    target: Any = get_any(Unit, order.unit.uid, lock=True) if order.unit else order.post or order.centre
    orders.check_target(order.target_kind, target)
    order.across = orders.across_of(actor, order.incident, order.target_kind, target)
    order.sent_at, order.sent_by_id = now(), actor.person_id
    order.from_centre = own_desk(actor, "order.send")
    order.version += 1
    order.audience = wanted(order)
    orders.store(order)
    order.refresh_from_db(fields=["sent_by"])
    orders.announce(order, actor)
    return order


@action
def discard_proposed(*, actor: Viewer, uid: UUID) -> Order:
    """Say no to a proposed order; nobody but the desks ever saw it."""
    order = _proposal(actor, uid)
    next_state("order", order.state, "withdraw")
    withdraw(Order.objects.filter(pk=order.pk), actor, "discarded")
    order.refresh_from_db()
    return order


def _proposal(actor: Viewer, uid: UUID) -> Order:
    order = get_seen(Order, uid, actor)
    access.require(actor, "order.send", lineage=order.incident.centre.area.lineage)
    return order
