"""Handing an incident to another centre: offer, accept, refuse, withdraw; returning it is a transfer with a reason."""

from uuid import UUID

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import recast, recast_incident
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_any, get_seen
from dispatch.actions.incidents import get_for, save, tell
from dispatch.errors import DispatchError
from dispatch.lifecycles import ORDER_ACTIVE, next_state
from dispatch.models import Centre, Incident, Transfer
from dispatch.queries.present import incident_card


@action
def offer_transfer(*, actor: Viewer, uid: UUID, to_centre: UUID, reason: str) -> Incident:
    """Offer an incident to another centre, which sees it at once and must accept."""
    incident = get_for(actor, uid, "incident.transfer")
    target = get_any(Centre, to_centre, field="to_centre")
    if incident.state == "closed":
        raise DispatchError("wrong_state", object="incident", state="closed", verb="transfer", possible=["reopen"])
    if not target.active:
        raise DispatchError("target_inactive", field="to_centre", target=target.area.code)
    if target.pk == incident.centre_id:
        raise DispatchError("already_there", field="to_centre", centre=target.area.code)
    if incident.transfers.filter(state="offered").exists():
        raise DispatchError("wrong_state", object="transfer", state="offered", verb="offer", possible=["withdraw"])
    Transfer.objects.create(
        incident=incident, from_centre=incident.centre, to_centre=target, offered_at=now(),
        reason=inputs.text(reason, "reason", limit=200, required=True), offered_by_id=actor.person_id,  # type: ignore[misc]
    )  # fmt: skip
    save(incident)
    recast_incident(incident)
    tell(events.IncidentTransferOffered(incident=incident_card(incident)), incident)
    return incident


@action
def return_incident(*, actor: Viewer, uid: UUID, reason: str) -> Incident:
    """Offer an incident back to the centre it came from; to the one above where it was never handed over or that is closed."""
    incident = get_for(actor, uid, "incident.transfer")
    came = incident.transfers.filter(state="accepted", to_centre=incident.centre).order_by("-answered_at").first()
    above = Centre.objects.filter(area_id__in=incident.centre.area.lineage[:-1], active=True).select_related("area")
    former = came.from_centre if came and came.from_centre.active else None
    target = former or max(above, key=lambda centre: len(centre.area.lineage), default=None)
    if target is None:
        raise DispatchError(
            "wrong_state", object="incident", state=incident.state, verb="return", possible=["transfer"]
        )
    return offer_transfer(actor=actor, uid=uid, to_centre=target.uid, reason=reason)


@action
def accept_transfer(*, actor: Viewer, uid: UUID) -> Incident:
    """Take over an incident that was offered to one's centre; the actor becomes its owner."""
    incident, offer = _offered(actor, uid)
    access.require(actor, "incident.answer_transfer", lineage=offer.to_centre.area.lineage)
    if not offer.to_centre.active:  # closed since it was offered: whoever works above it takes over nothing in its name
        raise DispatchError("target_inactive", field="to_centre", target=offer.to_centre.area.code)
    _end(offer, "accept", actor)
    old_audience, old_centre = incident.audience, incident.centre.uid
    incident.centre = offer.to_centre
    incident.owner_id = actor.person_id
    incident.owner_since = now()
    save(incident)
    incident = Incident.objects.select_related("centre__area", "owner").get(pk=incident.pk)
    # The former audience hears who has it now before it loses sight of it.
    told = events.IncidentTransferred(incident=incident_card(incident), from_centre=old_centre)
    collect(told, old_audience, f"incident:{incident.uid}")
    recast_incident(incident)
    ordered = incident.orders.filter(state__in=ORDER_ACTIVE, unit__isnull=False)
    for order in ordered.select_related("unit__centre__area", "unit__post"):
        recast(order.unit)
    return incident


@action
def refuse_transfer(*, actor: Viewer, uid: UUID, reason: str) -> Incident:
    """Refuse an offer with a reason; the incident stays where it was."""
    incident, offer = _offered(actor, uid)
    access.require(actor, "incident.answer_transfer", lineage=offer.to_centre.area.lineage)
    return _answered(incident, offer, "refuse", inputs.text(reason, "reason", limit=200, required=True), actor)


@action
def withdraw_transfer(*, actor: Viewer, uid: UUID) -> Incident:
    """Take an offer back."""
    incident, offer = _offered(actor, uid)
    access.require(actor, "incident.transfer", lineage=incident.centre.area.lineage)
    return _answered(incident, offer, "withdraw", "", actor)


def _offered(actor: Viewer, uid: UUID) -> tuple[Incident, Transfer]:
    incident = get_seen(Incident, uid, actor)
    offer = incident.transfers.filter(state="offered").select_related("to_centre__area").first()
    if offer is None:
        raise DispatchError("wrong_state", object="transfer", state="none", verb="answer", possible=["offer"])
    return incident, offer


def _end(offer: Transfer, verb: str, actor: Viewer) -> None:
    offer.state = next_state("transfer", offer.state, verb)
    offer.answered_by_id = actor.person_id
    offer.answered_at = now()
    offer.save()


def _answered(incident: Incident, offer: Transfer, verb: str, reason: str, actor: Viewer) -> Incident:
    _end(offer, verb, actor)
    save(incident)
    card = incident_card(incident)
    tell(events.IncidentTransferAnswered(incident=card, answer=offer.state, reason=reason), incident)
    recast_incident(incident)
    return incident
