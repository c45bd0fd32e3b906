"""What happens to a distress."""

from typing import ClassVar
from uuid import UUID

from dispatch.cards import DistressCard
from dispatch.events.base import Event
from dispatch.events.board import Concealed, Revealed


class DistressRaised(Event, kw_only=True, frozen=True):
    """An officer pressed for help."""

    KIND: ClassVar[str] = "distress.raised"
    HEARD_BY: ClassVar[str] = "desks of the unit's centre and above, desks and units on duty around it, the unit"
    distress: DistressCard


class DistressAcknowledged(Event, kw_only=True, frozen=True):
    """A named person at a desk has it."""

    KIND: ClassVar[str] = "distress.acknowledged"
    distress: DistressCard


class DistressEscalated(Event, kw_only=True, frozen=True):
    """Nobody acknowledged it in time: the shift commanders are told."""

    KIND: ClassVar[str] = "distress.escalated"
    distress: DistressCard
    after_s: float


class DistressCancelled(Event, kw_only=True, frozen=True):
    """The officer took it back; a desk still ends it."""

    KIND: ClassVar[str] = "distress.cancelled"
    distress: DistressCard


class DistressLinked(Event, kw_only=True, frozen=True):
    """A desk opened an incident from it."""

    KIND: ClassVar[str] = "distress.linked"
    distress: DistressCard
    incident_uid: UUID | None = None  # None for a neighbour, who sees no case


class DistressEnded(Event, kw_only=True, frozen=True):
    """A desk ended it with an outcome; it leaves the board."""

    KIND: ClassVar[str] = "distress.ended"
    REMOVES: ClassVar[str] = "distress"
    distress: DistressCard


class DistressRevealed(Revealed, kw_only=True, frozen=True):
    """A distress came into sight."""

    KIND: ClassVar[str] = "distress.revealed"
    distress: DistressCard


class DistressConcealed(Concealed, kw_only=True, frozen=True):
    """A distress went out of sight."""

    KIND: ClassVar[str] = "distress.concealed"
    REMOVES: ClassVar[str] = "distress"
