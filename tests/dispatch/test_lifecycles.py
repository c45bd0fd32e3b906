"""The law as tables: whole, without dead ends that nobody meant, every verb with an inverse or final."""

import pytest

from dispatch import access
from dispatch.errors import DispatchError
from dispatch.lifecycles import (
    INVERSE,
    LAW,
    ORDER_ACTIVE,
    ORDER_ENDED,
    ORDER_IDLE,
    REQUEST_OPEN,
    UNIT_REASONS,
    VOICE_VERBS,
    next_state,
    verbs_from,
)

BEGINS = {
    "call": "open",
    "incident": "open",
    "order": "proposed",
    "unit": "off_duty",
    "transfer": "offered",
    "request": "asked",
    "distress": "raised",
}
# A call or incident that is over, an order that ended, an answered offer: nothing follows but what is written here.
ENDS = {
    "call": {"closed"},
    "incident": set(),
    "order": {"refused", "cleared", "recalled", "replaced", "withdrawn"},
    "unit": set(),
    "transfer": {"accepted", "refused", "withdrawn"},
    "request": {"granted", "refused", "withdrawn", "expired"},
    "distress": {"ended"},
}


@pytest.mark.parametrize("noun", LAW)
def test_every_state_is_reached_and_ends_only_where_meant(noun: str) -> None:
    table = LAW[noun]
    states = {state for state, _ in table} | set(table.values())
    reached = {BEGINS[noun]}
    for _ in states:
        reached |= {to for (at, _), to in table.items() if at in reached}
    assert reached == states
    assert {state for state in states if not verbs_from(noun, state)} == ENDS[noun]


@pytest.mark.parametrize("noun", LAW)
def test_what_is_not_listed_is_refused_with_what_is_possible(noun: str) -> None:
    table = LAW[noun]
    states = {state for state, _ in table} | set(table.values())
    verbs = {verb for _, verb in table}
    for state in states:
        for verb in verbs:
            if (state, verb) in table:
                assert next_state(noun, state, verb) == table[state, verb]
                continue
            with pytest.raises(DispatchError) as refused:
                next_state(noun, state, verb)
            assert refused.value.code == "wrong_state"
            assert refused.value.facts["possible"] == verbs_from(noun, state)


def test_order_states_are_active_or_ended() -> None:
    states = set(LAW["order"].values())
    assert states == set(ORDER_ACTIVE) | set(ORDER_ENDED)
    assert not set(ORDER_ACTIVE) & set(ORDER_ENDED)
    for verb, idle in ORDER_IDLE.items():
        for state in idle:
            assert (state, verb) not in LAW["order"]


def test_every_active_order_can_be_taken_back_and_replaced_and_no_ended_one() -> None:
    for state in ORDER_ACTIVE:
        assert {"recall", "replace"} <= set(verbs_from("order", state))
    for state in ORDER_ENDED:
        assert not {"replace", "leave", "arrive", "clear"} & set(verbs_from("order", state))
    # Nobody answered in time: a late answer still counts, and the desk may still take the order back.
    assert verbs_from("order", "timed_out") == ["accept", "recall", "refuse"]


def test_device_receipt_and_human_answer_are_apart() -> None:
    """A delivered order may be answered without being marked seen, and neither receipt accepts it."""
    assert next_state("order", "sent", "accept") == "accepted"
    assert {next_state("order", "sent", "deliver"), next_state("order", "delivered", "see")} == {"delivered", "seen"}


def test_every_verb_names_its_inverse_or_final() -> None:
    decisions = {f"{noun}.{verb}" for noun, table in LAW.items() for _, verb in table}
    receipts = {"order.deliver", "order.see", "order.time_out", "request.escalate", "request.expire", "incident.order"}
    answers = {"transfer.accept", "transfer.refuse", "transfer.withdraw", "request.refuse", "request.withdraw"}
    backs = {"incident.reopen", "call.leave", "call.join"}
    assert decisions - receipts - answers - backs <= set(INVERSE)
    known = decisions | set(INVERSE) | set(access.MAY) | {"final"}
    assert set(INVERSE.values()) <= known


def test_small_lists_stand_in_the_law() -> None:
    assert set(REQUEST_OPEN) == {state for state, verb in LAW["request"] if verb == "grant"}
    assert set(UNIT_REASONS.values()) == {"conditional", "unavailable"}
    assert {verb for _, verb in LAW["order"]} >= set(VOICE_VERBS)
