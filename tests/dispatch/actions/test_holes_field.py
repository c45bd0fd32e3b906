"""More ways round the rules, from the street's side: posts, crews, child orders, calls for help, and what hangs on closed things."""

import pytest

from dispatch.actions import answers, estate, incidents, messages, notes, orders, requests, transfers, units
from dispatch.models import Centre, Incident
from dispatch.queries.board import get_board
from tests.cast import HERE, SETUP, THERE, WORKER, Cast, new_uid, press, refused


def closed(cast: Cast) -> Incident:
    incident = cast.open()
    return incidents.close_incident(actor=cast.viewer("supervisor"), uid=incident.uid, reason="done")


# --- calls for help ---


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
@pytest.mark.parametrize("field", ["device_at", "fix_at"])
def test_a_time_that_no_clock_says_blinds_no_board(cast: Cast, said: str, field: str) -> None:
    """The database keeps such a time and nothing can read it back: every board that held the call was dark."""
    press(cast, **{field: said})
    assert [card.call_sign for card in get_board(cast.viewer("desk")).distresses] == ["P-11"]


# --- posts ---


def test_nobody_puts_himself_at_a_neighbours_post(cast: Cast) -> None:
    """Who stands at a post hears, sees and answers what is ordered there."""
    post = estate.put_post(
        actor=SETUP, centre=cast.centres["S3"], code="K-9", name="桥", name_en="Bridge", point=list(THERE)
    )
    cast.posts["K-9"] = post
    incident = cast.open("outsider", point=THERE)
    cast.send(incident, "K-9", who="outsider")
    for who in ("officer", "desk"):
        actor = cast.viewer(who)
        refused("not_found", units.set_place, actor=actor, unit_uid=cast.uid("P-11"), post_uid=post.uid)
        crew = [cast.uid("officer")]
        refused("not_found", units.sign_on, actor=actor, unit_uid=cast.uid("P-11"), crew=crew, post_uid=post.uid)
    assert not get_board(cast.viewer("officer")).incidents
    put = units.set_place(actor=cast.viewer("city_desk"), unit_uid=cast.uid("P-11"), post_uid=post.uid)
    assert put.post == post
    assert [card.uid for card in get_board(cast.viewer("officer")).incidents] == [incident.uid]


def test_who_is_ordered_by_his_post_may_report(cast: Cast) -> None:
    cast.posts["K-8"] = estate.put_post(
        actor=SETUP, centre=cast.centres["S1"], code="K-8", name="桥", name_en="Bridge", point=list(HERE)
    )
    incident = cast.open()
    cast.send(incident, "K-8")
    said = {"uid": new_uid(), "incident_uid": incident.uid, "text": "two of them", "stage": "first"}
    refused("not_found", notes.give_feedback, actor=cast.viewer("officer"), **said)
    units.set_place(actor=cast.viewer("officer"), unit_uid=cast.uid("P-11"), post_uid=cast.uid("K-8"))
    assert notes.give_feedback(actor=cast.viewer("officer"), **said).source == "P-11"


# --- what hangs on what ---


def test_only_a_desks_order_has_children(cast: Cast) -> None:
    incident = cast.open()
    parent = cast.send(incident, "P-11")
    facts = refused("bad_input", cast.send, incident=incident, target="P-12", parent_uid=parent.uid)
    assert facts["why"] == "not_a_desk"


def test_nobody_is_asked_for_a_unit_on_a_closed_incident(cast: Cast) -> None:
    incident = closed(cast)
    asked = {"uid": new_uid(), "incident_uid": incident.uid, "unit_uid": cast.uid("P-21")}
    refused("wrong_state", requests.ask_for_unit, actor=cast.viewer("desk"), **asked)


def test_nothing_is_taken_over_for_a_centre_that_was_closed_meanwhile(cast: Cast) -> None:
    incident = cast.open()
    transfers.offer_transfer(actor=cast.viewer("desk"), uid=incident.uid, to_centre=cast.uid("S3"), reason="yours")
    Centre.objects.filter(pk=cast.centres["S3"].pk).update(active=False)
    refused("target_inactive", transfers.accept_transfer, actor=cast.viewer("city_desk"), uid=incident.uid)
    transfers.withdraw_transfer(actor=cast.viewer("desk"), uid=incident.uid)


# --- words ---


@pytest.mark.parametrize(
    "reason", ["\u200b", "\u2800", "\u3164", "\u202e", "\ufeff", "\u00ad\u2060", "\ufe0f", "\u115f \n"]
)
def test_a_reason_nobody_can_read_is_none(cast: Cast, reason: str) -> None:
    incident = cast.open()
    offer = {"uid": incident.uid, "to_centre": cast.uid("S2"), "reason": reason}
    assert refused("bad_input", transfers.offer_transfer, actor=cast.viewer("desk"), **offer)["missing"]


@pytest.mark.parametrize("canned", ["\x00", "on_my_way\x00", "x" * 100_000])
def test_a_ready_text_that_cannot_be(cast: Cast, canned: str) -> None:
    said = {"uid": new_uid(), "canned": canned}
    refused("bad_input", messages.answer_desk, actor=cast.viewer("officer"), unit_uid=cast.uid("P-11"), **said)
    refused("bad_input", messages.send_message, actor=cast.viewer("taker"), units=[cast.uid("P-11")], **said)


def test_too_many_names_are_counted_before_they_are_looked_for(cast: Cast) -> None:
    many = [new_uid() for _ in range(messages.MOST + 1)]
    facts = refused(
        "too_many_addressees", messages.send_message, actor=cast.viewer("taker"), uid=new_uid(), units=many, text="x"
    )
    assert facts["high"] == messages.MOST


# --- a desk and what it sent ---


def test_a_desk_has_its_own_child_orders_in_hand(cast: Cast) -> None:
    """The incident is another centre's; the unit was sent by the desk that was asked. Nobody else at that level may."""
    incident = cast.open(level=1)
    asked = cast.send(incident, "S2")
    cast.units["P-22"], _ = estate.put_unit(actor=SETUP, centre=cast.centres["S2"], call_sign="P-22", kind="car")
    units.sign_on(actor=SETUP, unit_uid=cast.uid("P-22"), crew=[cast.uid("partner")])
    child = cast.send(incident, "P-21", who="neighbour", parent_uid=asked.uid)
    for who, code in (("outsider", "not_found"), ("officer3", "forbidden")):
        refused(code, answers.answer_by_voice, actor=cast.viewer(who), uid=child.uid, verb="accept")
        refused(code, orders.recall_order, actor=cast.viewer(who), uid=child.uid)
    desk = cast.viewer("neighbour")
    assert answers.answer_by_voice(actor=desk, uid=child.uid, verb="accept").state == "accepted"
    instead = {"by_uid": new_uid(), "target_kind": "unit", "target_uid": cast.uid("P-22")}
    other = orders.replace_order(actor=desk, uid=child.uid, **instead)
    assert (other.parent, other.from_centre) == (asked, cast.centres["S2"])
    assert orders.recall_order(actor=desk, uid=other.uid).state == "recalled"
    own = cast.send(incident, "P-11")
    refused("not_found", orders.recall_order, actor=cast.viewer("neighbour"), uid=own.uid)


# --- one crew after another ---


def test_the_next_crew_has_nothing_of_the_last_ones(cast: Cast) -> None:
    """An order nobody answered stays in the crew's hand for a late yes, and is no other crew's."""
    incident = cast.open()
    silent = cast.send(incident, "P-11")
    orders.time_out_order(actor=WORKER, uid=silent.uid)
    units.sign_off(actor=cast.viewer("officer"), unit_uid=cast.uid("P-11"))
    refused("unit_off_duty", answers.answer_by_voice, actor=cast.viewer("desk"), uid=silent.uid, verb="accept")
    units.sign_on(actor=cast.viewer("partner"), unit_uid=cast.uid("P-11"), crew=[cast.uid("partner")])
    board = get_board(cast.viewer("partner"))
    assert (board.incidents, board.orders) == ([], [])
    refused("not_found", answers.answer_order, actor=cast.viewer("partner"), uid=silent.uid, verb="accept")
    assert answers.answer_by_voice(actor=cast.viewer("desk"), uid=silent.uid, verb="accept").state == "accepted"
    assert [card.uid for card in get_board(cast.viewer("partner")).orders] == [silent.uid]


def test_a_crew_that_is_exchanged_whole_begins_a_duty_of_its_own(cast: Cast) -> None:
    unit, desk = cast.uid("P-11"), cast.viewer("desk")
    messages.send_message(actor=cast.viewer("taker"), uid=new_uid(), units=[unit], text="to the officer")
    messages.answer_desk(actor=cast.viewer("officer"), uid=new_uid(), unit_uid=unit, text="from the officer")
    silent = cast.send(cast.open(), "P-11")
    orders.time_out_order(actor=WORKER, uid=silent.uid)
    together = [cast.uid("officer"), cast.uid("partner")]
    began = units.sign_on(actor=desk, unit_uid=unit, crew=together).duty_since
    assert len(get_board(cast.viewer("partner")).messages) == 2  # who comes aboard hears what was said
    left = units.sign_on(actor=desk, unit_uid=unit, crew=[cast.uid("partner")])
    assert (left.duty_since, len(get_board(cast.viewer("partner")).messages)) == (began, 2)
    swapped = units.sign_on(actor=desk, unit_uid=unit, crew=[cast.uid("officer")])
    assert swapped.duty_since > began
    board = get_board(cast.viewer("officer"))
    assert (board.messages, board.orders, board.incidents) == ([], [], [])
