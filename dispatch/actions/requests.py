"""Asking another centre for a unit, answering, escalating silence. Mutual aid stands in dispatch.actions.aid."""

from datetime import timedelta
from uuid import UUID

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import recast_incident, subject_of, wanted
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_any, get_seen
from dispatch.actions.places import own_desk
from dispatch.errors import DispatchError
from dispatch.lifecycles import REQUEST_OPEN, next_state
from dispatch.models import Centre, Incident, OrderRequest, Unit
from dispatch.queries.board import thresholds
from dispatch.queries.present import request_card

EXPIRE_S = 120.0


@action
def ask_for_unit(*, actor: Viewer, uid: UUID, incident_uid: UUID, unit_uid: UUID) -> OrderRequest:
    """Ask the unit's centre for it; it sees the incident at once and has the profile's seconds to answer."""
    incident = get_seen(Incident, incident_uid, actor, field="incident")
    access.require(actor, "request.ask", lineage=incident.centre.area.lineage)
    if incident.state == "closed":
        raise DispatchError("wrong_state", object="incident", state="closed", verb="request", possible=["reopen"])
    unit = get_any(Unit, unit_uid, field="unit")
    if not unit.active or not unit.on_duty:
        raise DispatchError("unit_off_duty", field="unit", unit=unit.call_sign)
    if OrderRequest.objects.filter(uid=inputs.uid(uid)).exists():
        raise DispatchError("exists", field="uid")
    if OrderRequest.objects.filter(incident=incident, unit=unit, state__in=REQUEST_OPEN).exists():
        raise DispatchError("already_asked", field="unit", unit=unit.call_sign, centre=unit.centre.area.code)
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
    side = _asking(request, actor) if verb == "withdraw" else request.to_centre
    access.require(actor, "request.ask" if verb == "withdraw" else "request.answer", lineage=side.area.lineage)
    request.reason = inputs.text(reason, "reason", limit=200, required=verb == "refuse")
    return _move(request, verb, actor, events.RequestAnswered)


@action
def escalate_request(*, actor: Viewer, uid: UUID) -> OrderRequest:
    """Silence past the deadline: the common parent's desks decide (they see both sides already)."""
    access.require(actor, "request.escalate")
    return _move(get_any(OrderRequest, uid, lock=True), "escalate", actor, events.RequestEscalated)


@action
def expire_request(*, actor: Viewer, uid: UUID) -> OrderRequest:
    """Silence above as well (worker): whoever asked is told that nobody answered, and may ask anew or choose another."""
    access.require(actor, "request.expire")
    return _move(get_any(OrderRequest, uid, lock=True), "expire", actor, events.RequestExpired)


def _asking(request: OrderRequest, actor: Viewer) -> Centre:
    """Return whose request it is: of the centre that asked, and of the one that has the incident since."""
    has_it = request.incident.centre
    return has_it if access.can(actor, "request.ask", lineage=has_it.area.lineage) else request.from_centre


def _move(request: OrderRequest, verb: str, actor: Viewer, event: type[events.Event]) -> OrderRequest:
    request.state = next_state("request", request.state, verb)
    if verb not in {"escalate", "expire"}:
        request.answered_by_id = actor.person_id
        request.answered_at = now()
    request.version += 1
    request.save()
    collect(event(request=request_card(request)), request.audience, subject_of(request))
    recast_incident(request.incident)
    return request
