"""One clock: at its rate from its anchor, the machine's own where nothing else was said."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from geo import clock
from geo.clock import Anchor

AHEAD_S = 3 * 3600.0


@pytest.fixture
def fast(settings):
    """Set the clock three hours ahead, at 20×; return the real moment of its anchor."""
    real_s = time.time()
    settings.CLOCK = Anchor(real_s, real_s + AHEAD_S, 20.0)
    return real_s


def test_without_an_anchor_it_is_the_machines_clock():
    assert abs(clock.time_s() - time.time()) < 0.5
    assert clock.now().tzinfo is UTC
    assert (clock.rate(), clock.wait_s(4), clock.span_s(4)) == (1, 4, 4)


def test_it_runs_at_its_rate_from_its_anchor(fast):
    anchor = clock.anchor()
    assert anchor.at(fast) == fast + AHEAD_S
    assert anchor.at(fast + 90) == pytest.approx(fast + AHEAD_S + 1800)
    assert (clock.wait_s(20), clock.span_s(1)) == (1, 20)
    first = clock.time_s()
    time.sleep(0.02)
    assert 0.3 < clock.time_s() - first < 20


@pytest.mark.parametrize("text", ["20", "1,2", "a,b,c", "1,2,3,4", "5,5,0.5", "5,5,21", "-5,5,2", "nan,5,2", "5,inf,2"])
def test_what_is_no_anchor_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the settings say it in words
        clock.parse(text)


def test_an_anchor_is_read_as_it_was_written():
    assert clock.parse("100.5,200,20") == Anchor(100.5, 200, 20)
    assert clock.parse("") is clock.REAL


def test_a_phone_that_knows_of_no_scale_is_carried_over(fast):
    said = datetime.now(UTC) - timedelta(seconds=2)
    carried = clock.of_device(said)
    assert abs((clock.now() - carried).total_seconds() - 40) < 10


def test_a_client_of_the_scaled_clock_is_taken_at_its_word(fast):
    for age in (timedelta(0), timedelta(seconds=50), timedelta(minutes=40), timedelta(hours=2)):
        said = clock.now() - age
        assert clock.of_device(said) == said
    naive = datetime(2026, 3, 11, 12)  # noqa: DTZ001 - what a device may send
    assert clock.of_device(naive) is naive


def test_outside_a_scaled_demo_no_moment_is_touched():
    said = datetime.now(UTC) - timedelta(hours=5)
    assert clock.of_device(said) is said
