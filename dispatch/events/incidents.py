"""What happens to incidents, their notes and their packet."""

from typing import ClassVar
from uuid import UUID

from dispatch.cards import IncidentCard, NoteCard, SuggestionCard
from dispatch.events.base import Event


class IncidentOpened(Event, kw_only=True, frozen=True):
    """An incident exists from now on."""

    KIND: ClassVar[str] = "incident.opened"
    incident: IncidentCard


class IncidentChanged(Event, kw_only=True, frozen=True):
    """Kind, level, place or words changed; `changed` names the fields, `cause` why."""

    KIND: ClassVar[str] = "incident.changed"
    incident: IncidentCard
    changed: list[str]
    cause: str = ""


class IncidentTaken(Event, kw_only=True, frozen=True):
    """A desk took ownership."""

    KIND: ClassVar[str] = "incident.taken"
    incident: IncidentCard


class IncidentYielded(Event, kw_only=True, frozen=True):
    """The owner let go; somebody must take it."""

    KIND: ClassVar[str] = "incident.yielded"
    incident: IncidentCard


class IncidentWatched(Event, kw_only=True, frozen=True):
    """Somebody began or stopped watching."""

    KIND: ClassVar[str] = "incident.watched"
    incident: IncidentCard


class IncidentHeld(Event, kw_only=True, frozen=True):
    """Put on hold by choice, with a re-look time."""

    KIND: ClassVar[str] = "incident.held"
    incident: IncidentCard


class IncidentResumed(Event, kw_only=True, frozen=True):
    """Taken off hold."""

    KIND: ClassVar[str] = "incident.resumed"
    incident: IncidentCard


class IncidentTransferOffered(Event, kw_only=True, frozen=True):
    """Offered to another centre, which must accept."""

    KIND: ClassVar[str] = "incident.transfer_offered"
    HEARD_BY: ClassVar[str] = "the incident's audience and the centre it is offered to"
    incident: IncidentCard


class IncidentTransferAnswered(Event, kw_only=True, frozen=True):
    """The offer was refused or withdrawn; the incident stays."""

    KIND: ClassVar[str] = "incident.transfer_answered"
    incident: IncidentCard
    answer: str
    reason: str


class IncidentTransferred(Event, kw_only=True, frozen=True):
    """Another centre owns it now."""

    KIND: ClassVar[str] = "incident.transferred"
    HEARD_BY: ClassVar[str] = "the incident's audience before and after"
    incident: IncidentCard
    from_centre: UUID


class IncidentClosed(Event, kw_only=True, frozen=True):
    """Closed; it leaves the board with its calls, orders, notes and packet."""

    KIND: ClassVar[str] = "incident.closed"
    REMOVES: ClassVar[str] = "incident"
    incident: IncidentCard


class IncidentReopened(Event, kw_only=True, frozen=True):
    """A closed incident is open again; what belongs to it is revealed after this event."""

    KIND: ClassVar[str] = "incident.reopened"
    incident: IncidentCard
    cause: str


class IncidentSuggested(Event, kw_only=True, frozen=True):
    """The packet: ranked units and cameras with reasons and refusals, frozen under its version."""

    KIND: ClassVar[str] = "incident.suggested"
    HEARD_BY: ClassVar[str] = "desks of the incident's centre and above"
    suggestion: SuggestionCard


class SuggestionFailed(Event, kw_only=True, frozen=True):
    """Ranking did not work; the desk must choose by hand."""

    KIND: ClassVar[str] = "suggestion.failed"
    HEARD_BY: ClassVar[str] = "desks of the incident's centre and above"
    suggestion: SuggestionCard


class NoteWritten(Event, kw_only=True, frozen=True):
    """A note or a feedback report was added."""

    KIND: ClassVar[str] = "note.written"
    HEARD_BY: ClassVar[str] = "the incident's desks and the units ordered to it"
    note: NoteCard
