"""What happens to incidents, their notes and their packet."""

from typing import ClassVar
from uuid import UUID

from dispatch.cards import IncidentCard, NoteCard, SuggestionCard
from dispatch.events.base import Event


class IncidentOpened(Event):
    """An incident exists from now on."""

    KIND: ClassVar[str] = "incident.opened"
    incident: IncidentCard


class IncidentChanged(Event):
    """Kind, level, place or words changed; `changed` names the fields, `cause` why."""

    KIND: ClassVar[str] = "incident.changed"
    incident: IncidentCard
    changed: list[str]
    cause: str = ""


class IncidentTaken(Event):
    """A desk took ownership."""

    KIND: ClassVar[str] = "incident.taken"
    incident: IncidentCard


class IncidentYielded(Event):
    """The owner let go; somebody must take it."""

    KIND: ClassVar[str] = "incident.yielded"
    incident: IncidentCard


class IncidentWatched(Event):
    """Somebody began or stopped watching."""

    KIND: ClassVar[str] = "incident.watched"
    incident: IncidentCard


class IncidentHeld(Event):
    """Put on hold by choice, with a re-look time."""

    KIND: ClassVar[str] = "incident.held"
    incident: IncidentCard


class IncidentResumed(Event):
    """Taken off hold."""

    KIND: ClassVar[str] = "incident.resumed"
    incident: IncidentCard


class IncidentTransferOffered(Event):
    """Offered to another centre, which must accept."""

    KIND: ClassVar[str] = "incident.transfer_offered"
    HEARD_BY: ClassVar[str] = "the incident's audience and the centre it is offered to"
    incident: IncidentCard


class IncidentTransferAnswered(Event):
    """The offer was refused or withdrawn; the incident stays."""

    KIND: ClassVar[str] = "incident.transfer_answered"
    incident: IncidentCard
    answer: str
    reason: str


class IncidentTransferred(Event):
    """Another centre owns it now."""

    KIND: ClassVar[str] = "incident.transferred"
    HEARD_BY: ClassVar[str] = "the incident's audience before and after"
    incident: IncidentCard
    from_centre: UUID


class IncidentClosed(Event):
    """Closed; it leaves the board with its calls, orders, notes and packet."""

    KIND: ClassVar[str] = "incident.closed"
    REMOVES: ClassVar[str] = "incident"
    incident: IncidentCard


class IncidentReopened(Event):
    """A closed incident is open again; what belongs to it is revealed after this event."""

    KIND: ClassVar[str] = "incident.reopened"
    incident: IncidentCard
    cause: str


class IncidentSuggested(Event):
    """The packet: ranked units and cameras with reasons and refusals, frozen under its version."""

    KIND: ClassVar[str] = "incident.suggested"
    HEARD_BY: ClassVar[str] = "desks of the incident's centre and above"
    suggestion: SuggestionCard


class SuggestionFailed(Event):
    """Ranking did not work; the desk must choose by hand."""

    KIND: ClassVar[str] = "suggestion.failed"
    HEARD_BY: ClassVar[str] = "desks of the incident's centre and above"
    suggestion: SuggestionCard


class NoteWritten(Event):
    """A note or a feedback report was added."""

    KIND: ClassVar[str] = "note.written"
    HEARD_BY: ClassVar[str] = "the incident's desks and the units ordered to it"
    note: NoteCard
