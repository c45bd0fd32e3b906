"""SIGTERM and SIGINT as a question that loops ask between two items: the one under way is finished."""

import logging
import signal
import threading
from types import FrameType

log = logging.getLogger(__name__)


class Stopping:
    """Call it: True once the process `name` was asked to stop. `wait` sleeps, but wakes for that."""

    def __init__(self, name: str) -> None:
        self._asked = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)
        log.info("%s: at work", name)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked.set()

    def __call__(self) -> bool:
        """Return whether to stop."""
        return self._asked.is_set()

    def wait(self, seconds: float) -> None:
        """Sleep up to `seconds`."""
        self._asked.wait(seconds)
