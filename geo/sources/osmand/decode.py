"""One message of Traccar Client or OsmAnd → token and at most one place. Pure; reads nothing but what a place needs."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from geo.sources.sent import Place, Request, Sent, UnreadableError, known, moment, percent

KNOT_MPS = 0.514444
MOST_PARAMETERS = 40


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
    battery: Any = None  # whatever stands there never costs the place


class Message(msgspec.Struct):
    """The JSON form."""

    device_id: str
    location: Location | None = None


_messages = msgspec.json.Decoder(Message)


def decode(request: Request) -> Sent:
    """Return what a request says: JSON in its body, else parameters of its query and form. Raises UnreadableError."""
    body = request.body
    if request.content_type.startswith("application/json") or body[:1] == b"{":
        return _from_json(body)
    try:
        text = "&".join(part.decode("ascii") for part in (request.query, body) if part)
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
        lon=coords.longitude, lat=coords.latitude, fix_at=moment(message.location.timestamp),
        speed_mps=known(coords.speed), heading_deg=known(coords.heading), accuracy_m=known(coords.accuracy),
    )  # fmt: skip
    return Sent(message.device_id, place, _battery(message.location.battery))


def _battery(said: Any) -> int | None:
    """Return percent of the JSON form's `battery`, whose level goes from 0 to 1."""
    level = said.get("level") if isinstance(said, dict) else None
    return percent(level * 100) if isinstance(level, (int, float)) else None


def _from_parameters(said: dict[str, str]) -> Sent:
    token = said.get("id") or said.get("deviceid") or ""
    if not token:
        raise UnreadableError("no_device")
    if "lat" not in said and "location" in said:
        said["lat"], _, said["lon"] = said["location"].partition(",")
    if "lat" not in said or "lon" not in said or said.get("valid", "true").lower() in {"false", "0"}:
        return Sent(token, None)
    knots = known(_number(said, "speed"))
    heading = _number(said, "bearing") if "bearing" in said else _number(said, "heading")
    lat, lon = _number(said, "lat"), _number(said, "lon")
    if lat is None or lon is None:
        raise UnreadableError("lat")
    place = Place(
        lon=lon, lat=lat, fix_at=moment(said.get("timestamp", "")), accuracy_m=known(_number(said, "accuracy")),
        speed_mps=None if knots is None else knots * KNOT_MPS, heading_deg=known(heading),
    )  # fmt: skip
    return Sent(token, place, _charge(said.get("batt", "")))


def _number(said: dict[str, str], name: str) -> float | None:
    if not said.get(name):
        return None
    try:
        return float(said[name])
    except ValueError as error:
        raise UnreadableError(name) from error


def _charge(said: str) -> int | None:
    """Return percent of the parameter `batt`; one that is no number never costs the place."""
    try:
        return percent(float(said))
    except ValueError:
        return None
