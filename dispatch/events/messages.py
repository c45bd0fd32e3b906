"""What happens to messages between desks and units, and to the ready texts."""

from datetime import datetime
from typing import Any, ClassVar

from dispatch.cards import MessageCard
from dispatch.events.base import Event
from dispatch.events.board import Concealed, Revealed


class MessageSent(Event, kw_only=True, frozen=True):
    """A message went out to one unit, or came in from one."""

    KIND: ClassVar[str] = "message.sent"
    HEARD_BY: ClassVar[str] = "desks of the sender's centre and the unit's, those above, the crew on duty"
    message: MessageCard


class MessageDelivered(Event, kw_only=True, frozen=True):
    """The other side's device has it."""

    KIND: ClassVar[str] = "message.delivered"
    message: MessageCard
    device_at: datetime | None = None


class MessageRead(Event, kw_only=True, frozen=True):
    """A named person read it."""

    KIND: ClassVar[str] = "message.read"
    message: MessageCard
    device_at: datetime | None = None


class MessageRevealed(Revealed, kw_only=True, frozen=True):
    """A message came into sight."""

    KIND: ClassVar[str] = "message.revealed"
    message: MessageCard


class MessageConcealed(Concealed, kw_only=True, frozen=True):
    """A message went out of sight: the crew it was for is off duty."""

    KIND: ClassVar[str] = "message.concealed"
    REMOVES: ClassVar[str] = "message"


class CannedChanged(Event, kw_only=True, frozen=True):
    """A ready text was made or changed."""

    KIND: ClassVar[str] = "canned.changed"
    HEARD_BY: ClassVar[str] = "everybody: it stands on every board"
    RETENTION: ClassVar[str] = "house"
    code: str
    changed: dict[str, Any]
