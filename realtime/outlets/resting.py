"""Servers that did not answer are left alone for a while: one that is down must not hold up what others would take."""

import time
from collections.abc import Callable

REST_S = 5.0


class Resting:
    """Which servers rest until when; shared by the threads of one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def is_resting(self, server: str) -> bool:
        """Return whether this server is left alone now."""
        return self._until.get(server, 0.0) > self._clock()

    def rest(self, server: str) -> None:
        """Leave it alone from now on for REST_S."""
        if len(self._until) > 1000:
            self._until.clear()
        self._until[server] = self._clock() + REST_S
