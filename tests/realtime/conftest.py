"""Fixtures of the realtime tests: a real database with committed rows, one House for each test's loop."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import connections

from realtime import house, positions, snapshot
from tests.realtime.client import Desk
from tests.realtime.town import Town, build


@pytest.fixture
async def town(transactional_db: None) -> Town:
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0
    return await database_sync_to_async(build)()


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
