"""What pages must never do, heard from every page of the run: other hosts, script errors, CSP violations, dialogs."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, Response

OWN_SCHEMES = {"data", "blob", "about", "chrome-error"}
TELL_CSP = """addEventListener('securitypolicyviolation', (e) =>
  console.error(`CSP violation: ${e.effectiveDirective} ${e.blockedURI} in ${e.sourceFile}`))"""
# Chromium writes these itself for each answer ≥ 400 and each lost connection; answers are judged by their status here.
BROWSERS_OWN = ("Failed to load resource", "WebSocket connection to", "net::ERR_INTERNET_DISCONNECTED")
NO_MAP = "WebGL2 is required to display this map"  # said by browsers that the test left without WebGL


@dataclass
class Watch:
    """Faults of one test, and how many requests were seen in all."""

    origin: str
    faults: list[str] = field(default_factory=list)
    requests: int = 0
    offline: set[str] = field(default_factory=set)

    def follow(self, context: BrowserContext, who: str) -> None:
        """Hear everything of a context from now on."""
        context.add_init_script(TELL_CSP)
        context.on("request", lambda request: self._request(who, request))
        context.on("response", lambda answer: self._response(who, answer))
        context.on("console", lambda message: self._console(who, message))
        context.on("weberror", lambda error: self.faults.append(f"{who}: script error: {error.error}"))
        context.on("dialog", lambda dialog: self._dialog(who, dialog))
        context.on("page", lambda page: self._page(who, page))

    def _page(self, who: str, page: Page) -> None:
        page.on("websocket", lambda socket: self._address(who, socket.url))

    def _request(self, who: str, request: Request) -> None:
        self.requests += 1
        self._address(who, request.url)

    def _address(self, who: str, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in OWN_SCHEMES and parts.netloc != urlsplit(self.origin).netloc:
            self.faults.append(f"{who}: request to another host: {url[:200]}")

    def _response(self, who: str, answer: Response) -> None:
        if answer.status >= 500:
            self.faults.append(f"{who}: {answer.status} {answer.request.method} {answer.url[:200]}")

    def _console(self, who: str, message: ConsoleMessage) -> None:
        if who in self.offline and "CSP" not in message.text:
            return  # a map without a network says so tile by tile
        if message.type == "error" and not any(text in message.text for text in (*BROWSERS_OWN, NO_MAP)):
            self.faults.append(f"{who}: console error: {message.text[:400]}")

    def _dialog(self, who: str, dialog: Dialog) -> None:
        self.faults.append(f"{who}: dialog: {dialog.message[:200]}")
        dialog.dismiss()
