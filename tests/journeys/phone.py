"""An officer with a phone: what one hand does, what it hears and feels."""

from playwright.sync_api import Locator, expect

from tests.journeys.people import Person, until

# Chromium without a loudspeaker is silent: what the page asks of it is counted.
FEEL = """window.felt = {shakes: 0, tones: 0};
navigator.vibrate = () => { window.felt.shakes += 1; return true; };
const tone = BaseAudioContext.prototype.createOscillator;
BaseAudioContext.prototype.createOscillator = function () { window.felt.tones += 1; return tone.call(this); };"""


class Phone(Person):
    """The officer face."""

    def live(self) -> "Phone":
        """Open the page, tap once so that it may ring, and wait until it shares its position."""
        self.context.add_init_script(FEEL)
        self.open("/officer")
        expect(self.page.locator(".share.free")).to_be_visible()
        self.page.locator("header b").click()
        return self

    @property
    def call_sign(self) -> str:
        """The unit this officer is signed on to."""
        return self.page.locator("header b").first.inner_text()

    @property
    def verb(self) -> Locator:
        """The one big button."""
        return self.page.locator("button.verb")

    def press(self, words: str) -> None:
        """Press the big button once it says this."""
        expect(self.verb).to_contain_text(words)
        self.verb.click()

    def rang(self) -> None:
        """Wait until the phone has shaken and sounded."""
        until("the phone rings", lambda: self.page.evaluate("felt.shakes > 0 && felt.tones > 0"), page=self.page)

    def hold_help(self) -> None:
        """Hold the help button with a finger until the call is made, then lift it."""
        box = self.page.locator(".sos").bounding_box()
        assert box
        finger = self.context.new_cdp_session(self.page)
        at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
        expect(self.page.locator(".raised")).to_be_visible()
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        finger.detach()

    def clear_as(self, words: str) -> None:
        """Clear with a disposition."""
        self.press("Clear")
        self.page.get_by_role("button", name=words, exact=True).click()
        self.press("Send: clear")
