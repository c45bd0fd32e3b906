"""Fetching one JPEG from a camera: only from the allowed addresses and ports, checked after name resolution."""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from dispatch.errors import DispatchError

Network = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, int]
BIGGEST = 4_000_000
NAT64 = ipaddress.ip_network("64:ff9b::/32")
JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True)
class Target:
    """Where to really connect: the checked address, and what the server is called."""

    address: str
    port: int
    host: str
    scheme: str
    path: str


def parse_network(entry: str) -> Network:
    """Return (network, port) of `address[/prefix]:port`, IPv6 in brackets. Raises ValueError with a sentence."""
    network, _, port = entry.rpartition(":")
    try:
        return ipaddress.ip_network(network.strip("[]"), strict=False), int(port)
    except ValueError as error:
        raise ValueError(f"CAMERA_NETWORKS entry {entry!r} is not address[/prefix]:port.") from error


def resolve(url: str, networks: Sequence[str] | None = None, *, public: bool = False) -> Target:
    """Return where `url` leads, if every address its name has is allowed. Raises `camera_blocked`, `camera_offline`.

    `networks`: those of CAMERA_NETWORKS when not said. Loopback, link-local and metadata addresses are allowed only
    when they name exactly that address. `public`: every address of the open internet is, beside them.
    """
    allowed = [parse_network(entry) for entry in (settings.CAMERA_NETWORKS if networks is None else networks)]
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError as error:
        raise DispatchError("camera_blocked", why="url") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port:
        raise DispatchError("camera_blocked", why="scheme")
    try:
        # As HTTP and TLS name it: a name that has no such form is none.
        host = parts.hostname.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise DispatchError("camera_blocked", why="url") from error
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise DispatchError("camera_offline", why="name") from error
    addresses = {str(item[4][0]) for item in found}
    if not addresses or not all(
        _allowed(address, port, allowed) or (public and is_public(address)) for address in addresses
    ):
        raise DispatchError("camera_blocked", why="address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(sorted(addresses)[0], port, host, parts.scheme, path)


def is_public(text: str) -> bool:
    """Return whether an address is one of the open internet, and no other way to say one that is not."""
    address = ipaddress.ip_address(text.split("%", maxsplit=1)[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(str(address.ipv4_mapped))
        if address.sixtofour or address.teredo or address in NAT64:
            return False
    return address.is_global and not address.is_multicast


def _allowed(text: str, port: int, networks: Sequence[Network]) -> bool:
    address = ipaddress.ip_address(text.split("%", maxsplit=1)[0])
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    special = address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    for network, allowed_port in networks:
        if allowed_port == port and address.version == network.version and address in network:
            if not special or network.num_addresses == 1:
                return True
    return False


def fetch(url: str, credentials: tuple[str, str] | None = None) -> bytes:
    """Return one JPEG. Raises `camera_blocked`, `camera_offline`, `camera_refused`; redirects are not followed.

    The whole answer must be there within CAMERA_FETCH_TIMEOUT_S: a camera that drips bytes holds nobody up.
    """
    target = resolve(url)
    try:
        return asyncio.run(_fetch(target, credentials))
    except TimeoutError as error:
        raise DispatchError("camera_offline", why="too_slow") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DispatchError("camera_offline", why=type(error).__name__) from error


async def _fetch(target: Target, credentials: tuple[str, str] | None) -> bytes:
    timeout_s = settings.CAMERA_FETCH_TIMEOUT_S
    async with (
        asyncio.timeout(timeout_s),
        httpx.AsyncClient(timeout=timeout_s, trust_env=False, follow_redirects=False) as client,
        client.stream("GET", **request_to(target), auth=credentials) as answer,
    ):
        return await _picture(answer)


def request_to(target: Target) -> dict[str, Any]:
    """Return httpx's words for a GET of the checked address under the server's own name."""
    return {
        "url": f"{target.scheme}://{_bracketed(target.address)}:{target.port}{target.path}",
        "headers": {"Host": f"{_bracketed(target.host)}:{target.port}", "Accept-Encoding": "identity"},
        "extensions": {"sni_hostname": target.host},
    }


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


async def _picture(answer: httpx.Response) -> bytes:
    if answer.status_code != 200:
        raise DispatchError("camera_refused", status=answer.status_code)
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > BIGGEST:
            raise DispatchError("camera_refused", why="too_big")
    if not body.startswith(JPEG):
        raise DispatchError("camera_refused", why="not_jpeg")
    return bytes(body)
