"""Play an action, then hold the law for every cast member: board before + events heard = a fresh snapshot."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db.models import Model

from dispatch import journal
from dispatch.access import Viewer
from dispatch.actions import base
from dispatch.actions.audience import wanted
from dispatch.journal import Entry
from dispatch.models import Call, Incident, Note, Order, OrderRequest, Post, Suggestion, Unit
from dispatch.queries.board import get_me
from realtime.rights import concerns, load_viewer
from tests.cast import NO_BOARD, RANKER, SETUP, WORKER, Cast
from tests.contract.reducer import PLURAL, heard, keyed, reduce, snapshot

SYSTEMS = {"setup": SETUP, "worker": WORKER, "ranker": RANKER}
OF_INCIDENT = (Call, Order, Note, Suggestion, OrderRequest)
# Whoever has a board but one of each pair that sees exactly the same: the suite stays quick.
TWINS = {"desk2", "partner", "district"}
APART = ("me", "kinds", "thresholds")
ON_BOARDS = ("area:", "ground:", "unit:")


class Play:
    """The cast with everybody's board. Call it with an action, who does it, and its arguments.

    A step compares the boards of whoever heard a word and of two more in turn; `finish` compares them all. Viewers
    with the same keys on boards share one reading of the database.
    """

    def __init__(self, cast: Cast, listen: Callable[[str, list[dict[str, Any]]], None] | None = None) -> None:
        self.cast = cast
        self.listen = listen
        self.start = base.now()
        self.names = [name for name in cast.people if name not in NO_BOARD | TWINS]
        self.step = 0
        self.read: dict[frozenset[tuple[str, str]], dict[str, Any]] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read all boards afresh, after something was done outside of a step."""
        self.read.clear()
        self.viewers = {name: self.cast.viewer(name) for name in self.names}
        self.boards = {name: self._snapshot(self.viewers[name]) for name in self.names}
        self.cards = {name: keyed(self.boards[name]) for name in self.names}

    def __call__(self, action: Callable[..., Any], who: str, **given: Any) -> Any:
        """Do it, compare boards, return what the action returned."""
        before = journal.head()[1]
        self.step += 1
        with base.at_time(self._moment()):
            result = action(actor=SYSTEMS.get(who) or self.cast.viewer(who), **given)
        entries = journal.read(after=before)
        self.read.clear()
        for turn, name in enumerate(list(self.names)):
            due = (turn + self.step) % len(self.names) < 2
            what = f"{action.__name__} by {who} as {name}: {[entry.kind for entry in entries]}"
            self._hear(name, entries, what, due=due)
        check_audiences()
        return result

    def _moment(self) -> datetime:
        """Return now; where the clock was stopped, a second later at each step. Never ahead of a running one: rights begin in time."""
        at = base.now()
        return at if at > self.start else self.start + timedelta(seconds=self.step)

    def finish(self) -> None:
        """Compare everybody's board with what the events of all steps made of it."""
        self.read.clear()
        for name in self.names:
            same(self.cards[name], self._snapshot(self.viewers[name]), f"at the end as {name}")

    def _hear(self, name: str, entries: list[Entry], what: str, *, due: bool) -> None:
        old, board = self.viewers[name], self.boards[name]
        viewer = self.cast.viewer(name)
        if any(concerns(entry, old.uid, old) for entry in entries):
            if load_viewer(self.cast.people[name].pk)[0] is None:
                self.names.remove(name)
                return
            self.viewers[name], self.boards[name] = viewer, self._snapshot(viewer)
            self.cards[name] = keyed(self.boards[name])
            return
        assert viewer.keys == old.keys, f"rights changed without a word; {what}"
        told = heard(entries, old)
        self.cards[name] = reduce(self.cards[name], told)
        if told or due:
            after = self.boards[name] = self._snapshot(viewer)
            same(self.cards[name], after, what)
            assert [board[part] for part in APART] == [after[part] for part in APART], what
        if self.listen:
            self.listen(name, told)

    def _snapshot(self, viewer: Viewer) -> dict[str, Any]:
        signature = frozenset(item for item in viewer.keys.items() if item[0].startswith(ON_BOARDS))
        if signature not in self.read:
            self.read[signature] = snapshot(viewer)
        return {**self.read[signature], "me": msgspec.to_builtins(get_me(viewer))}


def same(reduced: dict[str, dict[str, Any]], after: dict[str, Any], what: str) -> None:
    """Compare a reduced board with a snapshot, card by card sorted by uid."""
    for noun, plural in PLURAL.items():
        got = sorted(reduced[noun].values(), key=lambda card: card["uid"])
        assert got == sorted(after[plural], key=lambda card: card["uid"]), f"{plural}; {what}"


def check_audiences() -> None:
    """Every stored audience is what the rule gives now, and no part of an incident is seen by whom it is hidden from."""
    for row in (
        *Unit.objects.filter(active=True),
        *Post.objects.filter(active=True),
        *Call.objects.filter(state="open"),
    ):
        _check_audience(row)
    for incident in Incident.objects.exclude(state="closed"):
        _check_audience(incident)
        for model in OF_INCIDENT:
            for row in model.objects.filter(incident=incident):
                _check_audience(row)
                assert set(row.audience) <= set(incident.audience), (row, row.audience, incident.audience)


def _check_audience(row: Model) -> None:
    stored = row.audience  # type: ignore[attr-defined]
    assert all(key.startswith(ON_BOARDS) for key in stored)
    assert sorted(stored) == wanted(row), f"{row!r}: stored audience is not the rule's"
