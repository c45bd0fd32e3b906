"""Servers that do not answer are left alone for a while: one that is down must not hold up what others would take."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

REST_S = 5.0
# So many letters may be with one server at once, and so long another waits for one of them to be answered.
PLACES, PLACE_WITHIN_S = 8, 2.0


class Resting:
    """Which servers rest until when, and how many letters each has in hand; shared by the threads of one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}
        self._places: dict[str, threading.Semaphore] = {}

    def is_resting(self, server: str) -> bool:
        """Return whether this server is left alone now."""
        return self._until.get(server, 0.0) > self._clock()

    def rest(self, server: str) -> None:
        """Leave it alone from now on for REST_S."""
        if len(self._until) > 1000:
            self._until.clear()
        self._until[server] = self._clock() + REST_S

    @contextmanager
    def turn(self, server: str) -> Iterator[bool]:
        """Give whether it may be asked now. One that keeps all its places and answers none of them rests."""
        if self.is_resting(server):
            yield False
            return
        if len(self._places) > 1000:
            self._places.clear()
        places = self._places.setdefault(server, threading.Semaphore(PLACES))
        if not places.acquire(timeout=PLACE_WITHIN_S):
            self.rest(server)
            yield False
            return
        try:
            # It may have been found silent while this one waited.
            yield not self.is_resting(server)
        finally:
            places.release()
