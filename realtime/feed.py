"""One listener per process: a hint wakes it, it reads the journal after its own number and hands entries out in order.

The hint is only a hint; a slow poll finds what a lost one would have told. Numbers appear in commit order, so nothing
with a lower number can turn up later.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec
import psycopg

from dispatch import access, journal
from dispatch.access import Viewer
from dispatch.journal import Entry
from realtime import database

RING = 2_000
RECOVERY = 5_000
POLL_S = 2.0
READ_ROWS = 500
HEAD_SQL = """SELECT (SELECT coalesce(max(number), 1) FROM dispatch_epoch),
 (SELECT coalesce(max(n), 0) FROM dispatch_journalentry)"""


class Item:
    """One entry with what was encoded of it: each view once, shared by all sockets that have it."""

    __slots__ = ("_texts", "_views", "entry")

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self._views: dict[frozenset[tuple[str, str]], str | None] = {}
        self._texts: dict[str, str] = {}

    def text_for(self, viewer: Viewer, signature: frozenset[tuple[str, str]]) -> str | None:
        """Return the event as JSON for this viewer, or None when it is not for him. `signature` stands for his keys."""
        try:
            view = self._views[signature]
        except KeyError:
            view = self._views[signature] = access.view_of(self.entry.audience, viewer)
        if view is None:
            return None
        if view not in self._texts:
            wire = self.entry.wire(access.redact(self.entry.data, view), named=view not in access.NAMELESS)
            self._texts[view] = msgspec.json.encode(wire).decode()
        return self._texts[view]

    def forget(self) -> None:
        """Drop what was encoded: old entries are asked for rarely."""
        self._views.clear()
        self._texts.clear()


class Feed:
    """The newest entries of the journal in memory, and who wants to hear them.

    `listeners` are called with each Item in order; `resets` when the journal is another one than before (epoch
    changed, or rows are gone): everybody needs a snapshot then.
    """

    def __init__(self) -> None:
        self.epoch = 0
        self.n = 0
        self.ring: deque[Item] = deque(maxlen=RING)
        self.listeners: list[Callable[[Item], None]] = []
        self.resets: list[Callable[[], None]] = []
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Follow the journal until cancelled."""
        await database.keep("feed", self._follow)

    async def _follow(self, connection: psycopg.AsyncConnection[Any]) -> None:
        await connection.execute(f"LISTEN {journal.CHANNEL}")
        hinted = False
        while True:
            if not hinted:
                await self._look_at_head(connection)
            while await self._read_on(connection):
                pass
            self.ready.set()
            hinted = False
            async for _ in connection.notifies(timeout=POLL_S, stop_after=1):
                hinted = True

    async def _look_at_head(self, connection: psycopg.AsyncConnection[Any]) -> None:
        row = await (await connection.execute(HEAD_SQL)).fetchone()
        assert row is not None
        epoch, n = row
        if not self.ready.is_set():
            self.epoch, self.n = epoch, n
        elif epoch != self.epoch or n < self.n:
            self._reset(epoch, n)

    def _reset(self, epoch: int, n: int) -> None:
        self.epoch, self.n = epoch, n
        self.ring.clear()
        for tell in list(self.resets):
            tell()

    async def _read_on(self, connection: psycopg.AsyncConnection[Any]) -> bool:
        """Read one batch; return whether there may be more."""
        cursor = await connection.execute(journal.AFTER_SQL, {"after": self.n, "limit": READ_ROWS})
        rows = await cursor.fetchall()
        for row in rows:
            self._hand_out(Item(journal.entry_from(row)))
        return len(rows) == READ_ROWS

    def _hand_out(self, item: Item) -> None:
        self.n = item.entry.n
        if item.entry.epoch != self.epoch:
            self._reset(item.entry.epoch, self.n)
        self.ring.append(item)
        for hear in list(self.listeners):
            hear(item)
        if len(self.ring) > RING // 4:
            self.ring[-RING // 4].forget()

    def in_ring(self, n: int) -> list[Item]:
        """Return the ring's items with a number above `n`, oldest first."""
        return [item for item in self.ring if item.entry.n > n]

    async def since(self, epoch: int, n: int) -> list[Item] | None:
        """Return every item after `n` up to the ring's end at the time of the call, or None when only a snapshot is
        right: another epoch, a number ahead of ours, or too far back."""
        if epoch != self.epoch or n > self.n or n < 0:
            return None
        newer = self.in_ring(n)
        first = newer[0].entry.n if newer else self.n + 1
        missing = first - 1 - n
        if missing <= 0:
            return newer
        if missing > RECOVERY:
            return None
        async with await database.connect() as connection:
            cursor = await connection.execute(journal.AFTER_SQL, {"after": n, "limit": missing})
            older = [Item(journal.entry_from(row)) for row in await cursor.fetchall()]
        complete = [item.entry.n for item in older] == list(range(n + 1, first))
        return [*older, *newer] if complete else None
