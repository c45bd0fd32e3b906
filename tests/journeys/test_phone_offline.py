"""An officer without a network: the order stays readable, answers wait, say so, and arrive by themselves."""

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.ground import Ground
from tests.journeys.phone import Phone

pytestmark = pytest.mark.journey
PLACE = "Underground car park"


def test_an_answer_given_without_a_network_waits_and_arrives(desk: Desk, phone: Phone, ground: Ground) -> None:
    sign = phone.call_sign
    desk.open_here(ground.border, PLACE)
    desk.page.keyboard.press(desk.slot_of(sign))
    desk.expect_steps(sign, "sent", "delivered", "signed")

    expect(phone.page.locator(".rep")).to_contain_text("signed")
    expect(phone.page.locator(".mp")).to_be_visible()
    expect(phone.page.get_by_text("Loading the map")).to_have_count(0)
    phone.go_offline()
    phone.press("Accept")
    expect(phone.page.locator(".rep")).to_contain_text("waiting, the desk does not have it yet")
    expect(phone.page.get_by_role("alert")).to_contain_text("No network")
    expect(phone.page.get_by_text(PLACE)).to_be_visible()
    expect(phone.page.locator("section").filter(has_text="Outbox")).to_contain_text("1 waiting")
    expect(phone.verb).to_contain_text("En route")
    desk.expect_steps(sign, "sent", "delivered", "signed")

    phone.go_online()
    desk.expect_steps(sign, "sent", "delivered", "signed", "accepted")
    expect(phone.page.locator(".rep")).to_contain_text("the desk has it")
    expect(phone.page.get_by_role("alert")).to_have_count(0)
