"""The ranking policy, as one page: which units and cameras, in what order, and why not the others.

Pure: facts in, packet out. Today units stand in the order of straight-line distance over those that can be ordered;
`Candidate.distance_m` with `how` is the seam where road travel time comes in. Every unit in scope is listed or refused with one reason.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

LISTED_UNITS = 9
LISTED_CAMERAS = 9
LISTED_REFUSALS = 12
COMMITTED = ("sent", "accepted", "en_route", "on_scene")


@dataclass(frozen=True)
class Limits:
    """Ages in seconds at which a fix stops being live, ageing, usable (profile: fix_live, fix_ageing, fix_stale)."""

    live_s: float = 30
    ageing_s: float = 120
    stale_s: float = 600


@dataclass(frozen=True)
class Candidate:
    """What is known of one unit in scope. `distance_m` from its best known place; `how` fix, voice, post or none."""

    unit: str
    call_sign: str
    kind: str
    centre: str
    crew: tuple[int, int]
    state: str
    state_reason: str
    on_number: str
    on_level: int | None
    declined: bool
    own: bool
    distance_m: float | None
    how: str
    age_s: float | None
    place: str = ""
    on_this: bool = False


@dataclass(frozen=True)
class Packet:
    """What is shown: numbered units, refusals, numbered cameras, and what would fix an empty list."""

    method: str
    units: list[dict[str, Any]]
    refused: list[dict[str, Any]]
    refused_more: int
    cameras: list[dict[str, Any]]
    cameras_counted: dict[str, int]
    empty_hint: str
    made_for: datetime | None = field(default=None, compare=False)

    def as_json(self) -> dict[str, Any]:
        """Return the packet as SuggestionCard's fields."""
        body = asdict(self)
        body.pop("made_for")
        return body

    def shown_key(self) -> tuple[Any, ...]:
        """Return what makes two packets look alike to a desk: who stands where, not the metres or seconds."""
        units = tuple((line["slot"], line["unit"], line["state"], line["reason"]) for line in self.units)
        refused = tuple(sorted((line["unit"], line["reason"]) for line in self.refused))
        cameras = tuple((line["slot"], line["camera"], line["sight"], line["status"]) for line in self.cameras)
        return units, refused, cameras


def refusal(unit: Candidate, level: int, limits: Limits) -> tuple[str, dict[str, Any]] | None:
    """Return (reason code, facts) when a unit must not be listed, None when it may."""
    if unit.state == "off_duty":
        return "off_duty", {}
    if unit.on_this:
        return "on_this", {"state": unit.state}
    if unit.state in COMMITTED:
        pullable = unit.own and unit.on_level is not None and unit.on_level > level and unit.state != "on_scene"
        return "committed", {"incident": unit.on_number, "level": unit.on_level, "can_be_pulled": pullable}
    if unit.declined:
        return "declined", {}
    if unit.state == "unavailable":
        return "unavailable", {"why": unit.state_reason}
    if unit.how == "none":
        return "no_place", {}
    if unit.how == "fix" and unit.age_s is not None and unit.age_s > limits.stale_s:
        return "silent", {"age_s": round(unit.age_s)}
    return None


def listed_reason(unit: Candidate, rank: int, limits: Limits) -> str:
    """Return the one code that says why a unit stands where it stands."""
    if unit.how == "post":
        return "by_post"
    if unit.how == "voice":
        return "by_voice"
    if unit.age_s is not None and unit.age_s > limits.live_s:
        return "ageing_fix" if unit.age_s <= limits.ageing_s else "stale_fix"
    if unit.state == "conditional":
        return "conditional"
    return "nearest" if rank == 1 else "next_nearest"


def order_by(unit: Candidate, level: int) -> str:
    """Return how this unit can be ordered: own, direct (level 1 across centres), request."""
    if unit.own:
        return "own"
    return "direct" if level == 1 else "request"


def rank_units(
    candidates: list[Candidate], *, level: int, limits: Limits
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return (numbered lines, refused lines). Available before conditional within the same 250 m; own before others' by request."""
    free, refused = [], []
    for unit in candidates:
        why = refusal(unit, level, limits)
        if why is None:
            free.append(unit)
        else:
            refused.append(_refused_line(unit, *why))
    free.sort(key=lambda unit: (_effective_m(unit, level), unit.call_sign))
    over = free[LISTED_UNITS:]
    lines = [_line(unit, slot, level, limits) for slot, unit in enumerate(free[:LISTED_UNITS], 1)]
    refused += [_refused_line(unit, "farther", {}) for unit in over]
    refused.sort(
        key=lambda line: (
            line["reason"] in {"off_duty", "farther", "on_this"},
            line["distance_m"] is None,
            line["distance_m"] or 0,
        )
    )
    return lines, refused


def _effective_m(unit: Candidate, level: int) -> float:
    """Distance plus what a dispatcher would add in his head: a fix that old may have moved; asking costs time."""
    metres = unit.distance_m or 0.0
    if unit.how == "fix" and unit.age_s is not None and unit.age_s > 30:
        metres += min(unit.age_s, 600) * 8
    if unit.state == "conditional":
        metres += 250
    if order_by(unit, level) == "request":
        metres += 500
    return metres


def _line(unit: Candidate, slot: int, level: int, limits: Limits) -> dict[str, Any]:
    return {
        "slot": slot,
        "unit": unit.unit,
        "call_sign": unit.call_sign,
        "kind": unit.kind,
        "centre": unit.centre,
        "crew": {"sworn": unit.crew[0], "auxiliary": unit.crew[1]},
        "state": unit.state,
        "distance_m": round(unit.distance_m or 0),
        "how": {"fix": "straight", "post": "post", "voice": "voice"}[unit.how],
        "age_s": None if unit.age_s is None else round(unit.age_s, 1),
        "reason": listed_reason(unit, slot, limits),
        "facts": {"post": unit.place}
        if unit.how == "post"
        else {"why": unit.state_reason}
        if unit.state_reason
        else {},
        "order_by": order_by(unit, level),
    }


def _refused_line(unit: Candidate, reason: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "unit": unit.unit,
        "call_sign": unit.call_sign,
        "kind": unit.kind,
        "distance_m": None if unit.distance_m is None else round(unit.distance_m),
        "reason": reason,
        "facts": facts,
    }


def empty_hint(lines: list[dict[str, Any]], refused: list[dict[str, Any]]) -> str:
    """Return the code of what would help when no unit is listed, "" when one is."""
    if lines:
        return ""
    reasons = {line["reason"] for line in refused}
    if not reasons:
        return "no_units_in_scope"
    if any(line["facts"].get("can_be_pulled") for line in refused):
        return "pull_lower_level"
    if reasons == {"off_duty"}:
        return "put_on_duty"
    return "ask_neighbour"


def build_packet(
    candidates: list[Candidate], cameras: list[dict[str, Any]], *, level: int, limits: Limits, counted: dict[str, int]
) -> Packet:
    """Return the packet of one incident. `cameras` come ranked from geo.nearest as SuggestedCamera lines without slot."""
    lines, refused = rank_units(candidates, level=level, limits=limits)
    numbered = [{"slot": slot, **camera} for slot, camera in enumerate(cameras[:LISTED_CAMERAS], 1)]
    return Packet(
        method="straight_line",
        units=lines,
        refused=refused[:LISTED_REFUSALS],
        refused_more=max(0, len(refused) - LISTED_REFUSALS),
        cameras=numbered,
        cameras_counted=counted,
        empty_hint=empty_hint(lines, refused),
    )
