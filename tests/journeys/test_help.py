"""A call for help: held on the phone, heard and answered at the desk; pressed without a network, received later with both times."""

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.people import until
from tests.journeys.phone import Phone

pytestmark = pytest.mark.journey


def end(desk: Desk, phone: Phone, outcome: str) -> None:
    """Answer and end what stands, by keyboard, and let the officer read it."""
    expect(desk.page.locator(".distress .ack kbd")).to_be_visible()
    expect(desk.page.locator(".distress kbd:not(.soon)").filter(has_text="A")).to_be_visible()
    desk.page.keyboard.press("a")
    expect(desk.page.locator(".distress")).to_have_attribute("data-sounding", "false")
    expect(phone.page.locator(".raised")).to_contain_text("has it")
    desk.page.keyboard.press("e")
    desk.page.locator(".distress").get_by_role("button", name=outcome).click()
    expect(desk.page.locator(".distress")).to_have_count(0)
    expect(phone.page.locator(".raised")).to_contain_text(outcome)
    phone.page.get_by_role("button", name="Understood", exact=True).click()


def test_a_call_for_help_reaches_the_desk_also_out_of_a_dead_spot(desk: Desk, phone: Phone) -> None:
    phone.page.locator(".sos").click()
    expect(phone.page.locator(".sos")).to_contain_text("Not sent")
    phone.hold_help()
    expect(phone.page.locator(".raised")).to_contain_text("received")
    # The finger that called lies where the taking back stands: lifting it takes nothing back.
    expect(phone.page.get_by_role("button", name="Take it back")).to_be_enabled()
    expect(phone.page.get_by_text("Really take it back?")).to_have_count(0)
    expect(desk.page.locator(".distress")).to_contain_text(phone.call_sign)
    expect(desk.page.locator(".distress")).to_have_attribute("data-sounding", "true")
    desk.page.keyboard.press("0")
    end(desk, phone, "drill")

    phone.go_offline()
    phone.hold_help()
    expect(phone.page.locator(".raised")).to_contain_text("not received yet")
    until("it is tried again", lambda: "1 tries" not in phone.page.locator(".raised").inner_text(), page=phone.page)
    expect(desk.page.locator(".distress")).to_have_count(0)
    phone.page.wait_for_timeout(6500)  # longer than what is still called at once
    phone.go_online()
    expect(phone.page.locator(".raised")).to_contain_text("later)")
    expect(desk.page.locator(".distress .late")).to_contain_text("received only")
    end(desk, phone, "false press")


def test_words_go_both_ways_with_receipts(desk: Desk, phone: Phone) -> None:
    desk.page.keyboard.press("/")
    desk.page.keyboard.type(f"MSG {phone.call_sign} switch to TG 4")
    desk.page.keyboard.press("Enter")
    expect(phone.page.locator("button.line")).to_contain_text("switch to TG 4")
    desk.page.locator("header").get_by_role("button", name="Messages").click()
    desk.page.locator(".threads button").filter(has_text=phone.call_sign).click()
    thread = desk.page.locator("ol.words li")
    expect(thread.last).to_contain_text("delivered")
    phone.page.locator("button.line").click()
    expect(thread.last).to_contain_text("read by")
    phone.page.get_by_role("button", name="Understood", exact=True).click()
    expect(thread.last).to_contain_text("Understood")
    expect(phone.page.locator("li.own").last).to_contain_text("read by")
