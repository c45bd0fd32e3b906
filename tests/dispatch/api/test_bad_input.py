"""Everything that must be refused, with its code: nothing lost, nothing half-written, nothing of ours shown."""

import json
from typing import Any

import pytest

from dispatch.models import Call, Incident, JournalEntry, Order
from tests.dispatch.town import WEST, Town, new_uid

HERE = list(WEST)
DEEP = b'{"uid":"%s","kind":"lost","point":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
BODIES: list[tuple[bytes | str, str]] = [
    (b"", "content_type"),
    (b"[]", "type"),
    (b"null", "type"),
    (b'"text"', "type"),
    (b"{", "json"),
    (b"{} {}", "missing"),
    (b'{"uid": NaN}', "json"),
    (b'{"place": "\xff\xfe"}', "json"),
    (b'{"place": "\xed\xa0\x80"}', "json"),
    (b'{"place": "\\ud800"}', "json"),
    (b"\xef\xbb\xbf{}", "json"),
    (b"\x00", "json"),
    (b'{"kind": ' + b"9" * 100_000 + b"}", "type"),
    (DEEP % new_uid().encode(), "too_deep"),
]
POINTS: list[tuple[Any, str]] = [
    ([0, 0], "null_island"),
    ([0, 90], "range"),
    ([0, -90], "range"),
    ([200, 10], "range"),
    ([10**400, 0], "range"),
    ([WEST[1], WEST[0]], "swapped"),
    ([12.5, 41.9], "outside"),
    ([1], "form"),
    ([1, 2, 3], "form"),
    (["a", "b"], "form"),
    ([None, None], "form"),
    ([True, False], "form"),
    ("POINT(1 2)", "form"),
    ({"lon": 1}, "form"),
    (None, "form"),
]
NAMES = [
    "<script>alert(1)</script>",
    "عربى \u202e gnp",
    "👩\u200d👩\u200d👧 🚓",
    "a\u200bb\u2060c",
    "'; DROP TABLE dispatch_call; --",
    "桥头北侧",
]


def incident(**fields: Any) -> dict[str, Any]:
    """Return a good body, changed."""
    return {"uid": new_uid(), "kind": "lost", "point": HERE, **fields}


@pytest.mark.parametrize(("raw", "why"), BODIES)
def test_what_is_no_object_of_the_right_form_is_refused(town: Town, raw: bytes, why: str) -> None:
    answer = town.page("desk").decide("incidents", raw)
    assert answer.status_code == 400
    assert answer.body["error"]["code"] == "bad_input"
    assert answer.body["error"]["facts"]["why"] == why
    assert Incident.objects.count() == 0


@pytest.mark.parametrize(("point", "why"), POINTS)
def test_a_position_that_cannot_be(town: Town, point: Any, why: str) -> None:
    answer = town.page("desk").decide("incidents", incident(point=point))
    assert (answer.status_code, answer.body["error"]["code"]) == (400, "bad_position")
    assert answer.body["error"]["facts"]["why"] == why
    assert answer.body["error"]["field"] == "point"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400"])
def test_numbers_that_are_none(town: Town, number: str) -> None:
    raw = json.dumps(incident()).replace(json.dumps(HERE), f"[{number}, -29.9]")
    answer = town.page("desk").decide("incidents", raw)
    assert answer.status_code == 400
    assert Incident.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"kind": "nonsense"}, "unknown_kind", "kind"),
        ({"kind": "lo\x00st"}, "unknown_kind", "kind"),
        ({"kind": 3}, "bad_input", "kind"),
        ({"level": 0}, "bad_input", "level"),
        ({"level": 5}, "bad_input", "level"),
        ({"level": 10**30}, "bad_input", "level"),
        ({"level": "1"}, "bad_input", "level"),
        ({"level": True}, "bad_input", "level"),
        ({"circle_m": -1}, "bad_input", "circle_m"),
        ({"circle_m": 10**300}, "bad_input", "circle_m"),
        ({"uid": "x"}, "bad_input", "uid"),
        ({"call": new_uid()}, "not_found", "call"),
        ({"centre": new_uid()}, "not_found", "centre"),
        ({"place": "x" * 301}, "too_long", "place"),
        ({"remark": "x" * 1_000_000}, "too_long", "remark"),
        ({"owner": "me"}, "bad_input", "owner"),
    ],
)
def test_a_bad_field_is_named(town: Town, change: dict[str, Any], code: str, field: str) -> None:
    answer = town.page("desk").decide("incidents", incident(**change))
    assert (answer.body["error"]["code"], answer.body["error"]["field"]) == (code, field)
    assert (Incident.objects.count(), JournalEntry.objects.filter(kind="incident.opened").count()) == (0, 0)


def test_a_body_of_megabytes_is_too_big(town: Town) -> None:
    answer = town.page("desk").decide("incidents", incident(remark="x" * 3_000_000))
    assert (answer.status_code, answer.body["error"]["code"]) == (413, "too_big")


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "", "nonsense"]
)
def test_only_json_is_read(town: Town, kind: str) -> None:
    page = town.page("desk")
    headers = {"X-CSRFToken": "c" * 32, "Idempotency-Key": new_uid()}
    answer = page.generic("POST", "/api/v1/incidents", json.dumps(incident()), content_type=kind, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["facts"]["why"] in {"content_type", "unreadable"}


@pytest.mark.parametrize("name", NAMES)
def test_odd_words_come_back_as_they_were_written(town: Town, name: str) -> None:
    page = town.page("desk")
    card = page.decide("incidents", incident(place=name, remark=name, hazards=name)).body
    assert (card["place"], card["remark"], card["hazards"]) == (name, name, name)
    stored = page.read(f"incidents/{card['uid']}").body["incident"]
    assert stored["place"] == name


def test_nul_and_control_characters_are_taken_out(town: Town) -> None:
    card = town.page("desk").decide("incidents", incident(place="a\x00b\x07c\nd")).body
    assert card["place"] == "abc\nd"


def test_an_id_used_twice_is_refused(town: Town) -> None:
    page, body = town.page("desk"), incident()
    page.decide("incidents", body)
    assert page.decide("incidents", body).body["error"]["code"] == "exists"
    assert Incident.objects.count() == 1
    call = {"uid": new_uid()}
    page.decide("calls", call)
    assert page.decide("calls", {**call, "remark": "x"}).body["error"]["code"] == "exists"
    assert Call.objects.count() == 1


def test_a_busy_unit_names_who_holds_it(town: Town) -> None:
    town.send_order(town.open_incident()["uid"])
    lost = town.send_order(town.open_incident()["uid"], page="desk2")
    assert (lost.status_code, lost.body["error"]["code"]) == (409, "unit_busy")
    assert lost.body["error"]["facts"]["by"] == "desk"
    assert Order.objects.count() == 1


def test_a_digit_of_a_list_nobody_has_is_refused(town: Town) -> None:
    answer = town.send_order(town.open_incident()["uid"], suggestion={"version": 7, "slot": 1})
    assert (answer.status_code, answer.body["error"]["code"]) == (409, "suggestion_changed")
    assert Order.objects.count() == 0


def test_orders_to_nobody(town: Town) -> None:
    incident_uid = town.open_incident()["uid"]
    assert town.send_order(incident_uid, "P-07").body["error"]["code"] == "unit_off_duty"
    page = town.page("desk")
    for target in ({"kind": "unit", "uid": new_uid()}, {"kind": "post", "uid": town.uid("P-12")}):
        body = {"uid": new_uid(), "incident": incident_uid, "target": target}
        assert page.decide("orders", body).body["error"]["code"] == "not_found"
    body = {"uid": new_uid(), "incident": incident_uid, "target": {"kind": "ghost", "uid": new_uid()}}
    assert page.decide("orders", body).body["error"]["field"] == "target.kind"


def test_an_answer_to_a_recalled_order_is_refused(town: Town) -> None:
    incident_uid = town.open_incident()["uid"]
    order = town.send_order(incident_uid).body["uid"]
    town.page("desk").decide(f"orders/{order}/recall")
    answer = town.page("officer").decide(f"orders/{order}/accept")
    assert answer.status_code in (404, 409)
    assert Order.objects.get(uid=order).state == "recalled"


def test_methods_that_are_not_there(town: Town) -> None:
    page = town.page("desk")
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE"):
        headers = {"X-CSRFToken": "c" * 32}
        answer = page.generic(method, "/api/v1/incidents", b"{}", content_type="application/json", headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")


def test_what_a_client_accepts_does_not_matter(town: Town) -> None:
    assert town.page("desk").read("me", Accept="text/html").status_code == 200
