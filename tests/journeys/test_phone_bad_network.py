"""The phone in a bad network: it starts with none, hears late of a recall, and is never changed under a hand that answers."""

import json
import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.ground import Ground
from tests.journeys.people import Room, until
from tests.journeys.phone import Phone
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey
PLACE, NUMBER = "Tunnel mouth", "13800138000"
KEPT = """new Promise((resolve) => { const asked = indexedDB.open('nearcast'); asked.onsuccess = () => {
  const found = asked.result.transaction('kept').objectStore('kept').getAll();
  found.onsuccess = () => { asked.result.close(); resolve(JSON.stringify(found.result)); }; }; })"""
READY = "navigator.serviceWorker.ready.then(() => caches.keys()).then((names) => names.length > 0)"


@pytest.fixture
def desk(room: Room, stack: Stack) -> Iterator[Desk]:
    """The dispatcher of the first station; he speaks to the server without looking at his screen."""
    seated = room.seat(stack.pair()[0], kind=Desk, webgl=False)
    seated.end_all()
    yield seated
    seated.end_all()


@pytest.fixture
def phone(room: Room, stack: Stack, ground: Ground) -> Phone:
    """The officer's phone with a service worker, as installed."""
    officer = stack.officer_of(stack.pair()[0])
    assert officer
    seated: Phone = room.seat(officer, size=(390, 844), at=ground.near, kind=Phone, workers=True, webgl=False)
    return seated.live()


def send(desk: Desk, phone: Phone, ground: Ground) -> str:
    """Open an incident and order the phone's unit; return the order's uid once the phone shows it."""
    uids = [str(uuid.uuid4()), str(uuid.uuid4())]
    kind = next(kind["code"] for kind in desk.board()["kinds"] if kind["level"] == 2)
    remark = f"caller waits, {NUMBER}"
    desk.post(
        "/incidents", {"uid": uids[0], "kind": kind, "point": list(ground.border), "place": PLACE, "remark": remark}
    )
    target = {"kind": "unit", "uid": desk.unit(phone.call_sign)["uid"]}
    desk.post("/orders", {"uid": uids[1], "incident": uids[0], "target": target})
    expect(phone.page.get_by_text(PLACE).first).to_be_visible()
    until("signed", lambda: state_of(desk, uids[1]) == "seen", page=phone.page)
    return uids[1]


def state_of(desk: Desk, order: str) -> str:
    return next((one["state"] for one in desk.board()["orders"] if one["uid"] == order), "")


def test_starts_with_no_network_and_brings_every_answer_in_order(desk: Desk, phone: Phone, ground: Ground) -> None:
    order = send(desk, phone, ground)
    until("the shell is kept", lambda: phone.page.evaluate(READY), page=phone.page)
    until("the order is kept", lambda: PLACE in phone.page.evaluate(KEPT), page=phone.page)
    assert NUMBER not in phone.page.evaluate(KEPT)
    phone.go_offline()
    phone.page.reload()
    expect(phone.page.get_by_text(PLACE).first).to_be_visible()
    expect(phone.page.get_by_role("alert").first).to_contain_text("No network")
    for step in ("Accept", "En route", "On scene"):
        phone.press(step)
    expect(phone.verb).to_contain_text("Clear")
    phone.page.reload()
    expect(phone.page.locator("section").filter(has_text="Outbox")).to_contain_text("3 waiting")

    phone.go_online()
    until("all answers arrived", lambda: state_of(desk, order) == "on_scene", page=phone.page)
    steps = [line["kind"] for line in desk.get(f"/incidents/{incident_of(desk, order)}/history")["entries"]]
    assert [kind for kind in steps if kind in {"order.answered", "order.moved"}] == [
        "order.answered", "order.moved", "order.moved",
    ]  # fmt: skip
    phone.clear_as("handled")
    until("cleared", lambda: state_of(desk, order) in {"", "cleared"}, page=phone.page)
    until("nothing of it is kept", lambda: PLACE not in phone.page.evaluate(KEPT), page=phone.page)


def incident_of(desk: Desk, order: str) -> str:
    return str(next(one["incident"] for one in desk.board()["orders"] if one["uid"] == order))


def test_recalled_while_away_is_said_with_what_did_not_count(desk: Desk, phone: Phone, ground: Ground) -> None:
    order = send(desk, phone, ground)
    phone.press("Accept")
    until("accepted", lambda: state_of(desk, order) == "accepted", page=phone.page)
    phone.go_offline()
    phone.press("En route")
    desk.post(f"/orders/{order}/recall")
    phone.go_online()
    said = phone.page.get_by_role("alert").filter(has_text="The desk recalled this order")
    expect(said).to_contain_text("“Left”, pressed at")
    expect(said).to_contain_text("turn back and say so on the radio")
    until("nothing of it is kept", lambda: PLACE not in phone.page.evaluate(KEPT), page=phone.page)
    phone.press("Understood")


def test_a_new_version_waits_for_the_answer(desk: Desk, phone: Phone, ground: Ground, stack: Stack) -> None:
    order = send(desk, phone, ground)
    until("the shell is kept", lambda: phone.page.evaluate(READY), page=phone.page)
    phone.page.evaluate("window.before = true")
    phone.context.route("**/api/v1/orders/**", lambda route: route.abort())
    phone.press("Accept")
    expect(phone.page.locator(".rep")).to_contain_text("waiting")
    with stack.newer_build():
        phone.page.evaluate("navigator.serviceWorker.getRegistration('/officer').then((it) => it.update())")
        expect(phone.page.get_by_text("waits until this order is over")).to_be_visible()
        assert phone.page.evaluate("window.before && navigator.serviceWorker.controller !== null")
        phone.context.unroute("**/api/v1/orders/**")
        until("accepted", lambda: state_of(desk, order) == "accepted", page=phone.page)
        # The page comes from the new server while the old worker still rules.
        phone.page.reload()
        expect(phone.verb).to_contain_text("En route")
        expect(phone.page.get_by_text("waits until this order is over")).to_be_visible()
        phone.page.evaluate("window.before = true")
        desk.post(f"/orders/{order}/recall")
        phone.press("Understood")
        with phone.page.expect_event("load"):
            phone.page.get_by_role("button", name="Now", exact=True).click()
        assert phone.page.evaluate("!window.before")
        waiting = "navigator.serviceWorker.getRegistration('/officer').then((it) => it.waiting)"
        assert phone.page.evaluate(waiting) is None
    assert json.loads(phone.page.evaluate(KEPT)) is not None
