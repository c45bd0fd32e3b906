"""Traccar Client's messages, as its makers describe them and as its versions send them; hostile ones get a code."""

from datetime import UTC, datetime

import pytest

from geo.sources.osmand import decode as room
from geo.sources.osmand.encode import as_json, as_query
from geo.sources.sent import Request, Sent, UnreadableError

AT = datetime(2026, 3, 11, 21, 4, 33, tzinfo=UTC)
# The makers' own example of the JSON form (traccar.org/osmand), with another place.
DESCRIBED = b"""{ "location": { "timestamp": "2026-03-11T21:04:33.000Z", "coords": { "latitude": -29.9, "longitude": -71.25,
 "accuracy": 5, "speed": 10, "heading": 90, "altitude": 0 }, "is_moving": false, "odometer": 0, "event": "motionchange",
 "battery": { "level": 1, "is_charging": false }, "activity": { "type": "still" }, "extras": {} }, "device_id": "48241179" }"""


def decode(query: bytes, body: bytes, content_type: str) -> Sent:
    return room.decode(Request(query=query, body=body, content_type=content_type))


def test_the_json_form_is_read_as_described() -> None:
    sent = decode(b"", DESCRIBED, "application/json; charset=utf-8")
    assert sent.token == "48241179"
    place = sent.place
    assert place
    assert (place.lon, place.lat, place.fix_at) == (-71.25, -29.9, AT)
    assert (place.speed_mps, place.heading_deg, place.accuracy_m) == (10, 90, 5)


def test_both_forms_say_the_same_of_the_same_fix() -> None:
    given = {"speed_mps": 10.0, "heading_deg": 90.0}
    a = decode(b"", as_json("t", -71.25, -29.9, AT, **given), "application/json").place
    b = decode(as_query("t", -71.25, -29.9, AT, **given).encode(), b"", "").place
    assert a
    assert b
    assert (a.lon, a.lat, a.fix_at, a.heading_deg) == (b.lon, b.lat, b.fix_at, b.heading_deg)
    assert b.speed_mps == pytest.approx(10)


def test_what_the_phone_does_not_know_is_not_known() -> None:
    place = decode(b"", as_json("t", 1, 2, AT), "application/json").place
    assert place
    assert (place.speed_mps, place.heading_deg) == (None, None)


@pytest.mark.parametrize("said", ["1773263073", "1773263073000", "2026-03-11T21:04:33Z", "2026-03-11T18:04:33-03:00"])
def test_times_in_every_form_the_protocol_has(said: str) -> None:
    place = decode(f"id=t&lat=1&lon=2&timestamp={said}".encode(), b"", "").place
    assert place
    assert place.fix_at == AT


@pytest.mark.parametrize("query", [b"id=t&batt=80", b"id=t&lat=1&lon=2&valid=false&timestamp=1773263073"])
def test_a_message_without_a_place_is_no_fix_and_no_error(query: bytes) -> None:
    assert decode(query, b"", "").place is None


def test_a_form_in_the_body_and_location_in_one_parameter() -> None:
    place = decode(b"", b"deviceid=t&location=1.5,2.5&timestamp=1773263073", "application/x-www-form-urlencoded").place
    assert place
    assert (place.lat, place.lon) == (1.5, 2.5)


@pytest.mark.parametrize(
    ("query", "body", "why"),
    [
        (b"lat=1&lon=2", b"", "no_device"), (b"id=t&lat=x&lon=2&timestamp=1", b"", "lat"), (b"", b"{", "json"),
        (b"id=t&lat=1&lon=2", b"", "timestamp"), (b"id=t&lat=1&lon=2&timestamp=soon", b"", "timestamp"),
        (b"id=t&lat=1&lon=2&timestamp=1e300", b"", "timestamp"), (b"", b'{"device_id":7}', "json"),
        (b"", b'{"device_id":"t","location":{"timestamp":"x","coords":{}}}', "json"), (b"a=1&" * 60, b"", "parameters"),
        (b"id=t&lat=1&lon=2&timestamp=1&speed=fast", b"", "speed"), (b"\xff\xfe", b"", "parameters"),
        (b"", b"[" * 100_000, "no_device"), (b"", b'{"device_id":' + b"[" * 100_000, "json"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(query: bytes, body: bytes, why: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        decode(query, body, "")
    assert caught.value.why == why


@pytest.mark.parametrize(
    ("said", "percent"), [("80", 80), ("80.4", 80), ("-1", None), ("full", None), ("nan", None), ("400", None)]
)
def test_the_battery_never_costs_the_place(said: str, percent: int | None) -> None:
    sent = decode(f"id=t&lat=1&lon=2&timestamp=1773263073&batt={said}".encode(), b"", "")
    assert (sent.place is not None, sent.battery_pct) == (True, percent)
    level = said if said.replace(".", "").isdigit() else f'"{said}"'
    body = DESCRIBED.replace(b'"level": 1', b'"level": %s' % level.encode())
    assert decode(b"", body, "application/json").place is not None
    assert decode(b"", DESCRIBED, "application/json").battery_pct == 100
