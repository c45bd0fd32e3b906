"""Going on duty: an officer who is off it answers three questions with a tap each; the next time the crew of the last is proposed."""

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Room
from tests.journeys.phone import Phone
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey


def test_an_officer_off_duty_signs_on_with_three_taps_and_the_next_time_with_one(room: Room, stack: Stack) -> None:
    off_duty = next(one for one in stack.logins if one.role == "officer" and "off duty" in one.note)
    sign = off_duty.note.split()[2].rstrip(",")
    phone: Phone = room.seat(off_duty, size=(390, 844), kind=Phone)
    for unit in phone.board()["units"]:
        phone.post(f"/units/{unit['uid']}/sign_off")
    phone.open("/officer")
    expect(phone.page.locator("header")).to_contain_text("not sharing")
    question = phone.page.get_by_role("heading", name="Which unit?")
    otherwise = phone.page.get_by_role("button", name="Choose otherwise")
    expect(question.or_(otherwise)).to_be_visible()
    if otherwise.count():  # the stack runs longer than this test: a crew of last time is proposed
        otherwise.click()
    phone.page.get_by_role("button", name=sign).click()
    phone.verb.click()
    phone.press(f"Sign on to {sign}")
    expect(phone.page.locator("header b").first).to_have_text(sign)
    phone.post(f"/units/{phone.unit(sign)['uid']}/sign_off")
    expect(otherwise).to_be_visible()
    phone.press(f"Sign on to {sign}")
    expect(phone.page.locator("header b").first).to_have_text(sign)
    phone.post(f"/units/{phone.unit(sign)['uid']}/sign_off")
    expect(otherwise).to_be_visible()
