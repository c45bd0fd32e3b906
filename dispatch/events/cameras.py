"""What happens to cameras, and who looked through them."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from dispatch.events.base import Event


class CameraChanged(Event, kw_only=True, frozen=True):
    """A camera was made, moved, turned or re-graded. Addresses and logins never stand here."""

    KIND: ClassVar[str] = "camera.changed"
    HEARD_BY: ClassVar[str] = "administrators of the owning centre and above"
    RETENTION: ClassVar[str] = "house"
    camera_uid: UUID
    code: str
    changed: dict[str, Any]


class CameraStatusChanged(Event, kw_only=True, frozen=True):
    """A camera stopped or began to answer. A hint to look again: what a desk shows of it comes from its own reads."""

    KIND: ClassVar[str] = "camera.status_changed"
    HEARD_BY: ClassVar[str] = "desks of the owning centre and above, and those on whose ground it stands"
    RETENTION: ClassVar[str] = "house"
    camera_uid: UUID
    code: str
    status: str


class CameraRetired(Event, kw_only=True, frozen=True):
    """A camera was taken out of service."""

    KIND: ClassVar[str] = "camera.retired"
    HEARD_BY: ClassVar[str] = "administrators of the owning centre and above"
    RETENTION: ClassVar[str] = "house"
    camera_uid: UUID
    code: str


class CameraViewed(Event, kw_only=True, frozen=True):
    """Somebody was granted a look, fetched it, or was refused; for the auditor, the camera's owner and himself."""

    KIND: ClassVar[str] = "camera.viewed"
    HEARD_BY: ClassVar[str] = "auditors and supervisors of the camera's centre and above, and the viewer"
    RETENTION: ClassVar[str] = "view"
    camera_uid: UUID
    camera_code: str
    purpose_uid: UUID
    purpose_kind: str
    purpose_text: str
    incident_number: str
    person_uid: UUID
    person_name: str
    step: str
    outcome: str
    at: datetime


class PurposeOpened(Event, kw_only=True, frozen=True):
    """A purpose for looking was stated."""

    KIND: ClassVar[str] = "purpose.opened"
    HEARD_BY: ClassVar[str] = "auditors above the person's centre, and the person"
    RETENTION: ClassVar[str] = "view"
    purpose_uid: UUID
    purpose_kind: str
    purpose_text: str
    incident_number: str
    person_uid: UUID


class PurposeEnded(Event, kw_only=True, frozen=True):
    """A purpose is over; no further picture comes of it."""

    KIND: ClassVar[str] = "purpose.ended"
    HEARD_BY: ClassVar[str] = "auditors above the person's centre, and the person"
    RETENTION: ClassVar[str] = "view"
    purpose_uid: UUID
