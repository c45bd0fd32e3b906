"""What a unit's fixes say of its order: it has left, it is there, it has gone, or it cannot be where it says it is.

Pure: fixes in, at most one inference and one doubt out. An inference is proposed to people and changes no state. Nothing
is said from a fix that is poor, old or older than the order, and nothing across a gap between two fixes: who was not
seen may have been anywhere. A device that tells no accuracy is taken at its word; the card says that it told none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from geo.metres import distance_m

Place = tuple[float, float]
# In which states of an order each inference may stand. What a person has said since makes it void.
HOLDS_IN = {"leave": ("accepted",), "arrive": ("accepted", "en_route"), "depart": ("on_scene",)}
DOUBTED_IN = ("on_scene",)
FAR_FROM_SCENE = "far_from_scene"
# What was said stands until the other side of a wider line is reached: a crew at its edge shall not flicker.
STEADY = 0.6
WATCHED = ("accepted", "en_route", "on_scene")
POOR_FLAGS = 1 | 2  # geo.fixes: implausible speed, poor accuracy


@dataclass(frozen=True)
class Rules:
    """The profile's numbers, by the key that each has there (fixtures.basics); distances m, times s."""

    infer_left_m: float = 80
    infer_near_m: float = 60
    infer_near_s: float = 10
    infer_gone_m: float = 200
    infer_gone_s: float = 20
    infer_accuracy_m: float = 50
    infer_gap_s: float = 30
    doubt_far_m: float = 500
    doubt_far_s: float = 20
    fix_live_s: float = 30
    fix_ageing_s: float = 120

    @classmethod
    def of(cls, thresholds: Mapping[str, float]) -> "Rules":
        """Return the rules of a profile; what it does not say is ours."""
        return cls(**{one.name: thresholds[one.name] for one in fields(cls) if one.name in thresholds})


@dataclass(frozen=True)
class Seen:
    """One fix of the order's unit: Unix seconds, [lon, lat], accuracy in metres if the device told it, geo's flags."""

    fix_s: float
    point: Place
    accuracy_m: float | None = None
    flags: int = 0


@dataclass(frozen=True)
class Task:
    """An order as far as places matter: its state since when (Unix s), where it leads, how vague that place is."""

    state: str
    since_s: float
    point: Place
    circle_m: float = 0.0


@dataclass(frozen=True)
class Trail:
    """What is remembered of the fixes of one order in one state; times are of fixes, 0 means not so."""

    origin: Seen | None = None
    last: Seen | None = None
    near_since_s: float = 0.0
    was_near: bool = False
    away_since_s: float = 0.0
    far_since_s: float = 0.0


@dataclass(frozen=True)
class Found:
    """An inference or a doubt: since which fix, by which one, how far from the incident."""

    what: str
    since_s: float
    fix_s: float
    distance_m: float
    accuracy_m: float | None


def usable(fix: Seen, task: Task, rules: Rules) -> bool:
    """Return whether anything may be said from this fix: not poor, and not from before the order's present state."""
    vague = fix.accuracy_m is not None and fix.accuracy_m > rules.infer_accuracy_m
    return not (fix.flags & POOR_FLAGS or vague or fix.fix_s < task.since_s)


def note(trail: Trail, fix: Seen, task: Task, rules: Rules) -> Trail:
    """Return the trail with one more fix. What is not usable or not newer changes nothing; after a gap counting begins anew."""
    if not usable(fix, task, rules) or (trail.last and fix.fix_s <= trail.last.fix_s):
        return trail
    gap = trail.last is None or fix.fix_s - trail.last.fix_s > rules.infer_gap_s
    known = Trail(was_near=trail.was_near) if gap else trail
    away_m = distance_m(fix.point, task.point)
    least_m = away_m - (fix.accuracy_m or 0.0) - task.circle_m
    near = away_m <= rules.infer_near_m + task.circle_m
    return replace(
        known,
        origin=known.origin or fix,
        last=fix,
        was_near=known.was_near or near,
        near_since_s=_since(known.near_since_s, fix, near),
        away_since_s=_since(known.away_since_s, fix, least_m >= rules.infer_gone_m),
        far_since_s=_since(known.far_since_s, fix, least_m >= rules.doubt_far_m),
    )


def _since(before_s: float, fix: Seen, holds: bool) -> float:
    return (before_s or fix.fix_s) if holds else 0.0


def infer(trail: Trail, task: Task, now_s: float, rules: Rules) -> Found | None:
    """Return what may be proposed now, the furthest first; None where the newest usable fix is no longer live."""
    last = trail.last
    if last is None or now_s - last.fix_s > rules.fix_live_s:
        return None
    if task.state in HOLDS_IN["arrive"] and _lasts(trail.near_since_s, last, rules.infer_near_s):
        return _found("arrive", trail.near_since_s, last, task)
    if task.state in HOLDS_IN["leave"] and trail.origin and _moved(trail.origin, last) >= rules.infer_left_m:
        return _found("leave", trail.origin.fix_s, last, task)
    gone = trail.was_near and _lasts(trail.away_since_s, last, rules.infer_gone_s)
    if task.state in HOLDS_IN["depart"] and gone:
        return _found("depart", trail.away_since_s, last, task)
    return None


def doubt(trail: Trail, task: Task, now_s: float, rules: Rules, *, stands: bool) -> Found | None:
    """Return that who says on scene is far away, and never was near since; None when it does not (or no more) hold.

    One that `stands` outlives its fix until that is no longer ageing but stale: then nobody knows any more.
    """
    last = trail.last
    oldest_s = rules.fix_ageing_s if stands else rules.fix_live_s
    if last is None or task.state not in DOUBTED_IN or now_s - last.fix_s > oldest_s or trail.was_near:
        return None
    still = distance_m(last.point, task.point) >= rules.doubt_far_m * STEADY
    lasts = still if stands else _lasts(trail.far_since_s, last, rules.doubt_far_s)
    return _found(FAR_FROM_SCENE, trail.far_since_s or last.fix_s, last, task) if lasts else None


def over(verb: str, trail: Trail, task: Task, now_s: float, rules: Rules) -> bool:
    """Return whether a standing inference is refuted by a live fix: it drove on, or came back. Silence refutes nothing."""
    last = trail.last
    if last is None or now_s - last.fix_s > rules.fix_live_s:
        return False
    away_m = distance_m(last.point, task.point) - task.circle_m
    if verb == "arrive":
        return away_m > rules.infer_near_m / STEADY
    return verb == "depart" and away_m <= rules.infer_near_m


def _lasts(since_s: float, last: Seen, least_s: float) -> bool:
    return since_s > 0 and last.fix_s - since_s >= least_s


def _moved(origin: Seen, last: Seen) -> float:
    """Return by how much it has moved for certain: what both fixes may be wrong by does not count."""
    return distance_m(origin.point, last.point) - (origin.accuracy_m or 0.0) - (last.accuracy_m or 0.0)


def _found(what: str, since_s: float, last: Seen, task: Task) -> Found:
    return Found(what, since_s, last.fix_s, distance_m(last.point, task.point), last.accuracy_m)


def still_holds(order: Any) -> None:
    """Drop from an order row what its state has made void: the person has said it himself, or something else."""
    if order.inferred and order.state not in HOLDS_IN[order.inferred["verb"]]:
        order.inferred = None
    if order.doubt and order.state not in DOUBTED_IN:
        order.doubt = None
