"""What fixes say of an order: left, there, gone, doubtful; and that poor, old or missing ones say nothing."""

from collections.abc import Iterable

import pytest

from dispatch.infer import Found, Rules, Seen, Task, Trail, doubt, infer, note, over
from geo.metres import destination

SCENE = (-71.25, -29.90)
RULES = Rules()


def task(state: str, since_s: float = 1000, circle_m: float = 0) -> Task:
    return Task(state, since_s, SCENE, circle_m)


def at(fix_s: float, metres: float, accuracy_m: float | None = 5, flags: int = 0) -> Seen:
    """Return a fix so many metres north of the scene."""
    return Seen(fix_s, destination(SCENE, 0, metres), accuracy_m, flags)


def walked(fixes: Iterable[Seen], of: Task) -> Trail:
    trail = Trail()
    for fix in fixes:
        trail = note(trail, fix, of, RULES)
    return trail


def said(fixes: Iterable[Seen], state: str, now_s: float, **more: float) -> Found | None:
    fixes = list(fixes)
    return infer(walked(fixes, task(state, **more)), task(state, **more), now_s, RULES)


def test_it_left_once_it_moved_beyond_what_the_fixes_may_be_wrong_by() -> None:
    moving = [at(1000 + 5 * step, 2000 - 30 * step, accuracy_m=10) for step in range(5)]
    assert said(moving[:3], "accepted", 1012) is None
    found = said(moving, "accepted", 1021)
    assert found
    assert (found.what, found.since_s, found.fix_s, found.accuracy_m) == ("leave", 1000, 1020, 10)
    assert round(found.distance_m) == 1880
    vague = [at(1000 + 5 * step, 2000 - 30 * step, accuracy_m=45) for step in range(5)]
    assert said(vague, "accepted", 1021) is None


def test_it_is_there_after_some_seconds_within_the_radius_and_not_while_passing() -> None:
    there = [at(1000 + 2 * step, 40) for step in range(6)]
    assert said(there[:5], "en_route", 1009) is None
    found = said(there, "en_route", 1011)
    assert found
    assert (found.what, round(found.distance_m)) == ("arrive", 40)
    passing = [at(1000 + 2 * step, 300 - 60 * step) for step in range(11)]
    assert said(passing, "en_route", 1021) is None
    # The place itself is vague by its circle.
    assert said([at(1000 + 2 * step, 140) for step in range(6)], "en_route", 1011, circle_m=100) is not None


def test_there_counts_before_left_and_only_for_who_has_said_yes() -> None:
    driven = [at(1000 + 5 * step, max(10, 200 - 50 * step)) for step in range(9)]
    assert said(driven, "accepted", 1041).what == "arrive"  # type: ignore[union-attr]
    for state in ("sent", "delivered", "seen", "timed_out", "cleared"):
        assert said(driven, state, 1041) is None


def test_it_has_gone_only_if_it_was_there() -> None:
    was = [at(1000, 20), *(at(1005 + 5 * step, 150 + 60 * step) for step in range(8))]
    found = said(was, "on_scene", 1041)
    assert found
    assert (found.what, found.since_s) == ("depart", 1010)
    never = [at(1000 + 5 * step, 3000) for step in range(9)]
    assert said(never, "on_scene", 1041) is None


@pytest.mark.parametrize(
    "fixes",
    [
        [at(900 + 2 * step, 10) for step in range(20)],  # all older than the order's state
        [at(1000 + 2 * step, 10, accuracy_m=400) for step in range(20)],  # too vague
        [at(1000 + 2 * step, 10, flags=2) for step in range(20)],  # flagged poor
        [at(1000 + 2 * step, 10, flags=1) for step in range(20)],  # flagged implausible
        [at(1000, 10), at(1038, 10)],  # a gap between them: nobody knows what was in it
        [at(1038 - step, 10) for step in range(20)],  # backwards: only the first counts
        [],
    ],
    ids=["older", "vague", "poor", "implausible", "gap", "backwards", "none"],
)
def test_nothing_is_said_from_what_is_no_evidence(fixes: list[Seen]) -> None:
    assert said(fixes, "en_route", 1040) is None


def test_a_gap_hides_a_move_too() -> None:
    assert said([at(1000, 3000), at(1100, 1000)], "accepted", 1101) is None


def test_old_fixes_say_nothing_new_and_refute_nothing() -> None:
    there = [at(1000 + 2 * step, 10) for step in range(10)]
    assert said(there, "en_route", 1018 + 31) is None
    assert not over("arrive", walked(there, task("en_route")), task("en_route"), 1018 + 31, RULES)


def test_what_was_said_is_over_when_it_drove_on_or_came_back_with_a_wide_margin() -> None:
    for metres, gone in ((90, False), (130, True)):
        trail = walked([at(1000, 10), at(1005, metres)], task("en_route"))
        assert over("arrive", trail, task("en_route"), 1006, RULES) is gone
    back = walked([at(1000, 300), at(1005, 30)], task("on_scene"))
    assert over("depart", back, task("on_scene"), 1006, RULES)
    assert not over("leave", back, task("accepted"), 1006, RULES)


def test_who_says_on_scene_and_is_kilometres_away_is_doubted_until_near_or_unknown() -> None:
    far = [at(1000 + 5 * step, 3000) for step in range(6)]
    scene = task("on_scene")
    assert doubt(walked(far[:4], scene), scene, 1016, RULES, stands=False) is None
    found = doubt(walked(far, scene), scene, 1026, RULES, stands=False)
    assert found
    assert (found.what, round(found.distance_m)) == ("far_from_scene", 3000)
    assert doubt(walked(far, task("en_route")), task("en_route"), 1026, RULES, stands=False) is None
    nearer = walked([*far, at(1030, 400)], scene)
    assert doubt(nearer, scene, 1031, RULES, stands=True) is not None
    assert doubt(walked([*far, at(1030, 250)], scene), scene, 1031, RULES, stands=True) is None
    assert doubt(walked(far, scene), scene, 1025 + 119, RULES, stands=True) is not None
    assert doubt(walked(far, scene), scene, 1025 + 121, RULES, stands=True) is None
    assert (
        doubt(
            walked([at(1000, 20), *(at(1010 + 5 * s, 3000) for s in range(9))], scene), scene, 1051, RULES, stands=False
        )
        is None
    )
