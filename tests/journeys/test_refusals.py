"""Refusals in words: who won, what was recalled, which list is old."""

import uuid

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.ground import Ground
from tests.journeys.people import Room
from tests.journeys.phone import Phone
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey


def test_a_second_order_names_who_won_and_a_recall_reaches_the_phone(
    room: Room, stack: Stack, ground: Ground, desk: Desk, phone: Phone
) -> None:
    sign = phone.call_sign
    desk.open_here(ground.border, "First come")
    desk.page.keyboard.press(desk.slot_of(sign))
    desk.expect_steps(sign, "sent", "delivered", "signed")

    city: Desk = room.seat(stack.of_role("dispatcher"), webgl=False, kind=Desk).live()
    second = open_over_http(city, ground.inner, "Second come")
    city.choose("Second come")
    city.command(f"D {sign} {second['number'].rsplit('-', 1)[1]}")
    refusal = city.page.locator("footer [role=alert]")
    expect(refusal).to_contain_text(f"{sign} is on {desk.number()} (level 1), sent by")
    expect(refusal).to_contain_text("Choose another unit, or recall it first.")

    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("z")
    expect(phone.page.get_by_role("heading", name="The desk recalled this order")).to_be_visible()
    phone.press("Understood")
    expect(phone.page.get_by_text("No order.")).to_be_visible()
    expect(desk.page.locator(".os")).to_contain_text("No order yet")


def test_an_old_list_says_so_and_r_takes_the_new_one(desk: Desk, ground: Ground) -> None:
    desk.open_here(ground.border, "Old list", level=2)
    expect(desk.units.first).to_be_visible()
    heading = desk.card.locator(".units .sh .m")
    expect(heading).to_contain_text("list v1")
    listed = desk.units.locator("b").first.inner_text()
    unit = desk.unit(listed)
    own = next(one for one in desk.board()["centres"] if one["code"] == desk.login.centre)
    if unit["centre"] != own["uid"]:
        unit = next(one for one in desk.board()["units"] if one["centre"] == own["uid"] and one["state"] == "available")
    try:
        desk.post(f"/units/{unit['uid']}/status", {"reason": "repair"})
        expect(desk.page.locator("button.new")).to_be_visible()
        expect(heading).to_contain_text("list v1")
        desk.page.keyboard.press("r")
        expect(heading).not_to_contain_text("list v1")
        expect(desk.line_of(unit["call_sign"])).to_have_count(0)
    finally:
        desk.post(f"/units/{unit['uid']}/status", {"reason": ""})


def open_over_http(desk: Desk, point: tuple[float, float], place: str) -> dict[str, str]:
    """Open a level-1 incident as this desk and return its card."""
    kind = next(kind["code"] for kind in desk.board()["kinds"] if kind["level"] == 1)
    body = {"uid": str(uuid.uuid4()), "kind": kind, "level": 1, "point": point, "place": place}
    opened: dict[str, str] = desk.post("/incidents", body)
    return opened
