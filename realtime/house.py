"""What one web process keeps for all its sockets: the feed, the positions hub, the heartbeat and the watch on sessions.

One House for each event loop, begun with the first socket.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from django.db import Error

from dispatch.access import Viewer
from dispatch.actions import desks
from dispatch.errors import DispatchError
from geo import clock
from realtime import protocol, rights, snapshot
from realtime.database import LOST
from realtime.feed import Feed, Item
from realtime.positions import Hub
from realtime.sockets import Socket

log = logging.getLogger(__name__)
BEAT_S = 1.0
SESSION_CHECK_S = 5.0


class House:
    """The running parts of one process."""

    def __init__(self) -> None:
        self.feed = Feed()
        self.sockets: set[Socket] = set()
        self.hub = Hub(self.feed, self.sockets)
        self.feed.listeners.append(self._hear)
        self.feed.resets.append(self._reset)
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Start the parts."""
        parts: dict[str, Coroutine[Any, Any, None]] = {
            "feed": self.feed.run(),
            "hub": self.hub.run(),
            "beat": _every(BEAT_S, self._beat),
            "sessions": _every(SESSION_CHECK_S, self._check_sessions),
        }
        self._tasks = [asyncio.create_task(part, name=name) for name, part in parts.items()]

    async def end(self) -> None:
        """Stop the parts and wait for them."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _hear(self, item: Item) -> None:
        for socket in list(self.sockets):
            socket.hear(item)

    def _reset(self) -> None:
        for socket in list(self.sockets):
            socket.end(protocol.Close.RESYNC, "resync")

    async def _beat(self) -> None:
        at = clock.now().isoformat()
        for socket in list(self.sockets):
            socket.beat(at)
        for socket in [socket for socket in self.sockets if socket.shown]:
            if socket.viewer is not None:
                shown, socket.shown = socket.shown[: protocol.MAX_SHOWN], []
                await self._journal_shown(socket.viewer, shown)

    async def _journal_shown(self, viewer: Viewer, shown: list[dict[str, object]]) -> None:
        try:
            await snapshot.in_thread(desks.desk_showed, actor=viewer, shown=shown)
        except DispatchError as error:
            log.warning("showed was refused: %s", error.code)

    async def _check_sessions(self) -> None:
        asked = {socket: socket.signed_in for socket in self.sockets}
        if not asked:
            return
        valid = await snapshot.in_thread(rights.still_signed_in, list(asked.values()))
        for socket, signed_in in asked.items():
            if signed_in.session_key not in valid:
                socket.end(protocol.Close.SIGNED_OUT, "not_signed_in")


async def _every(seconds: float, work: Any) -> None:
    """Do `work` at this rhythm for ever; one that fails is logged and tried again."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except (Error, *LOST) as error:
            log.warning("%s: database away (%s)", work.__name__, type(error).__name__)
        except Exception:
            log.exception("%s failed", work.__name__)


_houses: dict[asyncio.AbstractEventLoop, House] = {}


def house() -> House:
    """Return this loop's House, begun."""
    loop = asyncio.get_running_loop()
    if loop not in _houses:
        _houses[loop] = House()
        _houses[loop].begin()
    return _houses[loop]


async def leave() -> None:
    """End this loop's House (tests, orderly shutdown)."""
    found = _houses.pop(asyncio.get_running_loop(), None)
    if found:
        await found.end()
