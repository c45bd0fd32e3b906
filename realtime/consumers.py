"""/ws: one thin Channels consumer. It checks who and from where, turns frames into calls, and sends what it is given.

`dispatch` is our own: Channels' version hops through a thread for every message, to close database connections that
this consumer never opens.
"""

import asyncio
import time
from typing import Any
from urllib.parse import urlsplit

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from dispatch.models import Person
from realtime import protocol
from realtime.house import house
from realtime.protocol import Close, Pong, Resume, Showed, Start
from realtime.rights import SignedIn
from realtime.sockets import Frame, Socket

FRAMES_A_S, FRAMES_BURST = 10.0, 60.0
START_COSTS = 10.0


def origin_allowed(headers: list[tuple[bytes, bytes]]) -> bool:
    """Return whether the page that opens the socket is ours: a trusted origin, or the very host it asks.

    Cookies do not know ports, so another port of this host is another origin. No Origin: no browser, no socket.
    """
    sent = {name.lower(): value.decode("latin1") for name, value in headers}
    origin = sent.get(b"origin", "")
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    parts = urlsplit(origin)
    host, _ = split_domain_port(parts.netloc)
    same = bool(parts.netloc) and parts.netloc == sent.get(b"host")
    return same and parts.scheme in {"http", "https"} and validate_host(host, settings.ALLOWED_HOSTS)


class Bucket:
    """How fast a client may talk: `rate` a second, `burst` at once."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self._left, self._at = burst, time.monotonic()

    def take(self, cost: float = 1.0) -> bool:
        """Spend `cost`; False when there is not enough left."""
        now = time.monotonic()
        self._left = min(self.burst, self._left + (now - self._at) * self.rate)
        self._at = now
        if self._left < cost:
            return False
        self._left -= cost
        return True


class BoardConsumer(AsyncWebsocketConsumer):
    """One desk's or officer's connection."""

    socket: Socket | None = None
    sender: asyncio.Task[None] | None = None

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Call the handler of one message from the client, without a thread hop."""
        await getattr(self, get_handler_name(message))(message)

    async def websocket_connect(self, message: dict[str, Any]) -> None:
        """Accept, so that the browser learns the close code; then refuse or begin."""
        await self.accept()
        if not origin_allowed(self.scope["headers"]):
            await self._refuse("forbidden")
            return
        person = self.scope["user"]
        if not isinstance(getattr(person, "pk", None), int) or not person.is_active:
            await self._refuse("not_signed_in")
            return
        self._begin(person)

    def _begin(self, person: Person) -> None:
        session_key = self.scope["session"].session_key
        signed_in = SignedIn(person.pk, person.uid, session_key, person.get_session_auth_hash())
        self.bucket = Bucket(FRAMES_A_S, FRAMES_BURST)
        self.socket = Socket(house().feed, signed_in, self._put, self.close)
        house().sockets.add(self.socket)
        self.sender = asyncio.create_task(self.socket.run())

    async def _put(self, frame: Frame) -> None:
        if isinstance(frame, str):
            await self.base_send({"type": "websocket.send", "text": frame})
        else:
            await self.base_send({"type": "websocket.send", "bytes": frame})

    async def _refuse(self, code: str) -> None:
        await self._put(protocol.error_frame(code))
        await self.close(protocol.CLOSE_FOR[code])

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        """Take one frame from the client."""
        socket = self.socket
        if socket is None or socket.closing:
            return
        text = message.get("text")
        if len(text or message.get("bytes") or "") > protocol.MAX_CLIENT_BYTES:
            socket.end(Close.TOO_BIG, "too_big")
            return
        try:
            frame = protocol.decode(text or "")
        except ValueError:
            socket.end(Close.BAD_FRAME, "bad_input")
            return
        if not self.bucket.take(START_COSTS if isinstance(frame, Start | Resume) else 1.0):
            socket.end(Close.TOO_FAST, "too_fast")
            return
        await self._take(socket, frame)

    async def _take(self, socket: Socket, frame: protocol.ClientFrame) -> None:
        match frame:
            case Pong():
                socket.pong()
            case Showed(shown=shown):
                socket.shown.extend(shown[: protocol.MAX_SHOWN - len(socket.shown)])
            case Start():
                await house().feed.ready.wait()
                socket.start()
            case Resume(epoch=epoch, n=n):
                await house().feed.ready.wait()
                socket.resume(epoch, n)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        """Forget the connection."""
        if self.socket is not None:
            house().sockets.discard(self.socket)
            self.socket.stop()
        if self.sender is not None:
            self.sender.cancel()
        raise StopConsumer
