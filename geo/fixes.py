"""Fixes and the filters each must pass, as a readable tuple of pure steps."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from geo.crs import check_lonlat
from geo.errors import GeoError
from geo.metres import distance_m
from geo.voices import Talk, has_word

FUTURE_S = 30
OLDEST = timedelta(hours=24)
POOR_ACCURACY_M = 200.0
IMPOSSIBLE_MPS = 90.0
JUMP_BELIEVED_AFTER_S = 30

FAR_AWAY_DEG = 3.0  # some 300 km: a pursuit stays within, swapped numbers and another continent do not
WHOLE_TURN_DEG = 300.0  # ground this wide lies across the antimeridian: its longitudes say nothing

FLAG_IMPLAUSIBLE = 1
FLAG_POOR = 2
FLAG_LATE = 4

Duty = Sequence[tuple[datetime, datetime | None]]
Box = tuple[float, float, float, float]


class Fix(msgspec.Struct, frozen=True):
    """One position of one tracker: WGS-84 degrees, aware times, m/s, degrees from true north, metres.

    `flags`: 1 implausible speed, 2 poor accuracy, 4 late (older than the last known fix). `voice`: the device that said it
    where the tracker has several (geo.voices); 0 is the tracker's own.
    """

    tracker_id: int
    lon: float
    lat: float
    fix_at: datetime
    received_at: datetime
    speed_mps: float | None = None
    heading_deg: float | None = None
    accuracy_m: float | None = None
    flags: int = 0
    voice: int = 0


class Rejected(msgspec.Struct, frozen=True):
    """A fix that is not kept. `reason`: bad_numbers, outside, future, too_old, off_duty, other_device, duplicate.
    `detail`: a geo code."""

    reason: str
    detail: str = ""


class Known(msgspec.Struct, frozen=True):
    """What a step may look at besides the fix: the tracker's duty, its last fix before this one, the clock, the boxes
    (west, south, east, north in degrees) that hold all areas, none where no area has a boundary, and who spoke for the
    tracker, None where only one device may."""

    duty: Duty
    last: Fix | None
    now: datetime
    ground: Sequence[Box] = ()
    talk: Talk | None = None


Step = Callable[[Fix, Known], Fix | Rejected]


def refuse_bad_numbers(fix: Fix, known: Known) -> Fix | Rejected:
    """Refuse an unusable position; an unusable speed, heading or accuracy becomes unknown."""
    try:
        lon, lat = check_lonlat(fix.lon, fix.lat)
    except GeoError as error:
        return Rejected("bad_numbers", error.code)
    if fix.fix_at.tzinfo is None:
        return Rejected("bad_numbers", "time_without_zone")
    return msgspec.structs.replace(
        fix,
        lon=lon,
        lat=lat,
        speed_mps=_within(fix.speed_mps, 0, 327),
        heading_deg=_within(fix.heading_deg, 0, 360),
        accuracy_m=_within(fix.accuracy_m, 0, 3276),
    )


def refuse_outside(fix: Fix, known: Known) -> Fix | Rejected:
    """Refuse a fix far from every area, and say so when the two numbers would fit the other way round."""
    if not known.ground or any(_near(fix.lon, fix.lat, box) for box in known.ground):
        return fix
    swapped = any(_near(fix.lat, fix.lon, box) for box in known.ground)
    return Rejected("outside", "position_swapped" if swapped else "position_outside")


def refuse_future(fix: Fix, known: Known) -> Fix | Rejected:
    """Refuse a fix from more than 30 s ahead of our clock."""
    return Rejected("future") if fix.fix_at > known.now + timedelta(seconds=FUTURE_S) else fix


def refuse_too_old(fix: Fix, known: Known) -> Fix | Rejected:
    """Refuse a fix older than a day: no phone queues that long, and duty of that time is no longer loaded."""
    return Rejected("too_old") if fix.fix_at < known.now - OLDEST else fix


def refuse_off_duty(fix: Fix, known: Known) -> Fix | Rejected:
    """Refuse a fix whose own time, not its arrival, lies outside the tracker's duty."""
    on_duty = any(start <= fix.fix_at and (end is None or fix.fix_at < end) for start, end in known.duty)
    return fix if on_duty else Rejected("off_duty")


def refuse_other_device(fix: Fix, known: Known) -> Fix | Rejected:
    """Refuse a fix of a device that has not the word: another one speaks for the same tracker (geo.voices)."""
    if known.talk is None or has_word(known.talk, fix.voice, fix.fix_at, fix.accuracy_m):
        return fix
    return Rejected("other_device")


def refuse_duplicate(fix: Fix, known: Known) -> Fix | Rejected:
    """Refuse a second fix of the same instant; older repeats are caught by the table's key."""
    return Rejected("duplicate") if known.last and known.last.fix_at == fix.fix_at else fix


def flag_late(fix: Fix, known: Known) -> Fix | Rejected:
    """Mark a fix that is older than the last one: history takes it, "last" does not."""
    return _flagged(fix, FLAG_LATE) if known.last and fix.fix_at < known.last.fix_at else fix


def flag_implausible_speed(fix: Fix, known: Known) -> Fix | Rejected:
    """Mark a fix that could be reached from the last one only faster than 90 m/s, accuracies granted."""
    if known.last is None:
        return fix
    seconds = max(abs((fix.fix_at - known.last.fix_at).total_seconds()), 1.0)
    slack_m = (fix.accuracy_m or 0.0) + (known.last.accuracy_m or 0.0)
    metres = distance_m((known.last.lon, known.last.lat), (fix.lon, fix.lat)) - slack_m
    return _flagged(fix, FLAG_IMPLAUSIBLE) if metres / seconds > IMPOSSIBLE_MPS else fix


def flag_poor_accuracy(fix: Fix, known: Known) -> Fix | Rejected:
    """Mark a fix whose own accuracy is worse than 200 m."""
    return _flagged(fix, FLAG_POOR) if fix.accuracy_m is not None and fix.accuracy_m > POOR_ACCURACY_M else fix


STEPS: tuple[Step, ...] = (
    refuse_bad_numbers,
    refuse_outside,
    refuse_future,
    refuse_too_old,
    refuse_off_duty,
    refuse_other_device,
    refuse_duplicate,
    flag_late,
    flag_implausible_speed,
    flag_poor_accuracy,
)


def sift(fix: Fix, known: Known) -> Fix | Rejected:
    """Run one fix through STEPS; the first refusal ends it."""
    result: Fix | Rejected = fix
    for step in STEPS:
        if isinstance(result, Rejected):
            break
        result = step(result, known)
    return result


def moves_last(fix: Fix, last: Fix | None) -> bool:
    """Say whether a kept fix becomes the tracker's last: newer, and not a lone jump.

    A jump at impossible speed is believed once the old place is 30 s past, so one glitch never moves a unit
    and a wrong last fix never holds it for ever.
    """
    if last is None:
        return True
    if fix.fix_at <= last.fix_at:
        return False
    jump = bool(fix.flags & FLAG_IMPLAUSIBLE)
    return not jump or (fix.fix_at - last.fix_at).total_seconds() >= JUMP_BELIEVED_AFTER_S


def _near(lon: float, lat: float, box: Box) -> bool:
    west, south, east, north = box
    level = south - FAR_AWAY_DEG <= lat <= north + FAR_AWAY_DEG
    return level and (east - west > WHOLE_TURN_DEG or west - FAR_AWAY_DEG <= lon <= east + FAR_AWAY_DEG)


def _within(value: float | None, low: float, high: float) -> float | None:
    return value if value is not None and math.isfinite(value) and low <= value <= high else None


def _flagged(fix: Fix, flag: int) -> Fix:
    return msgspec.structs.replace(fix, flags=fix.flags | flag)
