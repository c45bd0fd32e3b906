"""What every card is made of: its base, a point, words in two languages, who a person is to others, what reached his phone."""

from datetime import datetime
from uuid import UUID

import msgspec

Point = tuple[float, float]


class Card(msgspec.Struct, kw_only=True, frozen=True):
    """Base of all cards: `uid` is the key that a client stores it under."""

    uid: UUID


class Words(msgspec.Struct, frozen=True):
    """A name from the data, in its own language, Chinese and English ("" where the data has none)."""

    name: str
    zh: str = ""
    en: str = ""


class PersonRef(msgspec.Struct, kw_only=True, frozen=True):
    """Who did or owns something; never the police number."""

    uid: UUID
    name: Words


class Reached(msgspec.Struct, kw_only=True, frozen=True):
    """What went to a person's closed phone beside the page: channel push or sms; state trying, sent or failed.

    Sent means that the push service or the gateway took it. That the phone has it says `delivered_at` alone.
    """

    person: PersonRef
    channel: str
    state: str
    code: str
    at: datetime
    attempts: int
