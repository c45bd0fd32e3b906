"""Asking another centre for a unit, answering, escalating silence; and mutual aid with an end."""

from datetime import datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import desks_of, recast_incident, subject_of, wanted
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_any, get_seen
from dispatch.actions.places import own_desk
from dispatch.errors import DispatchError
from dispatch.lifecycles import next_state
from dispatch.models import Centre, Incident, MutualAid, OrderRequest, Unit
from dispatch.queries.board import thresholds
from dispatch.queries.present import request_card


@action
def ask_for_unit(*, actor: Viewer, uid: UUID, incident_uid: UUID, unit_uid: UUID) -> OrderRequest:
    """Ask the unit's centre for it; it sees the incident at once and has the profile's seconds to answer."""
    incident = get_seen(Incident, incident_uid, actor, field="incident")
    access.require(actor, "request.ask", lineage=incident.centre.area.lineage)
    unit = get_any(Unit, unit_uid, field="unit")
    if not unit.active or not unit.on_duty:
        raise DispatchError("unit_off_duty", field="unit", unit=unit.call_sign)
    pending = OrderRequest.objects.filter(incident=incident, unit=unit, state__in=["asked", "escalated"])
    if pending.exists() or OrderRequest.objects.filter(uid=inputs.uid(uid)).exists():
        raise DispatchError("exists", field="unit")
    at = now()
    request = OrderRequest(
        uid=inputs.uid(uid), incident=incident, unit=unit, from_centre=own_desk(actor, "request.ask"),
        to_centre=unit.centre, asked_by_id=actor.person_id, asked_at=at,  # type: ignore[misc]
        deadline_at=at + timedelta(seconds=thresholds().get("request_answer_s", 20)),
    )  # fmt: skip
    request.audience = wanted(request)
    request.save()
    recast_incident(incident)
    collect(events.RequestAsked(request=request_card(request)), request.audience, subject_of(request))
    return request


@action
def answer_request(*, actor: Viewer, uid: UUID, verb: str, reason: str = "") -> OrderRequest:
    """Grant, refuse (with a reason) or withdraw a request."""
    request = get_seen(OrderRequest, uid, actor)
    inputs.one_of(verb, "verb", ("grant", "refuse", "withdraw"))
    side = request.from_centre if verb == "withdraw" else request.to_centre
    access.require(actor, "request.ask" if verb == "withdraw" else "request.answer", lineage=side.area.lineage)
    request.reason = inputs.text(reason, "reason", limit=200, required=verb == "refuse")
    return _move(request, verb, actor, events.RequestAnswered)


@action
def escalate_request(*, actor: Viewer, uid: UUID) -> OrderRequest:
    """Silence past the deadline: the common parent's desks decide (they see both sides already)."""
    access.require(actor, "request.escalate")
    return _move(get_any(OrderRequest, uid, lock=True), "escalate", actor, events.RequestEscalated)


def _move(request: OrderRequest, verb: str, actor: Viewer, event: type[events.Event]) -> OrderRequest:
    request.state = next_state("request", request.state, verb)
    if verb != "escalate":
        request.answered_by_id = actor.person_id
        request.answered_at = now()
    request.version += 1
    request.save()
    collect(event(request=request_card(request)), request.audience, subject_of(request))
    recast_incident(request.incident)
    return request


@action
def grant_aid(
    *, actor: Viewer, from_centre: UUID, to_centre: UUID, ends_at: datetime, reason: str, unit_uid: UUID | None = None
) -> MutualAid:
    """Let another centre order one's units (or one unit) until an end of at most 24 hours."""
    giver, taker = get_any(Centre, from_centre, field="from_centre"), get_any(Centre, to_centre, field="to_centre")
    access.require(actor, "aid.grant", lineage=giver.area.lineage)
    if not now() < ends_at <= now() + timedelta(hours=24):
        raise DispatchError("bad_input", field="ends_at", low=0, high=24)
    unit = get_any(Unit, unit_uid, field="unit") if unit_uid else None
    if unit and giver.area_id not in unit.centre.area.lineage:
        raise DispatchError("not_found", field="unit", object="unit")
    aid = MutualAid.objects.create(
        uid=uuid7(), from_centre=giver, to_centre=taker, unit=unit, granted_by_id=actor.person_id,  # type: ignore[misc]
        granted_at=now(), ends_at=ends_at, reason=inputs.text(reason, "reason", limit=200, required=True),
    )  # fmt: skip
    told = events.AidGranted(
        aid_uid=aid.uid, from_centre=giver.uid, to_centre=taker.uid, unit_uid=unit.uid if unit else None,
        ends_at=ends_at, reason=aid.reason,
    )  # fmt: skip
    collect(told, [*desks_of(giver), *desks_of(taker)], f"aid:{aid.uid}")
    return aid


@action
def end_aid(*, actor: Viewer, uid: UUID) -> MutualAid:
    """End mutual aid before its time, by the side that gave it."""
    aid = (
        MutualAid.objects.select_for_update(of=("self",), no_key=True)
        .select_related("from_centre__area", "to_centre__area")
        .filter(uid=inputs.uid(uid), ended_at=None)
        .first()
    )
    if aid is None:
        raise DispatchError("not_found", object="aid")
    access.require(actor, "aid.grant", lineage=aid.from_centre.area.lineage)
    aid.ended_at = now()
    aid.save()
    collect(events.AidEnded(aid_uid=aid.uid), [*desks_of(aid.from_centre), *desks_of(aid.to_centre)], f"aid:{aid.uid}")
    return aid
