# ruff: noqa: F811
"""The board folded from the journal is the board that a snapshot gave then, for every member of the cast."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch import access, journal
from dispatch.access import Viewer
from dispatch.actions import base, calls, incidents
from dispatch.actions.base import at_time
from dispatch.actions.house import set_threshold
from dispatch.actions.journal import erase_payloads
from dispatch.models import JournalEntry
from dispatch.queries import fold
from dispatch.queries.replay_entries import list_entries
from dispatch.queries.replay_world import get_world, number_at, thresholds_at
from dispatch.queries.replays import Replay
from tests.cast import HERE, NIGHT, SETUP, WORKER, Cast, built, cast, new_uid  # noqa: F401
from tests.contract import stories, stories_house
from tests.contract.play import SYSTEMS, same
from tests.contract.reducer import snapshot

STORIES = {
    name: story
    for module in (stories, stories_house)
    for name, story in vars(module).items()
    if name.startswith("story_") and name != "story_people"
}
LOOKERS = ("city_desk", "supervisor", "video", "neighbour", "outsider", "double", "officer")
KEPT_STEPS = (0, 3, 8)
Boards = dict[str, tuple[Viewer, dict[str, Any]]]


class Watched:
    """Tells a story as tests.contract.play does, comparing nothing; keeps some boards at a few steps and at the end."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.step, self.start = cast, 0, base.now()
        self.kept = [self.look()]

    def __call__(self, action: Any, who: str, **given: Any) -> Any:
        self.step += 1
        with at_time(max(base.now(), self.start + timedelta(seconds=self.step))):
            made = action(actor=SYSTEMS.get(who) or self.cast.viewer(who), **given)
        if self.step in KEPT_STEPS:
            self.kept.append(self.look())
        return made

    def refresh(self) -> None:
        """Nothing is kept that could be stale."""

    def look(self) -> tuple[int, Any, Boards]:
        at = JournalEntry.objects.order_by("-n").values_list("at", flat=True).first()
        viewers = {name: one for name in LOOKERS if access.can(one := self.cast.viewer(name), "board.read")}
        return journal.head()[1], at, {name: (one, snapshot(one)) for name, one in viewers.items()}


@pytest.mark.parametrize("name", sorted(STORIES))
def test_folded_board_is_the_snapshot_of_then(cast: Cast, name: str) -> None:
    """The fold at n0 is the snapshot of n0, and with the recording's entries the snapshot of n1, in every story."""
    play = Watched(cast)
    STORIES[name](play)  # type: ignore[arg-type]
    last_n, _, last = play.look()
    for n, at, boards in play.kept:
        for who, (looker, board) in boards.items():
            state, _ = get_world(looker, n, at)
            same({**state, "centre": fold.keyed(board)["centre"]}, board, f"{who} at {n} of {name}")
            now, end = last.get(who, (None, {}))
            if now and looker.keys == now.keys:
                after = fold.reduce(state, list_entries(looker, _replay(n, last_n), after=0).entries)
                same({**after, "centre": fold.keyed(end)["centre"]}, end, f"{who} to {last_n} of {name}")


def _replay(after_n: int, last_n: int) -> Replay:
    return Replay(uid=new_uid(), n=0, opened_at=NIGHT, person=None, mine=True, after_n=after_n, last_n=last_n)


def _at(minute: int) -> Any:
    return at_time(NIGHT + timedelta(minutes=minute))


def test_number_of_a_time_is_that_of_the_last_entry_before_it(cast: Cast) -> None:
    heads = []
    for minute in (10, 20, 20, 30):
        with _at(minute):
            cast.open()
        heads.append(journal.head()[1])
    ask = [number_at(NIGHT + timedelta(minutes=minute, seconds=1)) for minute in (10, 19, 20, 25, 30, 99)]
    assert ask == [heads[0], heads[0], heads[2], heads[2], heads[3], heads[3]]
    assert number_at(NIGHT + timedelta(minutes=20)) == heads[0]
    assert number_at(NIGHT - timedelta(days=9)) == 0


def test_a_call_taken_off_a_closed_incident_is_still_open_then(cast: Cast) -> None:
    with _at(1):
        call = calls.take_call(actor=cast.viewer("taker"), uid=new_uid(), heard_place="bridge")
        incident = cast.open(call_uid=call.uid)
    with _at(2):
        calls.leave_call(actor=cast.viewer("desk"), call_uid=call.uid)
        incidents.close_incident(actor=cast.viewer("supervisor"), uid=incident.uid, reason="over")
    n, board = journal.head()[1], snapshot(cast.viewer("desk"))
    with _at(600):
        calls.close_call(actor=cast.viewer("desk"), call_uid=call.uid, reason="test")
    state, _ = get_world(cast.viewer("desk"), n, NIGHT + timedelta(minutes=300))
    assert [card["uid"] for card in board["calls"]] == [str(call.uid)]
    assert list(state["call"].values()) == board["calls"]
    assert state["incident"] == {}


def test_what_a_rule_erased_is_named_and_gone(cast: Cast) -> None:
    with _at(1):
        call = calls.take_call(actor=cast.viewer("taker"), uid=new_uid(), caller_number="55512345", caller_name="Ana")
        incident = cast.open(call_uid=call.uid)
    with _at(2):
        incidents.close_incident(actor=cast.viewer("supervisor"), uid=incident.uid, reason="over")
    before = journal.head()[1]
    erase_payloads(actor=WORKER, retention="caller", before=NIGHT + timedelta(days=1), rule="caller 1 day")
    n = JournalEntry.objects.filter(kind="call.joined").values_list("n", flat=True).get()
    state, erased = get_world(cast.viewer("supervisor"), n, NIGHT + timedelta(minutes=1))
    card = state["call"][str(call.uid)]
    assert "55512345" not in str(state)
    assert "caller_number" not in card
    assert erased[str(call.uid)] == ["caller"]
    told = list_entries(cast.viewer("supervisor"), _replay(0, before), after=0).entries
    assert "55512345" not in str(told)
    assert [event["erased"] for event in told if event["kind"] == "call.taken"] == [["caller"]]


def test_an_erased_record_still_takes_its_object_off_the_board(cast: Cast) -> None:
    with _at(1):
        incident = cast.open()
    with _at(2):
        incidents.close_incident(actor=cast.viewer("supervisor"), uid=incident.uid, reason="over")
    n = JournalEntry.objects.get(kind="incident.closed").n
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE dispatch_journalpayload SET data = NULL WHERE n = %s", [n])
    told = list_entries(cast.viewer("supervisor"), _replay(n - 1, n), after=0).entries
    assert (told[0]["data"], told[0]["erased"]) == ({"removed_uid": str(incident.uid)}, ["record"])
    assert get_world(cast.viewer("supervisor"), n, NIGHT + timedelta(minutes=2))[0]["incident"] == {}


def test_thresholds_are_those_of_then(cast: Cast) -> None:
    set_threshold(actor=SETUP, profile="CN", key="fix_live_s", value=30)
    n = journal.head()[1]
    set_threshold(actor=SETUP, profile="CN", key="fix_live_s", value=45)
    set_threshold(actor=SETUP, profile="US", key="fix_live_s", value=99)
    set_threshold(actor=SETUP, profile="CN", key="new_one_s", value=1)
    assert thresholds_at(n)["fix_live_s"] == 30
    assert "new_one_s" not in thresholds_at(n)
    assert thresholds_at(journal.head()[1])["fix_live_s"] == 45


def test_only_roles_that_may_replay_open_anything(cast: Cast) -> None:
    looker = access.over(cast.viewer("supervisor"), "replay.open")
    assert set(looker.keys) == set(cast.viewer("supervisor").keys)
    double: Viewer = access.over(cast.viewer("double"), "replay.open")
    assert (double.held, set(double.keys)) == ((), {f"person:{double.pk}"})
    assert access.over(cast.viewer("officer"), "replay.open").unit_ids == frozenset()
