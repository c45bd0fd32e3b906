"""Incidents: open, edit, own, hold, close, reopen. Handing over stands in dispatch.actions.transfers."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import parts_of, recast, recast_incident, reveal, subject_of, wanted_at_opening
from dispatch.actions.base import action, collect, now
from dispatch.actions.calls import attach_call
from dispatch.actions.desk_orders import orders_active
from dispatch.actions.find import check_version, get_any, get_seen
from dispatch.actions.places import centre_for, next_number
from dispatch.actions.proposals import withdraw
from dispatch.actions.purposes import end_purposes
from dispatch.errors import DispatchError
from dispatch.events import Event
from dispatch.lifecycles import ORDER_ACTIVE, REQUEST_OPEN, next_state
from dispatch.models import Call, Incident, IncidentKind, IncidentWatch
from dispatch.queries.present import incident_card

REMARK_LIMIT = 4000


@action
def open_incident(
    *, actor: Viewer, uid: UUID, kind: str, level: int | None, point: Any, place: str = "",
    circle_m: float | None = None, remark: str = "", hazards: str = "", call_uid: UUID | None = None,
    centre: UUID | None = None,
) -> Incident:  # fmt: skip
    """Open an incident at [lon, lat]; level None takes the kind's own. Kind and place are enough, the rest may follow."""
    where = inputs.place_in_city(point)
    owner_centre = centre_for(where, actor, "incident.open", centre)
    known = find_kind(kind)
    call = get_seen(Call, call_uid, actor, field="call") if call_uid else None
    if Incident.objects.filter(uid=inputs.uid(uid)).exists():
        raise DispatchError("exists", field="uid")
    at = now()
    owns = access.can(actor, "incident.take", lineage=owner_centre.area.lineage)
    incident = Incident(
        uid=inputs.uid(uid),
        number=next_number(owner_centre),
        centre=owner_centre,
        owner_id=actor.person_id if owns else None,
        owner_since=at if owns else None,
        kind=known,
        level=known.level if level is None else inputs.whole(level, "level", low=1, high=4),
        point=where,
        place=inputs.text(place, "place", limit=300),
        circle_m=inputs.metres(circle_m, "circle_m", high=100_000),
        remark=inputs.text(remark, "remark", limit=REMARK_LIMIT),
        hazards=inputs.text(hazards, "hazards", limit=300),
        received_at=call.received_at if call else at,
        opened_at=at,
        opened_by_id=actor.person_id,
    )
    incident.audience = wanted_at_opening(incident)
    incident.save()
    tell(events.IncidentOpened(incident=incident_card(incident)), incident)
    if call:
        attach_call(call, incident)
    return incident


def find_kind(code: Any) -> IncidentKind:
    """Return the active kind with this code, or raise `unknown_kind` with the list."""
    known = isinstance(code, str) and code.isprintable()
    found = IncidentKind.objects.filter(code=code, active=True).first() if known else None
    if found is None:
        allowed = list(IncidentKind.objects.filter(active=True).values_list("code", flat=True))
        raise DispatchError("unknown_kind", field="kind", value=str(code)[:60], allowed=allowed)
    return found


def tell(event: Event, incident: Incident) -> None:
    """Collect an incident's event for its audience."""
    collect(event, incident.audience, subject_of(incident))


def get_for(actor: Viewer, uid: UUID, verb: str) -> Incident:
    """Return the incident, locked, if `actor` sees it and may do `verb` (an access verb) to it."""
    incident = get_seen(Incident, uid, actor)
    access.require(actor, verb, lineage=incident.centre.area.lineage)
    return incident


EDITABLE: dict[str, Any] = {
    "kind": find_kind,
    "level": lambda value: inputs.whole(value, "level", low=1, high=4),
    "point": inputs.place_in_city,
    "place": lambda value: inputs.text(value, "place", limit=300),
    "circle_m": lambda value: inputs.metres(value, "circle_m", high=100_000),
    "remark": lambda value: inputs.text(value, "remark", limit=REMARK_LIMIT),
    "hazards": lambda value: inputs.text(value, "hazards", limit=300),
}


@action
def edit_incident(
    *, actor: Viewer, uid: UUID, version: int | None, changes: dict[str, Any], cause: str = ""
) -> Incident:
    """Change kind, level, place or words. Raises `version_conflict` when somebody else changed it meanwhile."""
    incident = get_for(actor, uid, "incident.edit")
    check_version(incident, version)
    next_state("incident", incident.state, "edit")
    unknown = set(changes) - set(EDITABLE)
    if unknown or not changes:
        raise DispatchError("bad_input", field=next(iter(unknown), None), allowed=sorted(EDITABLE))
    for name, value in changes.items():
        setattr(incident, name, EDITABLE[name](value))
    save(incident)
    said = inputs.text(cause, "cause", limit=200)
    if "point" in changes:
        recast_incident(incident)
    card = incident_card(incident)
    tell(events.IncidentChanged(incident=card, changed=sorted(changes), cause=said), incident)
    if "level" in changes:
        _tell_units(incident)
    return incident


def _tell_units(incident: Incident) -> None:
    from dispatch.actions.units import tell_unit

    for order in incident.orders.filter(state__in=ORDER_ACTIVE, unit__isnull=False).select_related(
        "unit__centre__area"
    ):
        tell_unit(order.unit, "order")  # type: ignore[arg-type]


def save(incident: Incident) -> None:
    """Store the next version."""
    incident.version += 1
    incident.save()


@action
def take_incident(*, actor: Viewer, uid: UUID) -> Incident:
    """Become the owner. Raises `already_owned` with who it is, unless nobody or oneself owns it."""
    incident = get_for(actor, uid, "incident.take")
    _not_closed(incident, "take")
    if incident.owner_id not in (None, actor.person_id):
        assert incident.owner
        raise DispatchError("already_owned", owner=incident.owner.name, since=incident.owner_since.isoformat())  # type: ignore[union-attr]
    incident.owner_id = actor.person_id
    incident.owner_since = now()
    IncidentWatch.objects.filter(incident=incident, person_id=actor.pk).delete()
    save(incident)
    incident.refresh_from_db(fields=["owner"])
    tell(events.IncidentTaken(incident=incident_card(incident)), incident)
    return incident


@action
def yield_incident(*, actor: Viewer, uid: UUID) -> Incident:
    """Let go of an incident one owns; a shift commander may free anybody's."""
    incident = get_for(actor, uid, "incident.yield")
    _not_closed(incident, "yield")
    commands = actor.areas_of({"shift_commander"})
    if incident.owner_id != actor.person_id and commands.isdisjoint(incident.centre.area.lineage):
        raise DispatchError("forbidden", verb="incident.yield", owner=incident.owner.name if incident.owner else None)
    incident.owner = None
    incident.owner_since = None
    save(incident)
    tell(events.IncidentYielded(incident=incident_card(incident)), incident)
    return incident


@action
def watch_incident(*, actor: Viewer, uid: UUID, watching: bool = True) -> Incident:
    """Begin (or stop) to watch an incident."""
    incident = get_for(actor, uid, "incident.watch")
    _not_closed(incident, "watch")
    if watching:
        IncidentWatch.objects.get_or_create(incident=incident, person_id=actor.pk, defaults={"since": now()})
    else:
        IncidentWatch.objects.filter(incident=incident, person_id=actor.pk).delete()
    save(incident)
    tell(events.IncidentWatched(incident=incident_card(incident)), incident)
    return incident


@action
def hold_incident(
    *, actor: Viewer, uid: UUID, until: datetime | None = None, minutes: int | None = None, reason: str
) -> Incident:
    """Put on hold by choice, with the time to look again (`until`, or minutes from now, at most 24 h)."""
    incident = get_for(actor, uid, "incident.hold")
    incident.state = next_state("incident", incident.state, "hold")
    if until is None:
        until = now() + timedelta(minutes=inputs.whole(minutes, "minutes", low=1, high=24 * 60))
    if not now() < until <= now() + timedelta(hours=24):
        raise DispatchError("bad_input", field="until", low=1, high=24 * 60)
    incident.hold_until = until
    incident.hold_reason = inputs.text(reason, "reason", limit=200, required=True)
    save(incident)
    tell(events.IncidentHeld(incident=incident_card(incident)), incident)
    return incident


@action
def resume_incident(*, actor: Viewer, uid: UUID) -> Incident:
    """Take off hold."""
    incident = get_for(actor, uid, "incident.hold")
    incident.state = next_state("incident", incident.state, "resume")
    _end_hold(incident)
    save(incident)
    tell(events.IncidentResumed(incident=incident_card(incident)), incident)
    return incident


@action
def bring_back_held(*, actor: Viewer, uid: UUID) -> Incident:
    """Take an incident off hold because its time to look again has come (worker); the desks hear it loudly."""
    access.require(actor, "incident.bring_back")
    incident = get_any(Incident, uid, lock=True)
    incident.state = next_state("incident", incident.state, "fall_due")
    if incident.hold_until is None or incident.hold_until > now():
        raise DispatchError("wrong_state", object="incident", state="on_hold", verb="fall_due", possible=["resume"])
    held_for = incident.hold_reason
    _end_hold(incident)
    save(incident)
    tell(events.IncidentDue(incident=incident_card(incident), reason=held_for), incident)
    return incident


def _end_hold(incident: Incident) -> None:
    incident.hold_until = None
    incident.hold_reason = ""


@action
def close_incident(*, actor: Viewer, uid: UUID, reason: str = "") -> Incident:
    """Close. Needs a final feedback, or a shift commander's or supervisor's reason; no order may be under way."""
    incident = get_for(actor, uid, "incident.close")
    incident.state = next_state("incident", incident.state, "close")
    active = incident.orders.filter(state__in=ORDER_ACTIVE).select_related("unit", "post", "centre__area")
    if left := list(active.order_by("pk")):
        raise orders_active(left)
    said = inputs.text(reason, "reason", limit=200)
    if not incident.notes.filter(kind="feedback", stage="final").exists():
        may = access.can(actor, "incident.close_without_feedback", lineage=incident.centre.area.lineage)
        if not (may and said):
            raise DispatchError("needs_feedback", roles=sorted(access.MAY["incident.close_without_feedback"]))
    incident.close_reason = said
    incident.closed_at = now()
    _end_hold(incident)
    _withdraw_asked(incident)
    withdraw(incident.orders.all(), actor, "closed")
    save(incident)
    tell(events.IncidentClosed(incident=incident_card(incident)), incident)
    end_purposes(incident)
    return incident


@action
def reopen_incident(*, actor: Viewer, uid: UUID, cause: str) -> Incident:
    """Open a closed incident again, with a cause. Its calls, orders, notes and packet come back into sight."""
    incident = get_for(actor, uid, "incident.reopen")
    incident.state = next_state("incident", incident.state, "reopen")
    incident.closed_at = None
    incident.close_reason = ""
    save(incident)
    said = inputs.text(cause, "cause", limit=200, required=True)
    tell(events.IncidentReopened(incident=incident_card(incident), cause=said), incident)
    # Whatever changed while it was closed (ground, centres) is made up for; what stays as it was is shown again.
    recast(incident)
    for row in parts_of(incident):
        if not recast(row):
            reveal(row)
    return incident


def _withdraw_asked(incident: Incident) -> None:
    """Take back what still waits for somebody's answer: it leaves the boards with the incident."""
    incident.transfers.filter(state="offered").update(state="withdrawn", answered_at=now())
    incident.requests.filter(state__in=REQUEST_OPEN).update(state="withdrawn", answered_at=now())


def _not_closed(incident: Incident, verb: str) -> None:
    if incident.state == "closed":
        raise DispatchError("wrong_state", object="incident", state="closed", verb=verb, possible=["reopen"])
