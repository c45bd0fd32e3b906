"""The supervisor sees again what a desk and an officer did: where the unit was at two moments, and the auditor reads that he looked."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import Desk
from tests.journeys.ground import Ground
from tests.journeys.people import Person, Place, Room
from tests.journeys.phone import Phone
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey
PLACE = "Seen again"


def test_the_supervisor_replays_what_desk_and_officer_did(
    room: Room, stack: Stack, ground: Ground, desk: Desk, phone: Phone
) -> None:
    moved = (round(ground.near[0] + 0.004, 6), ground.near[1])
    number, sign = _work(desk, phone, ground, moved)

    supervisor: Person = room.seat(stack.of_role("supervisor"), size=(1280, 720))
    supervisor.open("/replay")
    page = supervisor.page
    page.locator(f'[data-number="{number}"]').click()
    expect(page.get_by_text("not live", exact=True)).to_be_visible()
    expect(page.get_by_role("navigation", name="Marks")).to_contain_text("closed")

    page.get_by_role("button", name=re.compile(r"accepted$")).click()
    page.keyboard.press("f")
    _stands_at(page, ground.near)
    expect(page.locator(f'ol[data-order="{sign}"] li.ok b')).to_have_text(["sent", "delivered", "signed", "accepted"])
    page.keyboard.press("End")
    _stands_at(page, moved)
    page.keyboard.press("Home")
    expect(page.get_by_text("No order yet at this moment.")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"on scene$")).click()
    _stands_at(page, moved)
    _nothing_can_be_done(supervisor, number)

    auditor: Person = room.seat(stack.of_role("auditor"), webgl=False)
    auditor.open("/auditor")
    auditor.page.get_by_role("button", name="Replays opened").click()
    row = auditor.page.locator("tbody tr").filter(has_text=number).first
    expect(row).to_contain_text(supervisor.get("/me")["person"]["name"]["en"])
    assert desk.page.request.get(f"{stack.origin}/replay").status == 403


def _work(desk: Desk, phone: Phone, ground: Ground, moved: Place) -> tuple[str, str]:
    """Open, send, answer, drive on, clear, close; return the incident's number and the unit's call sign."""
    kind = next(kind["code"] for kind in desk.board()["kinds"] if kind["level"] == 1)
    body = {"uid": str(uuid.uuid4()), "kind": kind, "point": ground.border, "place": PLACE}
    incident, sign = desk.post("/incidents", body), phone.call_sign
    desk.choose(PLACE)
    expect(desk.page.locator("div.lit")).to_be_visible()
    number = desk.number()
    desk.page.keyboard.press(desk.slot_of(sign))
    phone.press("Accept")
    phone.press("En route")
    with phone.page.expect_response(
        lambda said: "/intake" in said.url and said.ok and str(moved[0]) in (said.request.post_data or "")
    ):
        phone.context.set_geolocation({"longitude": moved[0], "latitude": moved[1], "accuracy": 8})
    phone.press("On scene")
    desk.expect_steps(sign, "sent", "delivered", "signed", "accepted", "left", "on scene")
    phone.clear_as("handled")
    expect(desk.rail(sign)).to_have_count(0)
    desk.post(f"/incidents/{incident['uid']}/feedback", {"uid": str(uuid.uuid4()), "stage": "final", "text": "calm"})
    desk.post(f"/incidents/{incident['uid']}/close")
    return number, sign


def _stands_at(page: Page, place: Place) -> None:
    """Wait until the followed unit's position is this one: five digits, as the screen says it."""
    expect(page.locator(".place")).to_contain_text(f"{place[1]:.5f}, {place[0]:.5f}")


def _nothing_can_be_done(supervisor: Person, number: str) -> None:
    """No verb stands on the page, and a digit sends nothing."""
    asked: list[str] = []
    supervisor.page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    for key in "123zvtxn":
        supervisor.page.keyboard.press(key)
    expect(supervisor.page.get_by_role("button", name="recall")).to_have_count(0)
    expect(supervisor.page.get_by_text(number)).to_be_visible()
    assert asked == []
