"""What comes in: places that cannot be, numbers that are none, times from nowhere."""

import math
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dispatch.actions import inputs
from dispatch.errors import DispatchError
from tests.cast import HERE, Cast

NAN, INF = math.nan, math.inf


def code(do: Any, *given: Any, **more: Any) -> tuple[str, Any]:
    """Return the refusal's (code, why)."""
    with pytest.raises(DispatchError) as error:
        do(*given, **more)
    return error.value.code, error.value.facts.get("why")


@pytest.mark.parametrize(
    ("point", "why"),
    [
        ([NAN, -29.9], "nan"), ([-71.2, NAN], "nan"), ([INF, 0], "nan"), ([0, -INF], "nan"),
        ([0, 90], "range"), ([12, -90], "range"), ([181, 10], "range"), ([0, 0], "null_island"), ([1e-9, -1e-9], "null_island"),
        ([45, 120], "swapped"), ([10**400, 1], "range"),
        ("-71,-29", "form"), ([1], "form"), ([1, 2, 3], "form"), (["1", "2"], "form"), ([True, False], "form"), (None, "form"),
        ({"lon": 1, "lat": 2}, "form"),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be(point: Any, why: str) -> None:
    assert code(inputs.place, point) == ("bad_position", why)


def test_a_place_outside_the_city_or_swapped_says_so(cast: Cast) -> None:
    assert code(inputs.place_in_city, [10.0, 50.0]) == ("bad_position", "outside")
    assert code(inputs.place_in_city, [HERE[1], HERE[0]]) == ("bad_position", "swapped")
    assert inputs.place_in_city(list(HERE)).coords == HERE


@given(st.floats(-180, 180), st.floats(-89.8, 89.8))
def test_every_place_on_earth_is_one(lon: float, lat: float) -> None:
    if abs(lon) >= 1e-6 or abs(lat) >= 1e-6:
        assert inputs.place([lon, lat]).coords == (lon, lat)


@given(st.text(max_size=60))
def test_text_loses_control_characters_and_nothing_else(words: str) -> None:
    clean = inputs.text(words, "x", limit=60)
    assert "\0" not in clean
    assert inputs.text(clean, "x", limit=60) == clean
    assert set(clean) <= set(words)


@pytest.mark.parametrize("value", [0, -1, NAN, INF, True, "5", 100_001])
def test_lengths_that_are_none(value: Any) -> None:
    assert code(inputs.metres, value, "circle_m", high=100_000)[0] == "bad_input"


@pytest.mark.parametrize("value", [True, 1.0, "1", None, 0, 5])
def test_whole_numbers_out_of_range(value: Any) -> None:
    assert code(inputs.whole, value, "level", low=1, high=4)[0] == "bad_input"


def test_times_are_aware_recent_and_not_to_come() -> None:
    now = timezone.now()
    assert inputs.moment(now.isoformat(), "at") == now
    for value in (now + timedelta(minutes=1), now - timedelta(days=8), now.replace(tzinfo=None), "yesterday", 7):
        assert code(inputs.moment, value, "at")[0] == "bad_input"


@pytest.mark.parametrize("value", ["", "x", 7, None, "00000000-0000-0000-0000-00000000000g"])
def test_ids_that_are_none(value: Any) -> None:
    assert code(inputs.uid, value)[0] == "bad_input"
