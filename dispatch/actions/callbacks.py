"""回访: calling a caller back is a recorded step with its result, on an incident open or closed."""

from uuid import UUID

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import desks_of, subject_of, wanted
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_seen
from dispatch.actions.notes import desk_of
from dispatch.errors import DispatchError
from dispatch.lifecycles import CALLBACK_RESULTS
from dispatch.models import Incident, Note
from dispatch.queries.present import note_card


@action
def record_call_back(*, actor: Viewer, uid: UUID, incident_uid: UUID, result: str, text: str = "") -> Note:
    """Note what the caller said when called back. Raises `no_caller` for an incident nobody rang in, `exists`."""
    incident = get_seen(Incident, incident_uid, actor, field="incident")
    access.require(actor, "incident.call_back", lineage=incident.centre.area.lineage)
    if not incident.calls.exists():
        raise DispatchError("no_caller", incident=incident.number)
    if Note.objects.filter(uid=inputs.uid(uid)).exists():
        raise DispatchError("exists", field="uid")
    note = Note(
        uid=inputs.uid(uid), incident=incident, author_id=actor.person_id, kind="callback", source=desk_of(actor),
        stage=inputs.one_of(result, "result", CALLBACK_RESULTS), text=inputs.text(text, "text", limit=1000), written_at=now(),
    )  # fmt: skip
    note.audience = wanted(note)
    note.save()
    if incident.state != "closed":
        collect(events.NoteWritten(note=note_card(note)), note.audience, subject_of(note))
    else:  # a closed incident is on no board: its journal hears of it without a card
        told = events.IncidentCalledBack(
            incident_uid=incident.uid, note_uid=note.uid, result=note.stage, text=note.text
        )
        collect(told, desks_of(incident.centre), subject_of(note))
    return note
