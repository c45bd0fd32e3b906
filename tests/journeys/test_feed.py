"""The live feed goes and comes back: the desk says since when, and catches up without a reload."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.ground import Ground
from tests.journeys.people import Person, Room, until
from tests.journeys.stack import Stack

pytestmark = pytest.mark.journey
NOTE_LIGHTS = """() => {
  const light = document.querySelector('.feed');
  window.lights = [];
  const note = () => window.lights.push([light.dataset.light, light.innerText.trim()]);
  new MutationObserver(note).observe(light, {attributes: true, childList: true, subtree: true, characterData: true});
}"""


def test_a_dead_feed_is_said_loudly_and_made_good(room: Room, stack: Stack, desk: Desk, ground: Ground) -> None:
    desk.page.evaluate(NOTE_LIGHTS)
    desk.go_offline()
    banner = desk.page.get_by_role("alert").filter(has_text="No updates since")
    expect(banner).to_contain_text("old")
    expect(desk.page.locator("main.map")).to_have_class(_with("dead"))
    expect(desk.page.locator(".feed")).to_contain_text("feed dead 0:")
    lights = desk.page.evaluate("window.lights")
    order = list(dict.fromkeys(light for light, _ in lights if light != "live"))
    assert order == ["stale", "dead"]
    stale = [float(words.split()[-2]) for light, words in lights if light == "stale" and words.endswith(" s")]
    assert stale
    assert all(2 < seconds <= 5.5 for seconds in stale), stale

    city: Person = room.seat(stack.of_role("dispatcher"), webgl=False, kind=Desk)
    kind = city.board()["kinds"][0]["code"]
    missed = {"uid": str(uuid.uuid4()), "kind": kind, "level": 2, "point": ground.inner, "place": "Missed meanwhile"}
    number = city.post("/incidents", missed)["number"]
    until("the packet of what is missed", lambda: _packet(city, missed["uid"]))
    assert desk.in_queue("Missed meanwhile").count() == 0

    desk.go_online()
    expect(desk.page.locator(".feed")).to_have_attribute("data-light", "live")
    expect(banner).to_have_count(0)
    expect(desk.in_queue("Missed meanwhile")).to_be_visible()
    desk.choose("Missed meanwhile")
    assert desk.number() == number
    expect(desk.units.first).to_be_visible()
    assert desk.page.evaluate("Array.isArray(window.lights)"), "the page was not loaded again"


def _with(name: str) -> "re.Pattern[str]":
    return re.compile(rf"\b{name}\b")


def _packet(desk: Person, incident: str) -> bool:
    return any(one["incident"] == incident for one in desk.board()["suggestions"])
