"""The rungs: which is due when, halved at level 1, and what a radio has instead."""

import pytest

from dispatch import ladder


@pytest.mark.parametrize(
    ("waited_s", "level", "rung"),
    [
        (29.9, 2, ""), (30, 2, "repeat"), (60, 2, "desk"), (89, 4, "desk"), (90, 2, "next"), (120, 2, "commander"),
        (86_400, 2, "commander"), (14.9, 1, ""), (15, 1, "repeat"), (30, 1, "desk"), (45, 1, "next"), (60, 1, "commander"),
        (-5, 1, ""),
    ],
)  # fmt: skip
def test_the_highest_due_rung_counts(waited_s: float, level: int, rung: str) -> None:
    assert ladder.due_rung(waited_s, ladder.limits({}, level)) == rung


def test_the_profile_decides_and_a_huge_number_leaves_a_rung_out() -> None:
    due = ladder.limits({"order_repeat_s": 10, "order_next_s": 1e6}, 3)
    assert ladder.due_rung(11, due) == "repeat"
    assert ladder.due_rung(119, due) == "desk"


def test_a_radio_is_called_again_and_stands_as_high_as_a_repeat() -> None:
    assert ladder.said("repeat", radio_only=True) == "call"
    assert ladder.said("desk", radio_only=True) == "desk"
    assert ladder.height("call") == ladder.height("repeat") == 1
    assert set(ladder.below("next")) == {"", "repeat", "call", "desk"}
    assert [ladder.height(rung) for rung in ("", *ladder.RUNGS)] == [0, 1, 2, 3, 4]
