"""Which addresses a browser may name as its push service: https, a listed host, no login, no odd port."""

from urllib.parse import urlsplit

from django.conf import settings

from dispatch.errors import DispatchError

LONGEST = 1000


def check_endpoint(endpoint: str) -> str:
    """Return the endpoint's host. Raises `push_blocked`, why: length, url, scheme, host.

    Only its form and name are judged here. Where the name leads is judged when something is sent.
    """
    if not 0 < len(endpoint) <= LONGEST:
        raise DispatchError("push_blocked", field="endpoint", why="length", limit=LONGEST)
    if not endpoint.isascii() or any(c <= " " or c in "\\\x7f" for c in endpoint):
        raise DispatchError("push_blocked", field="endpoint", why="url")
    try:
        parts = urlsplit(endpoint)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise DispatchError("push_blocked", field="endpoint", why="url") from error
    if parts.scheme != "https" or "@" in parts.netloc or parts.fragment:
        raise DispatchError("push_blocked", field="endpoint", why="scheme")
    if not is_listed(host, port or 443):
        raise DispatchError("push_blocked", field="endpoint", why="host", host=host[:100])
    return host


def is_listed(host: str, port: int) -> bool:
    """Return whether PUSH_HOSTS names this host: `name[:port]`, or `*.name` for every name below it."""
    for entry in settings.PUSH_HOSTS:
        name, _, number = entry.partition(":")
        if (number or "443") != str(port):
            continue
        if host == name or (name.startswith("*.") and host.endswith(name[1:]) and len(host) > len(name) - 1):
            return True
    return False
