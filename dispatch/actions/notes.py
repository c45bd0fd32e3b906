"""Notes and field feedback on an incident."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.answers import device_time
from dispatch.actions.audience import subject_of, wanted
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_seen
from dispatch.errors import DispatchError
from dispatch.lifecycles import ORDER_ACTIVE
from dispatch.models import Centre, Incident, Note, Unit
from dispatch.queries.present import note_card

STAGES = ("first", "further", "final")


@action
def write_note(*, actor: Viewer, uid: UUID, incident_uid: UUID, text: str, device_at: Any = None) -> Note:
    """Add a note; desks and the crews ordered there may. Final: a mistake is mended by another note."""
    said_at = device_time(device_at)
    return _write(actor, uid, incident_uid, text, verb="incident.note", kind="note", stage="", device_at=said_at)


@action
def give_feedback(
    *, actor: Viewer, uid: UUID, incident_uid: UUID, text: str, stage: str, device_at: Any = None
) -> Note:
    """Report from the field: first, further or final."""
    checked = inputs.one_of(stage, "stage", STAGES)
    said_at = device_time(device_at)
    return _write(
        actor, uid, incident_uid, text, verb="incident.feedback", kind="feedback", stage=checked, device_at=said_at
    )


def _write(
    actor: Viewer,
    uid: UUID,
    incident_uid: UUID,
    text: str,
    *,
    verb: str,
    kind: str,
    stage: str,
    device_at: datetime | None,
) -> Note:
    incident = get_seen(Incident, incident_uid, actor, field="incident")
    mine = _unit_on(incident, actor)
    access.require(actor, verb, lineage=incident.centre.area.lineage, unit_id=mine.pk if mine else -1)
    if incident.state == "closed":
        raise DispatchError("wrong_state", object="incident", state="closed", verb=kind, possible=["reopen"])
    if Note.objects.filter(uid=inputs.uid(uid)).exists():
        raise DispatchError("exists", field="uid")
    note = Note(
        uid=inputs.uid(uid), incident=incident, author_id=actor.person_id, kind=kind, stage=stage,
        source=mine.call_sign if mine else desk_of(actor),
        text=inputs.text(text, "text", limit=4000, required=True), written_at=now(), device_at=device_at,
    )  # fmt: skip
    note.audience = wanted(note)
    note.save()
    collect(events.NoteWritten(note=note_card(note)), note.audience, subject_of(note))
    return note


def _unit_on(incident: Incident, actor: Viewer) -> Unit | None:
    """Return the actor's unit if it is ordered to the incident, itself or by the post where it stands."""
    orders = incident.orders.filter(state__in=ORDER_ACTIVE)
    units, posts = (set(orders.exclude(**{name: None}).values_list(name, flat=True)) for name in ("unit_id", "post_id"))
    ordered = Unit.objects.filter(Q(pk__in=units) | Q(post_id__in=posts, on_duty=True), pk__in=actor.unit_ids)
    return ordered.order_by("pk").first()


def desk_of(actor: Viewer) -> str:
    """Return the code of the actor's home desk, "" without one."""
    home = Centre.objects.select_related("area").filter(pk=actor.home_id or 0).first()
    return home.area.code if home else ""
