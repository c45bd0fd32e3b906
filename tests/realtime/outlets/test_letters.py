"""Orders that a closed phone did not take: pushed, then sent by SMS, withdrawn in time, and told on the desk."""

import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.contrib.sessions.models import Session

from dispatch import journal
from dispatch.actions import answers, base, orders, people, push, reach, reach_house, units
from dispatch.models import Assignment, JournalPayload, Order, Outbound, PushSubscription
from realtime.outlets import resting
from realtime.outlets.letters import Letters
from tests.browser_keys import Browser, b64
from tests.cast import HERE, OUTLETS, SETUP, WORKER, Cast
from tests.realtime.outlets.conftest import give_phone, later, put_gateway, register, send_one
from tests.realtime.outlets.servers import Foreign

CASE_WORDS = ("Bridge", "robbery", "P-11", "S1-")


def states(order: Order) -> list[tuple[str, str, str]]:
    """Return (channel, state, code) of the order's outbox, by turn."""
    return list(Outbound.objects.filter(order=order).order_by("made_at", "pk").values_list("channel", "state", "code"))


def told(order: Order) -> list[tuple[str, str, str]]:
    """Return (channel, state, code) as the order's card says it."""
    order.refresh_from_db()
    return [(line["channel"], line["state"], line["code"]) for line in order.reached]


def test_a_push_says_only_that_there_is_an_order_and_only_this_browser_reads_it(
    cast: Cast, service: Foreign, phone: Browser, letters: Letters
) -> None:
    order = cast.send(cast.open(), "P-11")
    assert later(letters, 3) == 0
    assert later(letters, 4.1) == 1
    path, headers, body = service.asked[0]
    said = json.loads(phone.read(body))
    assert said == {"what": "order", "id": str(Outbound.objects.get(order=order).uid), "language": "zh"}
    assert str(order.uid) not in repr((said, headers, path))
    with pytest.raises(InvalidTag):
        Browser(key=phone.key).read(body)
    assert (headers["TTL"], headers["Urgency"], headers["Content-Encoding"]) == ("120", "high", "aes128gcm")
    assert len(headers["Topic"]) == 32
    assert told(order) == [("push", "sent", "accepted")]
    assert order.delivered_at is None


def test_the_push_service_can_check_who_sent_it(cast: Cast, service: Foreign, phone: Browser, letters: Letters) -> None:
    cast.send(cast.open(), "P-11")
    later(letters, 5)
    token, key = service.asked[0][1]["Authorization"].removeprefix("vapid t=").split(", k=")
    words, signature = token.rsplit(".", 1)
    r, s = (int.from_bytes(b64(signature)[at : at + 32], "big") for at in (0, 32))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b64(key))
    public.verify(encode_dss_signature(r, s), words.encode(), ec.ECDSA(hashes.SHA256()))
    claims = json.loads(b64(words.split(".")[1]))
    assert claims["aud"] == f"https://localhost:{service.port}"
    assert {"exp", "sub"} < set(claims)


def test_an_sms_follows_when_the_push_brought_nothing_and_says_nothing_of_the_case(
    cast: Cast, service: Foreign, phone: Browser, gateway: Foreign, letters: Letters
) -> None:
    order = cast.send(cast.open(), "P-11")
    later(letters, 5)
    assert gateway.asked == []
    later(letters, 20)
    path, headers, body = gateway.asked[0]
    sent = json.loads(body)
    assert (path, headers["X-Key"], sent["to"]) == ("/send?to=%2B56912345678", "s3cret-word", "+56912345678")
    assert "警情" in sent["text"]
    assert not any(word in body.decode() for word in CASE_WORDS)
    assert told(order) == [("push", "sent", "accepted"), ("sms", "sent", "accepted")]
    journalled = repr(list(JournalPayload.objects.values_list("data", flat=True)))
    assert not any(word in journalled for word in ("912345678", "s3cret-word", "wpush"))


@pytest.mark.parametrize("end", ["deliver", "voice", "recall", "sign_off_role"])
def test_what_is_not_sent_is_withdrawn(cast: Cast, gateway: Foreign, letters: Letters, end: str) -> None:
    order = cast.send(cast.open(), "P-11")
    if end == "deliver":
        answers.answer_order(actor=cast.viewer("officer"), uid=order.uid, verb="deliver")
    elif end == "voice":
        answers.answer_by_voice(actor=cast.viewer("desk"), uid=order.uid, verb="accept")
    elif end == "recall":
        orders.recall_order(actor=cast.viewer("desk"), uid=order.uid)
    else:
        row = Assignment.objects.get(person=cast.people["officer"], role="officer")
        people.end_role(actor=SETUP, assignment_uid=row.uid)
    later(letters, 60)
    assert gateway.asked == []
    assert states(order) == [("sms", "withdrawn", "")]


def test_a_gateway_down_for_an_hour_is_tried_while_the_order_lives_then_said_and_nothing_goes_out_late(
    cast: Cast, gateway: Foreign, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resting, "REST_S", 0.0)
    gateway.status = 503
    order = cast.send(cast.open(), "P-11")
    for seconds in range(0, 3600, 20):
        later(letters, seconds)
    tries = len(gateway.asked)
    assert 40 < tries < 100
    assert told(order) == [("sms", "trying", "error")]
    assert [entry.kind for entry in journal.read(kinds=["order.reached"])] == ["order.reached"]
    with base.at_time(base.now() + timedelta(seconds=3600)):
        orders.time_out_order(actor=WORKER, uid=order.uid)
    assert told(order) == [("sms", "failed", "error")]
    gateway.status = 200
    later(letters, 7200)
    assert len(gateway.asked) == tries
    assert states(order) == [("sms", "failed", "error")]


def test_a_server_that_asks_for_patience_gets_it(
    cast: Cast, service: Foreign, phone: Browser, letters: Letters
) -> None:
    service.status, service.headers = 429, {"Retry-After": "40"}
    order = cast.send(cast.open(), "P-11")
    assert later(letters, 5) == 1
    assert later(letters, 35) == 0
    service.status = 201
    assert later(letters, 60) == 1
    assert told(order) == [("push", "sent", "accepted")]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    cast: Cast, service: Foreign, phone: Browser, letters: Letters, status: int
) -> None:
    service.status = status
    order = cast.send(cast.open(), "P-11")
    later(letters, 5)
    assert told(order) == [("push", "failed", "gone")]
    assert not PushSubscription.objects.exists()
    assert journal.read(kinds=["push.forgotten"])[0].data["why"] == "gone"


def test_a_redirect_is_not_followed(cast: Cast, service: Foreign, phone: Browser, letters: Letters) -> None:
    service.status, service.headers = 307, {"Location": f"https://localhost:{service.port}/other"}
    order = cast.send(cast.open(), "P-11")
    later(letters, 5)
    assert [path for path, _, _ in service.asked] == ["/wpush/one"]
    assert told(order) == [("push", "failed", "refused")]


def test_a_listed_name_that_leads_inside_is_not_asked(
    cast: Cast, service: Foreign, phone: Browser, letters: Letters, settings: Any
) -> None:
    settings.PUSH_NETWORKS = []
    order = cast.send(cast.open(), "P-11")
    later(letters, 5)
    assert service.asked == []
    assert told(order) == [("push", "failed", "blocked")]


def test_a_gateway_outside_the_allowed_networks_is_not_asked(
    cast: Cast, gateway: Foreign, letters: Letters, settings: Any
) -> None:
    settings.SMS_NETWORKS = ["10.0.0.0/8:80"]
    order = cast.send(cast.open(), "P-11")
    later(letters, 5 + 15)
    assert gateway.asked == []
    assert told(order) == [("sms", "failed", "blocked")]


def test_ok_without_the_promised_words_is_no_ok(cast: Cast, gateway: Foreign, letters: Letters) -> None:
    gateway.words = b'{"result": "no credit"}'
    order = cast.send(cast.open(), "P-11")
    later(letters, 20)
    assert told(order) == [("sms", "trying", "unconfirmed")]


def test_a_session_that_is_over_takes_its_browser_with_it(
    cast: Cast, service: Foreign, phone: Browser, letters: Letters
) -> None:
    Session.objects.all().delete()
    order = cast.send(cast.open(), "P-11")
    later(letters, 5)
    assert service.asked == []
    assert told(order) == [("push", "failed", "no_browser")]
    assert not PushSubscription.objects.exists()


def test_whoever_left_the_crew_hears_nothing(cast: Cast, service: Foreign, phone: Browser, letters: Letters) -> None:
    cast.send(cast.open(), "P-11")
    units.sign_on(actor=cast.viewer("desk"), unit_uid=cast.uid("P-11"), crew=[cast.uid("partner")])
    later(letters, 5)
    assert service.asked == []


def test_a_sender_killed_between_send_and_note_is_followed_by_one_more_attempt(
    cast: Cast, gateway: Foreign, letters: Letters
) -> None:
    order = cast.send(cast.open(), "P-11")
    with base.at_time(base.now() + timedelta(seconds=20)):
        first = reach.take_reach(actor=OUTLETS)
        assert first is not None
        assert reach.take_reach(actor=OUTLETS) is None
    assert later(letters, 40) == 0
    assert later(letters, 51) == 1
    assert told(order) == [("sms", "sent", "accepted")]
    # The dead one's word comes after all: it belongs to no attempt any more.
    assert reach.note_reach(actor=OUTLETS, uid=first.uid, attempt=first.attempt, code="silent") is None
    assert told(order) == [("sms", "sent", "accepted")]


def test_a_gateway_gets_no_more_a_minute_than_it_allows(cast: Cast, gateway: Foreign, letters: Letters) -> None:
    put_gateway(cast, gateway.port, per_minute=1)
    give_phone(cast, "officer2", "5550001111")
    for unit in ("P-11", "P-12"):
        cast.send(cast.open(), unit)
    with base.at_time(base.now() + timedelta(seconds=20)):
        assert [send_one(letters), send_one(letters)] == [True, True]
    assert len(gateway.asked) == 1
    later(letters, 90)
    assert len(gateway.asked) == 2


def test_a_centre_without_channels_reaches_nobody_beside_the_page(
    cast: Cast, gateway: Foreign, letters: Letters
) -> None:
    plan = {"channels": [], "first_wait_s": 4, "next_wait_s": 15}
    reach_house.put_reach_plan(actor=SETUP, centre=cast.centres["S1"], **plan)
    assert states(cast.send(cast.open(), "P-11")) == []


def test_a_crew_does_not_read_whom_what_reached(cast: Cast, service: Foreign, phone: Browser, letters: Letters) -> None:
    from dispatch.queries.shown import show

    order = cast.send(cast.open(point=HERE), "P-11")
    later(letters, 5)
    order.refresh_from_db()
    assert show(order, cast.viewer("officer")).reached == []
    assert show(order, cast.viewer("desk")).reached[0].channel == "push"


def test_two_browsers_of_one_person_one_dead(cast: Cast, service: Foreign, phone: Browser, letters: Letters) -> None:
    register(cast, f"https://localhost:{service.port}/wpush/two")
    push.drop_subscriptions(actor=OUTLETS, uids=[PushSubscription.objects.earliest("made_at").uid], why="gone")
    order = cast.send(cast.open(), "P-11")
    later(letters, 5)
    assert [path for path, _, _ in service.asked] == ["/wpush/two"]
    assert told(order) == [("push", "sent", "accepted")]
