"""Reveal and conceal: an object comes into somebody's sight whole, or leaves it without a trace on the screen."""

from typing import ClassVar
from uuid import UUID

from dispatch.cards import CallCard, IncidentCard, NoteCard, OrderCard, RequestCard, SuggestionCard, UnitCard
from dispatch.events.base import Event


class Revealed(Event):
    """Base: carries the object whole to its audience of now."""

    HEARD_BY: ClassVar[str] = "the object's audience after the change"


class Concealed(Event):
    """Base: names the object that its former audience forgets."""

    HEARD_BY: ClassVar[str] = "the keys that lost sight of the object"
    removed_uid: UUID


class IncidentRevealed(Revealed):
    """An incident came into sight."""

    KIND: ClassVar[str] = "incident.revealed"
    incident: IncidentCard


class IncidentConcealed(Concealed):
    """An incident went out of sight."""

    KIND: ClassVar[str] = "incident.concealed"
    REMOVES: ClassVar[str] = "incident"


class CallRevealed(Revealed):
    """A call came into sight."""

    KIND: ClassVar[str] = "call.revealed"
    call: CallCard


class CallConcealed(Concealed):
    """A call went out of sight."""

    KIND: ClassVar[str] = "call.concealed"
    REMOVES: ClassVar[str] = "call"


class OrderRevealed(Revealed):
    """An order came into sight."""

    KIND: ClassVar[str] = "order.revealed"
    order: OrderCard


class OrderConcealed(Concealed):
    """An order went out of sight."""

    KIND: ClassVar[str] = "order.concealed"
    REMOVES: ClassVar[str] = "order"


class NoteRevealed(Revealed):
    """A note came into sight."""

    KIND: ClassVar[str] = "note.revealed"
    note: NoteCard


class NoteConcealed(Concealed):
    """A note went out of sight."""

    KIND: ClassVar[str] = "note.concealed"
    REMOVES: ClassVar[str] = "note"


class SuggestionRevealed(Revealed):
    """A packet came into sight."""

    KIND: ClassVar[str] = "suggestion.revealed"
    suggestion: SuggestionCard


class SuggestionConcealed(Concealed):
    """A packet went out of sight."""

    KIND: ClassVar[str] = "suggestion.concealed"
    REMOVES: ClassVar[str] = "suggestion"


class UnitRevealed(Revealed):
    """A unit came into sight (an order of ours, mutual aid, another centre)."""

    KIND: ClassVar[str] = "unit.revealed"
    unit: UnitCard


class UnitConcealed(Concealed):
    """A unit went out of sight."""

    KIND: ClassVar[str] = "unit.concealed"
    REMOVES: ClassVar[str] = "unit"


class RequestRevealed(Revealed):
    """A request came into sight."""

    KIND: ClassVar[str] = "request.revealed"
    request: RequestCard


class RequestConcealed(Concealed):
    """A request went out of sight."""

    KIND: ClassVar[str] = "request.concealed"
    REMOVES: ClassVar[str] = "request"
