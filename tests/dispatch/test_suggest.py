"""The ranking policy alone: who stands where, why not the others, what an empty list would need."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.suggest import LISTED_REFUSALS, LISTED_UNITS, Candidate, Limits, build_packet, rank_units

LIMITS = Limits()
FREE = Candidate(
    unit="u", call_sign="P-1", kind="car", centre="c", crew=(2, 1), state="available", state_reason="", on_number="",
    on_level=None, declined=False, own=True, distance_m=100.0, how="fix", age_s=1.0,
)  # fmt: skip


def units(*changes: dict[str, Any]) -> list[Candidate]:
    """Return candidates P-1, P-2 … with these fields."""
    return [
        replace(FREE, **{"unit": f"u{at}", "call_sign": f"P-{at}", **change}) for at, change in enumerate(changes, 1)
    ]


def listed(candidates: list[Candidate], level: int = 2) -> list[str]:
    """Return the call signs in order of slot."""
    lines, _ = rank_units(candidates, level=level, limits=LIMITS)
    return [line["call_sign"] for line in lines]


def test_nearest_first_and_slots_count_from_one() -> None:
    found = units({"distance_m": 900.0}, {"distance_m": 100.0}, {"distance_m": 500.0})
    assert listed(found) == ["P-2", "P-3", "P-1"]
    lines, _ = rank_units(found, level=2, limits=LIMITS)
    assert [line["slot"] for line in lines] == [1, 2, 3]
    assert [line["reason"] for line in lines] == ["nearest", "next_nearest", "next_nearest"]


def test_an_old_fix_a_conditional_state_and_another_centre_cost_metres() -> None:
    assert listed(units({"distance_m": 100.0, "age_s": 300.0}, {"distance_m": 900.0})) == ["P-2", "P-1"]
    assert listed(units({"distance_m": 100.0, "state": "conditional"}, {"distance_m": 300.0})) == ["P-2", "P-1"]
    assert listed(units({"distance_m": 100.0, "own": False}, {"distance_m": 500.0})) == ["P-2", "P-1"]
    assert listed(units({"distance_m": 100.0, "own": False}, {"distance_m": 500.0}), level=1) == ["P-1", "P-2"]


@pytest.mark.parametrize(
    ("change", "reason", "facts"),
    [
        ({"state": "off_duty"}, "off_duty", {}),
        ({"state": "accepted", "on_level": 3, "on_number": "S1-1"}, "committed",
         {"incident": "S1-1", "level": 3, "can_be_pulled": True}),
        ({"state": "on_scene", "on_level": 3, "on_number": "S1-1"}, "committed",
         {"incident": "S1-1", "level": 3, "can_be_pulled": False}),
        ({"declined": True}, "declined", {}),
        ({"state": "unavailable", "state_reason": "court"}, "unavailable", {"why": "court"}),
        ({"how": "none", "distance_m": None, "age_s": None}, "no_place", {}),
        ({"age_s": 601.0}, "silent", {"age_s": 601}),
    ],
)  # fmt: skip
def test_whoever_is_not_listed_has_one_plain_reason(change: dict[str, Any], reason: str, facts: dict[str, Any]) -> None:
    lines, refused = rank_units(units(change), level=2, limits=LIMITS)
    assert lines == []
    assert [(line["reason"], line["facts"]) for line in refused] == [(reason, facts)]


def test_post_and_voice_stand_in_for_a_fix_and_say_so() -> None:
    found = units({"how": "post", "age_s": None, "place": "K-1"}, {"how": "voice", "age_s": 900.0, "distance_m": 200.0})
    lines, refused = rank_units(found, level=2, limits=LIMITS)
    assert [(line["how"], line["reason"]) for line in lines] == [("post", "by_post"), ("voice", "by_voice")]
    assert lines[0]["facts"] == {"post": "K-1"}
    assert refused == []


def test_the_age_of_a_fix_is_said() -> None:
    lines, _ = rank_units(units({"age_s": 31.0}, {"age_s": 121.0}), level=2, limits=LIMITS)
    assert [line["reason"] for line in lines] == ["ageing_fix", "stale_fix"]


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ([], "no_units_in_scope"),
        ([{"state": "off_duty"}], "put_on_duty"),
        ([{"state": "sent", "on_level": 4}], "pull_lower_level"),
        ([{"state": "unavailable"}], "ask_neighbour"),
        ([{}], ""),
    ],
)
def test_an_empty_list_says_what_would_help(changes: list[dict[str, Any]], hint: str) -> None:
    made = build_packet(units(*changes), [], level=2, limits=LIMITS, counted={})
    assert made.empty_hint == hint


states = st.sampled_from(["available", "conditional", "unavailable", "off_duty", "sent", "on_scene"])
changes = st.fixed_dictionaries(
    {
        "state": states, "distance_m": st.floats(0, 50_000), "age_s": st.floats(0, 2_000), "own": st.booleans(),
        "declined": st.booleans(), "how": st.sampled_from(["fix", "post", "voice"]),
    }
)  # fmt: skip


@given(st.lists(changes, max_size=40), st.integers(1, 4))
def test_every_unit_is_listed_or_refused_once_whatever_the_order_of_rows(
    rows: list[dict[str, Any]], level: int
) -> None:
    found = units(*rows)
    lines, refused = rank_units(found, level=level, limits=LIMITS)
    assert sorted([line["unit"] for line in (*lines, *refused)]) == sorted(one.unit for one in found)
    assert len(lines) <= LISTED_UNITS
    shuffled = random.Random(1).sample(found, len(found))
    assert [line["unit"] for line in rank_units(shuffled, level=level, limits=LIMITS)[0]] == [
        line["unit"] for line in lines
    ]
    packet = build_packet(found, [], level=level, limits=LIMITS, counted={})
    assert len(packet.refused) + packet.refused_more == len(refused)
    assert len(packet.refused) <= LISTED_REFUSALS
