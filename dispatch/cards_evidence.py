"""Cards of what crews bring back as evidence."""

from datetime import datetime
from uuid import UUID

from dispatch.card_base import Card, PersonRef, Point


class AttachmentCard(Card, kw_only=True, frozen=True):
    """A photo of a crew. `taken_from`: exif, declared (the phone said it of a reduced picture), device, or empty.

    `doubts`: time, place: declared, and believed by nobody. `reduced`: not the camera's own file. Width and height upright.
    """

    incident: UUID
    order: UUID
    note: UUID | None
    author: PersonRef | None
    unit: UUID
    call_sign: str
    taken_at: datetime | None
    taken_from: str
    taken_point: Point | None
    doubts: list[str]
    received_at: datetime
    sha256: str
    size_bytes: int
    media_type: str
    width: int
    height: int
    reduced: bool
    erased_at: datetime | None
