"""No picture without a trace: the auditor reads who looked, through which camera, for what; a desk cannot."""

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.ground import Ground
from tests.journeys.people import Person, Room
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey


def test_the_auditor_reads_the_look_of_the_desk(room: Room, stack: Stack, desk: Desk, ground: Ground) -> None:
    desk.open_here(ground.border, "Looked at")
    expect(desk.page.locator("figure img").first).to_be_visible()
    code = desk.page.locator("figure").filter(has=desk.page.locator("img")).first.locator("img").get_attribute("alt")
    number, person = desk.number(), desk.board()["me"]["person"]["name"]["en"]

    auditor: Person = room.seat(stack.of_role("auditor"))
    auditor.open("/auditor")
    expect(auditor.page.get_by_role("heading", name="Looks at pictures")).to_be_visible()
    look = auditor.page.locator("tbody tr").filter(has_text=number).filter(has_text=(code or "").split(" ")[0])
    for part in (person, "incident", "shown"):
        expect(look.filter(has_text=part).first).to_be_visible()
    expect(look).to_have_count(1)  # one line, however many pictures
    look.get_by_role("button", name="each step").click()
    expect(auditor.page.locator("tr.steps li").filter(has_text="granted").first).to_be_visible()
    assert auditor.page.locator("img").count() == 0
    assert auditor.try_post(f"/incidents/{desk.incident_at('Looked at')['uid']}/take")[0] == 403  # type: ignore[index]


def test_a_desk_is_refused_the_auditors_page_in_words(desk: Desk) -> None:
    answer = desk.page.goto(f"{desk.stack.origin}/auditor")
    assert answer
    assert answer.status == 403
    expect(desk.page.get_by_role("heading", name="This page is not for this account.")).to_be_visible()
    desk.page.get_by_role("link", name="To my own page").click()
    expect(desk.page.locator(".feed")).to_have_attribute("data-light", "live")
