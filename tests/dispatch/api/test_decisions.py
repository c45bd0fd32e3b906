"""Decisions: good paths, once per key, only the version one has seen."""

import pytest
from django.db.utils import OperationalError
from psycopg_pool import PoolTimeout

from dispatch.api.errors import as_refusal
from dispatch.models import Incident, JournalEntry
from tests.dispatch.town import Town, new_uid

TREE = (-71.26, -29.9)


def test_call_becomes_incident_and_comes_off_again(town: Town) -> None:
    page = town.page("taker")
    call = page.decide("calls", {"uid": new_uid(), "caller_number": "123", "heard_place": "bridge"})
    assert call.status_code == 201
    path = f"calls/{call.body['uid']}"
    incident = page.decide(
        "incidents", {"uid": new_uid(), "kind": "lost", "point": TREE, "call": call.body["uid"]}
    ).body
    assert incident["level"] == 3
    left = page.decide(f"{path}/leave")
    assert left.body["state"] == "open"
    joined = page.decide(f"{path}/join", {"incident": incident["uid"]})
    assert (joined.status_code, joined.body["incident"]) == (200, incident["uid"])
    other = page.decide("calls", {"uid": new_uid()}).body
    assert page.decide(f"calls/{other['uid']}/close", {"reason": "nuisance"}).body["state"] == "closed"


def test_incident_from_opening_to_closing(town: Town) -> None:
    desk, chief = town.page("desk"), town.page("chief")
    path = f"incidents/{town.open_incident()['uid']}"
    assert desk.decide(f"{path}/yield").body["owner"] is None
    assert desk.decide(f"{path}/take").body["owner"]["name"]["en"] == "desk"
    owned = town.page("desk2").decide(f"{path}/take")
    assert (owned.status_code, owned.body["error"]["facts"]["owner"]) == (409, "desk")
    assert len(town.page("desk2").decide(f"{path}/watch").body["watchers"]) == 1
    assert town.page("desk2").decide(f"{path}/watch", {"watching": False}).body["watchers"] == []
    assert desk.decide(f"{path}/hold", {"reason": "rain", "minutes": 5}).body["state"] == "on_hold"
    assert desk.decide(f"{path}/resume").body["state"] == "open"
    assert desk.decide(f"{path}/suggest").status_code == 202
    assert desk.decide(f"{path}/notes", {"uid": new_uid(), "text": "seen"}).status_code == 201
    assert desk.decide(f"{path}/close").body["error"]["code"] == "needs_feedback"
    assert desk.decide(f"{path}/feedback", {"uid": new_uid(), "text": "done", "stage": "final"}).status_code == 201
    assert desk.decide(f"{path}/close").body["state"] == "closed"
    assert desk.decide(f"{path}/reopen", {"cause": "mistake"}).status_code == 403
    assert chief.decide(f"{path}/reopen", {"cause": "mistake"}).body["state"] == "open"


def test_transfer_is_offered_refused_withdrawn_accepted_and_returned(town: Town) -> None:
    desk, neighbour = town.page("desk"), town.page("neighbour")
    path = f"incidents/{town.open_incident()['uid']}"
    offer = {"to_centre": town.uid("S2"), "reason": "your street"}
    assert desk.decide(f"{path}/transfer", offer).body["transfer_to"] == town.uid("S2")
    assert neighbour.decide(f"{path}/refuse_transfer", {"reason": "no"}).status_code == 200
    desk.decide(f"{path}/transfer", offer)
    assert desk.decide(f"{path}/withdraw_transfer").body["transfer_to"] is None
    desk.decide(f"{path}/transfer", offer)
    assert neighbour.decide(f"{path}/accept_transfer").body["centre"] == town.uid("S2")
    assert neighbour.decide(f"{path}/return", {"reason": "yours"}).body["transfer_to"] == town.uid("S1")


def test_order_and_everything_that_comes_back(town: Town) -> None:
    incident = town.open_incident()
    order = town.send_order(incident["uid"])
    assert order.status_code == 201
    path, officer = f"orders/{order.body['uid']}", town.page("officer")
    for step, state in (
        ("delivered", "delivered"), ("seen", "seen"), ("accept", "accepted"), ("en_route", "en_route"), ("on_scene", "on_scene"),
    ):  # fmt: skip
        assert officer.decide(f"{path}/{step}").body["state"] == state
    assert officer.decide(f"{path}/clear", {"disposition": "handled"}).body["state"] == "cleared"


def test_order_refused_recalled_replaced_and_by_voice(town: Town) -> None:
    incident = town.open_incident()["uid"]
    desk, officer = town.page("desk"), town.page("officer")
    order = town.send_order(incident).body["uid"]
    assert officer.decide(f"orders/{order}/refuse", {"reason": "injured"}).body["state"] == "refused"
    order = town.send_order(incident).body["uid"]
    assert desk.decide(f"orders/{order}/recall").body["state"] == "recalled"
    late = officer.decide(f"orders/{order}/accept")
    assert late.status_code in (404, 409)
    order = town.send_order(incident).body["uid"]
    voice = desk.decide(f"orders/{order}/voice", {"verb": "arrive"})
    assert (voice.body["state"], voice.body["by_voice"]) == ("on_scene", True)
    town.sign_on("P-07", "partner")
    body = {"uid": new_uid(), "target": {"kind": "unit", "uid": town.uid("P-07")}}
    replaced = desk.decide(f"orders/{order}/replace", body)
    assert (replaced.status_code, replaced.body["target_name"]) == (201, "P-07")


def test_request_across_centres(town: Town) -> None:
    incident = town.open_incident(kind="lost")["uid"]
    desk, neighbour = town.page("desk"), town.page("neighbour")
    assert town.send_order(incident, "P-31").body["error"]["code"] == "needs_request"
    asking = {"incident": incident, "unit": town.uid("P-31")}
    first = desk.decide("requests", {"uid": new_uid(), **asking}).body["uid"]
    assert desk.decide(f"requests/{first}/withdraw").body["state"] == "withdrawn"
    second = desk.decide("requests", {"uid": new_uid(), **asking}).body["uid"]
    assert neighbour.decide(f"requests/{second}/refuse", {"reason": "busy"}).body["state"] == "refused"
    third = desk.decide("requests", {"uid": new_uid(), **asking}).body["uid"]
    assert desk.decide(f"requests/{third}/grant").status_code == 403
    assert neighbour.decide(f"requests/{third}/grant").body["state"] == "granted"
    assert town.send_order(incident, "P-31").status_code == 201


def test_unit_signs_on_sets_state_and_place_and_signs_off(town: Town) -> None:
    page, path = town.page("partner"), f"units/{town.uid('P-07')}"
    card = page.decide(f"{path}/sign_on", {"crew": [town.uid("partner")]})
    assert card.body["state"] == "available"
    assert page.decide(f"{path}/status", {"reason": "meal", "availability": "available"}).status_code == 400
    assert page.decide(f"{path}/status", {"reason": "meal"}).body["state"] == "conditional"
    assert page.decide(f"{path}/place", {"point": TREE}).body["reported_point"] == list(TREE)
    assert page.decide(f"{path}/place", {"post": town.uid("K-1")}).body["post"] == "K-1"
    assert page.decide(f"{path}/sign_off").body["state"] == "off_duty"


def test_device_token_is_answered_again_but_never_stored_plain(town: Town) -> None:
    from dispatch.models import Decision

    page, key = town.page("officer"), new_uid()
    first, again = page.decide("devices/enrol", key=key), page.decide("devices/enrol", key=key)
    assert first.body["token"] == again.body["token"]
    assert again.headers["Idempotent-Replay"] == "true"
    assert first.body["token"] not in str(Decision.objects.get(key=key).answer)
    assert town.page("partner").decide("devices/enrol").status_code == 403


def test_same_key_gives_the_same_answer_and_happens_once(town: Town) -> None:
    page, key = town.page("desk"), new_uid()
    body = {"uid": new_uid(), "kind": "lost", "point": TREE}
    first = page.decide("incidents", body, key=key)
    before = JournalEntry.objects.count()
    again = page.decide("incidents", body, key=key)
    assert (again.status_code, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers
    assert (Incident.objects.count(), JournalEntry.objects.count()) == (1, before)


def test_a_key_belongs_to_one_body_one_address_and_one_person(town: Town) -> None:
    page, key = town.page("desk"), new_uid()
    body = {"uid": new_uid(), "kind": "lost", "point": TREE}
    incident = page.decide("incidents", body, key=key).body["uid"]
    assert page.decide("incidents", {**body, "place": "x"}, key=key).body["error"]["code"] == "key_reused"
    assert page.decide(f"incidents/{incident}/yield", key=key).status_code == 422
    other = town.page("desk2").decide(f"incidents/{incident}/watch", key=key)
    assert other.status_code == 200


def test_a_refused_decision_may_be_tried_again_with_its_key(town: Town) -> None:
    incident, key = town.open_incident()["uid"], new_uid()
    page = town.page("desk")
    assert page.decide(f"incidents/{incident}/resume", key=key).status_code == 409
    page.decide(f"incidents/{incident}/hold", {"reason": "rain", "minutes": 5})
    assert page.decide(f"incidents/{incident}/resume", key=key).status_code == 200


@pytest.mark.parametrize("key", ["", "abc", "0199c1f0-0000-7000-8000", "\x7f"])
def test_a_missing_or_odd_key_is_refused(town: Town, key: str) -> None:
    page = town.page("desk")
    answer = page.decide("incidents", {"uid": new_uid(), "kind": "lost", "point": TREE}, Idempotency_Key=key)
    assert (answer.status_code, answer.body["error"]["code"]) == (400, "key_missing")
    assert Incident.objects.count() == 0


def test_edit_needs_the_version_one_has_seen(town: Town) -> None:
    card = town.open_incident()
    page, path = town.page("desk"), f"incidents/{card['uid']}"
    missing = page.decide(path, {"place": "x"}, method="patch")
    assert (missing.status_code, missing.body["error"]["code"]) == (428, "version_missing")
    odd = page.decide(path, {"place": "x"}, method="patch", If_Match="abc")
    assert odd.body["error"]["field"] == "If-Match"
    good = page.decide(path, {"place": "New street", "level": 2}, method="patch", If_Match=f'"{card["version"]}"')
    assert (good.body["place"], good.body["level"]) == ("New street", 2)
    assert good.headers["ETag"] == f'"{good.body["version"]}"'
    stale = town.page("desk2").decide(path, {"place": "y"}, method="patch", If_Match=f'"{card["version"]}"')
    assert stale.status_code == 412
    facts = stale.body["error"]["facts"]
    assert (facts["now"], facts["by"]) == (good.body["version"], "desk")
    assert facts["at"]


def test_csrf_is_enforced(town: Town) -> None:
    page = town.page("desk")
    answer = page.decide("incidents", {"uid": new_uid(), "kind": "lost", "point": TREE}, X_CSRFToken="d" * 32)
    assert (answer.status_code, answer.body["error"]["facts"]["why"]) == (403, "csrf")


def test_too_many_decisions_are_slowed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from dispatch.api.base import DecisionRate

    monkeypatch.setattr(DecisionRate, "rate", "2/min")
    page = town.page("desk")
    answers = [page.decide("calls", {"uid": new_uid()}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[-1].body["error"]["code"] == "too_fast"
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert page.read("me").status_code == 200


def test_a_database_without_a_free_connection_says_come_again() -> None:
    failure = OperationalError("couldn't get a connection")
    failure.__cause__ = PoolTimeout()
    refusal = as_refusal(failure)
    assert refusal is not None
    assert (refusal.code, refusal.status) == ("unavailable", 503)
    assert as_refusal(OperationalError("something else")) is None
