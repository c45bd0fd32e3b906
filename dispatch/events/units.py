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


class TrackerAppAdded(Event, kw_only=True, frozen=True):
    """An officer set up a tracker app of his own; its secret is stored only as a hash."""

    KIND: ClassVar[str] = "trackerapp.added"
    RETENTION: ClassVar[str] = "house"
    HEARD_BY: ClassVar[str] = "administrators and auditors of the home centre and above, and the person"
    person_uid: UUID
    app_uid: UUID
    app: str
    unit_uid: UUID


class TrackerAppEnded(Event, kw_only=True, frozen=True):
    """A tracker app is taken nothing from any more: asked, withdrawn, replaced, role_ended, disabled."""

    KIND: ClassVar[str] = "trackerapp.ended"
    RETENTION: ClassVar[str] = "house"
    HEARD_BY: ClassVar[str] = "administrators and auditors of the home centre and above, and the person"
    person_uid: UUID
    app_uid: UUID
    app: str
    why: str


class DeviceEnrolled(Event, kw_only=True, frozen=True):
    """A phone became the unit's tracker; the token itself is stored only as a hash."""

    KIND: ClassVar[str] = "device.enrolled"
    RETENTION: ClassVar[str] = "house"
    unit_uid: UUID
    tracker_uid: UUID
