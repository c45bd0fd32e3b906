"""Fixtures of the realtime tests: a real database with committed rows, one House for each test's loop."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import connections

from realtime import database, house, positions, snapshot
from tests.realtime.client import Desk
from tests.realtime.town import Town, build

BUSY_SQL = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'"""
QUIET_WITHIN_S = 10.0


@pytest.fixture
async def town(transactional_db: None) -> AsyncIterator[Town]:
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0
    yield await database_sync_to_async(build)()
    await _quiet()


async def _quiet() -> None:
    """Wait until the server has ended the statements of connections we dropped: emptying tables beside one deadlocks."""
    until = time.monotonic() + QUIET_WITHIN_S
    async with await database.connect() as connection:
        while (await (await connection.execute(BUSY_SQL)).fetchone()) != (0,):
            assert time.monotonic() < until, "a statement outlived its test"
            await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beat five times as fast as in service: the tests wait for beats, not for seconds."""
    monkeypatch.setattr(house, "BEAT_S", 0.2)
    monkeypatch.setattr(house, "SESSION_CHECK_S", 0.5)
    monkeypatch.setattr(positions, "BEAT_S", 0.2)


@pytest.fixture
async def desks(town: Town) -> AsyncIterator[Any]:
    """Return a function that opens a socket as somebody; all are closed at the end."""
    opened: list[Desk] = []
    barrier = threading.Barrier(snapshot.AT_ONCE)  # all met: no thread is still reading when the tables are emptied

    async def open_as(name: str, **options: Any) -> Desk:
        desk = await Desk.connect(town, name, **options)
        opened.append(desk)
        return desk

    yield open_as
    for desk in opened:
        await desk.leave()
    await house.leave()
    await asyncio.gather(*[snapshot.in_thread(barrier.wait) for _ in range(snapshot.AT_ONCE)])
