"""The demo's clock at a start: it never runs backwards against what the instance has lived."""

import pytest

from deploy.setup import demo_clock
from geo import clock

REAL_S = 1_763_700_000.0


def test_a_plain_start_needs_no_anchor():
    assert demo_clock.anchor(REAL_S - 5, REAL_S, 1) == ""
    assert demo_clock.anchor(0.0, REAL_S, 1) == ""


def test_a_fast_start_begins_at_the_machines_moment():
    anchor = clock.parse(demo_clock.anchor(REAL_S - 5, REAL_S, 20))
    assert anchor.at(REAL_S) == REAL_S
    assert anchor.at(REAL_S + 1) == REAL_S + 20


@pytest.mark.parametrize("speed", [1, 20])
def test_an_instance_that_ran_ahead_goes_on_from_there(speed):
    newest_s = REAL_S + 3 * 3600
    anchor = clock.parse(demo_clock.anchor(newest_s, REAL_S, speed))
    assert newest_s < anchor.at(REAL_S) <= newest_s + 2
    assert anchor.at(REAL_S + 10) == pytest.approx(newest_s + 1 + 10 * speed)


def test_lengths_in_words():
    assert [demo_clock.span(seconds) for seconds in (4, 600, 9000)] == ["1 min", "10 min", "2 h 30 min"]
