"""A client of /ws as a test drives it: through the whole ASGI stack, with session, Origin and frames."""

import asyncio
import contextlib
import json
from typing import Any

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator

from dispatch.config.asgi import application
from realtime import protocol
from tests.realtime.town import Town, session_for

HOST = b"127.0.0.1:8000"
ORIGIN = b"http://127.0.0.1:8000"


class Desk:
    """One open socket; `board` and `n` follow what it was sent."""

    def __init__(self, link: WebsocketCommunicator, session_key: str = "") -> None:
        self.link = link
        self.session_key = session_key
        self.frames: list[Any] = []
        self.events: list[dict[str, Any]] = []
        self.board: dict[str, Any] = {}
        self.slots: dict[int, dict[str, Any]] = {}
        self.fixes: dict[int, Any] = {}
        self.beat_n = 0
        self.closed: int | None = None
        self.left = False
        self.error: str | None = None

    @classmethod
    async def connect(
        cls, town: Town, name: str, *, origin: bytes | None = ORIGIN, cookie: str | None = None, start: bool = True
    ) -> "Desk":
        """Open a socket as `name` ("" for nobody) and ask for a snapshot."""
        key = cookie
        if key is None and name:
            key = await database_sync_to_async(session_for)(town.people[name])
        headers = [(b"host", HOST)]
        if origin is not None:
            headers.append((b"origin", origin))
        if key:
            headers.append((b"cookie", b"sessionid=" + key.encode()))
        link = WebsocketCommunicator(application, "/ws", headers=headers)
        accepted, _ = await link.connect(timeout=10)
        assert accepted
        desk = cls(link, key or "")
        if start:
            await desk.send({"t": "start"})
        return desk

    async def send(self, frame: Any) -> None:
        """Send a frame: a value as JSON, a string as it is."""
        await self.link.send_to(text_data=frame if isinstance(frame, str) else json.dumps(frame))

    async def take(self, timeout_s: float = 10.0) -> Any:
        """Take the next frame into account; answer beats. Returns the frame, or None when the socket was closed."""
        message = await self.link.receive_output(timeout=timeout_s)
        if message["type"] == "websocket.close":
            self.closed = message.get("code")
            return None
        if message.get("bytes"):
            base_s, records = protocol.read_positions(message["bytes"])
            for record in records:
                self.fixes[int(record["slot"])] = (base_s, record)
            frame: Any = message["bytes"]
        else:
            frame = json.loads(message["text"])
            await self._note(frame)
        self.frames.append(frame)
        return frame

    async def _note(self, frame: dict[str, Any]) -> None:
        match frame["t"]:
            case "snapshot":
                self.board = frame["board"]
                self.slots, self.fixes = {}, {}
            case "events":
                self.events += frame["events"]
            case "beat":
                self.beat_n = frame["n"]
                await self.send({"t": "pong"})
            case "slots":
                if frame["whole"]:
                    self.slots, self.fixes = {}, {}
                self.slots |= {line["slot"]: line["unit"] for line in frame["slots"]}
                for slot in frame["gone"]:
                    self.slots.pop(slot, None)
                    self.fixes.pop(slot, None)
            case "error":
                self.error = frame["code"]

    async def until(self, met: Any, timeout_s: float = 10.0) -> None:
        """Take frames until `met(self)`; fail when that does not come in time."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout_s
        while not met(self):
            if self.closed is not None:
                raise AssertionError(f"closed with {self.closed}")
            await self.take(max(0.01, end - loop.time()))

    async def until_closed(self, timeout_s: float = 10.0) -> int | None:
        """Take frames until the socket is closed; return the code."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout_s
        while self.closed is None:
            await self.take(max(0.01, end - loop.time()))
        return self.closed

    async def board_now(self) -> "Desk":
        """Wait for a snapshot."""
        await self.until(lambda desk: desk.board)
        return self

    async def leave(self) -> None:
        """Close from this side; a server tells its application of the end whoever closed."""
        if self.left:
            return
        self.left = True
        with contextlib.suppress(asyncio.CancelledError):
            await self.link.disconnect(code=self.closed or 1000, timeout=5)
