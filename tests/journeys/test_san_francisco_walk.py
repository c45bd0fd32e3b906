"""The whole journey in the browser on San Francisco centre with its 59 real cameras, where the files stand beside the checkout."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import SHOTS
from tests.journeys.ground import scout
from tests.journeys.people import Room
from tests.journeys.phone import Phone
from tests.journeys.stack import own_stack
from tests.journeys.test_main_journey import walk

ROADS = Path(__file__).parents[2] / "../shared/data/roads/sf-downtown.osm.pbf"
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not ROADS.is_file(), reason="../shared/data holds no files of San Francisco"),
]


def test_the_journey_in_the_browser(browser: Browser) -> None:
    with own_stack("sf", str(ROADS)) as stack:
        room = Room(browser, stack, {})
        try:
            ground = scout(room, pictures=False)
            officer = stack.officer_of(stack.pair()[0])
            assert officer
            phone = room.seat(officer, size=(390, 844), at=ground.near, kind=Phone).live()
            walk(room, stack, ground, phone)
        except BaseException:
            room.picture(SHOTS / "failed", "san_francisco")
            raise
        finally:
            room.leave()
        assert room.watch.faults == []
