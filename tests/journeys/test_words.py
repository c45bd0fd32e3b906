"""What people type is shown as they typed it and never run: markup, right-to-left, emoji, zero-width."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import Desk
from tests.journeys.ground import Ground
from tests.journeys.phone import Phone

pytestmark = pytest.mark.journey
PLACE = "<script>alert(1)</script><img src=x onerror=alert(2)> \u202eمستشفى 🚓👩‍👩‍👧 a\u200bb"
REMARK = "\"><svg onload=alert(3)> {{7*7}} ${7*7} ' OR 1=1 -- 北京\u2066\u2069"
STRANGERS = (
    "document.querySelectorAll('img[src=x], svg[onload], [onerror], #app script, body > script:not(#boot)').length"
)


def test_hostile_words_are_only_words(desk: Desk, phone: Phone, ground: Ground) -> None:
    sign = phone.call_sign
    desk.open_here(ground.border, PLACE, remark=REMARK)
    expect(desk.card.locator(".at b")).to_have_text(PLACE)
    expect(desk.card.locator(".remark")).to_have_text(REMARK)
    expect(desk.in_queue("<script>alert(1)</script>")).to_be_visible()
    desk.page.keyboard.press(desk.slot_of(sign))
    expect(phone.page.locator(".pl")).to_have_text(PLACE)
    expect(phone.page.get_by_text("<svg onload=alert(3)>")).to_be_visible()
    desk.page.keyboard.press("n")
    desk.page.fill("form.panel input.text", PLACE)
    desk.page.press("form.panel input.text", "Enter")
    expect(phone.page.locator(".note")).to_contain_text(PLACE)
    for page in (desk.page, phone.page):
        _nothing_came_alive(page)


def _nothing_came_alive(page: Page) -> None:
    assert page.evaluate(STRANGERS) == 0
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
