"""The law of the feed: for every action and every cast member, board before + events heard = a fresh snapshot."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from dispatch.actions.base import at_time
from tests.cast import NIGHT, Cast
from tests.contract import (
    stories,
    stories_between,
    stories_evidence,
    stories_field,
    stories_help,
    stories_house,
    stories_ladder,
    stories_reach,
    stories_trackers,
)
from tests.contract.notes import FIXTURES, Notes
from tests.contract.play import Play

ACTIONS = Path("dispatch/actions")
MODULES = (
    stories,
    stories_between,
    stories_evidence,
    stories_field,
    stories_help,
    stories_house,
    stories_ladder,
    stories_reach,
    stories_trackers,
)
STORIES = {name: story for module in MODULES for name, story in vars(module).items() if name.startswith("story_")}


@pytest.mark.parametrize("name", sorted(set(STORIES) - set(FIXTURES)))
def test_board_before_and_events_are_the_board_after(cast: Cast, name: str) -> None:
    play = Play(cast)
    STORIES[name](play)
    play.finish()


@pytest.mark.parametrize("name", FIXTURES)
def test_the_same_and_the_front_ends_fixtures_of_it(cast: Cast, name: str) -> None:
    """The browser's reducers get the same stories as files: NEARCAST_WRITE_FIXTURES=1 writes them anew."""
    with at_time(NIGHT):
        notes = Notes(name, FIXTURES[name])
        play = Play(cast, notes.hear)
        notes.begin(play.boards)
        STORIES[name](play)
        play.finish()
        notes.end(play.boards)
    notes.write_or_compare()


def decorated(path: Path) -> Iterator[str]:
    """Yield the names of the functions that `@action` decorates in a file."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(d, ast.Name) and d.id == "action" for d in node.decorator_list
        ):
            yield f"{path.stem}.{node.name}"


def told(module: ModuleType) -> set[str]:
    """Return every `room.action` that a module of stories names."""
    tree = ast.parse(Path(module.__file__ or "").read_text())
    attributes = (
        node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    )
    return {f"{node.value.id}.{node.attr}" for node in attributes if isinstance(node.value, ast.Name)}


def test_every_action_is_in_a_story() -> None:
    actions = {name for path in ACTIONS.glob("*.py") for name in decorated(path)}
    assert len(actions) > 50
    assert actions - set().union(*map(told, MODULES)) == set()


def test_a_story_finds_a_forgotten_event(cast: Cast) -> None:
    """The comparison itself: a change behind the journal's back is seen."""

    def careless(**_: object) -> None:
        cast.units["P-11"].call_sign = "X"
        cast.units["P-11"].save()

    with pytest.raises(AssertionError, match="units; careless"):
        Play(cast)(careless, "desk")
