"""Incidents: open, read, edit, own, hold, close. Handing over stands in dispatch.api.transfers."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from dispatch.access import Viewer
from dispatch.actions import history, incidents, notes, suggestions
from dispatch.api.base import Decision, Edit, Reading
from dispatch.api.bodies import Body, LonLat, Moment, entry_number, page_size, read_query
from dispatch.cards import IncidentCard, NoteCard
from dispatch.queries.history import PAGE, HistoryPage, list_history
from dispatch.queries.incidents import IncidentFile, get_incident
from dispatch.queries.shown import show


class NewIncident(Body):
    """What is known of it. Kind and place are enough; `level` null takes the kind's own; `uid` is made by the client."""

    uid: UUID
    kind: str
    point: LonLat
    level: int | None = None
    place: str = ""
    circle_m: float | None = None
    remark: str = ""
    hazards: str = ""
    call: UUID | None = None
    centre: UUID | None = None


class IncidentChanges(Body):
    """Only the fields that change, and why."""

    kind: str | UnsetType = UNSET
    level: int | UnsetType = UNSET
    point: LonLat | UnsetType = UNSET
    place: str | UnsetType = UNSET
    circle_m: float | UnsetType | None = UNSET
    remark: str | UnsetType = UNSET
    hazards: str | UnsetType = UNSET
    cause: str = ""


class Watching(Body):
    """Begin (true) or stop to watch."""

    watching: bool = True


class Hold(Body):
    """Why, and when to look again: a time, or minutes from now (at most a day)."""

    reason: str
    minutes: int | None = None
    until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class Closing(Body):
    """A supervisor's reason when there is no final feedback."""

    reason: str = ""


class Reopening(Body):
    """Why it is opened again."""

    cause: str


class NewNote(Body):
    """Words for an incident. `uid` is made by the client; `device_at` when they were written, as the phone has it."""

    uid: UUID
    text: str
    device_at: Moment | None = None


class NewFeedback(Body):
    """A field report: stage is first, further or final."""

    uid: UUID
    text: str
    stage: str
    device_at: Moment | None = None


class PacketAsked(msgspec.Struct, kw_only=True, frozen=True):
    """The ranker was woken; the newest packet so far is `number`, a newer one comes over the feed."""

    incident: UUID
    number: int


class OpenIncident(Decision):
    """Open an incident. The packet of cameras and units follows over the feed."""

    verb, body, shows, status = "incident.open", NewIncident, IncidentCard, 201

    def decide(self, viewer: Viewer, body: NewIncident, **path: Any) -> Any:
        """Open it."""
        incident = incidents.open_incident(
            actor=viewer, uid=body.uid, kind=body.kind, level=body.level, point=body.point, place=body.place,
            circle_m=body.circle_m, remark=body.remark, hazards=body.hazards, call_uid=body.call, centre=body.centre,
        )  # fmt: skip
        return show(incident, viewer)


class OneIncident(Reading, Edit):
    """One incident whole: GET its file, PATCH its kind, level, place and words."""

    verb, shows = "board.read", IncidentFile
    edit_verb, edit_body, edit_shows = "incident.edit", IncidentChanges, IncidentCard

    def read(self, viewer: Viewer, **path: Any) -> IncidentFile:
        """Return the incident's file."""
        return get_incident(viewer, path["uid"])

    def version_of(self, card: IncidentFile) -> int:
        """Return the incident's version."""
        return card.incident.version

    def edit(self, viewer: Viewer, body: IncidentChanges, version: int, **path: Any) -> Any:
        """Change the named fields."""
        given = {name: getattr(body, name) for name in body.__struct_fields__ if name != "cause"}
        changes = {name: value for name, value in given.items() if value is not UNSET}
        edited = incidents.edit_incident(
            actor=viewer, uid=path["uid"], version=version, changes=changes, cause=body.cause
        )
        return show(edited, viewer)


class TakeIncident(Decision):
    """Become the owner."""

    verb, shows = "incident.take", IncidentCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Take it."""
        return show(incidents.take_incident(actor=viewer, uid=path["uid"]), viewer)


class YieldIncident(Decision):
    """Let go of it."""

    verb, shows = "incident.yield", IncidentCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Let go."""
        return show(incidents.yield_incident(actor=viewer, uid=path["uid"]), viewer)


class WatchIncident(Decision):
    """Keep an eye on it, or stop to."""

    verb, body, shows = "incident.watch", Watching, IncidentCard

    def decide(self, viewer: Viewer, body: Watching, **path: Any) -> Any:
        """Watch it."""
        return show(incidents.watch_incident(actor=viewer, uid=path["uid"], watching=body.watching), viewer)


class HoldIncident(Decision):
    """Put it on hold by choice, with the time to look again."""

    verb, body, shows = "incident.hold", Hold, IncidentCard

    def decide(self, viewer: Viewer, body: Hold, **path: Any) -> Any:
        """Hold it."""
        held = incidents.hold_incident(
            actor=viewer, uid=path["uid"], until=body.until, minutes=body.minutes, reason=body.reason
        )
        return show(held, viewer)


class ResumeIncident(Decision):
    """Take it off hold."""

    verb, shows = "incident.hold", IncidentCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Resume it."""
        return show(incidents.resume_incident(actor=viewer, uid=path["uid"]), viewer)


class CloseIncident(Decision):
    """Close it: after a final feedback, or with a supervisor's reason; no order may be under way."""

    verb, body, shows = "incident.close", Closing, IncidentCard

    def decide(self, viewer: Viewer, body: Closing, **path: Any) -> Any:
        """Close it."""
        return show(incidents.close_incident(actor=viewer, uid=path["uid"], reason=body.reason), viewer)


class ReopenIncident(Decision):
    """Open a closed incident again, with a cause."""

    verb, body, shows = "incident.reopen", Reopening, IncidentCard

    def decide(self, viewer: Viewer, body: Reopening, **path: Any) -> Any:
        """Reopen it."""
        return show(incidents.reopen_incident(actor=viewer, uid=path["uid"], cause=body.cause), viewer)


class WriteNote(Decision):
    """Add a note. Final."""

    verb, body, shows, status = "incident.note", NewNote, NoteCard, 201

    def decide(self, viewer: Viewer, body: NewNote, **path: Any) -> Any:
        """Write it."""
        note = notes.write_note(
            actor=viewer, uid=body.uid, incident_uid=path["uid"], text=body.text, device_at=body.device_at
        )
        return show(note, viewer)


class GiveFeedback(Decision):
    """Report from the field: first, further or final. Final."""

    verb, body, shows, status = "incident.feedback", NewFeedback, NoteCard, 201

    def decide(self, viewer: Viewer, body: NewFeedback, **path: Any) -> Any:
        """Report."""
        note = notes.give_feedback(
            actor=viewer,
            uid=body.uid,
            incident_uid=path["uid"],
            text=body.text,
            stage=body.stage,
            device_at=body.device_at,
        )
        return show(note, viewer)


class AskSuggestion(Decision):
    """Wake the ranker for this incident; the packet comes over the feed when it differs from the newest."""

    verb, shows, status = "incident.suggest", PacketAsked, 202

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> PacketAsked:
        """Ask."""
        incident = suggestions.ask_again(actor=viewer, uid=path["uid"])
        return PacketAsked(incident=incident.uid, number=incident.suggestion_version)


class IncidentHistory(Reading):
    """What happened, entry by entry, as far as the viewer may read it. Reading it is journalled."""

    verb, shows = "history.read", HistoryPage
    query = {"after": "integer", "limit": "integer"}

    def read(self, viewer: Viewer, **path: Any) -> HistoryPage:
        """Return one page."""
        asked = read_query(self.request, after=entry_number, limit=page_size)
        auditor = history.open_history(actor=viewer, uid=path["uid"])
        after, limit = asked.get("after", 0), asked.get("limit", PAGE)
        return list_history(viewer, path["uid"], auditor=auditor, after=after, limit=limit)
