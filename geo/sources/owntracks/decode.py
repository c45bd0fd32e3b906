"""One message of OwnTracks' HTTP mode → token and at most one place. Pure; reads nothing but what a place needs."""

import base64
import binascii
from typing import Any

import msgspec

from geo.sources.sent import Place, Request, Sent, UnreadableError, known, moment, percent

KMH_MPS = 1 / 3.6
LONGEST_LOGIN = 1_000


def decode(request: Request) -> Sent:
    """Return what a request says. Never raises: without a login the token is "", without sense `unreadable` says so."""
    token = _password(request.authorization)
    if not request.body.strip():
        return Sent(token, None)
    try:
        said = msgspec.json.decode(request.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Sent(token, None, unreadable="json")
    if not isinstance(said, dict) or said.get("_type") != "location":
        return Sent(token, None)
    battery = percent(_number(said, "batt"))
    try:
        return Sent(token, _place(said), battery)
    except UnreadableError as error:
        return Sent(token, None, battery, unreadable=error.why)


def _password(authorization: str) -> str:
    scheme, _, login = authorization.partition(" ")
    if scheme.lower() != "basic" or len(login) > LONGEST_LOGIN:
        return ""
    try:
        plain = base64.b64decode(login.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return plain.partition(":")[2]


def _place(said: dict[str, Any]) -> Place:
    lon, lat = _number(said, "lon"), _number(said, "lat")
    if lon is None or lat is None:
        raise UnreadableError("lat")
    when = said.get("tst")
    if isinstance(when, bool) or not isinstance(when, (int, float)):
        raise UnreadableError("tst")
    kmh = known(_number(said, "vel"))
    return Place(
        lon=lon, lat=lat, fix_at=moment(when), speed_mps=None if kmh is None else kmh * KMH_MPS,
        heading_deg=known(_number(said, "cog")), accuracy_m=known(_number(said, "acc")),
    )  # fmt: skip


def _number(said: dict[str, Any], name: str) -> float | None:
    value = said.get(name)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
