"""Every face in both languages and both themes: pictures kept in shots/, and what can be measured holds."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.journeys.desk import Desk
from tests.journeys.ground import Ground, busiest
from tests.journeys.look import faults_of
from tests.journeys.people import Person, Room
from tests.journeys.phone import Phone
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey
SHOTS = Path(__file__).parent / "shots"
README_PICTURE = Path(__file__).parents[2] / "docs" / "img" / "desk.png"
BIG, SMALL = {"width": 1280, "height": 720}, {"width": 390, "height": 844}
# Every step changes one thing, as a person does; the first comes as the page opens.
LOOKS = ("auto", "dark", "day", "sun")  # the choices in the phone's menu, as they stand
STEPS = ("en-dark", "en-day", "zh-day", "zh-dark")
Switch = Callable[[Page], None]


def test_desk_and_phone_look_right_with_an_order_under_way(desk: Desk, phone: Phone, ground: Ground) -> None:
    sign = phone.call_sign
    write = os.environ.get("NEARCAST_WRITE_SHOTS") == "1"
    where = busiest(desk) if write else ground.border
    place = "Market square, north side" if write else "Long Avenue of the Republic / Crossing of the Second Bridge"
    desk.open_here(where, place, remark="two people with masks, one ran north")
    desk.page.keyboard.press(desk.slot_of(sign))
    desk.expect_steps(sign, "sent", "delivered", "signed")
    phone.press("Accept")
    desk.expect_steps(sign, "sent", "delivered", "signed", "accepted")
    expect(desk.page.locator("figure img").first).to_be_visible()
    if write:
        _write_readme_picture(desk.page)
    faults: dict[str, Any] = {}
    desk.page.set_viewport_size(BIG)  # type: ignore[arg-type]
    for name in walk(desk.page, "desk", _desk_theme, _desk_language):
        faults[f"desk {name}"] = faults_of(desk.page)
    for name in walk(phone.page, "officer", _phone_theme, _phone_language):
        faults[f"officer {name}"] = faults_of(phone.page)
    assert_none(faults)


def test_the_auditors_and_the_administrators_pages_look_right(room: Room, stack: Stack) -> None:
    faults: dict[str, Any] = {}
    auditor: Person = room.seat(stack.of_role("auditor"), size=(1280, 720))
    auditor.open("/auditor")
    expect(auditor.page.locator("tbody tr").first).to_be_visible()
    for name in walk(auditor.page, "auditor", _auditor_theme, _auditor_language):
        faults[f"auditor {name}"] = faults_of(auditor.page)
    admin: Person = room.seat(stack.of_role("administrator"), size=(1280, 720))
    for name in STEPS:
        _cookies(admin, name)
        admin.open("/admin/")
        admin.page.screenshot(path=SHOTS / f"admin-{name}.png")
        faults[f"admin {name}"] = faults_of(admin.page)
    assert_none(faults)


def test_the_sign_in_page_looks_right_and_refuses_in_words(room: Room, stack: Stack) -> None:
    faults: dict[str, Any] = {}
    stranger = Person(room.stranger(size=(1280, 720)), stack, stack.logins[0], room.watch)
    stranger.open("/")
    for name in walk(stranger.page, "login", _page_theme, _page_language):
        faults[f"login {name}"] = faults_of(stranger.page)
    stranger.page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    stranger.page.screenshot(path=SHOTS / "login-phone.png")
    faults["login on a phone"] = faults_of(stranger.page)
    stranger.page.fill("input[name=login]", stack.logins[0].login)
    stranger.page.fill("input[name=password]", "not the password")
    stranger.page.click("button[type=submit]")
    expect(stranger.page.locator("form.form")).to_contain_text("不正确")
    faults["refused"] = faults_of(stranger.page)
    assert_none(faults)


def assert_none(faults: dict[str, list[Any]]) -> None:
    """Fail with every fault of every screen in full."""
    said = [f"{screen}: {json.dumps(fault, ensure_ascii=False)}" for screen, found in faults.items() for fault in found]
    if said:
        pytest.fail("\n".join(said), pytrace=False)


def walk(page: Page, face: str, theme: Switch, language: Switch) -> Iterator[str]:
    """Go through both languages and themes with the page's own switches; take a picture of each."""
    for step, name in enumerate(STEPS):
        if step:
            (language if step == 2 else theme)(page)
        lang, dress = name.split("-")
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hans" if lang == "zh" else "en")
        expect(page.locator("html")).to_have_attribute("data-theme", dress)
        page.screenshot(path=SHOTS / f"{face}-{name}.png")
        yield name


def _desk_theme(page: Page) -> None:
    page.locator("header .tool:has(use[href='#i-theme'])").click()


def _desk_language(page: Page) -> None:
    page.locator("header .tool", has_text="中/EN").click()


def _phone_menu(page: Page, button: Locator) -> None:
    page.locator("header button").click()
    button.click()
    page.locator("header button").click()


def _phone_theme(page: Page) -> None:
    dark = page.locator("html").get_attribute("data-theme") == "dark"
    looks = page.locator(".in [role=group]").first.locator("button")
    _phone_menu(page, looks.nth(LOOKS.index("day" if dark else "dark")))


def _phone_language(page: Page) -> None:
    _phone_menu(page, page.locator(".in .grid .btn").first)


def _auditor_theme(page: Page) -> None:
    page.locator("header button").nth(1).click()


def _auditor_language(page: Page) -> None:
    page.locator("header button").nth(0).click()


def _page_theme(page: Page) -> None:
    page.locator("button[name=theme]").click()


def _page_language(page: Page) -> None:
    page.locator("button[name=language]").click()


def _cookies(person: Person, name: str) -> None:
    lang, theme = name.split("-")
    values = {"django_language": "zh-hans" if lang == "zh" else "en", "theme": theme}
    origin = person.stack.origin
    person.context.add_cookies([{"name": key, "value": value, "url": origin} for key, value in values.items()])


def _write_readme_picture(page: Page) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.wait_for_timeout(6000)  # the map settles; nothing on the screen says when
    expect(page.locator("figure img").nth(1)).to_be_visible()
    page.screenshot(path=README_PICTURE)
    Image.open(README_PICTURE).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
        README_PICTURE, optimize=True
    )
