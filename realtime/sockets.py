"""One open connection after sign-in: what it has, what it waits for, what goes out. Knows nothing of Channels."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from dispatch.access import Viewer
from dispatch.models import JournalEntry
from geo import clock
from realtime import protocol, rights, snapshot
from realtime.feed import Feed, Item
from realtime.rights import SignedIn

EVENTS_A_FRAME = 500
MAX_WAITING = 10_000
BEHIND_BYTES = 256 * 1024  # positions pause: newest wins, a keyframe follows when the socket has caught up
FULL_BYTES = 8 * 1024 * 1024  # resync
CLOCK_MARGIN = timedelta(seconds=5)

Frame = str | bytes


class Socket:
    """State of one connection. `send(frame)` and `close(code)` are the server's; `signed_in` says who it is.

    Unacknowledged bytes are those queued and those sent since the beat that the client answered last: a server that
    buffers without end cannot hide a slow client that way. Snapshots do not count.
    """

    def __init__(
        self, feed: Feed, signed_in: SignedIn, send: Callable[[Frame], Awaitable[None]],
        close: Callable[[int], Awaitable[None]],
    ) -> None:  # fmt: skip
        self.feed = feed
        self.signed_in = signed_in
        self.viewer: Viewer | None = None
        self.signature: frozenset[tuple[str, str]] = frozenset()
        self.changes_at: datetime | None = None
        self.n = 0
        self.live = False
        self.needs_keyframe = False
        self.shown: list[dict[str, object]] = []
        self._send, self._close = send, close
        self._waiting: list[Item] = []
        self._loading: asyncio.Task[None] | None = None
        self._stale = False
        self._out: deque[tuple[Frame, int]] = deque()
        self._events: list[str] = []
        self._wake = asyncio.Event()
        self._counted = self._acknowledged = 0
        self._beats: deque[int] = deque()
        self.closing = 0

    # --- what the client asks ---

    def start(self) -> None:
        """Load a snapshot; while one is being loaded another wish changes nothing."""
        if self._loading is None:
            self._begin(self._load())

    def resume(self, epoch: int, n: int) -> None:
        """Send everything after `n`, or a snapshot when that is not complete. Only as the first word."""
        if self._loading is None and not self.live:
            self._begin(self._resume(epoch, n))

    def pong(self) -> None:
        """Take the answer to the oldest unanswered beat."""
        if self._beats:
            self._acknowledged = self._beats.popleft()

    # --- what the house tells, always in order and on the loop ---

    def hear(self, item: Item) -> None:
        """Take an entry from the feed: forward it, keep it while loading, or load again when rights changed."""
        if self.viewer is None and self._loading is None:
            return
        if rights.concerns(item.entry, self.signed_in.uid, self.viewer):
            self.reload()
        if not self.live:
            self._waiting.append(item)
            if len(self._waiting) > MAX_WAITING:
                self.end(protocol.Close.RESYNC)
        else:
            self._forward(item)

    def reload(self) -> None:
        """Fetch rights and board afresh: now, or again when that is under way."""
        if self._loading is not None:
            self._stale = True
        elif self.viewer is not None:
            self._begin(self._load())

    def beat(self, at: str) -> None:
        """Send a heartbeat, and look at the clock and at how far behind the client is."""
        if self.changes_at and clock.now() >= self.changes_at:
            self.changes_at = None
            self.reload()
        if self.live and self.n < self.feed.n:
            self.n = self.feed.n
        self.put(protocol.beat_frame(self.n, at))
        self._beats.append(self._counted)
        if len(self._beats) > 600:
            self._beats.popleft()

    @property
    def behind(self) -> bool:
        """Return whether positions should wait until the client has taken what it has."""
        return self._counted - self._acknowledged > BEHIND_BYTES

    def put(self, frame: Frame, *, counts: bool = True) -> None:
        """Queue a frame. Too much unacknowledged: the socket is closed with "resync"."""
        self._flush_events()
        self._queue(frame, counts=counts)

    def end(self, code: int, error: str = "") -> None:
        """Close with `code`, after an error frame when `error` is given. What is queued is dropped."""
        if self.closing:
            return
        self.closing = code
        self.live = False
        self._out.clear()
        self._events.clear()
        if error:
            self._out.append((protocol.error_frame(error), 0))
        self._wake.set()

    def stop(self) -> None:
        """The connection is gone: end what is under way."""
        self.live = False
        if self._loading is not None:
            self._loading.cancel()

    async def run(self) -> None:
        """Send what is queued until the socket is closed."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            self._flush_events()
            while self._out:
                frame, _ = self._out.popleft()
                await self._send(frame)
            if self.closing:
                self.stop()
                await self._close(self.closing)
                return

    # --- within ---

    def _begin(self, work: Awaitable[None]) -> None:
        self.live = False
        self._loading = asyncio.ensure_future(self._guard(work))

    async def _guard(self, work: Awaitable[None]) -> None:
        try:
            await work
        except asyncio.CancelledError:
            raise
        except Exception:
            self.end(protocol.Close.RESYNC, "resync")
            raise
        finally:
            self._loading = None

    async def _load(self) -> None:
        while True:
            self._stale = False
            mark = len(self._waiting)
            taken = await snapshot.in_thread(snapshot.take, self.signed_in.person_id)
            if taken.viewer is None:
                self.end(protocol.Close.FORBIDDEN, "forbidden")
                return
            if not self._stale and not self._concerned(taken.viewer, self._waiting[mark:]):
                break
        self._take_viewer(taken.viewer, taken.changes_at)
        self._events.clear()
        self.put(taken.frame, counts=False)
        self._go_live(taken.n)

    async def _resume(self, epoch: int, n: int) -> None:
        viewer, changes_at = await snapshot.in_thread(rights.load_viewer, self.signed_in.person_id)
        if viewer is None:
            self.end(protocol.Close.FORBIDDEN, "forbidden")
            return
        mark = len(self._waiting)
        items = await self.feed.since(epoch, n)
        moved = items is None or await self._rights_moved(viewer, items, n)
        if items is None or moved or self._stale or self._concerned(viewer, self._waiting):
            await self._load()
            return
        self._take_viewer(viewer, changes_at)
        self._waiting = [*items, *self._waiting[mark:]]
        self._go_live(n)

    async def _rights_moved(self, viewer: Viewer, items: list[Item], n: int) -> bool:
        """Say whether the board the client holds was made with other rights than `viewer`'s."""
        if self._concerned(viewer, items):
            return True
        entry_at = await snapshot.in_thread(_time_of, n)
        return await snapshot.in_thread(
            rights.changed_by_clock, self.signed_in.person_id, entry_at - CLOCK_MARGIN * clock.rate()
        )

    def _concerned(self, viewer: Viewer, items: list[Item]) -> bool:
        return any(rights.concerns(item.entry, self.signed_in.uid, viewer) for item in items)

    def _take_viewer(self, viewer: Viewer, changes_at: datetime | None) -> None:
        self.viewer, self.changes_at = viewer, changes_at
        self.signature = frozenset(viewer.keys.items())

    def _go_live(self, n: int) -> None:
        self.n = n
        waiting, self._waiting = self._waiting, []
        self.live = True
        self.needs_keyframe = True
        for item in waiting:
            self._forward(item)
        self._wake.set()

    def _forward(self, item: Item) -> None:
        if item.entry.n <= self.n or self.viewer is None:
            return
        self.n = item.entry.n
        text = item.text_for(self.viewer, self.signature)
        if text is not None:
            self._events.append(text)
            if len(self._events) >= EVENTS_A_FRAME:
                self._flush_events()
            self._wake.set()

    def _flush_events(self) -> None:
        if self._events:
            events, self._events = self._events, []
            self._queue(protocol.events_frame(events), counts=True)

    def _queue(self, frame: Frame, *, counts: bool) -> None:
        if self.closing:
            return
        size = len(frame) if counts else 0
        self._counted += size
        self._out.append((frame, size))
        if self._counted - self._acknowledged > FULL_BYTES:
            self.end(protocol.Close.RESYNC, "resync")
        self._wake.set()


def _time_of(n: int) -> datetime:
    found = JournalEntry.objects.filter(n=n).values_list("at", flat=True).first()
    return found or datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
