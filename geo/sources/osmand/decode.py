"""One message of Traccar Client or OsmAnd → token and at most one place. Pure; reads nothing but what a place needs."""

import math
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec

KNOT_MPS = 0.514444
MOST_PARAMETERS = 40
MILLISECONDS_FROM = 1e11  # a Unix time this great is told in milliseconds


class UnreadableError(Exception):
    """The message is none of this protocol; `why` is a code."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Place(msgspec.Struct, frozen=True):
    """Where and when: degrees WGS-84, aware time, m/s, degrees from true north, metres."""

    lon: float
    lat: float
    fix_at: datetime
    speed_mps: float | None
    heading_deg: float | None
    accuracy_m: float | None


class Sent(msgspec.Struct, frozen=True):
    """One message: the token it names itself by, and its place; None when it tells none."""

    token: str
    place: Place | None


class Coords(msgspec.Struct):
    """`coords` of the JSON form."""

    latitude: float
    longitude: float
    accuracy: float | None = None
    speed: float | None = None
    heading: float | None = None


class Location(msgspec.Struct):
    """`location` of the JSON form."""

    timestamp: datetime | int | float
    coords: Coords


class Message(msgspec.Struct):
    """The JSON form."""

    device_id: str
    location: Location | None = None


_messages = msgspec.json.Decoder(Message)


def decode(query: bytes, body: bytes, content_type: str) -> Sent:
    """Return what a request says: JSON in its body, else parameters of its query and form. Raises UnreadableError."""
    if content_type.startswith("application/json") or body[:1] == b"{":
        return _from_json(body)
    try:
        text = "&".join(part.decode("ascii") for part in (query, body) if part)
        pairs = parse_qsl(text, max_num_fields=MOST_PARAMETERS, errors="strict")
    except (UnicodeError, ValueError) as error:
        raise UnreadableError("parameters") from error
    return _from_parameters(dict(reversed(pairs)))


def _from_json(body: bytes) -> Sent:
    try:
        message = _messages.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError("json") from error
    if message.location is None:
        return Sent(message.device_id, None)
    coords = message.location.coords
    place = Place(
        lon=coords.longitude, lat=coords.latitude, fix_at=_moment(message.location.timestamp),
        speed_mps=_known(coords.speed), heading_deg=_known(coords.heading), accuracy_m=_known(coords.accuracy),
    )  # fmt: skip
    return Sent(message.device_id, place)


def _from_parameters(said: dict[str, str]) -> Sent:
    token = said.get("id") or said.get("deviceid") or ""
    if not token:
        raise UnreadableError("no_device")
    if "lat" not in said and "location" in said:
        said["lat"], _, said["lon"] = said["location"].partition(",")
    if "lat" not in said or "lon" not in said or said.get("valid", "true").lower() in {"false", "0"}:
        return Sent(token, None)
    knots = _number(said, "speed")
    heading = _number(said, "bearing") if "bearing" in said else _number(said, "heading")
    lat, lon = _number(said, "lat"), _number(said, "lon")
    if lat is None or lon is None:
        raise UnreadableError("lat")
    place = Place(
        lon=lon, lat=lat, fix_at=_moment(said.get("timestamp", "")), accuracy_m=_known(_number(said, "accuracy")),
        speed_mps=None if _known(knots) is None else knots * KNOT_MPS, heading_deg=_known(heading),  # type: ignore[operator]
    )  # fmt: skip
    return Sent(token, place)


def _number(said: dict[str, str], name: str) -> float | None:
    if not said.get(name):
        return None
    try:
        return float(said[name])
    except ValueError as error:
        raise UnreadableError(name) from error


def _known(value: float | None) -> float | None:
    """Return what a phone knows: it says -1 (or no number) of what it does not."""
    return value if value is not None and math.isfinite(value) and value >= 0 else None


def _moment(said: Any) -> datetime:
    """Return an aware time of ISO 8601 or Unix seconds or milliseconds. Raises UnreadableError."""
    try:
        if isinstance(said, str):
            said = float(said) if said.replace(".", "", 1).isdigit() else datetime.fromisoformat(said)
        if isinstance(said, (int, float)):
            said = datetime.fromtimestamp(said / 1000 if said >= MILLISECONDS_FROM else said, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnreadableError("timestamp") from error
    moment: datetime = said
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
