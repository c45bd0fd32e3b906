"""Who may send, in memory: secret → tracker or carried device, duty, last fixes. Reloaded on geo's hint and each 30 s.

A unit's own token speaks for its tracker. A device (a tracker app) speaks for whichever tracker its bearer was with at the time
of the fix, and for none while he was with none.
"""

import asyncio
import time
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from dispatch.queries.tracker_apps import CARRIED_SQL
from geo import clock
from geo.fixes import OLDEST, Box, Duty, Fix, Known, Rejected, sift
from geo.trackers import TRACKERS_CHANNEL, hash_token
from geo.voices import Talk
from realtime import database

RELOAD_S = 30.0
TRACKERS_SQL = "SELECT token_hash, id FROM geo_tracker WHERE active"
DEVICES_SQL = "SELECT token_hash, id FROM geo_device WHERE active"
DUTY_SQL = """SELECT tracker_id, duty_from, duty_to FROM geo_dutyinterval
WHERE duty_to IS NULL OR duty_to >= %s ORDER BY tracker_id, duty_from"""
LAST_SQL = """SELECT tracker_id, lon_e7, lat_e7, fix_at, received_at, speed_mps, heading_deg, accuracy_m, flags
FROM geo_tracker_last"""
# Boxes within another's box say nothing more: a city with its stations is one.
GROUND_SQL = """SELECT ST_XMin(a.boundary), ST_YMin(a.boundary), ST_XMax(a.boundary), ST_YMax(a.boundary) FROM geo_area a
WHERE a.boundary IS NOT NULL AND NOT EXISTS (SELECT 1 FROM geo_area b
 WHERE b.boundary ~ a.boundary AND (NOT a.boundary ~ b.boundary OR b.id < a.id))"""
REQUESTS_A_S, REQUESTS_BURST = 10.0, 60.0
FIXES_A_S, FIXES_BURST = 50.0, 5_000.0


class Sender(msgspec.Struct, frozen=True):
    """Who proved himself: a tracker by its own token, or a device by its secret; the other number is 0."""

    tracker_id: int = 0
    device_id: int = 0


class Devices:
    """The tables. `ready` is set once they were read; `last` is moved on by the writer after each commit."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.duty: dict[int, Duty] = {}
        self.last: dict[int, Fix] = {}
        self.ground: list[Box] = []
        self.talks: dict[int, Talk] = {}
        self.carried: dict[int, list[tuple[int, datetime, datetime | None]]] = {}
        self._senders: dict[str, Sender] = {}
        self._spent: dict[Sender, tuple[float, float, float]] = {}

    def sender_of(self, token: str) -> Sender | None:
        """Return whom this secret belongs to, or None. Only its hash is compared."""
        return self._senders.get(hash_token(token))

    def placed(self, fix: Fix | Rejected, sender: Sender) -> Fix | Rejected:
        """Return a fix with the tracker it counts for at its own time, or that its device was with nobody on duty then."""
        if isinstance(fix, Rejected):
            return fix
        if sender.tracker_id:
            return msgspec.structs.replace(fix, tracker_id=sender.tracker_id)
        for tracker_id, begin, end in self.carried.get(sender.device_id, ()):
            if fix.fix_at.tzinfo and begin <= fix.fix_at and (end is None or fix.fix_at < end):
                return msgspec.structs.replace(fix, tracker_id=tracker_id, voice=sender.device_id)
        return _refused(fix)

    def allow(self, sender: Sender, fixes: int) -> bool:
        """Spend one request and this many fixes of the sender's allowance; False when it sends too fast."""
        now = time.monotonic()
        requests, points, at = self._spent.get(sender, (REQUESTS_BURST, FIXES_BURST, now))
        requests = min(REQUESTS_BURST, requests + (now - at) * REQUESTS_A_S) - 1
        points = min(FIXES_BURST, points + (now - at) * FIXES_A_S) - fixes
        enough = requests >= 0 and points >= 0
        if enough:
            self._spent[sender] = (requests, points, now)
        return enough

    async def run(self) -> None:
        """Keep the tables fresh until cancelled."""
        await database.keep("devices", self._follow)

    async def _follow(self, connection: psycopg.AsyncConnection[Any]) -> None:
        await connection.execute(f"LISTEN {TRACKERS_CHANNEL}")
        await self.load_last(connection)
        while True:
            await self._load(connection)
            self.ready.set()
            async for _ in connection.notifies(timeout=RELOAD_S, stop_after=1):
                pass

    async def _load(self, connection: psycopg.AsyncConnection[Any]) -> None:
        now = clock.now()
        trackers = await (await connection.execute(TRACKERS_SQL)).fetchall()
        devices = await (await connection.execute(DEVICES_SQL)).fetchall()
        carried = await (await connection.execute(CARRIED_SQL, {"since": now - OLDEST, "now": now})).fetchall()
        rows = await (await connection.execute(DUTY_SQL, [now - OLDEST])).fetchall()
        duty: dict[int, list[tuple[datetime, datetime | None]]] = {}
        for tracker_id, start, end in rows:
            duty.setdefault(tracker_id, []).append((start, end))
        self.ground = await (await connection.execute(GROUND_SQL)).fetchall()
        self.duty = dict(duty)
        self._put_carried(carried)
        self._senders = {hashed: Sender(tracker_id=pk) for hashed, pk in trackers}
        self._senders |= {hashed: Sender(device_id=pk) for hashed, pk in devices}

    def _put_carried(self, rows: list[Any]) -> None:
        """Take who is with which tracker when; only where a device may join in is there anything to decide between voices."""
        carried: dict[int, list[tuple[int, datetime, datetime | None]]] = {}
        for device_id, tracker_id, begin, end in rows:
            carried.setdefault(device_id, []).append((tracker_id, begin, end))
        self.carried = carried
        self.talks = {row[1]: self.talks.get(row[1], Talk()) for row in rows}

    async def load_last(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Read the last fixes: at the start, and after the database was away."""
        for row in await (await connection.execute(LAST_SQL)).fetchall():
            tracker_id, lon, lat, fix_at, received_at, speed, heading, accuracy, flags = row
            self.last[tracker_id] = Fix(
                tracker_id, lon / 1e7, lat / 1e7, fix_at, received_at, speed, heading, accuracy, flags
            )


def _refused(fix: Fix) -> Rejected:
    """Return why a fix of a device that was with no tracker then is refused: as if it had a tracker without any duty."""
    judged = sift(fix, Known(duty=(), last=None, now=clock.now()))
    assert isinstance(judged, Rejected)
    return judged
