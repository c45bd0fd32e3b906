"""Field of view: does this camera see this point, can it turn to it, how well. Pure; all on the ellipsoid."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.metres import GEOD, angle_between, bearing_and_distance

SightKind = Literal["sees", "can_turn", "away", "unknown"]

ARC_POINTS = 22  # with the centre and the closing point a sector has at most 24 vertices
ALL_ROUND_DEG = 360.0
POLAR_LIMIT_DEG = 89.0
# Nothing that a lens can see from within these lies over the antimeridian or a pole: no cutting is needed.
FAR_FROM_ANTIMERIDIAN_DEG, FAR_FROM_POLES_DEG = 175.0, 80.0


@dataclass(frozen=True, slots=True)
class KindView:
    """What to assume of one kind of camera when its list does not say: own figures, shown as assumed."""

    fov_deg: float
    range_m: float
    turns: bool


# Own figures, checked against nothing but common sense; every answer that uses one carries `assumed`.
KIND_VIEWS: dict[str, KindView] = {
    "fixed": KindView(fov_deg=70, range_m=120, turns=False),
    "ptz": KindView(fov_deg=60, range_m=250, turns=True),
    "checkpoint": KindView(fov_deg=35, range_m=60, turns=False),
    "virtual_checkpoint": KindView(fov_deg=45, range_m=80, turns=False),
    "vehicle": KindView(fov_deg=90, range_m=50, turns=False),
    "bus": KindView(fov_deg=90, range_m=40, turns=False),
    "body_worn": KindView(fov_deg=100, range_m=30, turns=False),
    "relocatable": KindView(fov_deg=70, range_m=120, turns=False),
    "drone": KindView(fov_deg=70, range_m=300, turns=True),
}
MAX_TURNING_RANGE_M = 3000.0


@dataclass(frozen=True, slots=True)
class Lens:
    """One camera's placement: lon/lat degrees, heading clockwise from true north, the polygon somebody drew."""

    lon: float
    lat: float
    kind: str = "fixed"
    heading_deg: float | None = None
    fov_deg: float | None = None
    range_m: float | None = None
    sight: Polygon | None = None

    @property
    def view(self) -> KindView:
        """Return the assumptions for this kind, with what is known put in."""
        assumed = KIND_VIEWS.get(self.kind, KIND_VIEWS["fixed"])
        fov = self.fov_deg if self.fov_deg is not None else assumed.fov_deg
        reach = self.range_m if self.range_m is not None else assumed.range_m
        return KindView(fov_deg=min(fov, ALL_ROUND_DEG), range_m=reach, turns=assumed.turns)

    @property
    def assumed(self) -> bool:
        """Say whether fov or range is assumed by kind rather than known."""
        return self.fov_deg is None or self.range_m is None


@dataclass(frozen=True, slots=True)
class Sight:
    """The answer for one camera and one point.

    `reason`: drawn, in_sector, all_round, can_turn, can_turn_heading_unknown, facing_away, out_of_range,
    outside_drawn, heading_unknown. `turn_deg` is how far it must turn, clockwise positive, for can_turn and
    away; None when its heading is unknown. `assumed`: the answer rests on a fov or range assumed by kind.
    """

    kind: SightKind
    reason: str
    distance_m: float
    bearing_deg: float
    turn_deg: float | None
    assumed: bool


def look(lens: Lens, point: tuple[float, float]) -> Sight:
    """Say how this lens sees a lon/lat point: drawn polygon first, else heading ± fov/2 within range."""
    bearing, metres = bearing_and_distance((lens.lon, lens.lat), point)
    turn = None if lens.heading_deg is None else angle_between(lens.heading_deg, bearing)
    drawn = _judge_by_drawing(lens, point)
    kind, reason = drawn or _judge_by_sector(lens, metres, turn)
    shown_turn = None if kind in {"sees", "unknown"} else turn
    return Sight(kind, reason, metres, bearing, shown_turn, assumed=lens.assumed and drawn is None)


def _judge_by_drawing(lens: Lens, point: tuple[float, float]) -> tuple[SightKind, str] | None:
    if lens.sight is None:
        return None
    if sees_by_drawing(lens.sight, point):
        return "sees", "drawn"
    return None if lens.view.turns else ("away", "outside_drawn")


def _judge_by_sector(lens: Lens, metres: float, turn: float | None) -> tuple[SightKind, str]:
    view = lens.view
    if metres > view.range_m:
        return "away", "out_of_range"
    if view.fov_deg >= ALL_ROUND_DEG:
        return "sees", "all_round"
    if turn is None:
        return ("can_turn", "can_turn_heading_unknown") if view.turns else ("unknown", "heading_unknown")
    if lens.sight is None and abs(turn) <= view.fov_deg / 2:
        return "sees", "in_sector"
    return ("can_turn", "can_turn") if view.turns else ("away", "facing_away")


def sees_by_drawing(drawn: BaseGeometry, point: tuple[float, float]) -> bool:
    """Say whether a drawn polygon covers the point, also when polygon or point lie across the antimeridian."""
    shape = unwrapped(drawn, point[0]) if isinstance(drawn, Polygon) else drawn
    return bool(shape.covers(Point(point)))


def sector_of(lens: Lens) -> MultiPolygon | None:
    """Return what the index must search for this lens: drawn polygon or computed sector, or None when unknown.

    The arc is drawn just outside the true circle, so the sector holds every point that `look` says it sees. Cut in
    two at the antimeridian. No sector within one degree of a pole.
    """
    if lens.sight is not None:
        return split_at_antimeridian(unwrapped(lens.sight, lens.lon))
    view = lens.view
    all_round = view.fov_deg >= ALL_ROUND_DEG
    if (lens.heading_deg is None and not all_round) or abs(lens.lat) > POLAR_LIMIT_DEG or view.range_m <= 0:
        return None
    return split_at_antimeridian(Polygon(_sector_ring(lens, view, all_round=all_round)))


def sectors_of(lenses: Sequence[Lens]) -> list[MultiPolygon | None]:
    """Return `sector_of` for each of many lenses, with the arithmetic of all done at once."""
    made: list[MultiPolygon | None] = [None] * len(lenses)
    plain = []
    for place, lens in enumerate(lenses):
        view = lens.view
        all_round = view.fov_deg >= ALL_ROUND_DEG
        if lens.sight is not None or abs(lens.lon) > FAR_FROM_ANTIMERIDIAN_DEG or abs(lens.lat) > FAR_FROM_POLES_DEG:
            made[place] = sector_of(lens)
        elif (lens.heading_deg is not None or all_round) and view.range_m > 0:
            plain.append((place, lens, *_fan(lens, view, all_round=all_round)))
    if not plain:
        return made
    counts = np.array([len(bearings) for _, _, bearings, _ in plain])
    at = np.repeat(np.array([(lens.lon, lens.lat) for _, lens, _, _ in plain]), counts, axis=0)
    lons, lats, _ = GEOD.fwd(
        at[:, 0], at[:, 1], np.concatenate([bearings for _, _, bearings, _ in plain]),
        np.repeat([reach for _, _, _, reach in plain], counts),
    )  # fmt: skip
    lons = at[:, 0] + (np.asarray(lons) - at[:, 0] + 180.0) % 360.0 - 180.0
    arcs = np.split(np.column_stack([lons, lats]), np.cumsum(counts)[:-1])
    for (place, lens, _, _), arc in zip(plain, arcs, strict=True):
        ring = arc if lens.view.fov_deg >= ALL_ROUND_DEG else np.vstack([[lens.lon, lens.lat], arc])
        shape = Polygon(ring)
        made[place] = MultiPolygon([shape]) if shape.is_valid else sector_of(lens)
    return made


def _fan(lens: Lens, view: KindView, *, all_round: bool) -> tuple[np.ndarray[Any, np.dtype[np.float64]], float]:
    """Return (bearings of the arc's points, how far from the lens they lie in metres)."""
    steps = ARC_POINTS if all_round else min(ARC_POINTS - 1, max(4, math.ceil(view.fov_deg / 6)))
    step_deg = view.fov_deg / steps
    start = 0.0 if all_round else (lens.heading_deg or 0.0) - view.fov_deg / 2
    bearings = start + step_deg * np.arange(steps if all_round else steps + 1)
    return np.asarray(bearings, dtype=np.float64), view.range_m / math.cos(math.radians(step_deg / 2)) * 1.0001


def _sector_ring(lens: Lens, view: KindView, *, all_round: bool) -> list[tuple[float, float]]:
    bearings, reach = _fan(lens, view, all_round=all_round)
    count = len(bearings)
    lons, lats, _ = GEOD.fwd(np.full(count, lens.lon), np.full(count, lens.lat), bearings, np.full(count, reach))
    lons = lens.lon + (np.asarray(lons) - lens.lon + 180.0) % 360.0 - 180.0
    ring = [(float(lon), float(lat)) for lon, lat in zip(lons, lats, strict=True)]
    return ring if all_round else [(lens.lon, lens.lat), *ring]


def unwrapped(drawn: Polygon, near_lon: float) -> Polygon:
    """Return the polygon with its longitudes made continuous and within 180° of `near_lon`.

    An edge longer than 180° can only mean that the drawing crosses the antimeridian.
    """

    def follow(ring: Sequence[tuple[float, ...]]) -> list[tuple[float, float]]:
        made: list[tuple[float, float]] = []
        before = near_lon
        for lon, lat, *_ in ring:
            before = before + (lon - before + 180.0) % 360.0 - 180.0
            made.append((before, lat))
        return made

    return Polygon(follow(list(drawn.exterior.coords)), [follow(list(hole.coords)) for hole in drawn.interiors])


def split_at_antimeridian(shape: Polygon) -> MultiPolygon | None:
    """Return a polygon with continuous longitudes as parts within −180…180; None when nothing usable is left."""
    clean = shape if shape.is_valid else shapely.make_valid(shape)
    parts: list[Polygon] = []
    for shift in (-360.0, 0.0, 360.0):
        moved = shapely.transform(clean, lambda xy, by=shift: xy + np.array([by, 0.0]))
        west, _, east, _ = moved.bounds
        if east <= -180.0 or west >= 180.0:
            continue
        inside = moved if west >= -180.0 and east <= 180.0 else shapely.clip_by_rect(moved, -180.0, -90.0, 180.0, 90.0)
        parts.extend(part for part in shapely.get_parts(inside) if isinstance(part, Polygon) and not part.is_empty)
    return MultiPolygon(parts) if parts else None
