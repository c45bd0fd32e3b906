"""Calls: take, join, take off again, close."""

from typing import Any
from uuid import UUID

from dispatch.access import Viewer
from dispatch.actions import calls
from dispatch.api.base import Decision
from dispatch.api.bodies import Body, LonLat, Moment
from dispatch.cards import CallCard
from dispatch.queries.shown import show


class NewCall(Body):
    """A call being answered. `uid` is made by the client."""

    uid: UUID
    channel: str = "phone"
    caller_number: str = ""
    caller_name: str = ""
    heard_place: str = ""
    point: LonLat | None = None
    circle_m: float | None = None
    remark: str = ""
    received_at: Moment | None = None
    centre: UUID | None = None


class JoinedTo(Body):
    """The incident a call belongs to."""

    incident: UUID


class CallReason(Body):
    """Why a call ends without an incident: nuisance, no_speech, transferred, test, advice."""

    reason: str


class TakeCall(Decision):
    """Write down a call that is being answered."""

    verb, body, shows, status = "call.take", NewCall, CallCard, 201

    def decide(self, viewer: Viewer, body: NewCall, **path: Any) -> Any:
        """Take it."""
        call = calls.take_call(
            actor=viewer, uid=body.uid, channel=body.channel, caller_number=body.caller_number,
            caller_name=body.caller_name, heard_place=body.heard_place, point=body.point, circle_m=body.circle_m,
            remark=body.remark, received_at=body.received_at, centre=body.centre,
        )  # fmt: skip
        return show(call, viewer)


class JoinCall(Decision):
    """Join a call to an incident; both stay as they are."""

    verb, body, shows = "call.join", JoinedTo, CallCard

    def decide(self, viewer: Viewer, body: JoinedTo, **path: Any) -> Any:
        """Join it."""
        return show(calls.join_call(actor=viewer, call_uid=path["uid"], incident_uid=body.incident), viewer)


class LeaveCall(Decision):
    """Take a call off its incident again."""

    verb, shows = "call.join", CallCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Take it off."""
        return show(calls.leave_call(actor=viewer, call_uid=path["uid"]), viewer)


class CloseCall(Decision):
    """End a call without an incident. Final."""

    verb, body, shows = "call.close", CallReason, CallCard

    def decide(self, viewer: Viewer, body: CallReason, **path: Any) -> Any:
        """Close it."""
        return show(calls.close_call(actor=viewer, call_uid=path["uid"], reason=body.reason), viewer)
