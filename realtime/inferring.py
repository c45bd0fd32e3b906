"""Where positions meet orders: each pass reads the last fix of every unit under way and asks dispatch.infer what it says.

Kept in memory for each order and state is one Trail. A process that has not seen the order before (it began late, or was
begun anew) reads the trail out of the kept fixes: whoever was near and left does not become somebody who never came. What
is said again changes nothing: the action looks under its lock.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from dispatch import access, infer
from dispatch.actions import inferences
from dispatch.errors import DispatchError
from dispatch.infer import Found, Rules, Seen, Task, Trail
from dispatch.queries.board import thresholds
from geo import clock, history

log = logging.getLogger(__name__)
# How far back kept fixes are read: longer than a shift's patience, short enough for one index scan.
KEPT_S = 6 * 3600.0
# A state that began so recently has no past worth a query.
FRESH_S = 5.0
# One unit may hold several orders: while it is under way to one, its moves say nothing of the others.
UNDER_WAY_SQL = """
SELECT o.uid, o.state, extract(epoch FROM coalesce(CASE o.state WHEN 'accepted' THEN o.answered_at
  WHEN 'en_route' THEN o.en_route_at ELSE o.on_scene_at END, o.sent_at))::float8,
 ST_X(i.point::geometry), ST_Y(i.point::geometry), coalesce(i.circle_m, 0)::float8,
 coalesce(o.inferred->>'verb', ''), o.doubt IS NOT NULL, o.dismissed,
 extract(epoch FROM t.fix_at)::float8, (t.lon_e7 / 1e7)::float8, (t.lat_e7 / 1e7)::float8, t.accuracy_m, t.flags, t.tracker_id
FROM dispatch_order o
JOIN dispatch_incident i ON i.id = o.incident_id AND i.state <> 'closed'
JOIN dispatch_unit u ON u.id = o.unit_id AND u.on_duty
JOIN geo_tracker_last t ON t.tracker_id = u.tracker_id AND t.fix_at >= u.duty_since
WHERE o.state = ANY(%(watched)s) AND NOT EXISTS (SELECT 1 FROM dispatch_order p WHERE p.unit_id = o.unit_id
 AND p.id <> o.id AND p.state IN ('en_route', 'on_scene') AND o.state = 'accepted')
ORDER BY o.id
"""


@dataclass(frozen=True)
class Row:
    """One order under way with its unit's last fix, and what is said of it already."""

    uid: UUID
    task: Task
    said: str
    doubted: bool
    dismissed: tuple[str, ...]
    fix: Seen
    tracker_id: int


class Inferring:
    """The trails of all orders under way. One loop drives it."""

    def __init__(self) -> None:
        self._trails: dict[tuple[UUID, str], Trail] = {}

    def look(self) -> bool:
        """Take in the newest fixes and say what changed; always False: one pass a tick is enough."""
        rules, now_s = Rules.of(thresholds()), clock.time_s()
        before, self._trails = self._trails, {}
        for row in _rows():
            mark = (row.uid, row.task.state)
            known = before.get(mark) or _kept(row, now_s, rules)
            trail = self._trails[mark] = infer.note(known, row.fix, row.task, rules)
            self._say(row, trail, now_s, rules)
        return False

    def _say(self, row: Row, trail: Trail, now_s: float, rules: Rules) -> None:
        found = infer.infer(trail, row.task, now_s, rules)
        new = found if found and found.what not in (row.said, *row.dismissed) else None
        over = row.said != "" and infer.over(row.said, trail, row.task, now_s, rules)
        # What stands gives way to what is further on; to anything else only once it is refuted.
        if new and (new.what == "arrive" or over or not row.said):
            _act(inferences.infer_order, row, new)
        elif over:
            _act(inferences.infer_order, row, None)
        doubted = infer.doubt(trail, row.task, now_s, rules, stands=row.doubted)
        if bool(doubted) != row.doubted and not (doubted and inferences.DOUBT in row.dismissed):
            _act(inferences.doubt_order, row, doubted)


def _kept(row: Row, now_s: float, rules: Rules) -> Trail:
    """Return the trail that a process looking on since the state began would have; empty when it began just now."""
    begins_s = max(row.task.since_s, now_s - KEPT_S)
    trail = Trail()
    if now_s - begins_s < FRESH_S:
        return trail
    begins, ends = (datetime.fromtimestamp(at_s, UTC) for at_s in (begins_s, now_s))
    for fix in history.read_fixes(row.tracker_id, begins, ends):
        trail = infer.note(trail, Seen(fix.fix_s, (fix.lon, fix.lat), fix.accuracy_m, fix.flags), row.task, rules)
    return trail


def _act(act: Callable[..., Any], row: Row, found: Found | None) -> None:
    try:
        act(actor=access.system("worker"), uid=row.uid, found=found)
    except DispatchError as error:
        log.warning("%s %s: %s", act.__name__, row.uid, error.code)


def _rows() -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(UNDER_WAY_SQL, {"watched": list(infer.WATCHED)})
        return [_row(found) for found in cursor.fetchall()]


def _row(found: tuple[Any, ...]) -> Row:
    uid, state, since_s, at_lon, at_lat, circle_m, said, doubted, dismissed = found[:9]
    fix_s, lon, lat, accuracy_m, flags, tracker_id = found[9:]
    return Row(
        uid, Task(state, since_s, (at_lon, at_lat), circle_m), said, doubted, tuple(dismissed),
        Seen(fix_s, (lon, lat), accuracy_m, flags), tracker_id,
    )  # fmt: skip
