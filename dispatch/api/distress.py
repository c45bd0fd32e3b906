"""An officer's call for help: raise, acknowledge, cancel, end, open an incident from it."""

from typing import Any
from uuid import UUID

from dispatch.access import Viewer
from dispatch.actions import distress
from dispatch.api.base import Decision
from dispatch.api.bodies import Body, LonLat, Moment
from dispatch.cards import DistressCard
from dispatch.queries.shown import show


class Press(Body):
    """Of which unit, when by the phone's own clock, and where the phone last was: none of it need be known but the unit."""

    unit: UUID
    device_at: Moment | None = None
    point: LonLat | None = None
    fix_at: Moment | None = None
    accuracy_m: float | None = None


class Heard(Body):
    """Which unit called for help by radio."""

    unit: UUID


class Outcome(Body):
    """What it was: real, drill or false_press."""

    outcome: str
    text: str = ""


class OpenFrom(Body):
    """The id of the incident that is opened."""

    uid: UUID


class RaiseDistress(Decision):
    """Call for help. The same press sent again changes nothing and is answered the same."""

    verb, body, shows = "distress.raise", Press, DistressCard

    def decide(self, viewer: Viewer, body: Press, **path: Any) -> Any:
        """Raise it."""
        raised = distress.raise_distress(
            actor=viewer, uid=path["uid"], unit_uid=body.unit, device_at=body.device_at, point=body.point,
            fix_at=body.fix_at, accuracy_m=body.accuracy_m,
        )  # fmt: skip
        return show(raised, viewer)


class RaiseByVoice(Decision):
    """Enter a call for help that came by radio."""

    verb, body, shows = "distress.raise_by_voice", Heard, DistressCard

    def decide(self, viewer: Viewer, body: Heard, **path: Any) -> Any:
        """Raise it."""
        return show(distress.raise_by_voice(actor=viewer, uid=path["uid"], unit_uid=body.unit), viewer)


class AcknowledgeDistress(Decision):
    """Say that one has it."""

    verb, shows = "distress.acknowledge", DistressCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Acknowledge."""
        return show(distress.acknowledge_distress(actor=viewer, uid=path["uid"]), viewer)


class CancelDistress(Decision):
    """Take one's own press back; a desk still ends it."""

    verb, shows = "distress.cancel", DistressCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Cancel."""
        return show(distress.cancel_distress(actor=viewer, uid=path["uid"]), viewer)


class EndDistress(Decision):
    """End an acknowledged distress with what it was."""

    verb, body, shows = "distress.end", Outcome, DistressCard

    def decide(self, viewer: Viewer, body: Outcome, **path: Any) -> Any:
        """End it."""
        ended = distress.end_distress(actor=viewer, uid=path["uid"], outcome=body.outcome, text=body.text)
        return show(ended, viewer)


class OpenFromDistress(Decision):
    """Open a level-1 incident where the officer is; it acknowledges the distress too."""

    verb, body, shows = "distress.open_incident", OpenFrom, DistressCard

    def decide(self, viewer: Viewer, body: OpenFrom, **path: Any) -> Any:
        """Open it."""
        return show(distress.open_from_distress(actor=viewer, uid=path["uid"], incident_uid=body.uid), viewer)
