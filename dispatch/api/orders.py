"""Orders, what comes back on them, and requests for another centre's unit."""

from typing import Any, ClassVar
from uuid import UUID

from dispatch.access import Viewer
from dispatch.actions import answers, inferences, ladder, orders, requests
from dispatch.api.base import Decision, Reading
from dispatch.api.bodies import Body, Moment
from dispatch.cards import OrderCard, RequestCard
from dispatch.queries.endings import OrderEnding, get_ending
from dispatch.queries.shown import show

ANSWERERS = ("order.answer", "order.sign_desk")


class Target(Body):
    """Who is ordered: kind is unit, post or centre."""

    kind: str
    uid: UUID


class Slot(Body):
    """The line of the numbered list that a digit key chose: the list's version and the digit."""

    version: int
    slot: int


class NewOrder(Body):
    """An order. `uid` is made by the client; `stack` gives a unit a second one; `parent` is the desk order it serves."""

    uid: UUID
    incident: UUID
    target: Target
    suggestion: Slot | None = None
    stack: bool = False
    parent: UUID | None = None


class Replacement(Body):
    """The new order's uid and its target."""

    uid: UUID
    target: Target


class DeviceTime(Body):
    """When the device says it happened."""

    device_at: Moment | None = None


class Refusal(Body):
    """Why not: busy, too_far, vehicle, injured, off_shift, unsafe, or other with words."""

    reason: str
    text: str = ""
    device_at: Moment | None = None


class Clearance(Body):
    """How it ended: handled, handed_over, no_trace, false_report, mediated, detained, medical,
    not_needed, other.
    """

    disposition: str
    text: str = ""
    device_at: Moment | None = None


class Voice(Body):
    """What the crew said on the radio: accept, refuse, leave, arrive or clear."""

    verb: str
    reason: str = ""
    disposition: str = ""
    text: str = ""


class Confirmation(Body):
    """Which inference is so, and for `depart` how it ended (as a clearance; handled when nothing is said)."""

    verb: str
    disposition: str = ""


class Denial(Body):
    """Which inference is not so: leave, arrive, depart or doubt."""

    verb: str


class NewRequest(Body):
    """Ask another centre for its unit. `uid` is made by the client."""

    uid: UUID
    incident: UUID
    unit: UUID


class RequestReason(Body):
    """Why not."""

    reason: str


class SendOrder(Decision):
    """Send an order straight to a unit, a staffed post or a centre desk. The loser of a race is told who won."""

    verb, body, shows, status = "order.send", NewOrder, OrderCard, 201

    def decide(self, viewer: Viewer, body: NewOrder, **path: Any) -> Any:
        """Send it."""
        slot = (body.suggestion.version, body.suggestion.slot) if body.suggestion else None
        order = orders.send_order(
            actor=viewer, uid=body.uid, incident_uid=body.incident, target_kind=body.target.kind,
            target_uid=body.target.uid, suggestion=slot, stack=body.stack, parent_uid=body.parent,
        )  # fmt: skip
        return show(order, viewer)


class ReadEnding(Reading):
    """What became of an order that the crew had: for the phone that was without a network meanwhile."""

    verb, shows = "order.ending", OrderEnding

    def read(self, viewer: Viewer, **path: Any) -> OrderEnding:
        """Return it."""
        return get_ending(viewer, path["uid"])


class RecallOrder(Decision):
    """Take an order back."""

    verb, shows = "order.recall", OrderCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Recall it."""
        return show(orders.recall_order(actor=viewer, uid=path["uid"]), viewer)


class ReplaceOrder(Decision):
    """Send another target in place of an order under way; answers with the new order."""

    verb, body, shows, status = "order.replace", Replacement, OrderCard, 201

    def decide(self, viewer: Viewer, body: Replacement, **path: Any) -> Any:
        """Replace it."""
        order = orders.replace_order(
            actor=viewer, uid=path["uid"], by_uid=body.uid, target_kind=body.target.kind, target_uid=body.target.uid
        )
        return show(order, viewer)


class Answer(Decision):
    """Base of the plain answers: `says` is the verb of the law."""

    verb, body, shows = ANSWERERS, DeviceTime, OrderCard
    says: ClassVar[str] = ""

    def decide(self, viewer: Viewer, body: DeviceTime, **path: Any) -> Any:
        """Answer."""
        order = answers.answer_order(actor=viewer, uid=path["uid"], verb=self.says, device_at=body.device_at)
        return show(order, viewer)


class DeliverOrder(Answer):
    """The device has it (a receipt, not a person)."""

    says = "deliver"


class SeeOrder(Answer):
    """A person has seen it and signs."""

    says = "see"


class AcceptOrder(Answer):
    """Accept it."""

    says = "accept"


class LeaveForOrder(Answer):
    """Under way."""

    says = "leave"


class ArriveAtOrder(Answer):
    """On scene."""

    says = "arrive"


class RefuseOrder(Decision):
    """Cannot, with a reason. Final."""

    verb, body, shows = ANSWERERS, Refusal, OrderCard

    def decide(self, viewer: Viewer, body: Refusal, **path: Any) -> Any:
        """Refuse."""
        order = answers.refuse_order(
            actor=viewer, uid=path["uid"], reason=body.reason, text=body.text, device_at=body.device_at
        )
        return show(order, viewer)


class ClearOrder(Decision):
    """Finished, with a disposition. Final."""

    verb, body, shows = ANSWERERS, Clearance, OrderCard

    def decide(self, viewer: Viewer, body: Clearance, **path: Any) -> Any:
        """Clear."""
        order = answers.clear_order(
            actor=viewer, uid=path["uid"], disposition=body.disposition, text=body.text, device_at=body.device_at
        )
        return show(order, viewer)


class AnswerByVoice(Decision):
    """Enter what the crew said on the radio; ends any escalation."""

    verb, body, shows = "order.voice", Voice, OrderCard

    def decide(self, viewer: Viewer, body: Voice, **path: Any) -> Any:
        """Enter it."""
        order = answers.answer_by_voice(
            actor=viewer,
            uid=path["uid"],
            verb=body.verb,
            reason=body.reason,
            disposition=body.disposition,
            text=body.text,
        )
        return show(order, viewer)


class SendProposed(Decision):
    """Send the unit that was proposed in an unanswered order's stead."""

    verb, shows = "order.send", OrderCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Send it."""
        return show(ladder.send_proposed(actor=viewer, uid=path["uid"]), viewer)


class DiscardProposed(Decision):
    """Say no to a proposed order: nobody but the desks saw it."""

    verb, shows = "order.send", OrderCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Discard it."""
        return show(ladder.discard_proposed(actor=viewer, uid=path["uid"]), viewer)


class ConfirmInferred(Decision):
    """What the fixes say is so: leave, arrive, or depart (which clears the order, with a disposition)."""

    verb, body, shows = "order.confirm", Confirmation, OrderCard

    def decide(self, viewer: Viewer, body: Confirmation, **path: Any) -> Any:
        """Confirm it."""
        confirmed = inferences.confirm_inferred(
            actor=viewer, uid=path["uid"], verb=body.verb, disposition=body.disposition
        )
        return show(confirmed, viewer)


class DenyInferred(Decision):
    """What the fixes say is not so: leave, arrive, depart; the desk may also deny a doubt."""

    verb, body, shows = "order.confirm", Denial, OrderCard

    def decide(self, viewer: Viewer, body: Denial, **path: Any) -> Any:
        """Deny it."""
        return show(inferences.deny_inferred(actor=viewer, uid=path["uid"], verb=body.verb), viewer)


class AskForUnit(Decision):
    """Ask another centre for its unit; silence goes to the common parent."""

    verb, body, shows, status = "request.ask", NewRequest, RequestCard, 201

    def decide(self, viewer: Viewer, body: NewRequest, **path: Any) -> Any:
        """Ask."""
        asked = requests.ask_for_unit(actor=viewer, uid=body.uid, incident_uid=body.incident, unit_uid=body.unit)
        return show(asked, viewer)


class GrantRequest(Decision):
    """Let them have it."""

    verb, shows = "request.answer", RequestCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Grant."""
        return show(requests.answer_request(actor=viewer, uid=path["uid"], verb="grant"), viewer)


class RefuseRequest(Decision):
    """Refuse, with a reason."""

    verb, body, shows = "request.answer", RequestReason, RequestCard

    def decide(self, viewer: Viewer, body: RequestReason, **path: Any) -> Any:
        """Refuse."""
        refused = requests.answer_request(actor=viewer, uid=path["uid"], verb="refuse", reason=body.reason)
        return show(refused, viewer)


class WithdrawRequest(Decision):
    """Take a request back."""

    verb, shows = "request.ask", RequestCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Withdraw."""
        return show(requests.answer_request(actor=viewer, uid=path["uid"], verb="withdraw"), viewer)
