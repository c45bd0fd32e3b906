"""Cards of what goes between officers and desks beside orders: calls for help, messages, ready texts."""

from datetime import datetime
from uuid import UUID

import msgspec

from dispatch.card_base import Card, PersonRef, Point, Reached, Words


class DistressCard(Card, kw_only=True, frozen=True):
    """An officer's press for help, or a call by radio that a desk entered (`raised_by`; `person` is null then).

    `point_how`: phone, tracker, voice, post or none; the place is of the press.

    `device_at` is what the phone said, `pressed_at` what we hold for the press, `received_at` when we had it.
    """

    unit: UUID
    call_sign: str
    unit_kind: str
    centre: UUID
    person: PersonRef | None
    raised_by: PersonRef | None
    talk_group: str
    point: Point | None
    point_how: str
    fix_at: datetime | None
    accuracy_m: float | None
    device_at: datetime | None
    pressed_at: datetime
    received_at: datetime
    state: str
    acknowledged_by: PersonRef | None
    acknowledged_at: datetime | None
    escalated_at: datetime | None
    cancelled_at: datetime | None
    incident: UUID | None
    ended_by: PersonRef | None
    ended_at: datetime | None
    outcome: str
    end_text: str
    reached: list[Reached]
    version: int


class MessageCard(Card, kw_only=True, frozen=True):
    """A message between a centre's desk and one unit; `way`: to_unit or to_desk. Null words were erased by rule."""

    batch: UUID
    way: str
    unit: UUID
    call_sign: str
    centre: UUID
    sender: PersonRef | None
    incident: UUID | None
    words: Words | None
    canned: str
    state: str
    device_at: datetime | None
    sent_at: datetime
    delivered_at: datetime | None
    read_at: datetime | None
    read_by: PersonRef | None
    version: int


class CannedCard(msgspec.Struct, kw_only=True, frozen=True):
    """A ready text of a centre and those below it, or (centre null) of the whole house; `way` as in MessageCard."""

    code: str
    way: str
    centre: UUID | None
    words: Words
