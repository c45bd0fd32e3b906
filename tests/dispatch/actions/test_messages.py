"""Messages between desks and units: who gets them, receipts of each, ready texts, and that nobody off duty is written to."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from dispatch.actions import messages, units
from dispatch.actions.retention import apply_retention
from dispatch.models import Message
from dispatch.queries.board import get_board
from tests.cast import DEEP_HERE, WORKER, Cast, new_uid, refused
from tests.dispatch.town import Page


def send(cast: Cast, *signs: str, who: str = "desk", **given: Any) -> list[Message]:
    given = {"uid": new_uid(), "text": "switch to TG 4", **given}
    to = {"units": [cast.uid(sign) for sign in signs]} if signs else {}
    return messages.send_message(actor=cast.viewer(who), **to, **given)


def read_by(cast: Cast, who: str) -> list[str]:
    return [card.words.name for card in get_board(cast.viewer(who)).messages if card.words]


def test_each_addressee_has_receipts_of_its_own(cast: Cast) -> None:
    one, other = send(cast, "P-11", "P-12")
    assert one.batch == other.batch
    officer = cast.viewer("officer")
    messages.receive_message(actor=officer, uid=one.uid, verb="read")
    messages.receive_message(actor=officer, uid=one.uid, verb="deliver")
    cards = {card.call_sign: card for card in get_board(cast.viewer("desk")).messages}
    assert (cards["P-11"].state, cards["P-11"].read_by.uid) == ("read", cast.uid("officer"))
    assert cards["P-11"].delivered_at == cards["P-11"].read_at
    assert (cards["P-12"].state, cards["P-12"].delivered_at) == ("sent", None)


def test_who_hears_it(cast: Cast) -> None:
    send(cast, "P-11")
    heard = {name for name in cast.people if name not in {"auditor", "admin", "nobody"} and read_by(cast, name)}
    desks = {"desk", "desk2", "taker", "video", "supervisor", "district", "city_desk", "chief", "double"}
    assert heard == desks | {"officer"}


def test_rights(cast: Cast) -> None:
    row = send(cast, "P-11")[0]
    refused("not_found", send, cast=cast, **{"who": "neighbour", "units": [cast.uid("P-11")]})
    refused("forbidden", send, cast=cast, who="officer", units=[cast.uid("P-11")])
    refused("forbidden", send, cast=cast, who="video", units=[cast.uid("P-11")])
    refused("forbidden", send, cast=cast, who="neighbour", centre=cast.uid("S1"))
    receive = messages.receive_message
    refused("not_found", receive, actor=cast.viewer("officer2"), uid=row.uid, verb="read")
    refused("forbidden", receive, actor=cast.viewer("desk"), uid=row.uid, verb="read")
    answer = messages.answer_desk
    refused("not_found", answer, actor=cast.viewer("officer2"), uid=new_uid(), unit_uid=cast.uid("P-11"), text="x")
    mine = answer(actor=cast.viewer("officer"), uid=new_uid(), unit_uid=cast.uid("P-11"), text="here")
    refused("not_found", answer, actor=cast.viewer("officer2"), uid=mine.uid, unit_uid=cast.uid("P-12"), text="x")
    refused("forbidden", receive, actor=cast.viewer("officer"), uid=mine.uid, verb="read")


def test_nobody_off_duty_is_written_to(cast: Cast) -> None:
    units.sign_off(actor=cast.viewer("officer2"), unit_uid=cast.uid("P-12"))
    refused("unit_off_duty", send, cast=cast, units=[cast.uid("P-11"), cast.uid("P-12")])
    assert not Message.objects.exists()
    assert [row.unit.call_sign for row in send(cast, centre=cast.uid("S1"))] == ["P-11"]
    units.sign_off(actor=cast.viewer("officer"), unit_uid=cast.uid("P-11"))
    refused("no_addressee", send, cast=cast, centre=cast.uid("S1"))


def test_the_next_crew_has_nothing_of_the_last_ones(cast: Cast) -> None:
    send(cast, "P-11", text="for the first crew")
    units.sign_off(actor=cast.viewer("officer"), unit_uid=cast.uid("P-11"))
    units.sign_on(actor=cast.viewer("partner"), unit_uid=cast.uid("P-11"), crew=[cast.uid("partner")])
    send(cast, "P-11", text="for the second crew")
    assert read_by(cast, "partner") == ["for the second crew"]
    assert read_by(cast, "desk") == ["for the first crew", "for the second crew"]


def test_to_those_on_an_incident_and_back_with_its_number(cast: Cast) -> None:
    incident = cast.open(point=DEEP_HERE)
    refused("no_addressee", send, cast=cast, incident=incident.uid)
    cast.send(incident, "P-12")
    row = send(cast, incident=incident.uid)[0]
    assert (row.unit.call_sign, row.incident) == ("P-12", incident)
    answer = messages.answer_desk(actor=cast.viewer("officer2"), uid=new_uid(), unit_uid=cast.uid("P-12"), text="ok")
    assert answer.incident == incident
    refused("not_found", send, cast=cast, who="outsider", incident=incident.uid)


def test_a_ready_text_is_kept_in_both_languages_the_nearest_centres_first(cast: Cast) -> None:
    admin, put = cast.viewer("admin"), messages.put_canned
    words = {"code": "wait", "way": "to_unit", "text": "稍等", "text_en": "Wait"}
    put(actor=admin, **words)
    put(actor=admin, **{**words, "text_en": "Hold on"}, centre=cast.centres["S1"])
    card = get_board(cast.viewer("officer"))
    row = send(cast, "P-11", canned="wait", text="")[0]
    assert (row.text, row.text_en, row.canned) == ("稍等", "Hold on", "wait")
    assert len(card.canned) == 2
    refused("bad_input", send, cast=cast, units=[cast.uid("P-11")], canned="gone")
    refused("forbidden", lambda: put(actor=cast.viewer("desk"), **words))


def test_limits(cast: Cast) -> None:
    refused("too_long", send, cast=cast, units=[cast.uid("P-11")], text="x" * 501)
    refused("bad_input", send, cast=cast, units=[cast.uid("P-11")], text="  ")
    refused("bad_input", send, cast=cast, units=[cast.uid("P-11")], centre=cast.uid("S1"))
    refused("no_addressee", send, cast=cast, units=[])
    uid = new_uid()
    send(cast, "P-11", uid=uid)
    refused("exists", send, cast=cast, units=[cast.uid("P-11")], uid=uid)


def test_the_words_go_after_a_year_and_the_rest_stays(cast: Cast) -> None:
    row = send(cast, "P-11")[0]
    Message.objects.update(sent_at=timezone.now() - timedelta(days=366))
    apply_retention(actor=WORKER)
    row.refresh_from_db()
    assert (row.text, row.unit.call_sign) == ("", "P-11")


def test_over_http(cast: Cast) -> None:
    desk, phone = Page(cast.people["desk"]), Page(cast.people["officer"])
    body = {"uid": str(new_uid()), "units": [str(cast.uid("P-11"))], "text": "<b>hi</b>"}
    sent = desk.decide("messages", body)
    assert [card["words"]["name"] for card in sent.body] == ["<b>hi</b>"]
    uid = sent.body[0]["uid"]
    assert phone.decide(f"messages/{uid}/read", {}).body["state"] == "read"
    back = str(new_uid())
    for _ in range(2):
        answer = phone.decide(f"messages/{back}/to_desk", {"unit": str(cast.uid("P-11")), "text": "here"})
        assert answer.status_code == 200
    assert Message.objects.filter(way="to_desk").count() == 1
    assert desk.decide(f"messages/{back}/read", {}).body["read_by"]["uid"] == str(cast.uid("desk"))
