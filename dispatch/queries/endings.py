"""What became of an order, for the crew that had it: said after it left their sight, without a word of the case."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Q

from dispatch import access
from dispatch.access import Viewer
from dispatch.cards import Words
from dispatch.errors import DispatchError
from dispatch.lifecycles import ORDER_ENDED
from dispatch.models import CrewMember, Order


class OrderEnding(msgspec.Struct, kw_only=True, frozen=True):
    """How an order stands. `how`: app, voice, desk, …, of its last step; `desk`: the centre that sent it; `instead`:
    who was sent in its place, "" for nobody; `closed`: its incident is closed."""

    uid: UUID
    state: str
    ended: bool
    at: datetime | None
    how: str
    desk: Words
    instead: str
    closed: bool


def get_ending(viewer: Viewer, uid: UUID) -> OrderEnding:
    """Return it to whoever was of the unit's crew while the order was; raise `not_found` alike for all others."""
    access.require(viewer, "order.ending")
    order = (
        Order.objects.select_related("incident", "from_centre__area", "replaced_by__unit", "replaced_by__post")
        .filter(uid=uid)
        .first()
    )
    if order is None or not _had_it(viewer, order):
        raise DispatchError("not_found", field="uid", object="order")
    last = order.steps.last()
    area = order.from_centre.area
    return OrderEnding(
        uid=order.uid,
        state=order.state,
        ended=order.state in ORDER_ENDED,
        at=order.ended_at or (last.received_at if last else order.sent_at),
        how=last.how if last else "desk",
        desk=Words(area.name, area.name_zh, area.name_en),
        instead=_name(order.replaced_by),
        closed=order.incident.state == "closed",
    )


def _had_it(viewer: Viewer, order: Order) -> bool:
    aboard = CrewMember.objects.filter(person_id=viewer.pk).filter(
        Q(signed_off_at=None) | Q(signed_off_at__gte=order.sent_at)
    )
    if order.ended_at:
        aboard = aboard.filter(signed_on_at__lte=order.ended_at)
    if order.post_id:
        return aboard.filter(unit__post_id=order.post_id).exists()
    return order.unit_id is not None and aboard.filter(unit_id=order.unit_id).exists()


def _name(order: Order | None) -> str:
    if order is None:
        return ""
    return order.unit.call_sign if order.unit else order.post.code if order.post else ""
