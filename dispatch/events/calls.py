"""What happens to calls."""

from typing import ClassVar
from uuid import UUID

from dispatch.cards import CallCard
from dispatch.events.base import Event


class CallTaken(Event, kw_only=True, frozen=True):
    """A call was answered and written down."""

    KIND: ClassVar[str] = "call.taken"
    call: CallCard


class CallJoined(Event, kw_only=True, frozen=True):
    """A call opened an incident or joined one."""

    KIND: ClassVar[str] = "call.joined"
    call: CallCard


class CallLeft(Event, kw_only=True, frozen=True):
    """A call was taken off an incident again."""

    KIND: ClassVar[str] = "call.left"
    call: CallCard
    incident_uid: UUID


class CallClosed(Event, kw_only=True, frozen=True):
    """A call ended without an incident: nuisance, no speech, transferred, test. It leaves the board."""

    KIND: ClassVar[str] = "call.closed"
    REMOVES: ClassVar[str] = "call"
    call: CallCard
