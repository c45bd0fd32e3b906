"""OwnTracks' messages as its booklet describes them; strange, broken and hostile ones are taken and mean nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.sources.owntracks.decode import decode
from geo.sources.owntracks.encode import as_location, login
from geo.sources.sent import Request, Sent

AT = datetime(2026, 3, 11, 21, 4, 33, tzinfo=UTC)
# Elements in the order and with the values that the booklet's table names; no encoder of ours had a hand in it.
DESCRIBED = b"""{"_type":"location","acc":35,"alt":154,"batt":53,"bs":1,"cog":254,"lat":-29.9,"lon":-71.25,"t":"p","tid":"JJ",
"tst":1773263073,"vac":10,"vel":36,"p":100.23,"conn":"w","topic":"owntracks/jane/phone","inregions":["home"],"created_at":1773263080}"""


def read(body: bytes, authorization: str = login("secret")) -> Sent:
    return decode(Request(body=body, authorization=authorization))


def test_a_location_is_read_as_described() -> None:
    sent = read(DESCRIBED)
    assert (sent.token, sent.battery_pct, sent.unreadable) == ("secret", 53, "")
    place = sent.place
    assert place
    assert (place.lon, place.lat, place.fix_at) == (-71.25, -29.9, AT)
    assert (place.heading_deg, place.accuracy_m) == (254, 35)
    assert place.speed_mps == pytest.approx(10)


def test_what_the_phone_does_not_know_is_not_known() -> None:
    place = read(as_location(1, 2, AT, acc=-1)).place
    assert place
    assert (place.speed_mps, place.heading_deg, place.accuracy_m) == (None, None, None)


@pytest.mark.parametrize(
    "kind",
    [
        "transition",
        "waypoint",
        "waypoints",
        "lwt",
        "status",
        "steps",
        "card",
        "cmd",
        "beacon",
        "encrypted",
        "one of 2031",
    ],
)
def test_every_other_type_is_taken_and_is_no_fix(kind: str) -> None:
    sent = read(as_location(1, 2, AT, _type=kind))
    assert (sent.token, sent.place, sent.unreadable) == ("secret", None, "")


@pytest.mark.parametrize("body", [b"", b"  \n", b"{}", b"[]", b"null", b"7", b'"location"', b'{"_type":["location"]}'])
def test_an_empty_body_and_one_of_another_shape_are_no_fix_and_no_error(body: bytes) -> None:
    assert read(body) == Sent("secret", None)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"lat": None}, "lat"), ({"lon": "12"}, "lat"), ({"tst": None}, "tst"), ({"tst": "soon"}, "tst"),
        ({"tst": True}, "tst"), ({"tst": 1e300}, "timestamp"), ({"tst": -1e18}, "timestamp"), ({"lat": {}}, "lat"),
    ],
)  # fmt: skip
def test_a_location_that_cannot_be_read_says_why_and_raises_nothing(change: dict[str, Any], why: str) -> None:
    sent = read(as_location(1, 2, AT, **change))
    assert (sent.token, sent.place, sent.unreadable) == ("secret", None, why)


def test_a_battery_of_nonsense_costs_no_place() -> None:
    for battery in (-1, 101, "full", None, [], True):
        sent = read(as_location(1, 2, AT, batt=battery))
        assert (sent.place is not None, sent.battery_pct) == (True, None)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic ?",
        "Basic " + "A" * 4000,
        "Bearer abc",
        login("").replace("=", ""),
        "Basic /w==",
        "Device secret",
    ],
)
def test_without_a_login_there_is_no_token(header: str) -> None:
    assert read(DESCRIBED, header).token == ""


def test_a_password_may_hold_colons_and_the_user_means_nothing() -> None:
    assert read(b"", login("a:b:c", user="somebody-else")).token == "a:b:c"


@given(st.binary(max_size=400), st.text(max_size=200))
def test_garbage_raises_nothing(body: bytes, header: str) -> None:
    assert isinstance(decode(Request(body=body, authorization=header)), Sent)


@given(
    st.dictionaries(
        st.sampled_from(["_type", "lat", "lon", "tst", "vel", "cog", "acc", "batt"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), st.just("location")),
    )
)
def test_garbage_of_the_right_shape_raises_nothing_either(said: dict[str, Any]) -> None:
    import msgspec

    assert isinstance(read(msgspec.json.encode({"_type": "location", **said})), Sent)
