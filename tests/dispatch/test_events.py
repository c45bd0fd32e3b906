"""The catalogue of events: each kind is told in words, has an audience rule, a schema, and a reducer's rule."""

import json
import re
from pathlib import Path

import msgspec
import pytest
from django.core.management import call_command

from dispatch.cards import CARD_RETENTION, CARDS
from dispatch.events import CATALOGUE
from dispatch.events.base import RETENTION_CLASSES, Event, merge
from tests.cast import HERE, Cast

WORDS = Path("frontend/src/core/i18n")
CONTRACT = Path("frontend/src/contract")


@pytest.mark.parametrize("kind", CATALOGUE)
def test_every_kind_says_what_happened_who_hears_it_and_how_long_it_is_kept(kind: str) -> None:
    event = CATALOGUE[kind]
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", kind)
    assert event.__doc__
    assert event.__doc__ != Event.__doc__
    assert event.HEARD_BY
    assert event.RETENTION in RETENTION_CLASSES
    assert event.REMOVES in {"", *CARDS}
    cards = [name for name in event.__struct_fields__ if name in CARDS]
    assert len(cards) <= 1, "a reducer takes one card of an event"
    if event.REMOVES:
        assert cards == [event.REMOVES] or "removed_uid" in event.__struct_fields__


def test_every_class_of_events_is_in_the_catalogue() -> None:
    def leaves(event: type[Event]) -> set[type[Event]]:
        below = set(event.__subclasses__())
        return {event} if event.KIND else set().union(*(leaves(one) for one in below), set())

    assert leaves(Event) == set(CATALOGUE.values())


def test_every_kind_has_words_in_both_languages_and_stands_in_the_contract() -> None:
    words = "".join(path.read_text() for path in sorted(WORDS.glob("*.ts")))
    schema = json.loads((CONTRACT / "schema.json").read_text())["$defs"]
    for kind, event in CATALOGUE.items():
        found = re.search(rf"'event\.{re.escape(kind)}': \['([^']+)', '([^']+)'\]", words)
        assert found, kind
        assert re.search(r"[\u4e00-\u9fff]", found[1]), kind
        assert event.__name__ in schema, kind


def test_the_contract_is_written_down_as_it_is() -> None:
    call_command("write_contract", check=True)


def test_every_revealed_card_can_be_concealed() -> None:
    for noun in set(CARDS) - {"centre"}:
        assert CATALOGUE[f"{noun}.revealed"].card_field() == noun
        assert noun == CATALOGUE[f"{noun}.concealed"].REMOVES


def test_fields_with_their_own_retention_exist_and_come_together_again(cast: Cast) -> None:
    from dispatch import events
    from dispatch.actions.calls import take_call
    from dispatch.queries.present import call_card
    from tests.cast import new_uid

    for noun, fields in CARD_RETENTION.items():
        assert set(fields) <= set(CARDS[noun].__struct_fields__)
        assert set(fields.values()) <= set(RETENTION_CLASSES)
    call = take_call(
        actor=cast.viewer("taker"), uid=new_uid(), caller_number="55512345", remark="men", point=list(HERE)
    )
    event = events.CallTaken(call=call_card(call))
    parts = event.parts()
    assert set(parts) == {"record", "caller"}
    assert "55512345" not in str(parts["record"])
    assert merge(list(parts.values())) == msgspec.to_builtins(event)
