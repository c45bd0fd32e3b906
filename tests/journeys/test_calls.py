"""Calls at the desk by keyboard and mouse: placed on the map, ended on purpose only, and never doubled by a lost answer."""

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.desk import Desk
from tests.journeys.ground import Ground

pytestmark = pytest.mark.journey
NUMBER = "512 555 0147"


def take_call(desk: Desk) -> None:
    """Write a call down that has no place yet."""
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("c")
    desk.page.fill("#call-number", NUMBER)
    desk.page.get_by_role("button", name="Take only").click()
    expect(desk.page.locator(".ci").filter(has_text=NUMBER)).to_be_visible()


def test_a_call_without_a_place_gets_one_by_a_click_and_becomes_an_incident(desk: Desk, ground: Ground) -> None:
    take_call(desk)
    call = desk.page.locator(".ci").filter(has_text=NUMBER)
    call.get_by_role("button", name="open", exact=True).click()
    expect(desk.page.get_by_role("status").filter(has_text="Click the place of the call")).to_be_visible()
    box = desk.page.locator("main.map .box").bounding_box()
    assert box
    desk.page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.6)
    expect(desk.page.locator("#open-kind")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.card).to_contain_text("1 call")
    expect(call).to_have_count(0)
    assert [one["incident"] is not None for one in desk.board()["calls"] if one["caller_number"] == NUMBER] == [True]


def test_arrow_keys_in_the_list_of_ends_end_nothing(desk: Desk) -> None:
    take_call(desk)
    call = desk.page.locator(".ci").filter(has_text=NUMBER)
    call.locator("select").focus()
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("ArrowDown")
    expect(call.get_by_role("button", name="end", exact=True)).to_be_visible()
    assert [one["state"] for one in desk.board()["calls"] if one["caller_number"] == NUMBER] == ["open"]
    call.get_by_role("button", name="end", exact=True).click()
    expect(call).to_have_count(0)


def test_pressing_again_after_a_lost_answer_makes_no_second_incident(desk: Desk, ground: Ground) -> None:
    """The server has it, the answer never came: the desk is told so, and the second press finds the first one."""
    desk.watch.offline.add(desk.login.login)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    desk.page.route("**/api/v1/incidents", lose)
    desk.point_at(ground.border)
    desk.page.fill("#open-place", "Lost answer")
    desk.page.press("#open-place", "Enter")
    expect(desk.page.locator("form.panel [role=alert]")).to_be_visible()
    desk.page.unroute("**/api/v1/incidents")
    desk.page.press("#open-place", "Enter")
    expect(desk.card.get_by_text("Lost answer").first).to_be_visible()
    assert [one["place"] for one in desk.board()["incidents"]].count("Lost answer") == 1
