"""Handing an incident over: offer, accept, refuse, withdraw, return."""

from typing import Any
from uuid import UUID

from dispatch.access import Viewer
from dispatch.actions import transfers
from dispatch.api.base import Decision
from dispatch.api.bodies import Body
from dispatch.cards import IncidentCard
from dispatch.queries.shown import show


class Offer(Body):
    """To which centre, and why."""

    to_centre: UUID
    reason: str


class Reason(Body):
    """Why."""

    reason: str


class TransferIncident(Decision):
    """Offer an incident to another centre, which sees it at once and must accept."""

    verb, body, shows = "incident.transfer", Offer, IncidentCard

    def decide(self, viewer: Viewer, body: Offer, **path: Any) -> Any:
        """Offer it."""
        offered = transfers.offer_transfer(actor=viewer, uid=path["uid"], to_centre=body.to_centre, reason=body.reason)
        return show(offered, viewer)


class ReturnIncident(Decision):
    """Offer an incident back to the centre it came from, or to the one above, with a reason."""

    verb, body, shows = "incident.transfer", Reason, IncidentCard

    def decide(self, viewer: Viewer, body: Reason, **path: Any) -> Any:
        """Return it."""
        return show(transfers.return_incident(actor=viewer, uid=path["uid"], reason=body.reason), viewer)


class AcceptTransfer(Decision):
    """Take over an incident offered to one's centre, and own it."""

    verb, shows = "incident.answer_transfer", IncidentCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Accept."""
        return show(transfers.accept_transfer(actor=viewer, uid=path["uid"]), viewer)


class RefuseTransfer(Decision):
    """Refuse an offer with a reason; the incident stays where it was."""

    verb, body, shows = "incident.answer_transfer", Reason, IncidentCard

    def decide(self, viewer: Viewer, body: Reason, **path: Any) -> Any:
        """Refuse."""
        return show(transfers.refuse_transfer(actor=viewer, uid=path["uid"], reason=body.reason), viewer)


class WithdrawTransfer(Decision):
    """Take an offer back."""

    verb, shows = "incident.transfer", IncidentCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Withdraw."""
        return show(transfers.withdraw_transfer(actor=viewer, uid=path["uid"]), viewer)
