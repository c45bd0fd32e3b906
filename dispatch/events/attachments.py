"""What happens to photos of crews, and who looked at them."""

from typing import ClassVar
from uuid import UUID

from dispatch.cards import AttachmentCard
from dispatch.events.base import Event

CREWS = "the incident's desks and the units ordered to it"


class AttachmentAdded(Event, kw_only=True, frozen=True):
    """A photo arrived whole, with the hash that its phone had announced."""

    KIND: ClassVar[str] = "attachment.added"
    HEARD_BY: ClassVar[str] = CREWS
    attachment: AttachmentCard


class AttachmentFiled(Event, kw_only=True, frozen=True):
    """A photo arrived after its incident was closed: it lies in the file, and on the board when that is opened again."""

    KIND: ClassVar[str] = "attachment.filed"
    HEARD_BY: ClassVar[str] = CREWS
    attachment_uid: UUID
    call_sign: str
    sha256: str


class AttachmentRefused(Event, kw_only=True, frozen=True):
    """What a phone sent was no photo, or another one than announced; nothing of it is kept."""

    KIND: ClassVar[str] = "attachment.refused"
    HEARD_BY: ClassVar[str] = "the incident's desks"
    attachment_uid: UUID
    call_sign: str
    sha256: str
    why: str


class AttachmentErased(Event, kw_only=True, frozen=True):
    """The files are gone by rule; the hashes stay."""

    KIND: ClassVar[str] = "attachment.erased"
    HEARD_BY: ClassVar[str] = "the incident's desks and auditors above"
    attachment_uid: UUID
    sha256: str
    rule: str


class AttachmentViewed(Event, kw_only=True, frozen=True):
    """Somebody opened a photo large, or was given its original for a written purpose. `step`: shown, granted, original."""

    KIND: ClassVar[str] = "attachment.viewed"
    HEARD_BY: ClassVar[str] = "auditors and supervisors of the incident's centre and above, and the viewer"
    RETENTION: ClassVar[str] = "view"
    attachment_uid: UUID
    incident_number: str
    person_uid: UUID
    person_name: str
    step: str
    purpose_text: str
