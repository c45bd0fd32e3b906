"""Calls: take, join to an incident, take off again, close without one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import recast, recast_incident, subject_of, wanted
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_any, get_seen
from dispatch.actions.places import own_desk
from dispatch.errors import DispatchError
from dispatch.lifecycles import CALL_CHANNELS, CALL_CLOSE_REASONS, next_state
from dispatch.models import Call, Incident
from dispatch.queries.present import call_card


@action
def take_call(
    *, actor: Viewer, uid: UUID, channel: str = "phone", caller_number: str = "", caller_name: str = "",
    heard_place: str = "", point: Any = None, circle_m: float | None = None, remark: str = "",
    received_at: datetime | str | None = None, centre: UUID | None = None,
) -> Call:  # fmt: skip
    """Write down a call that is being answered. Raises `exists` when the id was used for another call."""
    desk = own_desk(actor, "call.take", centre)
    at = now()
    if Call.objects.filter(uid=inputs.uid(uid)).exists():
        raise DispatchError("exists", field="uid")
    call = Call(
        uid=inputs.uid(uid),
        centre=desk,
        channel=inputs.one_of(channel, "channel", CALL_CHANNELS),
        caller_number=inputs.text(caller_number, "caller_number", limit=32),
        caller_name=inputs.text(caller_name, "caller_name", limit=80),
        heard_place=inputs.text(heard_place, "heard_place", limit=300),
        point=inputs.place_in_city(point) if point is not None else None,
        circle_m=inputs.metres(circle_m, "circle_m", high=100_000),
        remark=inputs.text(remark, "remark", limit=4000),
        received_at=inputs.moment(received_at, "received_at") if received_at else at,
        answered_at=at,
        taker_id=actor.person_id,
    )
    call.audience = wanted(call)
    call.save()
    collect(events.CallTaken(call=call_card(call)), call.audience, subject_of(call))
    return call


@action
def join_call(*, actor: Viewer, call_uid: UUID, incident_uid: UUID) -> Call:
    """Join a call to an incident; both stay as they are."""
    call = get_seen(Call, call_uid, actor)
    incident = get_seen(Incident, incident_uid, actor, field="incident")
    access.require(actor, "call.join", lineage=incident.centre.area.lineage)
    if incident.state == "closed":
        raise DispatchError("wrong_state", object="incident", state="closed", verb="join", possible=["reopen"])
    attach_call(call, incident)
    return call


def attach_call(call: Call, incident: Incident) -> None:
    """Give `call` to `incident` (both locked by the action that asks)."""
    call.state = next_state("call", call.state, "join")
    call.incident = incident
    call.version += 1
    call.save()
    recast(call)
    collect(events.CallJoined(call=call_card(call)), call.audience, subject_of(call))


@action
def leave_call(*, actor: Viewer, call_uid: UUID) -> Call:
    """Take a call off its incident again (the inverse of join)."""
    call = get_seen(Call, call_uid, actor)
    side = call.incident.centre if call.incident else call.centre
    access.require(actor, "call.join", lineage=side.area.lineage)
    call.state = next_state("call", call.state, "leave")
    incident = get_any(Incident, call.incident.uid, lock=True)  # type: ignore[union-attr]
    call.incident = None
    call.version += 1
    call.save()
    recast(call)
    left = events.CallLeft(call=call_card(call), incident_uid=incident.uid)
    collect(left, call.audience, f"incident:{incident.uid}")
    recast_incident(incident)
    return call


@action
def close_call(*, actor: Viewer, call_uid: UUID, reason: str) -> Call:
    """End a call without an incident. Final."""
    call = get_seen(Call, call_uid, actor)
    access.require(actor, "call.close", lineage=call.centre.area.lineage)
    call.close_reason = inputs.one_of(reason, "reason", CALL_CLOSE_REASONS)
    call.state = next_state("call", call.state, "close")
    call.closed_at = now()
    call.version += 1
    call.save()
    collect(events.CallClosed(call=call_card(call)), call.audience, subject_of(call))
    return call
