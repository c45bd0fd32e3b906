"""Who may send, in memory: token → tracker, duty intervals, last fixes. Reloaded on geo's hint and each 30 s."""

import asyncio
import time
from datetime import datetime
from typing import Any

import psycopg

from geo import clock
from geo.fixes import OLDEST, Box, Duty, Fix
from geo.trackers import TRACKERS_CHANNEL, hash_token
from realtime import database

RELOAD_S = 30.0
TRACKERS_SQL = "SELECT token_hash, id FROM geo_tracker WHERE active"
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


class Devices:
    """The tables. `ready` is set once they were read; `last` is moved on by the writer after each commit."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.duty: dict[int, Duty] = {}
        self.last: dict[int, Fix] = {}
        self.ground: list[Box] = []
        self._trackers: dict[str, int] = {}
        self._spent: dict[int, tuple[float, float, float]] = {}

    def tracker_of(self, token: str) -> int | None:
        """Return the tracker this token belongs to, or None. Only its hash is compared."""
        return self._trackers.get(hash_token(token))

    def allow(self, tracker_id: int, fixes: int) -> bool:
        """Spend one request and this many fixes of the tracker's allowance; False when it sends too fast."""
        now = time.monotonic()
        requests, points, at = self._spent.get(tracker_id, (REQUESTS_BURST, FIXES_BURST, now))
        requests = min(REQUESTS_BURST, requests + (now - at) * REQUESTS_A_S) - 1
        points = min(FIXES_BURST, points + (now - at) * FIXES_A_S) - fixes
        enough = requests >= 0 and points >= 0
        if enough:
            self._spent[tracker_id] = (requests, points, now)
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
        trackers = await (await connection.execute(TRACKERS_SQL)).fetchall()
        rows = await (await connection.execute(DUTY_SQL, [clock.now() - OLDEST])).fetchall()
        duty: dict[int, list[tuple[datetime, datetime | None]]] = {}
        for tracker_id, start, end in rows:
            duty.setdefault(tracker_id, []).append((start, end))
        self.ground = await (await connection.execute(GROUND_SQL)).fetchall()
        self._trackers = dict(trackers)
        self.duty = dict(duty)

    async def load_last(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Read the last fixes: at the start, and after the database was away."""
        for row in await (await connection.execute(LAST_SQL)).fetchall():
            tracker_id, lon, lat, fix_at, received_at, speed, heading, accuracy, flags = row
            self.last[tracker_id] = Fix(
                tracker_id, lon / 1e7, lat / 1e7, fix_at, received_at, speed, heading, accuracy, flags
            )
