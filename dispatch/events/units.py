"""What happens to units, posts and devices."""

from typing import ClassVar
from uuid import UUID

from dispatch.cards import PostCard, UnitCard
from dispatch.events.base import Event


class UnitSignedOn(Event, kw_only=True, frozen=True):
    """A crew began its duty on the unit, or the crew changed."""

    KIND: ClassVar[str] = "unit.signed_on"
    unit: UnitCard
    persons: list[UUID]


class UnitSignedOff(Event, kw_only=True, frozen=True):
    """The crew went off duty; from now on its position is nobody's business."""

    KIND: ClassVar[str] = "unit.signed_off"
    unit: UnitCard


class UnitChanged(Event, kw_only=True, frozen=True):
    """State, place by voice, post or master data changed; `why` is a code."""

    KIND: ClassVar[str] = "unit.changed"
    unit: UnitCard
    why: str


class PostChanged(Event, kw_only=True, frozen=True):
    """A staffed post was made, moved or staffed otherwise."""

    KIND: ClassVar[str] = "post.changed"
    post: PostCard
    why: str


class DeviceEnrolled(Event, kw_only=True, frozen=True):
    """A phone became the unit's tracker; the token itself is stored only as a hash."""

    KIND: ClassVar[str] = "device.enrolled"
    RETENTION: ClassVar[str] = "house"
    unit_uid: UUID
    tracker_uid: UUID
