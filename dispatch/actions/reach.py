"""The outbox of messages to closed phones: written with its cause, claimed once, noted with its result, withdrawn in time.

The cause is an order, or a distress for the crews around it.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from uuid_utils.compat import uuid7

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions.audience import subject_of
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_any
from dispatch.cards import to_builtins
from dispatch.lifecycles import DISTRESS_OPEN
from dispatch.models import Centre, Distress, Order, Outbound
from dispatch.queries.present import order_card, person_ref
from dispatch.queries.present_help import distress_card
from dispatch.reach import (
    CLAIM_S,
    DISTRESS_LIFE_S,
    MOST_ATTEMPTS,
    PASSING,
    Letter,
    back_off,
    find_gateway,
    phones_of,
    plan_for,
    reachable,
    units_near,
)

OPEN = ("waiting", "sending")
QUIET = ("sent",)  # only an order that nothing has answered, not even the device, is worth a message
UNREACHED = ("time_out",)  # an end at which what was tried in vain is said
RATE = timedelta(minutes=1)
LATE = timedelta(minutes=1)


def reach_out(order: Order, why: str = "order") -> None:
    """Write a row for each person and channel of the order's target; `why` is order or repeat. Part of an action."""
    target: Any = order.unit or order.post
    if target is None or order.state not in QUIET:
        return
    units = phones_of(order)
    if not units:
        return
    plan = plan_for(target.centre)
    turns = plan.waits(plan.first_wait_s)
    if why == "repeat":  # loud: whoever the first did not bring is called by every channel at once
        turns = [(channel, timedelta(0)) for channel, _ in turns]
    rows = _rows(target.centre, units, turns, why=why, order=order)
    Outbound.objects.bulk_create(rows, ignore_conflicts=True)


def _rows(centre: Centre, units: list[int], turns: list[tuple[str, timedelta]], **cause: Any) -> list[Outbound]:
    """Return a row for each channel in its turn and each person of these units whom it could reach."""
    return [
        Outbound(
            uid=uuid7(), channel=channel, person=person, centre=centre, due_at=now() + wait, made_at=now(), **cause
        )
        for channel, wait in turns
        if channel != "sms" or find_gateway(centre)
        for person in reachable(units, channel)
    ]


def call_back(order: Order, verb: str) -> None:
    """Withdraw what is not sent: the device, a person or the desk has made it needless. Part of an action that stores the order.

    At an order's silent end, what was tried in vain is put on its card: the desk is told whom nothing reached.
    """
    rows = Outbound.objects.filter(order=order, state__in=OPEN)
    if verb in UNREACHED:
        tried = rows.filter(attempts__gt=0).select_related("person")
        for row in tried:
            _put_reached(order, row, "failed", row.code or "silent")
        tried.update(state="failed", done_at=now())
    order.reached = [line for line in order.reached if line["state"] != "trying"]
    rows.update(state="withdrawn", done_at=now())


def reach_near(distress: Distress) -> None:
    """Write a row for each person near a call for help, in the order of his own centre's channels. Part of an action.

    The first channel goes at once: nothing is waited for, no phone says that it has heard.
    """
    rows: list[Outbound] = []
    crews: dict[int, list[Any]] = {}
    for unit in units_near(distress):
        crews.setdefault(unit.centre_id, []).append(unit)
    for units in crews.values():
        centre = units[0].centre
        turns = plan_for(centre).waits(first_wait_s=0)
        rows += _rows(centre, [unit.pk for unit in units], turns, why="distress", distress=distress)
    rows = [row for row in rows if row.person_id != distress.person_id]
    # Who has come near since is added; nobody is told twice.
    Outbound.objects.bulk_create(rows, ignore_conflicts=True)


def call_off_near(distress: Distress) -> None:
    """Withdraw what is not sent of a distress that ended or was taken back. Part of an action that stores it."""
    Outbound.objects.filter(distress=distress, state__in=OPEN).update(state="withdrawn", done_at=now())
    distress.reached = [line for line in distress.reached if line["state"] != "trying"]


@action
def take_reach(*, actor: Viewer) -> Letter | None:
    """Claim the message whose turn it is, for one attempt (outlets); None when nothing is due.

    Two senders never get the same. One whose sender was killed is given out again after CLAIM_S.
    """
    access.require(actor, "reach.send")
    lost = Q(state="sending", claimed_at__lte=now() - timedelta(seconds=CLAIM_S))
    due = Outbound.objects.filter(Q(state="waiting") | lost, due_at__lte=now())
    free = due.select_for_update(of=("self",), skip_locked=True, no_key=True)
    row = free.select_related("order__unit", "distress", "person").order_by("due_at").first()
    if row is None:
        return None
    row.claimed_at = now()
    if _needless(row) or not _still_rides(row):
        row.state, row.done_at = "withdrawn", now()
    elif row.channel == "sms" and _over_rate(row):
        row.state, row.due_at = "waiting", now() + timedelta(seconds=5)
    else:
        row.code = "interrupted" if row.state == "sending" else row.code
        row.state, row.attempts = "sending", row.attempts + 1
    row.save()
    return Letter(
        uid=row.uid, attempt=row.attempts if row.state == "sending" else 0, channel=row.channel,
        language=row.person.language or "zh", person_id=row.person_id, centre_id=row.centre_id,
        what="order" if row.order else "distress", topic=_cause(row).uid,
    )  # fmt: skip


def _cause(row: Outbound) -> Order | Distress:
    cause = row.order or row.distress
    assert cause is not None
    return cause


def _needless(row: Outbound) -> bool:
    """Return whether nobody needs it any more: the order has an answer, the call for help is over or old."""
    cause = _cause(row)
    if isinstance(cause, Order):
        return cause.state not in QUIET or cause.delivered_at is not None
    # A turn that was due in time is still taken a moment late: its end, good or bad, is what the desk reads.
    by = now() - LATE if row.attempts else now()
    return cause.state not in DISTRESS_OPEN or cause.cancelled_at is not None or _is_old(cause, by)


def _is_old(distress: Distress, at: datetime) -> bool:
    """Return whether the call for help is too old by then to be told to anybody new: trying ends with the last turn before."""
    return at - distress.received_at > timedelta(seconds=DISTRESS_LIFE_S)


def _still_rides(row: Outbound) -> bool:
    """Return whether the person is still of the crew that was meant, and an officer."""
    cause = _cause(row)
    units = phones_of(cause) if isinstance(cause, Order) else [unit.pk for unit in units_near(cause)]
    return not access.viewer_for(row.person).unit_ids.isdisjoint(units)


def _over_rate(row: Outbound) -> bool:
    """Return whether the gateway that serves this row was used as often as it allows within the last minute."""
    gateway = find_gateway(row.centre)
    if gateway is None:
        return False
    lately = Outbound.objects.filter(
        channel="sms", claimed_at__gt=now() - RATE, attempts__gt=0, centre__area__lineage__contains=[gateway.centre.area_id]
    )  # fmt: skip
    return lately.exclude(pk=row.pk).count() >= gateway.per_minute


@action
def note_reach(*, actor: Viewer, uid: UUID, attempt: int, code: str, retry_after_s: float = 0) -> Outbound | None:
    """Write down how an attempt ended (outlets). `code`: accepted, one of PASSING (tried again while the order lives), or
    what no further attempt would change. Whatever comes of an attempt that is not the present one is ignored.
    """
    access.require(actor, "reach.send")
    found = Outbound.objects.select_related("order", "distress").filter(uid=uid).first()
    if found is None:
        return None
    cause = get_any(type(_cause(found)), _cause(found).uid, lock=True)
    row = Outbound.objects.select_for_update(of=("self",), no_key=True).select_related("person").get(pk=found.pk)
    if row.attempts != attempt or (row.done_at and row.state != "withdrawn"):
        return None
    row.code = code
    again_at = now() + back_off(attempt, retry_after_s)
    over = isinstance(cause, Distress) and _is_old(cause, again_at)
    if code == "accepted":
        row.state, row.done_at = "sent", now()
    elif row.state == "withdrawn":
        row.save()
        return row
    elif code in PASSING and attempt < MOST_ATTEMPTS and not over:
        row.state, row.due_at = "waiting", again_at
    else:
        row.state, row.done_at = "failed", now()
    row.save()
    if isinstance(cause, Order):
        _tell(cause, row)
    else:
        _tell_near(cause, row)
    return row


def _tell(order: Order, row: Outbound) -> None:
    """Put it on the order's card and say so: the first trouble, and the end. What is tried on is not told each time."""
    state = "trying" if row.state == "waiting" else row.state
    if (state == "trying" and row.attempts > 1) or order.incident.state == "closed":
        return
    _put_reached(order, row, state, row.code)
    order.version += 1
    order.save(update_fields=["reached", "version"])
    told = events.OrderReached(order=order_card(order), channel=row.channel, why=row.why, result=state, code=row.code)
    collect(told, order.audience, subject_of(order))


def _tell_near(distress: Distress, row: Outbound) -> None:
    """Put on the distress's card what came of all of a channel, once each was tried: crews around are many."""
    state = "trying" if row.state == "waiting" else row.state
    rows = Outbound.objects.filter(distress=distress).select_related("person").order_by("made_at", "pk")
    untried = rows.filter(channel=row.channel, state__in=OPEN, attempts=0)
    if (state == "trying" and row.attempts > 1) or distress.state not in DISTRESS_OPEN or untried.exists():
        return
    tried = rows.filter(attempts__gt=0).exclude(state="withdrawn")
    distress.reached = [
        _line(one, {"waiting": "trying", "sending": "trying"}.get(one.state, one.state), one.code) for one in tried
    ]
    distress.version += 1
    distress.save(update_fields=["reached", "version"])
    told = events.DistressReached(distress=distress_card(distress), channel=row.channel, result=state, code=row.code)
    collect(told, distress.audience, subject_of(distress))


def _put_reached(order: Order, row: Outbound, state: str, code: str) -> None:
    """Say of one person and channel what came of it last."""
    line = _line(row, state, code)
    key = (line["person"]["uid"], line["channel"])
    order.reached = [*(one for one in order.reached if (one["person"]["uid"], one["channel"]) != key), line]


def _line(row: Outbound, state: str, code: str) -> dict[str, Any]:
    """Return what came of one letter as the card keeps it (cards.Reached)."""
    person: Any = to_builtins(person_ref(row.person))
    at = row.done_at or row.claimed_at or now()
    return {"person": person, "channel": row.channel, "state": state, "code": code, "at": at.isoformat(), "attempts": row.attempts}  # fmt: skip
