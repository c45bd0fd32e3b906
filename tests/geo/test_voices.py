"""Several devices of one tracker: one has the word at a time, by the time of its fixes, in whatever order they come in."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from geo.fixes import Fix, Rejected
from geo.intake import take_in
from geo.metres import destination
from geo.voices import MOST_SPANS, Talk, after_word
from tests.geo.town import CENTRE

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
ALWAYS = [(NOON - timedelta(days=1), None)]
PAGE, APP, PARTNER = 0, 7, 8
BESIDE = destination(CENTRE, 90, 12)


def fix(second: float, voice: int, accuracy_m: float | None = 8.0) -> Fix:
    at = NOON + timedelta(seconds=second)
    lon, lat = CENTRE if voice == PAGE else BESIDE
    return Fix(1, lon, lat, at, at, accuracy_m=accuracy_m, voice=voice)


class Unit:
    """A tracker that takes fixes one by one, as they come in."""

    def __init__(self) -> None:
        self.talks, self.last, self.kept = {1: Talk()}, {}, []

    def hear(self, *fixes: Fix, now_s: float = 4000) -> list[str]:
        now = NOON + timedelta(seconds=now_s)
        taken = take_in(fixes, duty={1: ALWAYS}, last=self.last, now=now, talks=self.talks)
        self.talks.update(taken.talks)
        self.last.update(taken.last)
        self.kept += taken.kept
        return [result.reason if isinstance(result, Rejected) else "kept" for result in taken.results]

    def run(self, fixes: Iterable[Fix]) -> None:
        for one in fixes:
            self.hear(one)

    def turns(self) -> int:
        """Return how often the word passed, along the track."""
        voices = [one.voice for one in sorted(self.kept, key=lambda one: one.fix_at)]
        return sum(a != b for a, b in pairwise(voices))


@pytest.mark.parametrize(("page_every_s", "app_every_s"), [(1, 10), (1, 1), (5, 5), (10, 10), (5, 10), (3, 7), (1, 30)])
def test_two_devices_side_by_side_make_no_zigzag(page_every_s: int, app_every_s: int) -> None:
    unit = Unit()
    said = [fix(s, PAGE) for s in range(0, 600, page_every_s)] + [fix(s + 0.4, APP) for s in range(0, 600, app_every_s)]
    unit.run(sorted(said, key=lambda one: one.fix_at))
    assert unit.turns() == 0
    assert len(unit.kept) == 600 // page_every_s


def test_rhythms_that_waver_make_no_zigzag_either() -> None:
    unit, dice = Unit(), random.Random(4)
    said = [fix(s + dice.uniform(0, 0.9), PAGE) for s in range(600)]
    said += [fix(s + dice.uniform(0, 9), APP) for s in range(0, 600, 10)]
    unit.run(sorted(said, key=lambda one: one.fix_at))
    assert unit.turns() == 0


def test_the_app_goes_on_when_the_screen_is_off_and_the_page_takes_over_when_it_is_back() -> None:
    unit = Unit()
    page = [fix(s, PAGE) for s in range(60)] + [fix(s, PAGE) for s in range(300, 360)]
    unit.run(sorted([*page, *(fix(s + 0.4, APP) for s in range(0, 360, 10))], key=lambda one: one.fix_at))
    assert unit.turns() == 2
    times = [(one.fix_at - NOON).total_seconds() for one in unit.kept]
    assert max(b - a for a, b in pairwise(times)) <= 20
    assert [one.voice for one in unit.kept if one.fix_at > NOON + timedelta(seconds=310)] == [PAGE] * 49


def test_a_much_more_exact_device_gets_the_word_at_once_and_keeps_it() -> None:
    unit = Unit()
    assert unit.hear(fix(0, PAGE, 180.0), fix(1, APP, 9.0), fix(2, PAGE, 170.0)) == ["kept", "kept", "other_device"]
    assert unit.hear(fix(3, PAGE, 8.0)) == ["other_device"]
    assert unit.hear(fix(4, PAGE, None)) == ["other_device"]


def test_a_queue_that_comes_late_is_judged_by_who_had_the_word_then() -> None:
    unit = Unit()
    unit.run(fix(s, PAGE) for s in [*range(60), *range(600, 660)])
    queue = [fix(s + 0.4, APP) for s in range(0, 660, 10)]
    said = unit.hear(*queue)
    kept = [s for s, result in zip(range(0, 660, 10), said, strict=True) if result == "kept"]
    assert kept == list(range(70, 600, 10))
    assert unit.turns() == 2
    assert unit.last[1].voice == PAGE


def test_backwards_and_shuffled_a_single_device_loses_nothing() -> None:
    for seconds in (range(599, -1, -1), random.Random(7).sample(range(600), 600)):
        unit = Unit()
        assert unit.hear(*(fix(s, APP) for s in seconds)) == ["kept"] * 600
        assert len(unit.talks[1].spans) <= MOST_SPANS


def test_three_devices_and_a_repeat() -> None:
    unit = Unit()
    assert unit.hear(fix(0, APP), fix(0.5, PARTNER), fix(1, PAGE), fix(2, APP)) == ["kept", "other_device", "other_device", "kept"]  # fmt: skip
    assert unit.hear(fix(2, APP)) == ["duplicate"]


def test_what_is_refused_for_another_reason_gives_nobody_the_word() -> None:
    unit = Unit()
    assert unit.hear(fix(90, APP), now_s=0) == ["future"]
    assert unit.hear(fix(0, PAGE), fix(91, PAGE), now_s=100) == ["kept", "kept"]


def test_where_one_device_only_may_speak_nothing_is_kept_or_asked() -> None:
    taken = take_in([fix(0, PAGE), fix(1, PAGE)], duty={1: ALWAYS}, last={}, now=NOON + timedelta(seconds=9))
    assert (len(taken.kept), taken.talks) == (2, {})


def test_memory_is_bounded_however_often_the_word_passes() -> None:
    talk = Talk()
    for turn in range(500):
        talk = after_word(talk, turn % 2, NOON + timedelta(minutes=5 * turn), None)
    assert len(talk.spans) == MOST_SPANS
