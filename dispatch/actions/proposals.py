"""The next unit, proposed in the stead of one that does not answer: made, and withdrawn unsent. Sending is `ladder`."""

from typing import Any

from uuid_utils.compat import uuid7

from dispatch import events
from dispatch.access import Viewer
from dispatch.actions.audience import subject_of, wanted
from dispatch.actions.base import collect, now
from dispatch.lifecycles import ORDER_ACTIVE, next_state
from dispatch.models import Incident, Order, OrderRequest, OrderStep, Suggestion, Unit
from dispatch.queries.present import order_card


def propose_next(silent: Order, actor: Viewer) -> tuple[Order | None, str]:
    """Propose the next unit of the newest list; returns (order, "") or (None, why not): already_sent, none_left.

    Only what a desk could send with one key is proposed: a free unit on duty, its own or granted, not asked here before.
    """
    others = Order.objects.filter(incident=silent.incident).exclude(pk=silent.pk)
    if others.filter(state__in=ORDER_ACTIVE, sent_at__gte=silent.sent_at).exists():
        return None, "already_sent"
    found = _next_line(silent.incident)
    if found is None:
        return None, "none_left"
    suggestion, line, unit = found
    order = Order(
        uid=uuid7(), incident=silent.incident, target_kind="unit", unit=unit, state="proposed", sent_at=now(),
        from_centre=silent.from_centre, proposed_for=silent, suggestion_version=suggestion.number,
        suggestion_slot=line["slot"],
    )  # fmt: skip
    order.audience = wanted(order)
    order.save()
    _note(order, "propose", actor, "worker")
    collect(events.OrderProposed(order=order_card(order)), order.audience, subject_of(order))
    return order, ""


def _next_line(incident: Incident) -> tuple[Suggestion, dict[str, Any], Unit] | None:
    newest = Suggestion.objects.filter(incident=incident, number=incident.suggestion_version).first()
    asked = Order.objects.filter(incident=incident, unit__isnull=False).exclude(state="withdrawn")
    tried = {str(uid) for uid in asked.values_list("unit__uid", flat=True)}
    granted = OrderRequest.objects.filter(incident=incident, state="granted").values_list("unit__uid", flat=True)
    mine = {str(uid) for uid in granted}
    for line in newest.body.get("units", []) if newest else []:
        if line["unit"] in tried or (line["order_by"] == "request" and line["unit"] not in mine):
            continue
        unit = Unit.objects.filter(uid=line["unit"], active=True, on_duty=True).select_related("centre__area").first()
        if unit and not unit.orders.filter(state__in=ORDER_ACTIVE, stacked=False).exists():
            assert newest is not None
            return newest, line, unit
    return None


def withdraw(proposals: Any, actor: Viewer, why: str, how: str = "desk") -> None:
    """Take these proposals (a query of orders) off the boards unsent; `why` is a code of events.OrderWithdrawn."""
    proposed = proposals.filter(state="proposed")
    if not proposed.exists():  # nearly always: asked narrowly before the wide query is built
        return
    joins = ("incident__centre__area", "unit__centre__area", "from_centre", "proposed_for")
    waiting = proposed.select_for_update(of=("self",), no_key=True).order_by("pk")
    for order in waiting.select_related(*joins):
        order.state = next_state("order", order.state, "withdraw")
        order.ended_at = now()
        order.version += 1
        order.save()
        _note(order, "withdraw", actor, how)
        collect(events.OrderWithdrawn(order=order_card(order), why=why), order.audience, subject_of(order))


def _note(order: Order, verb: str, actor: Viewer, how: str) -> None:
    OrderStep.objects.create(order=order, verb=verb, state=order.state, received_at=now(), decided_at=now(),
                             person_id=actor.person_id, how=how)  # fmt: skip
