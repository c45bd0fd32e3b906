"""POST /intake and GET /intake/health as a plain ASGI application: no Django view stands between a fix and its row.

`Authorization: Device <token>`; body {"fixes": [...]}. Answered after the commit, one result a fix. Tokens are never
logged; there is no CORS: devices are not pages.
"""

import asyncio
import logging
import os
from typing import Any

import django
import msgspec

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dispatch.config.settings")
django.setup()

from geo import clock  # noqa: E402
from realtime.intake import wire  # noqa: E402
from realtime.intake.devices import Devices  # noqa: E402
from realtime.intake.wire import RefusedError  # noqa: E402
from realtime.intake.writer import UnavailableError, Writer  # noqa: E402

log = logging.getLogger(__name__)
RETRY_AFTER_S = 2
SLOWEST_BODY_S = 20.0


class Intake:
    """The application with its tables and its writer; they start with the server's lifespan or the first request."""

    def __init__(self) -> None:
        self.devices = Devices()
        self.writer = Writer(self.devices)
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        self.begin()
        try:
            status, body = await self._answer(scope, receive)
            headers: list[tuple[bytes, bytes]] = []
        except RefusedError as refused:
            status, body = refused.status, refused.body()
            wait = str(refused.retry_after_s).encode()
            headers = [(b"retry-after", wait)] if refused.retry_after_s else []
            if status == 401:
                headers.append((b"www-authenticate", b"Device"))
        headers += [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def begin(self) -> None:
        """Start following the tables and writing, once."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self.devices.run()), asyncio.create_task(self.writer.run())]

    async def end(self) -> None:
        """Stop; waiting senders are told to come again."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _lifespan(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.begin()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.end()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope: dict[str, Any], receive: Any) -> tuple[int, bytes]:
        path = scope["path"].rstrip("/")
        if path == "/intake/health":
            return self._health()
        if path != "/intake":
            raise RefusedError(404, "not_found")
        if scope["method"] != "POST":
            raise RefusedError(405, "method_not_allowed")
        return 200, await self._take(dict(scope["headers"]), receive)

    def _health(self) -> tuple[int, bytes]:
        well = self.writer.connected and self.devices.ready.is_set()
        return 200 if well else 503, msgspec.json.encode({"ok": well})

    async def _take(self, headers: dict[bytes, bytes], receive: Any) -> bytes:
        if not self.devices.ready.is_set():
            raise RefusedError(503, "unavailable", retry_after_s=RETRY_AFTER_S)
        scheme, _, token = headers.get(b"authorization", b"").decode("latin1").partition(" ")
        tracker_id = self.devices.tracker_of(token.strip()) if scheme.lower() == "device" else None
        if tracker_id is None:
            raise RefusedError(401, "unknown_device")
        if headers.get(b"content-encoding", b"identity").lower() != b"identity":
            raise RefusedError(415, "bad_input", header="content-encoding")
        try:
            body = await asyncio.wait_for(_body(headers, receive), SLOWEST_BODY_S)
        except TimeoutError as error:
            raise RefusedError(408, "bad_input", why="slow") from error
        raw = wire.read_batch(body)
        if not self.devices.allow(tracker_id, len(raw)):
            raise RefusedError(429, "too_fast", retry_after_s=RETRY_AFTER_S)
        now = clock.now()
        try:
            results = await self.writer.store([wire.read_fix(one, tracker_id, now) for one in raw])
        except UnavailableError as error:
            raise RefusedError(503, "unavailable", retry_after_s=RETRY_AFTER_S) from error
        return wire.answer(results)


async def _body(headers: dict[bytes, bytes], receive: Any) -> bytes:
    """Read a body of at most MAX_BYTES; raise RefusedError as soon as it is more."""
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > wire.MAX_BYTES:
        raise RefusedError(413, "too_big", limit=wire.MAX_BYTES)
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RefusedError(400, "bad_input", why="disconnected")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > wire.MAX_BYTES:
            raise RefusedError(413, "too_big", limit=wire.MAX_BYTES)
    return bytes(body)


application = Intake()
