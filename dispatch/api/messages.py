"""Messages between desks and units: send, answer, receipts."""

from typing import Any
from uuid import UUID

from dispatch.access import Viewer
from dispatch.actions import messages
from dispatch.api.base import Decision
from dispatch.api.bodies import Body, Moment
from dispatch.cards import MessageCard
from dispatch.queries.shown import show


class Words(Body):
    """To whom (exactly one of units, centre, incident) and what: free text or the code of a ready one."""

    uid: UUID
    units: list[UUID] | None = None
    centre: UUID | None = None
    incident: UUID | None = None
    text: str = ""
    canned: str = ""


class Answer(Body):
    """What a crew says to its desk, as which unit, and when by its phone's clock."""

    unit: UUID
    text: str = ""
    canned: str = ""
    device_at: Moment | None = None


class Receipt(Body):
    """When the device says it was."""

    device_at: Moment | None = None


class SendMessage(Decision):
    """Send words to units on duty, one message each."""

    verb, body, shows = "message.send", Words, list[MessageCard]

    def decide(self, viewer: Viewer, body: Words, **path: Any) -> Any:
        """Send it."""
        sent = messages.send_message(
            actor=viewer, uid=body.uid, units=body.units, centre=body.centre, incident=body.incident, text=body.text,
            canned=body.canned,
        )  # fmt: skip
        return [show(row, viewer) for row in sent]


class AnswerDesk(Decision):
    """Say something to one's own desk. The same message sent again makes nothing new."""

    verb, body, shows = "message.answer", Answer, MessageCard

    def decide(self, viewer: Viewer, body: Answer, **path: Any) -> Any:
        """Send it."""
        sent = messages.answer_desk(
            actor=viewer,
            uid=path["uid"],
            unit_uid=body.unit,
            text=body.text,
            canned=body.canned,
            device_at=body.device_at,
        )
        return show(sent, viewer)


class DeliverMessage(Decision):
    """The device has it."""

    verb, body, shows = ("message.answer", "message.send"), Receipt, MessageCard

    def decide(self, viewer: Viewer, body: Receipt, **path: Any) -> Any:
        """Note it."""
        return show(
            messages.receive_message(actor=viewer, uid=path["uid"], verb="deliver", device_at=body.device_at), viewer
        )


class ReadMessage(Decision):
    """A person has read it."""

    verb, body, shows = ("message.answer", "message.send"), Receipt, MessageCard

    def decide(self, viewer: Viewer, body: Receipt, **path: Any) -> Any:
        """Note it."""
        return show(
            messages.receive_message(actor=viewer, uid=path["uid"], verb="read", device_at=body.device_at), viewer
        )
