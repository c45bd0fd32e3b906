"""What happens while nobody answers an order: the rungs, in order, and when each is due. Pure: numbers in, a name out.

repeat (or call, where there is no phone to ring) → desk → next → commander. The last one ends the order as timed out.
"""

from collections.abc import Mapping

RUNGS = ("repeat", "desk", "next", "commander")
# A radio has no second ring: the desk is asked to call the crew again by voice instead.
BY_RADIO = {"repeat": "call"}
# The profile's number for each rung, and what stands in for it where a profile has none.
SECONDS = {
    "repeat": ("order_repeat_s", 30.0),
    "desk": ("order_desk_s", 60.0),
    "next": ("order_next_s", 90.0),
    "commander": ("order_timeout_s", 120.0),
}


def limits(thresholds: Mapping[str, float], level: int) -> dict[str, float]:
    """Return after how many seconds without an answer each rung is due; level 1 takes half of each."""
    share = 0.5 if level == 1 else 1.0
    return {rung: share * thresholds.get(key, own) for rung, (key, own) in SECONDS.items()}


def due_rung(waited_s: float, due_s: Mapping[str, float]) -> str:
    """Return the highest rung that is due, "" while none is. An administrator may leave any out by a huge number."""
    return next((rung for rung in reversed(RUNGS) if waited_s >= due_s[rung]), "")


def height(rung: str) -> int:
    """Return how far up a rung is: 0 for none, 1 for the first, 4 for the last."""
    plain = next((name for name, said in BY_RADIO.items() if said == rung), rung)
    return RUNGS.index(plain) + 1 if plain in RUNGS else 0


def below(rung: str) -> list[str]:
    """Return the names of everything under `rung`, as stored: the ground and each lower rung, also as radios have it."""
    names = [name for name in (*RUNGS, *BY_RADIO.values()) if height(name) < height(rung)]
    return ["", *names]


def said(rung: str, *, radio_only: bool) -> str:
    """Return the rung's name for this target: what a radio cannot do is called by what the desk does instead."""
    return BY_RADIO.get(rung, rung) if radio_only else rung
