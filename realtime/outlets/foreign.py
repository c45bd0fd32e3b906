"""One request to a server that is not ours: to a checked address, without redirects, within a time, a short answer read."""

import asyncio
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from dispatch.errors import DispatchError
from dispatch.stills import Target, request_to, resolve
from realtime.outlets.resting import Resting

READ_BYTES = 16_384
Given = tuple[str, dict[str, str], bytes]  # method, headers, content


@dataclass(frozen=True)
class Answer:
    """What it said: status, the seconds it asks us to wait (0: none), the beginning of its words."""

    status: int
    retry_after_s: float
    words: str


def hand_over(url: str, networks: Any, resting: Resting, given: Given, *, public: bool = False) -> Answer | str:
    """Return what the server said, or why nothing was: silent (it rests from now on, or does already), blocked."""
    server = urlsplit(url).netloc
    with resting.turn(server) as may:
        if not may:
            return "silent"
        try:
            return ask(resolve(url, networks, public=public), *given)
        except DispatchError as error:
            if error.code not in {"camera_offline", "unavailable"}:
                return "blocked"
            resting.rest(server)
            return "silent"


def code_of(status: int) -> str:
    """Return what a status means for a letter. A redirect is a refusal: it is not followed."""
    if 200 <= status < 300:
        return "accepted"
    if status in {408, 425, 429}:
        return "busy"
    return "error" if status >= 500 else "refused"


def ask(target: Target, method: str, headers: dict[str, str], content: bytes) -> Answer:
    """Send it. Raises DispatchError `unavailable` when nothing, or nothing that is HTTP, came back in time."""
    try:
        return asyncio.run(_ask(target, method, headers, content))
    except (TimeoutError, OSError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise DispatchError("unavailable", why=type(error).__name__) from None


async def _ask(target: Target, method: str, headers: dict[str, str], content: bytes) -> Answer:
    timeout_s = settings.OUTLET_TIMEOUT_S
    given = request_to(target)
    given["headers"] = {**headers, **given["headers"]}
    async with (
        asyncio.timeout(timeout_s),
        httpx.AsyncClient(
            timeout=timeout_s, trust_env=False, follow_redirects=False, verify=_trusted(settings.OUTLET_CA_FILE)
        ) as client,
        client.stream(method, **given, content=content) as answer,
    ):
        words = bytearray()
        async for chunk in answer.aiter_raw():
            words += chunk
            if len(words) >= READ_BYTES:
                break
        said = answer.headers.get("Retry-After", "")
        return Answer(answer.status_code, seconds_of(said), bytes(words[:READ_BYTES]).decode(errors="replace"))


@lru_cache(maxsize=4)
def _trusted(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def seconds_of(said: str) -> float:
    """Return a Retry-After in seconds, from a number or a date; 0 for none and for nonsense."""
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return 0.0
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
