"""Units: list, roster, sign on and off, status, place; and the phone as tracker."""

from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from dispatch.access import Viewer
from dispatch.actions import units
from dispatch.api.base import Decision, Reading
from dispatch.api.bodies import Body, LonLat
from dispatch.cards import UnitCard
from dispatch.errors import DispatchError
from dispatch.lifecycles import UNIT_REASONS
from dispatch.queries.roster import Roster, get_roster
from dispatch.queries.shown import show
from dispatch.queries.units import list_units


class SignOn(Body):
    """Who is of the crew; the post they stand at, if one; vehicle (null: none) and equipment, when they change."""

    crew: list[UUID]
    post: UUID | None = None
    vehicle: UUID | UnsetType | None = UNSET
    equipment: list[str] | UnsetType = UNSET


class Status(Body):
    """Why the unit is not simply available, "" for available again. `availability`, when given, must agree with it."""

    reason: str = ""
    availability: str | None = None


class Place(Body):
    """Where the unit says it is: a point, or a post; neither forgets it again."""

    point: LonLat | None = None
    post: UUID | None = None


class Enrolled(msgspec.Struct, kw_only=True, frozen=True):
    """The phone's token for /intake, shown this once, and the unit it now stands for."""

    token: str
    unit: UUID


class Units(Reading):
    """The units the viewer sees."""

    verb, shows = "board.read", list[UnitCard]

    def read(self, viewer: Viewer, **path: Any) -> list[UnitCard]:
        """List them."""
        return list_units(viewer)


class ReadRoster(Reading):
    """People, free units and posts of one's own subtree, for signing on."""

    verb, shows = "unit.sign_on", Roster

    def read(self, viewer: Viewer, **path: Any) -> Roster:
        """Return it."""
        return get_roster(viewer)


class SignUnitOn(Decision):
    """Begin duty with this crew, or change it."""

    verb, body, shows = "unit.sign_on", SignOn, UnitCard

    def decide(self, viewer: Viewer, body: SignOn, **path: Any) -> Any:
        """Sign on."""
        unit = units.sign_on(
            actor=viewer, unit_uid=path["uid"], crew=body.crew, post_uid=body.post, vehicle_uid=body.vehicle,
            equipment=body.equipment,
        )  # fmt: skip
        return show(unit, viewer)


class SignUnitOff(Decision):
    """End duty: from now on the unit has no position."""

    verb, shows = "unit.sign_off", UnitCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Sign off."""
        return show(units.sign_off(actor=viewer, unit_uid=path["uid"]), viewer)


class SetStatus(Decision):
    """Say why the unit is not simply available."""

    verb, body, shows = "unit.set_status", Status, UnitCard

    def decide(self, viewer: Viewer, body: Status, **path: Any) -> Any:
        """Set it."""
        if body.availability is not None:
            follows = UNIT_REASONS.get(body.reason, "available")
            if body.availability != follows:
                raise DispatchError("bad_input", field="availability", expected=follows, reason=body.reason[:60])
        return show(units.set_status(actor=viewer, unit_uid=path["uid"], reason=body.reason), viewer)


class SetPlace(Decision):
    """Note where a unit says it is."""

    verb, body, shows = "unit.set_place", Place, UnitCard

    def decide(self, viewer: Viewer, body: Place, **path: Any) -> Any:
        """Set it."""
        placed = units.set_place(actor=viewer, unit_uid=path["uid"], point=body.point, post_uid=body.post)
        return show(placed, viewer)


class EnrolDevice(Decision):
    """Make the caller's phone the tracker of the unit he is signed on to."""

    verb, shows, sealed = "device.enrol", Enrolled, True

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Enrolled:
        """Enrol."""
        unit, token = units.enrol_device(actor=viewer)
        return Enrolled(token=token, unit=unit.uid)
