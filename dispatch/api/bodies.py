"""Reading what was sent: JSON only, strict, each refusal naming the field."""

import re
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from rest_framework.request import Request

from dispatch.errors import DispatchError

B = TypeVar("B", bound="Body")

Moment = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
LonLat = Annotated[
    Any,
    msgspec.Meta(
        description="[longitude, latitude] in degrees, WGS-84",
        extra_json_schema={"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    ),
]


class Body(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that is sent to us: an unknown field is a mistake, never ignored."""


class Empty(Body):
    """Nothing to say: the address says it all. Send {} or nothing."""


def read_body(request: Request, shape: type[B]) -> B:
    """Return the request's body as `shape`. Raises `bad_input` with the field, or `too_big`."""
    if shape is Empty and request._request.META.get("CONTENT_LENGTH") in (None, "", "0"):
        return shape()
    _check_type(request)
    raw: bytes = request._request.body
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as error:
        raise _mistake(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DispatchError("bad_input", why="json") from error
    except RecursionError as error:
        raise DispatchError("bad_input", why="too_deep") from error


def _check_type(request: Request) -> None:
    kind = request._request.content_type
    charset = (request._request.content_params or {}).get("charset", "utf-8")
    if kind != "application/json" or charset.strip('"').lower() not in {"utf-8", "utf8"}:
        raise DispatchError("bad_input", why="content_type", expected="application/json")


def _mistake(said: str) -> DispatchError:
    """Turn msgspec's sentence into a code, a field and facts."""
    path = re.search(r"at `\$\.?([^`]*)`", said)
    field = path.group(1) if path else None
    for pattern, why in (
        (r"missing required field `([^`]+)`", "missing"),
        (r"unknown field `([^`]*)`", "unknown_field"),
    ):
        if found := re.search(pattern, said):
            inner = found.group(1)[:60]
            return DispatchError("bad_input", field=f"{field}.{inner}" if field else inner, why=why)
    expected = re.search(r"Expected `([^`]+)`", said)
    return DispatchError("bad_input", field=field, why="type", expected=expected.group(1) if expected else said[:60])


def find_key(request: Request) -> UUID:
    """Return the Idempotency-Key of a decision. Raises `key_missing`."""
    try:
        return UUID(request.headers.get("Idempotency-Key", "").strip('" '))
    except ValueError as error:
        raise DispatchError("key_missing", header="Idempotency-Key") from error


def find_version(request: Request) -> int | None:
    """Return the version in If-Match ('"3"' or 3), None when the header is absent. Raises `bad_input`."""
    said = request.headers.get("If-Match")
    if said is None:
        return None
    found = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', said.strip())
    if not found:
        raise DispatchError("bad_input", field="If-Match", expected='"version"')
    return int(found.group(1))


def read_query(request: Request, **readers: Any) -> dict[str, Any]:
    """Return the query's parameters, each read by its reader; unknown ones are refused with `bad_input`."""
    given = request._request.GET
    for name in given:
        if name not in readers:
            raise DispatchError("bad_input", field=name[:60], why="unknown_field", allowed=sorted(readers))
    return {name: reader(given[name], name) for name, reader in readers.items() if name in given}


def page_size(value: str, field: str) -> int:
    """Read how many lines a page may have (1 to 200)."""
    return _whole(value, field, 1, 200)


def entry_number(value: str, field: str) -> int:
    """Read a journal number, the cursor of a list."""
    return _whole(value, field, 0, 2**62)


def short_text(value: str, field: str) -> str:
    """Read a search word of at most 80 characters."""
    if len(value) > 80 or "\x00" in value:
        raise DispatchError("bad_input", field=field, high=80)
    return value


def any_uid(value: str, field: str) -> UUID:
    """Read an outside id."""
    try:
        return UUID(value)
    except ValueError as error:
        raise DispatchError("bad_input", field=field, expected="uuid") from error


def calendar_day(value: str, field: str) -> date:
    """Read a day, YYYY-MM-DD."""
    try:
        found = date.fromisoformat(value) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else None
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 9000:
        raise DispatchError("bad_input", field=field, expected="YYYY-MM-DD")
    return found


def any_moment(value: str, field: str) -> datetime:
    """Read an aware time, ISO 8601. A plus sign that the address turned into a space is one again."""
    try:
        found = datetime.fromisoformat(value.replace(" ", "+") if len(value) <= 40 else "")
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1970 <= found.year <= 9000:
        raise DispatchError("bad_input", field=field, expected="time with zone")
    return found


def _whole(value: str, field: str, low: int, high: int) -> int:
    if not re.fullmatch(r"[0-9]{1,19}", value) or not low <= int(value) <= high:
        raise DispatchError("bad_input", field=field, low=low, high=high)
    return int(value)
