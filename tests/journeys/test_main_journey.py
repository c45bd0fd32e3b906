"""The main job through every layer: click, packet by push, one key, the phone rings, the officer answers, all see it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.ground import Ground
from tests.journeys.people import Room, until
from tests.journeys.phone import Phone
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey
PLACE = "Corner of the journey"
REMARK = "two masked people, one ran north"


def test_an_incident_goes_from_a_click_to_the_officers_answer(
    room: Room, stack: Stack, ground: Ground, phone: Phone
) -> None:
    walk(room, stack, ground, phone)


def walk(room: Room, stack: Stack, ground: Ground, phone: Phone) -> None:
    """Go the whole way in any city."""
    first, second = stack.pair()
    desk: Desk = room.seat(first, size=(1280, 900), form=True, kind=Desk).live()
    neighbour: Desk = room.seat(second, webgl=False, kind=Desk).live()
    sign = phone.call_sign
    loads = _count_loads(desk)

    desk.open_here(ground.border, PLACE, level=1, remark=REMARK)
    expect(desk.units.first).to_be_visible()
    _digits_in_a_text_field_send_nothing(desk)
    _packet_is_whole(desk, pictured=ground.pictured)
    _neighbour_sees_ground_only(neighbour)

    slot = desk.slot_of(sign)
    desk.page.keyboard.press(slot)
    phone.rang()
    expect(phone.page.get_by_text(PLACE)).to_be_visible()
    expect(phone.page.get_by_text(REMARK)).to_be_visible()
    desk.expect_steps(sign, "sent", "delivered", "signed")
    expect(desk.in_queue(PLACE)).to_contain_text(sign)

    phone.press("Accept")
    desk.expect_steps(sign, "sent", "delivered", "signed", "accepted")
    phone.press("En route")
    desk.expect_steps(sign, "sent", "delivered", "signed", "accepted", "left")
    phone.press("On scene")
    desk.expect_steps(sign, "sent", "delivered", "signed", "accepted", "left", "on scene")
    _neighbour_sees_ground_only(neighbour)
    phone.clear_as("handled")
    expect(phone.page.get_by_text("No order.")).to_be_visible()
    expect(desk.rail(sign)).to_have_count(0)
    expect(desk.page.locator("ol.tl")).to_contain_text("cleared")
    assert loads == ["/desk"], "everything came by push, without a reload"

    far: Desk = room.seat(stack.far(), webgl=False, kind=Desk).live()
    expect(far.in_queue(PLACE)).to_have_count(0)
    assert far.incident_at(PLACE) is None


def _count_loads(desk: Desk) -> list[str]:
    """Return a list that grows with each load of the page; it holds the present one."""
    loads = ["/desk"]
    desk.page.on("load", lambda page: loads.append(page.url))
    return loads


def _digits_in_a_text_field_send_nothing(desk: Desk) -> None:
    sent: list[str] = []
    desk.page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/orders") else None)
    desk.page.keyboard.press("n")
    note = desk.page.locator("form.panel input.text")
    note.press_sequentially("123456789")
    expect(note).to_have_value("123456789")
    expect(desk.page.locator(".litag")).to_contain_text("typing")
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("div.lit")).to_be_visible()
    expect(desk.page.locator(".os")).to_contain_text("No order yet")
    assert sent == []


def _packet_is_whole(desk: Desk, *, pictured: bool) -> None:
    """Ranked units each with distance and reason, and cameras: one with a real picture, or each saying why it has none."""
    for line in desk.units.all():
        assert line.locator(".dist").inner_text().strip()
        assert line.locator(".why").inner_text().strip()
    if not pictured:
        expect(desk.page.locator("figure").first).to_contain_text("No picture")
        return
    widths = "[...document.querySelectorAll('figure img')].map((img) => img.naturalWidth)"
    until("a picture of a camera", lambda: any(width > 0 for width in desk.page.evaluate(widths)), page=desk.page)


def _neighbour_sees_ground_only(neighbour: Desk) -> None:
    neighbour.choose(PLACE)
    expect(neighbour.card).to_contain_text("It stands on or near your ground")
    expect(neighbour.page.locator(".litag")).to_contain_text("no keys here")
    assert REMARK not in neighbour.page.content()
    incident = neighbour.incident_at(PLACE)
    assert incident is not None
    assert incident["remark"] is None
    assert [order for order in neighbour.board()["orders"] if order["incident"] == incident["uid"]] == []
