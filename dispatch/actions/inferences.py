"""What fixes say of an order, as an entry: proposed by the worker, confirmed or denied by people. Never a state by itself."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.answers import _advance, _clear
from dispatch.actions.base import action
from dispatch.actions.desk_orders import require_over
from dispatch.actions.find import get_any, get_seen
from dispatch.actions.orders import tell_order
from dispatch.errors import DispatchError
from dispatch.infer import DOUBTED_IN, HOLDS_IN, Found
from dispatch.models import Order
from dispatch.queries.present import order_card
from dispatch.said_by_fixes import Doubt, Inferred

DOUBT = "doubt"


@action
def infer_order(*, actor: Viewer, uid: UUID, found: Found | None) -> Order | None:
    """Propose what the fixes say, or take back what they no longer say (worker). None when it changes nothing.

    Read again under lock: the same thing from two workers, after an answer or after a denial is no second entry.
    """
    order = _watched(actor, uid)
    verb = found.what if found else ""
    if verb == (order.inferred or {}).get("verb", "") or verb in order.dismissed:
        return None
    if verb and order.state not in HOLDS_IN[verb]:
        return None
    order.inferred = _stored(Inferred(verb=verb, **_facts(found))) if found else None
    return _told(order, lambda card: events.OrderInferred(order=card, verb=verb))


@action
def doubt_order(*, actor: Viewer, uid: UUID, found: Found | None) -> Order | None:
    """Raise a doubt, or take it back when it no longer holds (worker). None when it changes nothing."""
    order = _watched(actor, uid)
    if bool(found) == bool(order.doubt) or (found and (DOUBT in order.dismissed or order.state not in DOUBTED_IN)):
        return None
    order.doubt = _stored(Doubt(kind=found.what, **_facts(found))) if found else None
    return _told(order, lambda card: events.OrderDoubted(order=card))


@action
def confirm_inferred(*, actor: Viewer, uid: UUID, verb: str, disposition: str = "") -> Order:
    """Make what was inferred so, by its crew or the desk: the step keeps the fix's time as its device time.

    `depart` clears the order, with a disposition. Raises `wrong_state` when it is not (or no more) inferred.
    """
    order = get_seen(Order, uid, actor)
    require_over(actor, "order.confirm", order, unit_id=order.unit_id)
    inputs.one_of(verb, "verb", HOLDS_IN)
    _check_stands(order, verb)
    since = msgspec.convert(order.inferred, Inferred).since
    if verb == "depart":
        return _clear(order, actor, disposition or "handled", "", "inferred", device_at=since)
    return _advance(order, verb, actor, since, "inferred")


@action
def deny_inferred(*, actor: Viewer, uid: UUID, verb: str) -> Order:
    """Say that it is not so; it is not proposed again for this order. A doubt (`verb` doubt) is the desk's to deny."""
    order = get_seen(Order, uid, actor)
    crew = None if verb == DOUBT else order.unit_id
    require_over(actor, "order.confirm", order, unit_id=crew)
    inputs.one_of(verb, "verb", (*HOLDS_IN, DOUBT))
    _check_stands(order, verb)
    order.dismissed = [*order.dismissed, verb]
    if verb == DOUBT:
        order.doubt = None
    else:
        order.inferred = None
    how = "app" if order.unit_id in actor.unit_ids else "desk"
    return _told(order, lambda card: events.OrderInferenceDenied(order=card, verb=verb, how=how))


def _watched(actor: Viewer, uid: UUID) -> Order:
    access.require(actor, "order.infer")
    return get_any(Order, uid, lock=True)


def _check_stands(order: Order, verb: str) -> None:
    stands = order.doubt is not None if verb == DOUBT else (order.inferred or {}).get("verb") == verb
    if not stands:
        raise DispatchError("wrong_state", object="order", state=order.state, verb=verb, possible=[])


def _facts(found: Found) -> dict[str, Any]:
    return {
        "since": datetime.fromtimestamp(found.since_s, UTC),
        "fix_at": datetime.fromtimestamp(found.fix_s, UTC),
        "distance_m": round(found.distance_m),
        "accuracy_m": None if found.accuracy_m is None else round(found.accuracy_m),
    }


def _stored(card: Inferred | Doubt) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(card)
    return made


def _told(order: Order, event: Any) -> Order:
    order.version += 1
    order.save()
    tell_order(event(order_card(order)), order)
    return order
