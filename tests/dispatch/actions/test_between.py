"""What goes between desks: orders to desks and their children, copies, reports upward, call-backs, holds, aid."""

from datetime import timedelta

import pytest

from dispatch.actions import (
    aid,
    answers,
    callbacks,
    calls,
    incidents,
    notes,
    notices,
    orders,
    reports,
    requests,
    transfers,
    units,
)
from dispatch.actions.base import at_time
from dispatch.actions.house import put_centre
from dispatch.models import Incident, MutualAid, Notice, Order
from dispatch.queries.present import masked, order_card
from dispatch.queries.reports import get_draft
from tests.cast import DEEP_HERE, NIGHT, SETUP, WORKER, Cast, new_uid, refused


@pytest.fixture(autouse=True)
def night():
    """Every test happens in the night of the cast."""
    with at_time(NIGHT + timedelta(hours=1)):
        yield


def desk_order(cast: Cast) -> tuple[Incident, Order]:
    """The city opens an incident in S1 and orders S1's desk."""
    incident = cast.open("city_desk", DEEP_HERE)
    return incident, cast.send(incident, "S1", "city_desk")


def again(order: Order) -> Order:
    """Return the order as it is stored now."""
    return Order.objects.select_related("signed_by", "centre__area", "incident", "from_centre", "sent_by").get(
        pk=order.pk
    )


def test_only_a_person_of_that_desk_signs_and_his_name_stands_there(cast: Cast) -> None:
    _, order = desk_order(cast)
    for name in ("city_desk", "district"):
        refused("not_this_desk", answers.answer_order, actor=cast.viewer(name), uid=order.uid, verb="see")
    refused("not_found", answers.answer_order, actor=cast.viewer("outsider"), uid=order.uid, verb="see")
    refused("not_found", answers.answer_order, actor=cast.viewer("neighbour"), uid=order.uid, verb="see")
    answers.answer_order(actor=cast.viewer("desk"), uid=order.uid, verb="see")
    answers.answer_order(actor=cast.viewer("desk2"), uid=order.uid, verb="see")
    assert order_card(again(order)).signed_by.name.name == "desk"


def test_the_parent_shows_its_best_child_and_says_when_all_ended(cast: Cast) -> None:
    incident, parent = desk_order(cast)
    first = cast.send(incident, "P-11", "desk", parent_uid=parent.uid)
    card = order_card(again(parent))
    assert (card.state, card.signed_by.name.name, card.children.open, card.children.best) == (
        "accepted",
        "desk",
        1,
        "sent",
    )
    second = cast.send(incident, "P-12", "desk2", parent_uid=parent.uid)
    answers.answer_order(actor=cast.viewer("officer2"), uid=second.uid, verb="arrive")
    card = order_card(again(parent))
    assert (card.state, card.signed_by.name.name, card.children.best) == ("on_scene", "desk", "on_scene")
    left = refused(
        "orders_active", answers.clear_order, actor=cast.viewer("desk"), uid=parent.uid, disposition="handled"
    )
    assert left["targets"] == ["P-11", "P-12"]
    answers.refuse_order(actor=cast.viewer("officer"), uid=first.uid, reason="vehicle")
    answers.clear_order(actor=cast.viewer("officer2"), uid=second.uid, disposition="handled")
    card = order_card(again(parent))
    assert (card.children.open, card.children.ended, card.children.best, card.active) == (0, 2, "", True)
    answers.clear_order(actor=cast.viewer("desk"), uid=parent.uid, disposition="handled")
    refused("wrong_state", cast.send, incident=incident, target="P-11", who="desk", parent_uid=parent.uid)


def test_a_desk_whose_units_were_all_called_back_finishes_without_having_gone(cast: Cast) -> None:
    incident, parent = desk_order(cast)
    child = cast.send(incident, "P-11", "desk", parent_uid=parent.uid)
    orders.recall_order(actor=cast.viewer("desk"), uid=child.uid)
    assert order_card(again(parent)).children.ended == 1
    answers.clear_order(actor=cast.viewer("desk"), uid=parent.uid, disposition="not_needed")
    assert again(parent).state == "cleared"


def test_a_child_order_goes_to_a_unit_of_that_desk_only(cast: Cast) -> None:
    incident, parent = desk_order(cast)
    refused("not_of_desk", cast.send, incident=incident, target="P-21", who="city_desk", parent_uid=parent.uid)
    refused("not_of_desk", cast.send, incident=incident, target="S1", who="city_desk", parent_uid=parent.uid)
    refused("needs_request", cast.send, incident=incident, target="P-21", who="desk", parent_uid=parent.uid)
    other = cast.open("city_desk", DEEP_HERE)
    refused("bad_input", cast.send, incident=other, target="P-11", who="desk", parent_uid=parent.uid)


def test_recalling_a_desks_order_recalls_its_children(cast: Cast) -> None:
    incident, parent = desk_order(cast)
    child = cast.send(incident, "P-11", "desk", parent_uid=parent.uid)
    orders.recall_order(actor=cast.viewer("city_desk"), uid=parent.uid)
    assert (again(child).state, again(parent).state) == ("recalled", "recalled")


def test_a_direct_order_copies_the_station_which_reads_it_with_one_key(cast: Cast) -> None:
    incident = cast.open("city_desk", DEEP_HERE)
    order = cast.send(incident, "P-11", "city_desk")
    notice = Notice.objects.get(order=order)
    assert (notice.why, notice.centre) == ("below", cast.centres["S1"])
    refused("not_this_desk", notices.acknowledge_notice, actor=cast.viewer("city_desk"), uid=notice.uid)
    refused("not_found", notices.acknowledge_notice, actor=cast.viewer("outsider"), uid=notice.uid)
    notices.acknowledge_notice(actor=cast.viewer("taker"), uid=notice.uid)
    notices.acknowledge_notice(actor=cast.viewer("desk"), uid=notice.uid)
    notice.refresh_from_db()
    assert notice.acknowledged_by == cast.people["taker"]
    assert not Notice.objects.filter(order=cast.send(incident, "P-12", "desk")).exists()


def test_level_one_goes_across_and_the_owner_is_told(cast: Cast) -> None:
    order = cast.send(cast.open(point=DEEP_HERE, level=1), "P-31")
    notice = Notice.objects.get(order=order)
    assert (notice.why, notice.centre) == ("direct", cast.centres["S3"])
    notices.acknowledge_notice(actor=cast.viewer("outsider"), uid=notice.uid)


def test_a_transfer_to_a_closed_desk_or_to_oneself_is_refused_in_words(cast: Cast) -> None:
    incident = cast.open()
    put_centre(actor=SETUP, area=cast.areas["S2"], zone="America/Santiago", active=False)
    offer = transfers.offer_transfer
    given = {"actor": cast.viewer("desk"), "uid": incident.uid, "reason": "yours"}
    assert refused("target_inactive", offer, **given, to_centre=cast.uid("S2")) == {"target": "S2"}
    assert refused("already_there", offer, **given, to_centre=cast.uid("S1")) == {"centre": "S1"}
    refused("bad_input", offer, **{**given, "reason": " "}, to_centre=cast.uid("S3"))
    refused("bad_input", transfers.return_incident, actor=cast.viewer("desk"), uid=incident.uid, reason="")


def test_what_came_from_a_desk_that_was_closed_since_goes_back_to_the_one_above(cast: Cast) -> None:
    incident = cast.open()
    transfers.offer_transfer(actor=cast.viewer("desk"), uid=incident.uid, to_centre=cast.uid("S2"), reason="yours")
    transfers.accept_transfer(actor=cast.viewer("neighbour"), uid=incident.uid)
    put_centre(actor=SETUP, area=cast.areas["S1"], zone="America/Santiago", active=False)
    transfers.return_incident(actor=cast.viewer("neighbour"), uid=incident.uid, reason="not mine")
    assert incident.transfers.get(state="offered").to_centre == cast.centres["D1"]


def test_who_has_an_incident_now_takes_back_what_was_asked_for_it_before(cast: Cast) -> None:
    incident = cast.open()
    asked = requests.ask_for_unit(
        actor=cast.viewer("desk"), uid=new_uid(), incident_uid=incident.uid, unit_uid=cast.uid("P-31")
    )
    refused("not_found", requests.answer_request, actor=cast.viewer("neighbour"), uid=asked.uid, verb="withdraw")
    transfers.offer_transfer(actor=cast.viewer("desk"), uid=incident.uid, to_centre=cast.uid("S2"), reason="yours")
    transfers.accept_transfer(actor=cast.viewer("neighbour"), uid=incident.uid)
    refused("forbidden", requests.answer_request, actor=cast.viewer("outsider"), uid=asked.uid, verb="withdraw")
    taken = requests.answer_request(actor=cast.viewer("neighbour"), uid=asked.uid, verb="withdraw")
    assert taken.state == "withdrawn"


def test_whether_a_unit_elsewhere_is_on_duty_is_told_to_nobody_who_may_not_order_it(cast: Cast) -> None:
    incident = cast.open()
    refused("needs_request", cast.send, incident=incident, target="P-31")
    units.sign_off(actor=cast.viewer("officer4"), unit_uid=cast.uid("P-31"))
    refused("needs_request", cast.send, incident=incident, target="P-31")


def test_a_hold_comes_back_when_it_is_due_and_not_before(cast: Cast) -> None:
    incident = cast.open()
    incidents.hold_incident(actor=cast.viewer("desk"), uid=incident.uid, minutes=10, reason="owner comes at ten")
    refused("wrong_state", incidents.bring_back_held, actor=WORKER, uid=incident.uid)
    refused("forbidden", incidents.bring_back_held, actor=cast.viewer("desk"), uid=incident.uid)
    with at_time(NIGHT + timedelta(hours=1, minutes=11)):
        incidents.bring_back_held(actor=WORKER, uid=incident.uid)
    incident.refresh_from_db()
    assert (incident.state, incident.hold_until) == ("open", None)


def test_closing_names_what_is_open(cast: Cast) -> None:
    incident = cast.open()
    cast.send(incident, "P-11")
    cast.send(incident, "K-1")
    left = refused(
        "orders_active", incidents.close_incident, actor=cast.viewer("supervisor"), uid=incident.uid, reason="x"
    )
    assert left["targets"] == ["P-11", "K-1"]


def report(cast: Cast, incident: Incident, stage: str, who: str = "desk", **fields: object):
    return reports.send_report(actor=cast.viewer(who), uid=new_uid(), incident_uid=incident.uid, stage=stage, **fields)


def test_a_report_says_what_the_journal_says_and_is_signed_above(cast: Cast) -> None:
    call = calls.take_call(
        actor=cast.viewer("taker"),
        uid=new_uid(),
        caller_number="55512345",
        caller_name="Ana",
        heard_place="by the bridge",
    )
    incident = cast.open(call_uid=call.uid)
    order = cast.send(incident, "P-11")
    answers.answer_order(actor=cast.viewer("officer"), uid=order.uid, verb="arrive")
    notes.give_feedback(
        actor=cast.viewer("officer"), uid=new_uid(), incident_uid=incident.uid, text="two men", stage="first"
    )
    refused("report_order", report, cast=cast, incident=incident, stage="final")
    first = report(cast, incident, "first", summary="two men at the bridge")
    said = [(line["code"], line["facts"].get("target") or line["facts"].get("source")) for line in first.lines]
    assert said == [("opened", None), ("call", None), ("sent", "P-11"), ("on_scene", "P-11"), ("feedback", "P-11")]
    assert "55512345" not in str(first.lines)
    assert "Ana" not in str(first.lines)
    assert first.to_centre == cast.centres["D1"]
    for name in ("desk", "city_desk"):
        refused("not_this_desk", reports.sign_report, actor=cast.viewer(name), uid=first.uid)
    for name in ("outsider", "neighbour"):
        refused("not_found", reports.sign_report, actor=cast.viewer(name), uid=first.uid)
    reports.sign_report(actor=cast.viewer("district"), uid=first.uid)
    answers.clear_order(actor=cast.viewer("officer"), uid=order.uid, disposition="handled")
    draft = get_draft(cast.viewer("desk"), incident.uid)
    assert (draft.stages, [line.code for line in draft.lines]) == (["follow_up", "final"], ["cleared"])
    report(cast, incident, "follow_up")
    assert len(report(cast, incident, "final").lines) == 6
    refused("report_order", report, cast=cast, incident=incident, stage="follow_up")


def test_nobody_above_takes_no_report(cast: Cast) -> None:
    incident = cast.open("city_desk", centre=cast.uid("CITY"))
    refused("no_upper_desk", report, cast=cast, incident=incident, stage="first", who="city_desk")
    refused("forbidden", report, cast=cast, incident=cast.open(), stage="first", who="taker")
    refused("not_found", report, cast=cast, incident=cast.open(point=DEEP_HERE), stage="first", who="outsider")


def test_calling_back_is_a_step_with_a_result(cast: Cast) -> None:
    lone = cast.open()
    given = {"actor": cast.viewer("taker"), "uid": new_uid(), "result": "satisfied"}
    refused("no_caller", callbacks.record_call_back, **given, incident_uid=lone.uid)
    call = calls.take_call(actor=cast.viewer("taker"), uid=new_uid(), caller_number="55512345")
    incident = cast.open(call_uid=call.uid)
    refused("bad_input", callbacks.record_call_back, **{**given, "result": "happy"}, incident_uid=incident.uid)
    refused(
        "forbidden", callbacks.record_call_back, **{**given, "actor": cast.viewer("video")}, incident_uid=incident.uid
    )
    refused(
        "not_found",
        callbacks.record_call_back,
        **{**given, "actor": cast.viewer("outsider")},
        incident_uid=incident.uid,
    )
    note = callbacks.record_call_back(**given, incident_uid=incident.uid)
    assert (note.kind, note.stage, note.source) == ("callback", "satisfied", "S1")
    assert [masked(number) for number in ("55512345", "12", "")] == ["•••345", "•••", ""]


def test_aid_needs_two_desks_that_are_open_and_ends_by_who_gave_it(cast: Cast) -> None:
    put_centre(actor=SETUP, area=cast.areas["S2"], zone="America/Santiago", active=False)
    given = {"actor": cast.viewer("chief"), "from_centre": cast.uid("S3"), "minutes": 30, "reason": "match"}
    refused("already_there", aid.grant_aid, **given, to_centre=cast.uid("S3"))
    refused("target_inactive", aid.grant_aid, **given, to_centre=cast.uid("S2"))
    lent = aid.grant_aid(**given, to_centre=cast.uid("S1"))
    refused("forbidden", aid.end_aid, actor=cast.viewer("desk"), uid=lent.uid)
    refused("not_found", aid.end_aid, actor=cast.viewer("neighbour"), uid=lent.uid)
    refused("wrong_state", aid.expire_aid, actor=WORKER, uid=lent.uid)
    aid.end_aid(actor=cast.viewer("chief"), uid=lent.uid)
    refused("not_found", aid.end_aid, actor=cast.viewer("chief"), uid=lent.uid)
    assert MutualAid.objects.get(pk=lent.pk).ended_at == NIGHT + timedelta(hours=1)
