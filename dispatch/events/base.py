"""What every event class has: its kind (the wire name), who hears it, and how long its parts are kept."""

from typing import Any, ClassVar

import msgspec

from dispatch.cards import CARD_RETENTION, CARDS

RETENTION_CLASSES = ("record", "caller", "message", "photo", "track", "view", "house")


class Event(msgspec.Struct, kw_only=True, frozen=True):
    """One thing that happened. At most one field is a card: the object's state after the event.

    `KIND` noun.past; `HEARD_BY` the audience rule in words (the keys are computed by the action, beside the fact);
    `RETENTION` the class of the event's own fields; cards add theirs (dispatch.cards.CARD_RETENTION).
    """

    KIND: ClassVar[str] = ""
    HEARD_BY: ClassVar[str] = "the object's stored audience"
    RETENTION: ClassVar[str] = "record"
    REMOVES: ClassVar[str] = ""

    @classmethod
    def kind(cls) -> str:
        """Return the wire name."""
        return cls.KIND

    @classmethod
    def card_field(cls) -> str | None:
        """Return the name of the field that holds a card, or None."""
        return next((name for name in cls.__struct_fields__ if name in CARDS), None)

    def parts(self) -> dict[str, dict[str, Any]]:
        """Return the event's data split by retention class; merged again they are the whole."""
        data = msgspec.to_builtins(self)
        apart: dict[str, dict[str, Any]] = {self.RETENTION: data}
        card = self.card_field()
        if card and isinstance(data.get(card), dict):
            for field, retention in CARD_RETENTION.get(card, {}).items():
                if data[card].get(field) not in (None, ""):
                    apart.setdefault(retention, {}).setdefault(card, {})[field] = data[card].pop(field)
        return apart


def merge(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the parts of one event as a whole again. Fields of an erased part are simply absent."""
    whole: dict[str, Any] = {}
    for part in sorted(parts, key=len, reverse=True):
        for key, value in part.items():
            if isinstance(value, dict) and isinstance(whole.get(key), dict):
                whole[key] = {**whole[key], **value}
            else:
                whole[key] = value
    return whole
