"""Going on duty: an officer who is off it sees three questions and nothing else, answers with a tap each, and goes off again."""

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Room
from tests.journeys.phone import Phone
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey


def test_an_officer_off_duty_signs_on_with_three_taps_and_off_again(room: Room, stack: Stack) -> None:
    off_duty = next(one for one in stack.logins if one.role == "officer" and "off duty" in one.note)
    sign = off_duty.note.split()[2].rstrip(",")
    phone: Phone = room.seat(off_duty, size=(390, 844), kind=Phone)
    phone.open("/officer")
    expect(phone.page.get_by_role("heading", name="Which unit?")).to_be_visible()
    expect(phone.page.locator("header")).to_contain_text("not sharing")
    phone.page.get_by_role("button", name=sign).click()
    phone.verb.click()
    phone.press(sign)
    expect(phone.page.locator("header b").first).to_have_text(sign)
    assert phone.unit(sign)["on_duty"]
    uid = phone.unit(sign)["uid"]
    phone.post(f"/units/{uid}/sign_off")
    expect(phone.page.get_by_role("heading", name="Which unit?")).to_be_visible()
