"""Reveal and conceal: an object comes into somebody's sight whole, or leaves it without a trace on the screen."""

from typing import ClassVar
from uuid import UUID

from dispatch.cards import (
    AttachmentCard,
    CallCard,
    IncidentCard,
    NoteCard,
    OrderCard,
    PostCard,
    RequestCard,
    SuggestionCard,
    UnitCard,
)
from dispatch.events.base import Event


class Revealed(Event, kw_only=True, frozen=True):
    """Base: carries the object whole to its audience of now."""

    HEARD_BY: ClassVar[str] = "the object's audience after the change"


class Concealed(Event, kw_only=True, frozen=True):
    """Base: names the object that its former audience forgets."""

    HEARD_BY: ClassVar[str] = "the keys that lost sight of the object"
    removed_uid: UUID


class IncidentRevealed(Revealed, kw_only=True, frozen=True):
    """An incident came into sight."""

    KIND: ClassVar[str] = "incident.revealed"
    incident: IncidentCard


class IncidentConcealed(Concealed, kw_only=True, frozen=True):
    """An incident went out of sight."""

    KIND: ClassVar[str] = "incident.concealed"
    REMOVES: ClassVar[str] = "incident"


class CallRevealed(Revealed, kw_only=True, frozen=True):
    """A call came into sight."""

    KIND: ClassVar[str] = "call.revealed"
    call: CallCard


class CallConcealed(Concealed, kw_only=True, frozen=True):
    """A call went out of sight."""

    KIND: ClassVar[str] = "call.concealed"
    REMOVES: ClassVar[str] = "call"


class OrderRevealed(Revealed, kw_only=True, frozen=True):
    """An order came into sight."""

    KIND: ClassVar[str] = "order.revealed"
    order: OrderCard


class OrderConcealed(Concealed, kw_only=True, frozen=True):
    """An order went out of sight."""

    KIND: ClassVar[str] = "order.concealed"
    REMOVES: ClassVar[str] = "order"


class NoteRevealed(Revealed, kw_only=True, frozen=True):
    """A note came into sight."""

    KIND: ClassVar[str] = "note.revealed"
    note: NoteCard


class NoteConcealed(Concealed, kw_only=True, frozen=True):
    """A note went out of sight."""

    KIND: ClassVar[str] = "note.concealed"
    REMOVES: ClassVar[str] = "note"


class AttachmentRevealed(Revealed, kw_only=True, frozen=True):
    """A photo came into sight."""

    KIND: ClassVar[str] = "attachment.revealed"
    attachment: AttachmentCard


class AttachmentConcealed(Concealed, kw_only=True, frozen=True):
    """A photo went out of sight."""

    KIND: ClassVar[str] = "attachment.concealed"
    REMOVES: ClassVar[str] = "attachment"


class SuggestionRevealed(Revealed, kw_only=True, frozen=True):
    """A packet came into sight."""

    KIND: ClassVar[str] = "suggestion.revealed"
    suggestion: SuggestionCard


class SuggestionConcealed(Concealed, kw_only=True, frozen=True):
    """A packet went out of sight."""

    KIND: ClassVar[str] = "suggestion.concealed"
    REMOVES: ClassVar[str] = "suggestion"


class UnitRevealed(Revealed, kw_only=True, frozen=True):
    """A unit came into sight (an order of ours, mutual aid, another centre)."""

    KIND: ClassVar[str] = "unit.revealed"
    unit: UnitCard


class UnitConcealed(Concealed, kw_only=True, frozen=True):
    """A unit went out of sight."""

    KIND: ClassVar[str] = "unit.concealed"
    REMOVES: ClassVar[str] = "unit"


class RequestRevealed(Revealed, kw_only=True, frozen=True):
    """A request came into sight."""

    KIND: ClassVar[str] = "request.revealed"
    request: RequestCard


class RequestConcealed(Concealed, kw_only=True, frozen=True):
    """A request went out of sight."""

    KIND: ClassVar[str] = "request.concealed"
    REMOVES: ClassVar[str] = "request"


class PostRevealed(Revealed, kw_only=True, frozen=True):
    """A staffed post came into sight: it is another centre's now."""

    KIND: ClassVar[str] = "post.revealed"
    post: PostCard


class PostConcealed(Concealed, kw_only=True, frozen=True):
    """A staffed post went out of sight: given up, or another centre's now."""

    KIND: ClassVar[str] = "post.concealed"
    REMOVES: ClassVar[str] = "post"
