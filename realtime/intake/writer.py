"""Judged fixes into the database: one flush for everything that came within a window; senders wait for its commit."""

import asyncio
import logging
import time
from datetime import datetime
from typing import Any

import psycopg

from geo import clock
from geo.fixes import FLAG_LATE, Fix, Rejected
from geo.intake import (
    HEARD_SQL,
    HISTORY_SQL,
    LAST_COMMIT,
    LAST_SQL,
    Heard,
    Taken,
    heard_parameters,
    history_parameters,
    last_parameters,
    take_in,
)
from realtime import database
from realtime.database import LOST
from realtime.intake.devices import Devices, Sender

log = logging.getLogger(__name__)
WINDOW_S = 0.1
MAX_WAITING = 50_000
HEARD_EVERY_S = 5.0

Results = list[Fix | Rejected]


class UnavailableError(Exception):
    """The fixes could not be stored: nothing of them was kept, the sender keeps them and comes again."""


class Writer:
    """Collects requests and writes them together. `store` returns after the commit that holds the fixes."""

    def __init__(self, devices: Devices) -> None:
        self._devices = devices
        self._waiting: list[tuple[Results, asyncio.Future[Results]]] = []
        self._count = 0
        self._wake = asyncio.Event()
        self._heard: dict[int, Heard] = {}
        self._heard_s = float("-inf")
        self.connected = False

    async def store(self, fixes: Results) -> Results:
        """Judge and store these fixes (those already rejected stay so); return one result each, in order.

        Raises UnavailableError while the database is away or too much is waiting.
        """
        if not self.connected or self._count + len(fixes) > MAX_WAITING:
            raise UnavailableError
        done: asyncio.Future[Results] = asyncio.get_running_loop().create_future()
        self._waiting.append((fixes, done))
        self._count += len(fixes)
        self._wake.set()
        return await done

    def heard(self, sender: Sender, results: Results, battery_pct: int | None) -> None:
        """Note that a device spoke and what became of it; written now and then, without its places."""
        if not sender.device_id:
            return
        kept = [fix.fix_at for fix in results if isinstance(fix, Fix)]
        refused = [fix.detail or fix.reason for fix in results if isinstance(fix, Rejected)]
        before = self._heard.get(sender.device_id)
        self._heard[sender.device_id] = Heard(
            device_id=sender.device_id, heard_at=clock.now(), fix_at=max(kept, default=before.fix_at if before else None),
            refused="" if kept else refused[-1] if refused else before.refused if before else None,
            battery_pct=battery_pct if battery_pct is not None else before.battery_pct if before else None,
        )  # fmt: skip
        if time.monotonic() - self._heard_s >= HEARD_EVERY_S:
            self._wake.set()

    async def run(self) -> None:
        """Write until cancelled; while the database is away senders are told so."""
        await database.keep("intake", self._write)

    async def _write(self, connection: psycopg.AsyncConnection[Any]) -> None:
        await self._devices.load_last(connection)
        self.connected = True
        try:
            while True:
                try:
                    await asyncio.wait_for(self._wake.wait(), timeout=HEARD_EVERY_S if self._heard else 10)
                except TimeoutError:
                    await connection.execute("SELECT 1")
                else:
                    await asyncio.sleep(WINDOW_S)
                    await self._flush(connection)
                await self._write_heard(connection)
        finally:
            self.connected = False
            self._fail_waiting()

    async def _flush(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._wake.clear()
        batch, self._waiting, self._count = self._waiting, [], 0
        readable = [fix for fixes, _ in batch for fix in fixes if isinstance(fix, Fix)]
        try:
            known = self._devices
            taken = take_in(
                readable, duty=known.duty, last=known.last, now=clock.now(), ground=known.ground, talks=known.talks
            )
            repeated = await self._commit(connection, taken)
        except LOST:
            _fail(batch)
            raise
        except Exception:
            log.exception("intake: %d fixes not stored", len(readable))
            _fail(batch)
            return
        self._devices.last.update(taken.last)
        self._devices.talks.update(taken.talks)
        judged = iter(taken.results)
        for fixes, done in batch:
            results = [next(judged) if isinstance(fix, Fix) else fix for fix in fixes]
            if not done.done():
                done.set_result([_told(result, repeated) for result in results])

    async def _commit(self, connection: psycopg.AsyncConnection[Any], taken: Taken) -> set[tuple[int, datetime]]:
        """Write history, then last fixes; return which kept fixes history had already."""
        repeated: set[tuple[int, datetime]] = set()
        if taken.kept:
            late = any(fix.flags & FLAG_LATE for fix in taken.kept)
            returning = " RETURNING tracker_id, fix_at" if late else ""
            async with connection.transaction():
                cursor = await connection.execute(HISTORY_SQL + returning, history_parameters(taken.kept))
                if late:
                    written = set(await cursor.fetchall())
                    repeated = {(fix.tracker_id, fix.fix_at) for fix in taken.kept} - written
        if taken.last:
            async with connection.transaction():
                await connection.execute(LAST_COMMIT)
                await connection.execute(LAST_SQL, last_parameters(taken.last.values()))
        return repeated

    async def _write_heard(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Write what was heard of devices, at most each HEARD_EVERY_S; a loss of it costs nothing but a date."""
        if not self._heard or time.monotonic() - self._heard_s < HEARD_EVERY_S:
            return
        rows, self._heard, self._heard_s = list(self._heard.values()), {}, time.monotonic()
        async with connection.transaction():
            await connection.execute(LAST_COMMIT)
            await connection.execute(HEARD_SQL, heard_parameters(rows))

    def _fail_waiting(self) -> None:
        batch, self._waiting, self._count = self._waiting, [], 0
        _fail(batch)


def _told(result: Fix | Rejected, repeated: set[tuple[int, datetime]]) -> Fix | Rejected:
    if isinstance(result, Fix) and (result.tracker_id, result.fix_at) in repeated:
        return Rejected("duplicate")
    return result


def _fail(batch: list[tuple[Results, asyncio.Future[Results]]]) -> None:
    for _, done in batch:
        if not done.done():
            done.set_exception(UnavailableError())
