"""Ports: is one free, who holds it, which one near it is free."""

import contextlib
import errno
import ipaddress
import socket
from pathlib import Path

from .run import open_files
from .say import RefusedError


def problem(bind: str, port: int) -> str:
    """Return why `port` cannot be listened on at `bind`, or an empty string when it can."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
            probe.listen(1)
        except OSError as error:
            return {
                errno.EADDRINUSE: "busy",
                errno.EACCES: "forbidden",
                errno.EADDRNOTAVAIL: "absent",
            }.get(error.errno or 0, error.strerror or "refused")
    return ""


def require_free(bind: str, port: int, *, as_root: bool) -> None:
    """Raise RefusedError, with a port that would work, unless `bind:port` can be listened on."""
    why = problem(bind, port)
    if not why or (why == "forbidden" and as_root):
        return
    if why == "absent":
        raise RefusedError(f"This machine has no address {bind}: use BIND=127.0.0.1, or BIND=0.0.0.0 with TLS=1.")
    if why == "forbidden":
        raise RefusedError(f"Port {port} needs root: choose one from 1024 up, such as PORT={free_near(bind, 8000)}.")
    holder = holder_of(port)
    by = f" by {holder}" if holder else ""
    raise RefusedError(
        f"Port {port} is taken{by}: stop that, or choose another, such as PORT={free_near(bind, port + 1)}."
    )


def free_near(bind: str, port: int) -> int:
    """Return the first free port at or after `port` (from 1024 up, wrapping once)."""
    start = max(port, 1024)
    for candidate in [*range(start, min(start + 400, 65536)), *range(20000, 20400)]:
        if not problem(bind, candidate):
            return candidate
    raise RefusedError(f"No free port was found near {port}.")


def holder_of(port: int) -> str:
    """Return `name (pid n)` of the process listening on TCP `port`, or "" when it is not ours to see."""
    inodes = _listening_inodes(port)
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        links = open_files(process.name)
        if any(link == f"socket:[{inode}]" for inode in inodes for link in links):
            with contextlib.suppress(OSError):
                return f"{(process / 'comm').read_text().strip()} (pid {process.name})"
    return ""


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            fields = row.split()
            if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                inodes.add(fields[9])
    return inodes


def local_addresses() -> list[str]:
    """Return this machine's own addresses that another machine could use, without asking any server."""
    found = set()
    for family, target in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                # A datagram socket only looks up the route; nothing is sent.
                probe.connect((target, 9))
                found.add(probe.getsockname()[0])
            except OSError:
                continue
    return sorted(address for address in found if not ipaddress.ip_address(address).is_loopback)
