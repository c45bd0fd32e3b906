"""The rules of decisions, straight on the actions: digits, busy units, ways across centres, closing, handing over."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dispatch.actions import aid, answers, calls, incidents, notes, orders, requests, suggestions, transfers, units
from dispatch.errors import DispatchError
from dispatch.models import Incident, JournalEntry, Order, OrderRequest, OrderStep, Unit
from tests.cast import DEEP_HERE, HERE, RANKER, WORKER, Cast, new_uid, refused


def ask(cast: Cast, incident: Incident, unit: str, who: str = "desk") -> OrderRequest:
    return requests.ask_for_unit(
        actor=cast.viewer(who), uid=new_uid(), incident_uid=incident.uid, unit_uid=cast.uid(unit)
    )


# --- digits ---


def test_a_digit_orders_the_unit_that_stood_beside_it(cast: Cast) -> None:
    incident = cast.open()
    cast.suggest(incident, "P-11", "P-12")
    order = cast.send(incident, "P-12", suggestion=(1, 2))
    assert (order.suggestion_version, order.suggestion_slot, order.unit) == (1, 2, cast.units["P-12"])


def test_a_digit_of_another_line_is_refused(cast: Cast) -> None:
    incident = cast.open()
    cast.suggest(incident, "P-11", "P-12")
    facts = refused("suggestion_changed", cast.send, incident=incident, target="P-12", suggestion=(1, 1))
    assert facts["shown"] == "P-11"
    assert facts["newest"] == 1
    for pair in ((1, 9), (7, 1)):
        refused("suggestion_changed", cast.send, incident=incident, target="P-11", suggestion=pair)
    assert Order.objects.count() == 0


def test_a_digit_of_an_old_list_counts_while_the_newest_still_offers_the_unit(cast: Cast) -> None:
    incident = cast.open()
    cast.suggest(incident, "P-11", "P-12")
    cast.suggest(incident, "P-12")
    refused("suggestion_changed", cast.send, incident=incident, target="P-11", suggestion=(1, 1))
    assert cast.send(incident, "P-12", suggestion=(1, 2)).suggestion_version == 1


def test_a_list_for_a_closed_incident_is_not_recorded(cast: Cast) -> None:
    incident = cast.open()
    incidents.close_incident(actor=cast.viewer("supervisor"), uid=incident.uid, reason="over")
    assert suggestions.record_failure(actor=RANKER, incident_uid=incident.uid, code="x") is None


# --- one unit, one order ---


def test_the_second_order_to_a_unit_is_refused_and_names_the_first(cast: Cast) -> None:
    first = cast.open()
    cast.send(first, "P-11")
    other = cast.open(point=DEEP_HERE)
    facts = refused("unit_busy", cast.send, incident=other, target="P-11", who="desk2")
    assert (facts["unit"], facts["incident"], facts["by"]) == ("P-11", first.number, "desk")
    assert cast.send(other, "P-11", who="desk2", stack=True).stacked


def test_off_duty_and_retired_units_take_no_order(cast: Cast) -> None:
    incident = cast.open()
    units.sign_off(actor=cast.viewer("officer"), unit_uid=cast.uid("P-11"))
    assert refused("unit_off_duty", cast.send, incident=incident, target="P-11")["unit"] == "P-11"
    Unit.objects.filter(pk=cast.units["P-12"].pk).update(active=False)
    refused("target_inactive", cast.send, incident=incident, target="P-12")


def test_a_unit_with_an_order_does_not_go_off_duty(cast: Cast) -> None:
    incident = cast.open()
    cast.send(incident, "P-11")
    facts = refused("orders_active", units.sign_off, actor=cast.viewer("officer"), unit_uid=cast.uid("P-11"))
    assert facts["incidents"] == [incident.number]


# --- answers ---


def test_an_answer_to_a_recalled_order_is_refused_and_changes_nothing(cast: Cast) -> None:
    order = cast.send(cast.open(), "P-11")
    orders.recall_order(actor=cast.viewer("desk"), uid=order.uid)
    refused("not_found", answers.answer_order, actor=cast.viewer("officer"), uid=order.uid, verb="accept")
    facts = refused("wrong_state", answers.answer_by_voice, actor=cast.viewer("desk"), uid=order.uid, verb="accept")
    assert (facts["state"], facts["possible"]) == ("recalled", [])
    assert Order.objects.get(pk=order.pk).answered_at is None


def test_receipts_that_come_twice_or_late_are_no_error(cast: Cast) -> None:
    order, officer = cast.send(cast.open(), "P-11"), cast.viewer("officer")
    for verb in ("deliver", "deliver", "accept", "see", "deliver"):
        answers.answer_order(actor=officer, uid=order.uid, verb=verb)
    row = Order.objects.get(pk=order.pk)
    assert (row.state, row.signed_by, row.version) == ("accepted", None, 3)


def test_the_step_that_a_crew_mate_or_the_radio_said_already_changes_nothing(cast: Cast) -> None:
    order, officer, desk = cast.send(cast.open(), "P-11"), cast.viewer("officer"), cast.viewer("desk")
    for verb in ("accept", "accept", "leave", "accept", "arrive", "leave", "arrive"):
        answers.answer_order(actor=officer, uid=order.uid, verb=verb)
    entries = JournalEntry.objects.count()
    assert answers.answer_by_voice(actor=desk, uid=order.uid, verb="arrive").by_voice is False
    row = Order.objects.get(pk=order.pk)
    assert (row.state, row.version, row.by_voice) == ("on_scene", 4, False)
    assert OrderStep.objects.filter(order=order).count() == 4
    assert JournalEntry.objects.count() == entries


def test_only_the_crew_answers_its_order(cast: Cast) -> None:
    order = cast.send(cast.open(), "P-11")
    for who in ("officer2", "officer3", "outsider"):
        refused("not_found", answers.answer_order, actor=cast.viewer(who), uid=order.uid, verb="accept")
    for who in ("desk", "chief"):
        refused("forbidden", answers.answer_order, actor=cast.viewer(who), uid=order.uid, verb="accept")


def test_cannot_needs_a_reason_of_the_list_and_other_needs_words(cast: Cast) -> None:
    order, officer = cast.send(cast.open(), "P-11"), cast.viewer("officer")
    refused("bad_input", answers.refuse_order, actor=officer, uid=order.uid, reason="tired")
    refused("bad_input", answers.refuse_order, actor=officer, uid=order.uid, reason="other")
    assert answers.refuse_order(actor=officer, uid=order.uid, reason="other", text="轮胎 🛞").refuse_text == "轮胎 🛞"


def test_a_closed_incident_takes_no_late_answer(cast: Cast) -> None:
    incident = cast.open()
    order = cast.send(incident, "P-11")
    orders.time_out_order(actor=WORKER, uid=order.uid)
    incidents.close_incident(actor=cast.viewer("supervisor"), uid=incident.uid, reason="over")
    desk = cast.viewer("desk")
    refused("wrong_state", answers.answer_by_voice, actor=desk, uid=order.uid, verb="accept")
    with pytest.raises(DispatchError):
        answers.answer_order(actor=cast.viewer("officer"), uid=order.uid, verb="accept")
    with pytest.raises(DispatchError):
        orders.recall_order(actor=desk, uid=order.uid)
    assert Order.objects.get(pk=order.pk).state == "timed_out"


# --- across centres ---


def test_another_centres_unit_needs_a_request_aid_or_level_one(cast: Cast) -> None:
    incident = cast.open(level=2)
    assert refused("needs_request", cast.send, incident=incident, target="P-31")["centre"] == "S3"
    requests.answer_request(actor=cast.viewer("outsider"), uid=ask(cast, incident, "P-31").uid, verb="grant")
    assert cast.send(incident, "P-31").across == "request"


def test_level_one_goes_straight_and_the_owner_sees_it(cast: Cast) -> None:
    incident = cast.open(level=1)
    order = cast.send(incident, "P-31")
    assert order.across == "direct"
    assert f"area:{cast.areas['S3'].pk}" in Order.objects.get(pk=order.pk).audience
    assert f"area:{cast.areas['S3'].pk}" in Incident.objects.get(pk=incident.pk).audience


def test_aid_lets_order_until_its_end(cast: Cast) -> None:
    incident, now = cast.open(level=2), timezone.now()
    given = {
        "actor": cast.viewer("chief"),
        "from_centre": cast.uid("S3"),
        "to_centre": cast.uid("S1"),
        "reason": "match",
    }
    refused("bad_input", aid.grant_aid, **given, ends_at=now + timedelta(hours=25))
    refused("bad_input", aid.grant_aid, **given, ends_at=now - timedelta(seconds=1))
    refused("forbidden", aid.grant_aid, **{**given, "actor": cast.viewer("desk")}, ends_at=now + timedelta(hours=1))
    lent = aid.grant_aid(**given, ends_at=now + timedelta(hours=1))
    order = cast.send(incident, "P-31")
    assert order.across == "aid"
    orders.recall_order(actor=cast.viewer("desk"), uid=order.uid)
    aid.end_aid(actor=cast.viewer("chief"), uid=lent.uid)
    refused("needs_request", cast.send, incident=incident, target="P-31")


def test_a_request_is_answered_by_whose_unit_it_is(cast: Cast) -> None:
    incident = cast.open()
    request = ask(cast, incident, "P-31")
    refused("already_asked", ask, cast=cast, incident=incident, unit="P-31")
    answer = requests.answer_request
    refused("forbidden", answer, actor=cast.viewer("desk"), uid=request.uid, verb="grant")
    refused("not_found", answer, actor=cast.viewer("neighbour"), uid=request.uid, verb="grant")
    refused("bad_input", answer, actor=cast.viewer("outsider"), uid=request.uid, verb="refuse")
    answer(actor=cast.viewer("outsider"), uid=request.uid, verb="refuse", reason="needed here")
    refused("needs_request", cast.send, incident=incident, target="P-31")
    # Once answered, the other desk has no more business with the incident.
    refused(
        "not_found", notes.write_note, actor=cast.viewer("outsider"), uid=new_uid(), incident_uid=incident.uid, text="x"
    )


# --- incidents ---


def test_closing_needs_no_order_under_way_and_feedback_or_a_superiors_reason(cast: Cast) -> None:
    incident = cast.open()
    order = cast.send(incident, "P-11")
    close = incidents.close_incident
    facts = refused("orders_active", close, actor=cast.viewer("supervisor"), uid=incident.uid, reason="x")
    assert facts["orders"] == [str(order.uid)]
    orders.recall_order(actor=cast.viewer("desk"), uid=order.uid)
    refused("needs_feedback", close, actor=cast.viewer("desk"), uid=incident.uid, reason="x")
    refused("needs_feedback", close, actor=cast.viewer("supervisor"), uid=incident.uid)
    notes.give_feedback(actor=cast.viewer("desk"), uid=new_uid(), incident_uid=incident.uid, text="done", stage="final")
    assert close(actor=cast.viewer("desk"), uid=incident.uid).state == "closed"
    refused("wrong_state", close, actor=cast.viewer("desk"), uid=incident.uid)
    refused("forbidden", incidents.reopen_incident, actor=cast.viewer("desk"), uid=incident.uid, cause="x")
    refused("bad_input", incidents.reopen_incident, actor=cast.viewer("supervisor"), uid=incident.uid, cause=" ")


def test_closing_takes_back_what_waits_for_an_answer(cast: Cast) -> None:
    incident = cast.open()
    request = ask(cast, incident, "P-31")
    transfers.offer_transfer(actor=cast.viewer("desk"), uid=incident.uid, to_centre=cast.uid("S2"), reason="yours")
    incidents.close_incident(actor=cast.viewer("supervisor"), uid=incident.uid, reason="over")
    refused("wrong_state", transfers.accept_transfer, actor=cast.viewer("neighbour"), uid=incident.uid)
    assert OrderRequest.objects.get(pk=request.pk).state == "withdrawn"
    with pytest.raises(DispatchError):
        requests.escalate_request(actor=WORKER, uid=request.uid)


def test_only_the_owner_or_a_commander_lets_go(cast: Cast) -> None:
    incident = cast.open("desk")
    facts = refused("already_owned", incidents.take_incident, actor=cast.viewer("desk2"), uid=incident.uid)
    assert facts["owner"] == "desk"
    refused("forbidden", incidents.yield_incident, actor=cast.viewer("desk2"), uid=incident.uid)
    assert incidents.yield_incident(actor=cast.viewer("chief"), uid=incident.uid).owner is None
    assert incidents.take_incident(actor=cast.viewer("desk2"), uid=incident.uid).owner == cast.people["desk2"]


def test_hold_has_a_time_to_look_again_and_an_order_wakes_it(cast: Cast) -> None:
    incident, desk = cast.open(), cast.viewer("desk")
    for minutes in (0, 24 * 60 + 1, None, True):
        refused("bad_input", incidents.hold_incident, actor=desk, uid=incident.uid, minutes=minutes, reason="x")
    refused("bad_input", incidents.hold_incident, actor=desk, uid=incident.uid, minutes=5, reason="  ")
    incidents.hold_incident(actor=desk, uid=incident.uid, minutes=5, reason="later")
    cast.send(incident, "P-11")
    row = Incident.objects.get(pk=incident.pk)
    assert (row.state, row.hold_until, row.hold_reason) == ("open", None, "")


def test_only_the_offered_centre_takes_over(cast: Cast) -> None:
    incident = cast.open(point=DEEP_HERE)
    offer = {"actor": cast.viewer("desk"), "uid": incident.uid, "reason": "yours"}
    refused("already_there", transfers.offer_transfer, **offer, to_centre=cast.uid("S1"))
    transfers.offer_transfer(**offer, to_centre=cast.uid("S3"))
    refused("wrong_state", transfers.offer_transfer, **offer, to_centre=cast.uid("S2"))
    refused("forbidden", transfers.accept_transfer, actor=cast.viewer("desk2"), uid=incident.uid)
    refused("not_found", transfers.accept_transfer, actor=cast.viewer("neighbour"), uid=incident.uid)
    taken = transfers.accept_transfer(actor=cast.viewer("outsider"), uid=incident.uid)
    assert (taken.centre, taken.owner) == (cast.centres["S3"], cast.people["outsider"])
    # It still lies on S1's ground: seen, and no more.
    refused("forbidden", incidents.take_incident, actor=cast.viewer("desk"), uid=incident.uid)


def test_an_old_list_goes_out_of_sight_with_the_incident(cast: Cast) -> None:
    from dispatch.queries.board import get_board

    incident = cast.open(point=DEEP_HERE)
    for _ in range(2):
        cast.suggest(incident, "P-11")
    transfers.offer_transfer(actor=cast.viewer("desk"), uid=incident.uid, to_centre=cast.uid("S3"), reason="yours")
    transfers.accept_transfer(actor=cast.viewer("outsider"), uid=incident.uid)
    assert get_board(cast.viewer("desk")).suggestions == []
    assert [card.number for card in get_board(cast.viewer("outsider")).suggestions] == [2]


def test_a_joined_call_follows_its_incident(cast: Cast) -> None:
    incident = cast.open(point=HERE)
    call = calls.take_call(actor=cast.viewer("neighbour"), uid=new_uid(), caller_number="1")
    refused("not_found", calls.join_call, actor=cast.viewer("desk"), call_uid=call.uid, incident_uid=incident.uid)
    calls.join_call(actor=cast.viewer("district"), call_uid=call.uid, incident_uid=incident.uid)
    refused("not_found", calls.close_call, actor=cast.viewer("neighbour"), call_uid=call.uid, reason="test")
    assert calls.leave_call(actor=cast.viewer("desk"), call_uid=call.uid).incident is None


# --- words ---

WORDS = [
    "\u202eabc\u202c",
    "\U0001f46e\u200d\u2640\ufe0f 出警",
    "a\u200bb",
    "<script>alert(1)</script>",
    "{{ x }}",
    "O'Brien",
]


@pytest.mark.parametrize("words", WORDS)
def test_words_stay_as_they_were_said(cast: Cast, words: str) -> None:
    incident = cast.open(remark=words, place=words, hazards=words)
    row = Incident.objects.get(pk=incident.pk)
    assert (row.remark, row.place, row.hazards) == (words, words, words)


def test_a_remark_of_a_megabyte_is_refused_with_its_length(cast: Cast) -> None:
    facts = refused("too_long", cast.open, remark="x" * 1_000_000)
    assert facts["length"] == 1_000_000
    assert Incident.objects.count() == 0


@pytest.mark.parametrize("kind", ["", "murder", None, 7, "ROBBERY", "robbery\0"])
def test_unknown_kinds_name_the_known_ones(cast: Cast, kind: Any) -> None:
    assert refused("unknown_kind", cast.open, kind=kind)["allowed"] == ["lost", "robbery"]


@pytest.mark.parametrize("off_h", [-3, 0.05, 3, -30, 24 * 365])
def test_a_wrong_clock_of_a_phone_loses_no_answer(cast: Cast, off_h: float) -> None:
    """Its time is kept where it can be right, ours always; the answer counts either way."""
    order = cast.send(cast.open(), "P-11")
    said = timezone.now() + timedelta(hours=off_h)
    answers.answer_order(actor=cast.viewer("officer"), uid=order.uid, verb="accept", device_at=said.isoformat())
    step = OrderStep.objects.get(order=order, verb="accept")
    assert step.state == "accepted"
    assert step.device_at == (said if -24 <= off_h <= 0 else None)
    assert abs(step.received_at - timezone.now()) < timedelta(minutes=1)


def test_a_refusal_and_a_clearing_keep_the_phones_time_too(cast: Cast) -> None:
    crew, said = cast.viewer("officer"), timezone.now() - timedelta(minutes=20)
    first = cast.send(cast.open(), "P-11")
    answers.refuse_order(actor=crew, uid=first.uid, reason="busy", device_at=said.isoformat())
    second = cast.send(cast.open(), "P-11")
    answers.answer_order(actor=crew, uid=second.uid, verb="arrive")
    answers.clear_order(actor=crew, uid=second.uid, disposition="handled", device_at=said.isoformat())
    ends = OrderStep.objects.filter(verb__in=["refuse", "clear"]).values_list("device_at", "decided_at")
    assert list(ends) == [(said, said)] * 2


@pytest.mark.parametrize("said", ["soon", "2026-03-11T21:00:00", 7])
def test_what_is_no_time_is_refused(cast: Cast, said: Any) -> None:
    order = cast.send(cast.open(), "P-11")
    given = {"actor": cast.viewer("officer"), "uid": order.uid, "verb": "accept", "device_at": said}
    refused("bad_input", answers.answer_order, **given)
