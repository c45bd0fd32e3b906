"""What every card is made of: its base, a point, words in two languages, who a person is to others."""

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
