"""One stack, one browser for all journeys; every test gets a room that must stay clean."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy.setup.packages import program
from tests.journeys.desk import Desk
from tests.journeys.ground import Ground, scout
from tests.journeys.people import Room
from tests.journeys.phone import Phone
from tests.journeys.stack import Stack, running_stack

HERE = Path(__file__).parent
SHOTS = HERE / "shots"
# The map needs WebGL without a graphics card; the rest keeps the browser from calling home.
CHROMIUM = [
    "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A journey waits for a whole machine: more time than a unit test."""
    for item in items:
        if HERE in item.path.parents and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(240, func_only=True))


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let fixtures know that the test failed, so that they keep a picture of every page."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The running Nearcast."""
    with running_stack() as found:
        yield found


@pytest.fixture(scope="session")
def browser(stack: Stack) -> Iterator[Browser]:
    """The system's Chromium."""
    path = program("chromium", "chromium-browser")
    if path is None:
        pytest.fail("The journeys need Chromium: apt-get install -y chromium (make test does it as root).")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """Cookies of who has signed in already."""
    return {}


@pytest.fixture
def room(browser: Browser, stack: Stack, sessions: dict[str, Any], request: pytest.FixtureRequest) -> Iterator[Room]:
    """People at browsers; afterwards nothing may have gone wrong in any page."""
    room = Room(browser, stack, sessions)
    yield room
    if request.node.stash.get(FAILED, False):
        room.picture(SHOTS / "failed", request.node.name)
    room.leave()
    assert room.watch.faults == []


@pytest.fixture(scope="session")
def ground(browser: Browser, stack: Stack, sessions: dict[str, Any]) -> Ground:
    """Where the incidents of the journeys happen: found once, by asking the server who sees what."""
    room = Room(browser, stack, sessions)
    try:
        return scout(room)
    finally:
        room.leave()


@pytest.fixture
def desk(room: Room, stack: Stack) -> Iterator[Desk]:
    """The desk of the first station, at its page; whatever it leaves open is ended afterwards."""
    seated = room.seat(stack.pair()[0], size=(1280, 900), kind=Desk)
    seated.end_all()
    yield seated.live()
    seated.go_online()
    seated.end_all()


@pytest.fixture
def phone(room: Room, stack: Stack, ground: Ground) -> Phone:
    """The phone of the officer on duty at the first station."""
    officer = stack.officer_of(stack.pair()[0])
    assert officer
    return room.seat(officer, size=(390, 844), at=ground.near, kind=Phone).live()
