"""What every protocol room takes and gives: a request as it came in, and what its device said of itself. Pure."""

import math
from datetime import UTC, datetime
from typing import Any

import msgspec

MILLISECONDS_FROM = 1e11  # a Unix time this great is told in milliseconds


class UnreadableError(Exception):
    """The message is none of this protocol; `why` is a code."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Request(msgspec.Struct, frozen=True):
    """One HTTP request of a device: the query without its "?", the whole body, two headers as they came."""

    query: bytes = b""
    body: bytes = b""
    content_type: str = ""
    authorization: str = ""


class Place(msgspec.Struct, frozen=True):
    """Where and when: degrees WGS-84, aware time, m/s, degrees from true north, metres."""

    lon: float
    lat: float
    fix_at: datetime
    speed_mps: float | None
    heading_deg: float | None
    accuracy_m: float | None


class Sent(msgspec.Struct, frozen=True):
    """One message: the token it names itself by, its place (None when it tells none), its battery in percent.

    `unreadable` is a code where the device is known and its words are not to be understood, and sending them again would
    not help: the room takes them, nothing is stored.
    """

    token: str
    place: Place | None
    battery_pct: int | None = None
    unreadable: str = ""


def known(value: float | None) -> float | None:
    """Return what a phone knows: it says -1 (or no number) of what it does not."""
    return value if value is not None and math.isfinite(value) and value >= 0 else None


def percent(value: float | None) -> int | None:
    """Return a battery level of 0 to 100, None for everything else."""
    return round(value) if value is not None and math.isfinite(value) and 0 <= value <= 100 else None


def moment(said: Any) -> datetime:
    """Return an aware time of ISO 8601 or Unix seconds or milliseconds. Raises UnreadableError."""
    try:
        if isinstance(said, str):
            said = float(said) if said.replace(".", "", 1).isdigit() else datetime.fromisoformat(said)
        if isinstance(said, (int, float)):
            said = datetime.fromtimestamp(said / 1000 if said >= MILLISECONDS_FROM else said, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnreadableError("timestamp") from error
    at: datetime = said
    return at if at.tzinfo else at.replace(tzinfo=UTC)
