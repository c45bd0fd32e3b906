"""What the ranking policy has to know of every unit and camera around an incident. Reads; decides nothing."""

import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from django.db import connection

from dispatch.access import ORDERS, viewer_for
from dispatch.lifecycles import DISTRESS_OPEN, ORDER_ACTIVE, UNIT_REASONS
from dispatch.models import Incident, MutualAid, Order, OrderRequest
from dispatch.queries.present import UNIT_STATE
from dispatch.suggest import Candidate
from geo import clock
from geo.areas import subtree_ids
from geo.metres import distances_m
from geo.nearest import CameraNear, nearest_cameras
from realtime.ground import GROUND_SQL, Ground, cells_of

CAMERAS_LOOKED_AT = 40
GROUND_KEPT_S = 300.0
UNITS_SQL = """
SELECT u.id, u.uid::text, u.call_sign, u.kind, c.uid::text, a.lineage, u.on_duty,
 CASE WHEN EXISTS (SELECT FROM dispatch_distress d WHERE d.unit_id = u.id AND d.state = ANY(%(calling)s))
  THEN 'distress' ELSE u.unavailable_reason END,
 coalesce(m.sworn, 0), coalesce(m.auxiliary, 0), o.state, i.number, i.level,
 (t.lon_e7 / 1e7)::float8, (t.lat_e7 / 1e7)::float8, extract(epoch FROM t.fix_at)::float8,
 ST_X(u.reported_point::geometry), ST_Y(u.reported_point::geometry), extract(epoch FROM u.reported_at)::float8,
 p.code, ST_X(p.point::geometry), ST_Y(p.point::geometry), u.centre_id
FROM dispatch_unit u
JOIN dispatch_centre c ON c.id = u.centre_id
JOIN geo_area a ON a.id = c.area_id
LEFT JOIN (SELECT unit_id, count(*) FILTER (WHERE sworn) AS sworn, count(*) FILTER (WHERE NOT sworn) AS auxiliary
           FROM dispatch_crewmember WHERE signed_off_at IS NULL GROUP BY unit_id) m ON m.unit_id = u.id
LEFT JOIN (SELECT DISTINCT ON (unit_id) unit_id, state, incident_id FROM dispatch_order
           WHERE unit_id IS NOT NULL AND state = ANY(%(active)s) ORDER BY unit_id, stacked, sent_at) o
 ON o.unit_id = u.id
LEFT JOIN dispatch_incident i ON i.id = o.incident_id
LEFT JOIN geo_tracker_last t ON t.tracker_id = u.tracker_id AND u.on_duty AND t.fix_at >= u.duty_since
LEFT JOIN dispatch_post p ON p.id = u.post_id AND p.active
WHERE u.active ORDER BY u.id
"""


@dataclass(frozen=True)
class UnitRow:
    """One unit with its best known place: `how` fix, voice, post or none; `placed_s` Unix seconds of fix or report."""

    id: int
    uid: str
    call_sign: str
    kind: str
    centre: str
    centre_id: int
    lineage: tuple[int, ...]
    state: str
    state_reason: str
    crew: tuple[int, int]
    on_number: str
    on_level: int | None
    lon: float
    lat: float
    how: str
    placed_s: float | None
    post: str


class Units:
    """All units at one moment, read in one query. A fix older than `stale_s` gives way to a post, if there is one."""

    def __init__(self, *, stale_s: float, now_s: float) -> None:
        with connection.cursor() as cursor:
            cursor.execute(UNITS_SQL, {"active": list(ORDER_ACTIVE), "calling": list(DISTRESS_OPEN)})
            self.rows = [_row(found, now_s - stale_s) for found in cursor.fetchall()]
        self.lons = np.array([row.lon for row in self.rows])
        self.lats = np.array([row.lat for row in self.rows])
        self.cells = cells_of(self.lons, self.lats)


def _row(found: tuple[Any, ...], usable_s: float) -> UnitRow:
    (unit_id, uid, call_sign, kind, centre, lineage, on_duty, unavailable, sworn, auxiliary, order_state, number, level,
     fix_lon, fix_lat, fix_s, said_lon, said_lat, said_s, post, post_lon, post_lat, centre_id) = found  # fmt: skip
    state = "off_duty"
    if on_duty:
        state = UNIT_STATE[order_state] if order_state else UNIT_REASONS.get(unavailable, "available")
        # Whoever calls for help is nobody's help.
        state = "unavailable" if unavailable == "distress" else state
    lon, lat, how, placed_s = 0.0, 0.0, "none", None
    said_s = said_s if on_duty else None
    if fix_s is not None and fix_s >= (said_s or 0) and (fix_s >= usable_s or post is None):
        lon, lat, how, placed_s = fix_lon, fix_lat, "fix", fix_s
    elif said_s is not None:
        lon, lat, how, placed_s = said_lon, said_lat, "voice", said_s
    elif post is not None:
        lon, lat, how = post_lon, post_lat, "post"
    return UnitRow(
        unit_id, uid, call_sign, kind, centre, centre_id, tuple(lineage), state, "" if order_state and unavailable != "distress" else unavailable,
        (sworn, auxiliary), number or "", level, lon, lat, how, placed_s, post or "",
    )  # fmt: skip


_grounds: dict[int, tuple[float, Ground]] = {}


def ground_of(area_id: int) -> Ground:
    """Return the ground and band of one area, kept for GROUND_KEPT_S seconds."""
    kept = _grounds.get(area_id)
    if kept and time.monotonic() - kept[0] < GROUND_KEPT_S:
        return kept[1]
    with connection.cursor() as cursor:
        cursor.execute(GROUND_SQL, [[area_id]])
        row = cursor.fetchone()
    found = Ground(shapely.from_wkb(bytes(row[0])) if row and row[0] else None)
    _grounds[area_id] = (time.monotonic(), found)
    return found


def forget_grounds() -> None:
    """Read grounds again: an area was drawn anew."""
    _grounds.clear()


def units_for(incident: Incident, units: Units, *, now_s: float) -> list[Candidate]:
    """Return the candidates of an incident: every unit of its centre's subtree, and others on duty on its ground.

    `own` is also who was lent to the centre (mutual aid), granted for this incident, or is ordered by the owner's desk
    anyway: a city desk asks nobody for a station's unit.
    """
    area = incident.centre.area
    metres = distances_m((incident.point.x, incident.point.y), units.lons, units.lats)
    here = ground_of(area.pk).covers(units.lons, units.lats, units.cells)
    lent = _lent_to(incident)
    reach = viewer_for(incident.owner).areas_of(ORDERS) if incident.owner else set()
    declined = set(
        Order.objects.filter(incident=incident, state__in=["refused", "timed_out"]).values_list("unit_id", flat=True)
    )
    listed = []
    for index, row in enumerate(units.rows):
        own = area.pk in row.lineage or row.id in lent["units"] or row.centre_id in lent["centres"]
        reached = not reach.isdisjoint(row.lineage)
        visiting = bool(here[index]) and row.how != "none" and row.state != "off_duty"
        if own or visiting:
            distance = float(metres[index]) if row.how != "none" else None
            candidate = _candidate(row, own or reached, row.id in declined, distance, now_s)
            listed.append(replace(candidate, on_this=row.on_number == incident.number))
    return listed


def _lent_to(incident: Incident) -> dict[str, set[int]]:
    at = clock.now()
    aid = MutualAid.objects.filter(to_centre=incident.centre, ended_at=None, granted_at__lte=at, ends_at__gt=at)
    lent = list(aid.values_list("unit_id", "from_centre_id"))
    granted = OrderRequest.objects.filter(incident=incident, state="granted").values_list("unit_id", flat=True)
    return {
        "units": {unit for unit, _ in lent if unit} | set(granted),
        "centres": {centre for unit, centre in lent if unit is None},
    }


def _candidate(row: UnitRow, own: bool, declined: bool, distance_m: float | None, now_s: float) -> Candidate:
    return Candidate(
        unit=row.uid,
        call_sign=row.call_sign,
        kind=row.kind,
        centre=row.centre,
        crew=row.crew,
        state=row.state,
        state_reason=row.state_reason,
        on_number=row.on_number,
        on_level=row.on_level,
        declined=declined,
        own=own,
        distance_m=distance_m,
        how=row.how,
        age_s=None if row.placed_s is None else max(0.0, now_s - row.placed_s),
        place=row.post,
    )


def cameras_for(incident: Incident) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return (lines of the cameras around an incident, best first, without slot; how many of each sight)."""
    area_id = incident.centre.area_id
    found = nearest_cameras(
        (incident.point.x, incident.point.y), area_ids=subtree_ids(area_id), ground_area_ids=[area_id],
        limit=CAMERAS_LOOKED_AT,
    )  # fmt: skip
    lines = [_camera(camera) for camera in found]
    return lines, dict(Counter(line["sight"] for line in lines))


def _camera(camera: CameraNear) -> dict[str, Any]:
    copied = ("code", "name", "kind", "grade", "heading_deg", "fov_deg", "range_m", "turn_deg", "assumed", "status",
              "consent", "reason")  # fmt: skip
    return {name: getattr(camera, name) for name in copied} | {
        "camera": str(camera.uid),
        "point": list(camera.point),
        "distance_m": round(camera.distance_m),
        "bearing_deg": round(camera.bearing_deg, 1),
        "sight": "dead" if camera.status == "offline" else camera.sight,
    }
