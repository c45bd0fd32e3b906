"""Parts of an order's card: what its unit's fixes say of it. A shape only; who says it is dispatch.infer."""

from datetime import datetime

import msgspec


class Inferred(msgspec.Struct, kw_only=True, frozen=True):
    """What a unit's fixes say of an order and nobody has said yet: leave, arrive or depart (from the scene).

    `since` is the fix it began with, `fix_at` the newest that says so; `distance_m` from the incident then; null
    accuracy: the device told none.
    """

    verb: str
    since: datetime
    fix_at: datetime
    distance_m: int
    accuracy_m: int | None


class Doubt(msgspec.Struct, kw_only=True, frozen=True):
    """A state that the unit's fixes speak against: it says on scene and is `distance_m` away."""

    kind: str
    since: datetime
    fix_at: datetime
    distance_m: int
    accuracy_m: int | None
