"""Whom to reach how, and when to try again. Nothing here writes."""

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from dispatch.models import Centre, Distress, Order, Person, ReachPlan, SmsGateway, Unit

ORDER_OF_CHANNELS = ("push", "sms")
FIRST_WAIT_S, NEXT_WAIT_S = 4, 15
MOST_ATTEMPTS = 100
BACK_OFF_S, LONGEST_BACK_OFF_S, LONGEST_ASKED_S = 3.0, 60.0, 300.0
# A sender that was killed says nothing: after this its attempt counts as one that nobody knows the end of.
CLAIM_S = 30
# Until then the message may wait in the push service; an order that nobody answered is over by then anyway.
LIFE_S = 120
# A call for help that is still unended by then is old news to whoever is near; what is under way ends as given up.
DISTRESS_LIFE_S = 600
# Results after which another attempt may help.
PASSING = {"silent", "busy", "error", "unconfirmed", "interrupted"}


@dataclass(frozen=True)
class Plan:
    """Channels in their order, and the waits before the first and between two, in seconds."""

    channels: tuple[str, ...] = ORDER_OF_CHANNELS
    first_wait_s: float = FIRST_WAIT_S
    next_wait_s: float = NEXT_WAIT_S

    def waits(self, first_wait_s: float) -> list[tuple[str, timedelta]]:
        """Return each channel with how long after its cause its turn is, when the first waits so long."""
        step = enumerate(self.channels)
        return [(channel, timedelta(seconds=first_wait_s + turn * self.next_wait_s)) for turn, channel in step]


@dataclass(frozen=True)
class Letter:
    """One claimed message, as a sender gets it. `what`: order or distress; `topic` is the same for all because of one."""

    uid: UUID
    attempt: int
    channel: str
    language: str
    person_id: int
    centre_id: int
    what: str
    topic: UUID


def plan_for(centre: Centre) -> Plan:
    """Return the plan of the centre, or of the nearest one above that has one."""
    row = _nearest(ReachPlan.objects.all(), centre)
    return Plan(tuple(row.channels), row.first_wait_s, row.next_wait_s) if row else Plan()


def find_gateway(centre: Centre) -> SmsGateway | None:
    """Return the SMS gateway of the centre, or of the nearest one above that has one in service."""
    found: SmsGateway | None = _nearest(SmsGateway.objects.filter(active=True), centre)
    return found


def _nearest(rows: Any, centre: Centre) -> Any:
    lineage: list[int] = centre.area.lineage
    found = list(rows.filter(centre__area_id__in=lineage).select_related("centre"))
    return max(found, key=lambda row: lineage.index(row.centre.area_id), default=None)


def phones_of(order: Order) -> list[int]:
    """Return the units whose phones the order rings; a desk has screens, a radio has no phone."""
    if order.unit:
        return [] if order.unit.radio_only else [order.unit.pk]
    stands = Unit.objects.filter(post_id=order.post_id or 0, on_duty=True, radio_only=False)
    return list(stands.values_list("pk", flat=True))


def units_near(distress: Distress) -> list[Unit]:
    """Return the units on duty that hear this distress: those around it, and the crew's own for the sake of a partner.

    A crew that called by radio is not rung: whoever stands beside it must not hear its phone.
    """
    near = [int(key.removeprefix("near:")) for key in distress.near if key.startswith("near:")]
    own = [distress.unit_id] if distress.person_id else []
    units = Unit.objects.filter(pk__in=[*near, *own], on_duty=True, radio_only=False)
    return list(units.select_related("centre__area"))


def reachable(units: list[int], channel: str) -> list[Person]:
    """Return the people signed on to these units who could be reached so at all."""
    crew = Person.objects.filter(crews__unit__in=units, crews__signed_off_at=None, is_active=True)
    if channel == "push":
        return list(crew.filter(push_subscriptions__isnull=False).distinct().order_by("pk"))
    return list(crew.exclude(duty_phone=b"").distinct().order_by("pk"))


def back_off(attempt: int, asked_s: float = 0) -> timedelta:
    """Return how long to wait after this attempt: doubling, with jitter, and at least what the server asked for."""
    doubled = min(BACK_OFF_S * 2 ** min(attempt - 1, 10), LONGEST_BACK_OFF_S)
    return timedelta(seconds=max(doubled * random.uniform(0.7, 1.3), min(asked_s, LONGEST_ASKED_S)))
