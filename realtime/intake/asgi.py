"""POST /intake and GET /intake/health as a plain ASGI application: no Django view stands between a fix and its row.

`Authorization: Device <token>`; body {"fixes": [...]}. Answered after the commit, one result a fix. Tokens are never
logged; there is no CORS: devices are not pages. Other protocols over HTTP have a path of their own (realtime.intake.doors).
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
from geo.fixes import Fix, Rejected  # noqa: E402
from geo.sources.sent import Request, UnreadableError  # noqa: E402
from realtime.intake import wire  # noqa: E402
from realtime.intake.devices import Devices, Sender  # noqa: E402
from realtime.intake.doors import DOORS, Door  # noqa: E402
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
        door = DOORS.get(path)
        if path != "/intake" and door is None:
            raise RefusedError(404, "not_found")
        if not self.devices.ready.is_set():
            raise RefusedError(503, "unavailable", retry_after_s=RETRY_AFTER_S)
        headers = dict(scope["headers"])
        if scope["method"] not in (door.methods if door else {"POST"}):
            raise RefusedError(405, "method_not_allowed")
        if door:
            return 200, await self._take_message(door, scope.get("query_string", b""), headers, receive)
        return 200, await self._take(headers, receive)

    def _health(self) -> tuple[int, bytes]:
        well = self.writer.connected and self.devices.ready.is_set()
        return 200 if well else 503, msgspec.json.encode({"ok": well})

    async def _take(self, headers: dict[bytes, bytes], receive: Any) -> bytes:
        scheme, _, token = headers.get(b"authorization", b"").decode("latin1").partition(" ")
        sender = self._sender(token.strip() if scheme.lower() == "device" else "")
        raw = wire.read_batch(await _read(headers, receive))
        now = clock.now()
        return wire.answer(await self._store(sender, [wire.read_fix(one, now) for one in raw]))

    async def _take_message(self, door: Door, query: bytes, headers: dict[bytes, bytes], receive: Any) -> bytes:
        """Take one message of another protocol."""
        said = {name: headers.get(name.encode(), b"").decode("latin1") for name in ("content-type", "authorization")}
        body = await _read(headers, receive)
        try:
            sent = door.read(Request(query, body, said["content-type"], said["authorization"]))
        except UnreadableError as error:
            raise RefusedError(400, "bad_input", why=error.why) from error
        sender = self._sender(sent.token)
        fixes: list[Fix | Rejected] = [wire.fix_of(sent.place, clock.now())] if sent.place else []
        if sent.unreadable:
            fixes.append(Rejected("bad_input"))
        return door.answer(await self._store(sender, fixes, sent.battery_pct))

    def _sender(self, token: str) -> Sender:
        sender = self.devices.sender_of(token) if token else None
        if sender is None:
            raise RefusedError(401, "unknown_device")
        return sender

    async def _store(
        self, sender: Sender, fixes: list[Fix | Rejected], battery_pct: int | None = None
    ) -> list[Fix | Rejected]:
        if not self.devices.allow(sender, len(fixes)):
            raise RefusedError(429, "too_fast", retry_after_s=RETRY_AFTER_S)
        placed = [self.devices.placed(fix, sender) for fix in fixes]
        try:
            results = await self.writer.store(placed)
        except UnavailableError as error:
            raise RefusedError(503, "unavailable", retry_after_s=RETRY_AFTER_S) from error
        self.writer.heard(sender, results, battery_pct)
        return results


async def _read(headers: dict[bytes, bytes], receive: Any) -> bytes:
    """Return the plain body, or raise RefusedError for one that is packed or does not come."""
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise RefusedError(415, "bad_input", header="content-encoding")
    try:
        return await asyncio.wait_for(_body(headers, receive), SLOWEST_BODY_S)
    except TimeoutError as error:
        raise RefusedError(408, "bad_input", why="slow") from error


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
