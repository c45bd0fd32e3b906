"""Silence climbs: each rung once, the highest after an outage, the next unit proposed and never sent by itself."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch import journal
from dispatch.actions import answers, incidents, ladder, orders, units
from dispatch.actions.base import at_time
from dispatch.errors import DispatchError
from dispatch.models import Order, Unit
from tests.cast import NIGHT, WORKER, Cast


def later(order: Order, seconds: float) -> Any:
    return at_time(order.sent_at + timedelta(seconds=seconds))


def climb(order: Order, seconds: float) -> Order:
    with later(order, seconds):
        ladder.climb_ladder(actor=WORKER, uid=order.uid)
    return Order.objects.get(pk=order.pk)


def kinds(after: int) -> list[str]:
    return [entry.kind for entry in journal.read(after=after) if entry.kind.startswith("order.")]


def silent(cast: Cast, level: int = 2, listed: tuple[str, ...] = ("P-11", "P-12")) -> Order:
    with at_time(NIGHT):
        incident = cast.open(level=level)
        if listed:
            cast.suggest(incident, *listed)
        return cast.send(incident, "P-11")


def test_rung_by_rung_and_each_is_one_entry(cast: Cast) -> None:
    order, n = silent(cast), journal.head()[1]
    seen = [climb(order, seconds).rung for seconds in (29, 31, 40, 61, 61, 91, 95)]
    assert seen == ["", "repeat", "repeat", "desk", "desk", "next", "next"]
    assert kinds(n) == ["order.escalated", "order.escalated", "order.proposed", "order.escalated"]
    last = climb(order, 121)
    assert (last.state, last.rung) == ("timed_out", "commander")
    assert climb(order, 500).version == last.version
    assert kinds(n)[4:] == ["order.timed_out"]


def test_level_one_climbs_in_half_the_time(cast: Cast) -> None:
    order = silent(cast, level=1)
    assert [climb(order, seconds).rung for seconds in (14, 16, 31, 46)] == ["", "repeat", "desk", "next"]
    assert climb(order, 61).state == "timed_out"


def test_after_an_outage_there_is_one_entry_and_no_late_flood(cast: Cast) -> None:
    order, n = silent(cast), journal.head()[1]
    assert climb(order, 95).rung == "next"
    assert kinds(n) == ["order.proposed", "order.escalated"]
    with at_time(NIGHT):
        other = cast.send(cast.open(), "P-12", stack=True)
    n = journal.head()[1]
    assert climb(other, 86_400).state == "timed_out"
    assert kinds(n) == ["order.timed_out"]


@pytest.mark.parametrize("verb", ["accept", "leave", "arrive"])
def test_answered_by_voice_ends_the_ladder_and_withdraws_what_was_proposed(cast: Cast, verb: str) -> None:
    order = silent(cast)
    climb(order, 95)
    n = journal.head()[1]
    answers.answer_by_voice(actor=cast.viewer("desk"), uid=order.uid, verb=verb)
    assert order.proposals.get().state == "withdrawn"
    assert [entry.data["why"] for entry in journal.read(after=n) if entry.kind == "order.withdrawn"] == ["answered"]
    assert climb(order, 130).rung == "next"
    assert Order.objects.get(pk=order.pk).state in {"accepted", "en_route", "on_scene"}


def test_a_receipt_is_no_answer(cast: Cast) -> None:
    order, officer = silent(cast), cast.viewer("officer")
    with later(order, 20):
        answers.answer_order(actor=officer, uid=order.uid, verb="deliver")
        answers.answer_order(actor=officer, uid=order.uid, verb="see")
    assert climb(order, 31).rung == "repeat"


def test_a_radio_is_called_again_instead_of_rung(cast: Cast) -> None:
    Unit.objects.filter(pk=cast.units["P-11"].pk).update(radio_only=True)
    order = silent(cast)
    assert [climb(order, seconds).rung for seconds in (31, 61)] == ["call", "desk"]


def test_the_next_unit_is_proposed_to_the_desk_alone_and_waits_for_a_person(cast: Cast) -> None:
    order = silent(cast)
    climb(order, 95)
    proposed = order.proposals.get()
    assert (proposed.unit, proposed.state) == (cast.units["P-12"], "proposed")
    assert (proposed.suggestion_version, proposed.suggestion_slot) == (1, 2)
    assert f"unit:{cast.units['P-12'].pk}" not in proposed.audience
    with later(order, 100):
        sent = ladder.send_proposed(actor=cast.viewer("desk2"), uid=proposed.uid)
    assert (sent.state, sent.sent_by, sent.sent_at) == ("sent", cast.people["desk2"], NIGHT + timedelta(seconds=100))
    assert f"unit:{cast.units['P-12'].pk}" in sent.audience
    with pytest.raises(DispatchError) as again:
        ladder.send_proposed(actor=cast.viewer("desk"), uid=proposed.uid)
    assert (again.value.code, again.value.facts["state"]) == ("wrong_state", "sent")


def test_nobody_else_sends_or_discards_it(cast: Cast) -> None:
    order = silent(cast)
    climb(order, 95)
    uid = order.proposals.get().uid
    for who in ("officer", "officer2", "outsider", "neighbour", "nobody"):
        for act in (ladder.send_proposed, ladder.discard_proposed):
            with pytest.raises(DispatchError) as refused:
                act(actor=cast.viewer(who), uid=uid)
            assert refused.value.code == "not_found"
    for act in (ladder.send_proposed, ladder.discard_proposed):
        with pytest.raises(DispatchError) as refused:
            act(actor=cast.viewer("taker"), uid=uid)
        assert refused.value.code == "forbidden"
    assert ladder.discard_proposed(actor=cast.viewer("desk"), uid=uid).state == "withdrawn"
    with pytest.raises(DispatchError):
        ladder.discard_proposed(actor=cast.viewer("desk"), uid=uid)


def test_only_who_is_free_and_not_asked_yet_is_proposed_and_an_empty_list_says_so(cast: Cast) -> None:
    busy = silent(cast)
    with at_time(NIGHT):
        cast.send(cast.open(), "P-12")
    n = journal.head()[1]
    climb(busy, 95)
    told = [entry.data for entry in journal.read(after=n) if entry.kind == "order.escalated"]
    assert [(one["proposed"], one["nothing"]) for one in told] == [(None, "none_left")]
    assert not busy.proposals.exists()


def test_nothing_is_proposed_where_the_desk_has_sent_another_already(cast: Cast) -> None:
    order = silent(cast)
    with later(order, 70):
        cast.send(order.incident, "P-12")
    n = journal.head()[1]
    climb(order, 95)
    told = [entry.data["nothing"] for entry in journal.read(after=n) if entry.kind == "order.escalated"]
    assert told == ["already_sent"]


def test_another_centres_unit_that_must_be_asked_for_is_not_proposed(cast: Cast) -> None:
    order = silent(cast)
    suggestion = order.incident.suggestions.get()
    suggestion.body["units"][1]["order_by"] = "request"
    suggestion.save()
    climb(order, 95)
    assert not order.proposals.exists()


@pytest.mark.parametrize("how", ["recalled", "other_sent", "closed"])
def test_a_proposal_goes_with_what_it_was_for(cast: Cast, how: str) -> None:
    order = silent(cast, listed=("P-11", "P-12", "P-31"))
    with at_time(NIGHT):
        cast.send(cast.open(level=1), "P-31")
    climb(order, 95)
    proposed = order.proposals.get()
    if how == "recalled":
        orders.recall_order(actor=cast.viewer("desk"), uid=order.uid)
    elif how == "other_sent":
        cast.send(order.incident, "P-12")
    else:
        climb(order, 121)
        incidents.close_incident(actor=cast.viewer("supervisor"), uid=order.incident.uid, reason="over")
    proposed.refresh_from_db()
    assert proposed.state == "withdrawn"


def test_a_proposed_unit_that_went_off_duty_is_refused_and_the_proposal_stays(cast: Cast) -> None:
    order = silent(cast)
    climb(order, 95)
    units.sign_off(actor=cast.viewer("officer2"), unit_uid=cast.uid("P-12"))
    with pytest.raises(DispatchError) as refused:
        ladder.send_proposed(actor=cast.viewer("desk"), uid=order.proposals.get().uid)
    assert refused.value.code == "unit_off_duty"
    assert order.proposals.get().state == "proposed"


def test_a_late_yes_still_counts_and_takes_the_proposal_back(cast: Cast) -> None:
    order = silent(cast)
    climb(order, 95)
    climb(order, 121)
    answers.answer_order(actor=cast.viewer("officer"), uid=order.uid, verb="accept")
    row = Order.objects.get(pk=order.pk)
    assert (row.state, row.rung) == ("accepted", "commander")
    assert order.proposals.get().state == "withdrawn"


def test_only_the_worker_climbs(cast: Cast) -> None:
    order = silent(cast)
    for who in ("desk", "chief", "officer"):
        with pytest.raises(DispatchError):
            ladder.climb_ladder(actor=cast.viewer(who), uid=order.uid)
