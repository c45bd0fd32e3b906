"""People at browsers: how one signs in through the real form, reads the board and sends over the API as the page does."""

import contextlib
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.journeys.stack import Login, Stack
from tests.journeys.watch import Watch

T = TypeVar("T")
WAIT_S = 40.0
WAIT_MS = WAIT_S * 1000
PHONE_PX = 480  # no wider than this is a phone, touched with a finger
Place = tuple[float, float]
NO_WEBGL = """const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return /webgl/.test(kind) ? null : real.call(this, kind, ...more);
};"""
expect.set_options(timeout=WAIT_MS)


def until(what: str, ask: Callable[[], T | None], *, page: Page | None = None, within_s: float = WAIT_S) -> T:
    """Ask until the answer is true and return it. With a page, its events go on meanwhile.

    Raises:
        AssertionError: it did not become true in time.
    """
    end = time.monotonic() + within_s
    while not (answer := ask()):
        assert time.monotonic() < end, f"not within {within_s:.0f} s: {what}"
        if page:
            page.wait_for_timeout(150)
        else:
            time.sleep(0.15)
    return answer


class Person:
    """Somebody signed in, in a browser context of his own."""

    def __init__(self, context: BrowserContext, stack: Stack, login: Login, watch: Watch) -> None:
        self.context = context
        self.stack = stack
        self.login = login
        self.watch = watch
        self.page = context.new_page()

    def go_offline(self) -> None:
        """Cut this device off; what its browser says of lost requests is no fault from now on."""
        self.watch.offline.add(self.login.login)
        self.context.set_offline(True)

    def go_online(self) -> None:
        """Give the network back."""
        self.context.set_offline(False)

    def sign_in(self) -> None:
        """Fill in the real form and arrive at the face of the role."""
        self.page.goto(f"{self.stack.origin}/")
        self.page.fill("input[name=login]", self.login.login)
        self.page.fill("input[name=password]", self.login.password)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(lambda url: "/accounts/" not in url)

    def open(self, path: str) -> None:
        """Go to a page of the same origin."""
        self.page.goto(f"{self.stack.origin}{path}", wait_until="domcontentloaded")

    def get(self, path: str) -> Any:
        """Return the JSON of a GET under /api/v1."""
        answer = self.context.request.get(f"{self.stack.origin}/api/v1{path}")
        assert answer.ok, f"{path}: {answer.status} {answer.text()[:300]}"
        return answer.json()

    def try_post(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """POST a decision under /api/v1 with the session's own cookies; return status and JSON."""
        cookies = {cookie["name"]: cookie["value"] for cookie in self.context.cookies()}
        headers = {
            "X-CSRFToken": cookies.get("csrftoken", ""),
            "Idempotency-Key": str(uuid.uuid4()),
            "Referer": f"{self.stack.origin}/desk",
            "Origin": self.stack.origin,
        }
        answer = self.context.request.post(f"{self.stack.origin}/api/v1{path}", data=body or {}, headers=headers)
        return answer.status, answer.json()

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """POST a decision that must be taken; return its JSON."""
        status, said = self.try_post(path, body)
        assert status < 300, f"{path}: {status} {said}"
        return said

    def board(self) -> dict[str, Any]:
        """Return this person's board as the server has it now."""
        return self.get("/board")

    def unit(self, call_sign: str) -> dict[str, Any]:
        """Return the card of a unit on this person's board."""
        return next(unit for unit in self.board()["units"] if unit["call_sign"] == call_sign)


class Room:
    """Makes people at browsers and ends their contexts with the test; sessions are kept from test to test."""

    def __init__(self, browser: Browser, stack: Stack, sessions: dict[str, Any]) -> None:
        self.browser = browser
        self.stack = stack
        self.sessions = sessions
        self.watch = Watch(stack.origin)
        self.contexts: list[BrowserContext] = []

    def seat(
        self, login: Login, *, size: tuple[int, int] = (1000, 640), lang: str = "en", at: Place | None = None,
        form: bool = False, workers: bool = False, webgl: bool = True, kind: type[Any] = Person,
    ) -> Any:  # fmt: skip
        """Return `kind` (a Person) for this account; through the sign-in form the first time, or always with `form`.

        `at` is where the device is; `workers` lets service workers run. Without `webgl` the browser draws no map, which
        a desk must bear, and which spares a small machine most of the work.
        """
        known = None if form else self.sessions.get(login.login)
        phone = size[0] <= PHONE_PX
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            is_mobile=phone,
            has_touch=phone,
            locale="zh-CN" if lang == "zh" else "en-US",
            storage_state=known,
            geolocation={"longitude": at[0], "latitude": at[1], "accuracy": 8} if at else None,
            permissions=["geolocation"] if at else [],
            service_workers="allow" if workers else "block",
        )
        context.set_default_timeout(WAIT_MS)
        self.contexts.append(context)
        self.watch.follow(context, login.login)
        if not webgl:
            context.add_init_script(NO_WEBGL)
        person = kind(context, self.stack, login, self.watch)
        if known is None:
            person.sign_in()
            cookies = [c for c in context.cookies() if c["name"] in {"sessionid", "csrftoken"}]
            self.sessions[login.login] = {"cookies": cookies, "origins": []}
        return person

    def stranger(self, *, size: tuple[int, int]) -> BrowserContext:
        """Return the browser of somebody who has not signed in."""
        context = self.browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-US")
        context.set_default_timeout(WAIT_MS)
        self.contexts.append(context)
        self.watch.follow(context, "stranger")
        return context

    def picture(self, folder: Path, name: str) -> None:
        """Keep a picture of every page that is open: what people saw when a test failed."""
        folder.mkdir(parents=True, exist_ok=True)
        for number, page in enumerate(page for context in self.contexts for page in context.pages):
            with contextlib.suppress(Error):
                page.screenshot(path=folder / f"{name}-{number}.png", timeout=5000)

    def leave(self) -> None:
        """Close every browser context of this test."""
        for context in self.contexts:
            context.close()
