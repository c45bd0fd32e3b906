"""An order to a station's desk: a named person signs, his digits send two units, the city sees how they stand, he finishes it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.ground import Ground
from tests.journeys.people import Room
from tests.journeys.stack import Stack
from tests.journeys.test_refusals import open_over_http

pytestmark = pytest.mark.journey
PLACE = "By the station's own desk"


def say_yes(desk: Desk) -> None:
    """Press the yes key once it answers: under something that has just appeared it waits."""
    expect(desk.card.locator(".wl kbd:not(.soon)").filter(has_text="A")).to_be_visible()
    desk.page.keyboard.press("a")


def test_a_desks_order_is_signed_and_followed_by_two_child_orders(
    room: Room, stack: Stack, ground: Ground, desk: Desk
) -> None:
    city: Desk = room.seat(stack.of_role("dispatcher"), size=(1280, 900), webgl=False, kind=Desk).live()
    open_over_http(city, ground.inner, PLACE)
    city.choose(PLACE)
    expect(city.units.first).to_be_visible()
    city.card.focus()
    city.page.keyboard.press("s")
    code = desk.login.centre

    waits = desk.page.locator(".wt")
    expect(waits).to_contain_text("order for this desk")
    desk.page.keyboard.press("a")
    expect(desk.card.get_by_text(PLACE).first).to_be_visible()
    city.expect_steps(code, "sent", "delivered")
    say_yes(desk)
    city.expect_steps(code, "sent", "delivered", "signed")
    head = city.page.locator(".os .rf").first
    expect(head).to_contain_text("signed by")

    signs = [desk.units.nth(line).locator("b").first.inner_text() for line in (0, 1)]
    for sign in signs:
        desk.page.keyboard.press(desk.slot_of(sign))
        expect(desk.rail(sign).first).to_be_visible()
    expect(city.page.locator(".os")).to_contain_text("child orders: 2 under way")
    expect(city.page.locator(".os")).to_contain_text(f"for {code}")

    desk.page.keyboard.press("x")
    desk.page.keyboard.press("Enter")
    expect(desk.card.get_by_role("alert")).to_contain_text(signs[0])
    desk.page.keyboard.press("Escape")
    for left in (2, 1):
        desk.page.keyboard.press("z")
        expect(desk.page.locator(".os .oh")).to_have_count(left)
    expect(desk.card).to_contain_text("child orders have ended")
    expect(city.page.locator(".os")).to_contain_text("all child orders have ended")
    say_yes(desk)
    expect(city.rail(code)).to_have_count(0)
