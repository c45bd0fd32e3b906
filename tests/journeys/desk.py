"""A dispatcher at the desk page: what a hand on mouse and keyboard does, and what an eye reads."""

import math
import re

from playwright.sync_api import Locator, expect

from tests.journeys.people import Person, Place, until


class Desk(Person):
    """The desk face."""

    def live(self) -> "Desk":
        """Open the page and wait until board and map are there."""
        if not self.page.url.endswith("/desk"):
            self.open("/desk")
        expect(self.page.locator(".feed")).to_have_attribute("data-light", "live")
        expect(self.page.locator("li.ghost")).to_have_count(0)
        expect(self.page.get_by_text("map is loading")).to_have_count(0)
        return self

    # what is on the screen

    @property
    def queue(self) -> Locator:
        """The rows of the queue."""
        return self.page.locator(".qi")

    def in_queue(self, place: str) -> Locator:
        """The queue's row of the incident at this place."""
        return self.queue.filter(has_text=place)

    @property
    def card(self) -> Locator:
        """The incident's card."""
        return self.page.locator("section.card")

    @property
    def units(self) -> Locator:
        """The numbered lines of the frozen list."""
        return self.page.locator("button.ur")

    def line_of(self, call_sign: str) -> Locator:
        """The line of one unit."""
        return self.units.filter(has=self.page.get_by_text(call_sign, exact=True))

    def rail(self, call_sign: str) -> Locator:
        """The steps that an order to this unit has reached."""
        heads = self.page.locator(".oh").filter(has=self.page.get_by_text(call_sign, exact=True))
        return heads.locator("xpath=following-sibling::ol[1]").locator("li.ok b")

    def expect_steps(self, call_sign: str, *steps: str) -> None:
        """Wait until the order's rail shows exactly these steps as reached."""
        expect(self.rail(call_sign)).to_have_text(list(steps))

    # what hands do

    def choose(self, place: str) -> None:
        """Choose an incident in the queue."""
        self.in_queue(place).locator("button.pick").click()
        expect(self.card.get_by_text(place).first).to_be_visible()

    def point_at(self, point: Place) -> None:
        """Click the map at a longitude and latitude: two clicks tell the map's scale, the third hits."""
        box = self.page.locator("main.map .box").bounding_box()
        assert box
        spots = [(0.2, 0.7), (0.75, 0.2)]
        seen = [self._click((box["x"] + box["width"] * x, box["y"] + box["height"] * y)) for x, y in spots]
        (x0, y0, here0), (x1, y1, here1) = seen
        x = x0 + (point[0] - here0[0]) / (here1[0] - here0[0]) * (x1 - x0)
        y = y0 + (_mercator(point) - _mercator(here0)) / (_mercator(here1) - _mercator(here0)) * (y1 - y0)
        inside = box["x"] < x < box["x"] + box["width"] and box["y"] < y < box["y"] + box["height"]
        assert inside, f"{point} is not on the map as it stands"
        self._click((x, y))

    def _click(self, at: tuple[float, float]) -> tuple[float, float, Place]:
        """Click an empty place; something that stands there is stepped around. Return where, and what the form says."""
        self.page.keyboard.press("Escape")
        form = self.page.locator("form.panel .acts .d")
        for step in range(6):
            x, y = at[0] + step * 7, at[1] + step * 4
            self.page.keyboard.press("Escape")  # a camera that was hit has a panel of its own
            expect(form).to_have_count(0)
            self.page.mouse.click(x, y)
            self.page.wait_for_timeout(250)
            if form.count():
                lat, lon = (float(part) for part in form.inner_text().split(","))
                return x, y, (lon, lat)
        raise AssertionError(f"a click on the map at {at} opened no form")

    def fill_in(self, place: str, *, level: int = 1, remark: str = "") -> None:
        """Write kind, level, place and remark into the open form and press Enter."""
        kinds = [kind["code"] for kind in self.board()["kinds"] if kind["level"] == level]
        self.page.select_option("#open-kind", kinds[0])
        self.page.fill("#open-place", place)
        self.page.fill("#open-remark", remark)
        self.page.press("#open-place", "Enter")
        expect(self.in_queue(place)).to_be_visible()

    def open_here(self, point: Place, place: str, *, level: int = 1, remark: str = "") -> None:
        """Open an incident by a click on the map; its card has the keys afterwards."""
        self.point_at(point)
        self.fill_in(place, level=level, remark=remark)
        expect(self.page.locator("div.lit")).to_be_visible()

    def slot_of(self, call_sign: str) -> str:
        """Return the digit of a unit, taking newer lists with R until it stands there."""
        line = self.line_of(call_sign)

        def ask() -> str | None:
            if line.count():
                return line.locator("kbd").inner_text() if line.locator("kbd").count() else None
            if self.page.locator("button.new").count():
                self.page.keyboard.press("r")
            return None

        return until(f"{call_sign} in the list with a digit", ask, page=self.page, within_s=60)

    def command(self, line: str) -> None:
        """Type a command on the command line."""
        self.page.keyboard.press("F2")
        self.page.fill("input.line", line)
        self.page.press("input.line", "Enter")

    def number(self) -> str:
        """Return the number of the incident on the card."""
        label = self.card.get_attribute("aria-label") or ""
        found = re.search(r"\S+-\d{6}-\d{4}", label)
        assert found, label
        return found[0]

    # the same over HTTP, where the screen is not what is tested

    def incident_at(self, place: str) -> dict | None:  # type: ignore[type-arg]
        """Return the open incident at this place on this person's board."""
        return next((one for one in self.board()["incidents"] if one["place"] == place), None)

    def end_all(self) -> None:
        """Recall and close whatever is open at this desk, so that the next test begins with free units."""
        board = self.board()
        for order in board["orders"]:
            if order["active"]:
                self.try_post(f"/orders/{order['uid']}/recall")
                self.try_post(f"/orders/{order['uid']}/voice", {"verb": "clear", "disposition": "handled"})
        for incident in (one for one in board["incidents"] if one["remark"] is not None):
            body = {"uid": _uid(), "stage": "final", "text": "end of the test"}
            self.try_post(f"/incidents/{incident['uid']}/feedback", body)
            self.try_post(f"/incidents/{incident['uid']}/close", {"reason": "end of the test"})
        for call in (one for one in board["calls"] if one["state"] == "open" and not one["incident"]):
            self.try_post(f"/calls/{call['uid']}/close", {"reason": "test"})


def _uid() -> str:
    import uuid

    return str(uuid.uuid4())


def _mercator(point: Place) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(point[1]) / 2))
