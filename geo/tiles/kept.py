"""Tiles kept in this process: bounded by bytes, the longest unused go first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

BIGGEST_BYTES = 64_000_000
ENTRY_BYTES = 300  # what an entry costs beside its content


class Kept:
    """A bounded memory of tiles. The key must hold everything that the content depends on, whose scope it is included."""

    def __init__(self, limit_bytes: int = BIGGEST_BYTES) -> None:
        self.limit_bytes = limit_bytes
        self.held_bytes = 0
        self._tiles: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get_or_draw(self, key: Hashable, draw: Callable[[], bytes]) -> bytes:
        """Return what is kept under `key`, else what `draw` makes, which is kept. Two at once may both draw."""
        with self._lock:
            if key in self._tiles:
                self._tiles.move_to_end(key)
                return self._tiles[key]
        content = draw()
        with self._lock:
            self._drop(key)
            self._tiles[key] = content
            self.held_bytes += len(content) + ENTRY_BYTES
            while self.held_bytes > self.limit_bytes:
                self._drop(next(iter(self._tiles)))
        return content

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._tiles.clear()
            self.held_bytes = 0

    def _drop(self, key: Hashable) -> None:
        content = self._tiles.pop(key, None)
        if content is not None:
            self.held_bytes -= len(content) + ENTRY_BYTES


KEPT = Kept()
