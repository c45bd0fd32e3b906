"""An order to a desk and its child orders: who signs, how the parent follows them, what ends with what."""

from typing import Any

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions.audience import subject_of
from dispatch.actions.base import collect, now
from dispatch.errors import DispatchError
from dispatch.lifecycles import LAW, ORDER_ACTIVE
from dispatch.models import Order, OrderStep
from dispatch.queries.present import order_card, target_name

# What a child's step says of its parent: whoever sends a child has accepted; the rest lifts the parent along.
LIFTS = {"send": "accept", "accept": "accept", "leave": "leave", "arrive": "arrive"}
STAMP = {"accept": "answered_at", "leave": "en_route_at", "arrive": "on_scene_at"}


def require_of_desk(actor: Viewer, order: Order) -> None:
    """Raise `not_this_desk` unless `actor` works at the very desk the order went to: a signature names one of that desk."""
    assert order.centre
    access.require_at(actor, "order.sign_desk", order.centre.area_id)


def require_over(actor: Viewer, verb: str, order: Order, *, unit_id: int | None = None) -> None:
    """Raise `forbidden` unless `actor` may do `verb` at the incident's desk, or at the desk whose order this one serves."""
    desk = order.parent.centre if order.parent else None
    if desk is None or not access.can(actor, verb, lineage=desk.area.lineage):
        access.require(actor, verb, lineage=order.incident.centre.area.lineage, unit_id=unit_id)


def follow_child(child: Order, verb: str, actor: Viewer) -> None:
    """Bring a desk's own order as far as its furthest child, and tell how its children stand now."""
    if child.parent_id is None:
        return
    joins = ("incident__centre__area", "centre__area", "from_centre", "sent_by", "signed_by", "parent")
    parent = Order.objects.select_for_update(of=("self",), no_key=True).select_related(*joins).get(pk=child.parent_id)
    if verb == "send":
        _sign_by_sending(parent, actor)
    _lift(parent, LIFTS.get(verb, ""), actor)
    collect(events.OrderFollowed(order=order_card(parent)), parent.audience, subject_of(parent))


def _sign_by_sending(parent: Order, actor: Viewer) -> None:
    """Who sends a child order of his own desk's order has signed for it, if nobody did before."""
    assert parent.centre
    if parent.seen_at is None and parent.centre.area_id in actor.areas_of(access.MAY["order.sign_desk"]):
        parent.seen_at, parent.signed_by_id = now(), actor.person_id
        parent.save(update_fields=["seen_at", "signed_by"])
        parent.refresh_from_db(fields=["signed_by"])


def _lift(parent: Order, verb: str, actor: Viewer) -> None:
    after = LAW["order"].get((parent.state, verb))
    if after is None:
        return
    parent.state = after
    setattr(parent, STAMP[verb], now())
    parent.answered_at = parent.answered_at or now()
    parent.version += 1
    parent.save()
    OrderStep.objects.create(order=parent, verb=verb, state=after, received_at=now(), decided_at=now(),
                             person_id=actor.person_id, how="child")  # fmt: skip


def open_children(order: Order) -> list[Order]:
    """Return the child orders that are under way, oldest first."""
    joins = ("incident__centre__area", "from_centre", "unit", "post", "centre__area", "parent")
    return list(order.children.filter(state__in=ORDER_ACTIVE).select_related(*joins).order_by("pk"))


def require_no_children(order: Order) -> None:
    """Raise `orders_active`, naming them, while child orders are under way: a desk is done when its units are."""
    if order.centre_id and (left := open_children(order)):
        raise orders_active(left)


def orders_active(left: Any) -> DispatchError:
    """Return the refusal that names the orders still under way."""
    return DispatchError(
        "orders_active", orders=[str(order.uid) for order in left], targets=[target_name(order) for order in left]
    )
