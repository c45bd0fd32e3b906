"""Registering a phone for web push: only its own officer's, on duty, at a listed service, however the address is written."""

import base64
from typing import Any

import pytest

from dispatch.actions import people, units
from dispatch.models import Assignment, PushSubscription
from tests.browser_keys import Browser
from tests.dispatch.town import SETUP, Page, Town

GOOD = "https://updates.push.services.mozilla.com/wpush/v2/one"


def said(browser: Browser, endpoint: str = GOOD) -> dict[str, Any]:
    """Return what a browser's subscription says of itself."""
    p256dh, auth = (base64.urlsafe_b64encode(value).rstrip(b"=").decode() for value in (browser.p256dh, browser.auth))
    return {"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}}


@pytest.fixture
def officer(town: Town) -> Page:
    return town.page("officer")


def test_an_officer_on_duty_registers_his_phone_and_forgets_it(town: Town, officer: Page) -> None:
    key = officer.read("push").body["key"]
    assert len(base64.urlsafe_b64decode(key + "=")) == 65
    browser = Browser()
    for _ in range(2):
        assert officer.decide("push/subscriptions", said(browser)).body == {"browsers": 1}
    row = PushSubscription.objects.get()
    assert (row.person, row.session_key) == (town.people["officer"], officer.session.session_key)
    assert officer.decide("push/subscriptions/forget", {"endpoint": GOOD}).body == {"browsers": 0}
    assert officer.decide("push/subscriptions/forget", {"endpoint": GOOD}).status_code == 404


@pytest.mark.parametrize("who", ["desk", "neighbour", "far", "auditor", "admin", "nobody"])
def test_whoever_is_no_crew_registers_nothing(town: Town, who: str) -> None:
    page = town.page(who)
    assert page.decide("push/subscriptions", said(Browser())).status_code == 403
    assert page.decide("push/subscriptions/forget", {"endpoint": GOOD}).status_code == 403
    assert page.read("push").status_code == 403


def test_a_signed_off_officer_and_a_stranger_register_nothing(town: Town, officer: Page) -> None:
    units.sign_off(actor=SETUP, unit_uid=town.units["P-12"].uid)
    assert officer.decide("push/subscriptions", said(Browser())).status_code in {403, 409}
    assert Page().decide("push/subscriptions", said(Browser())).status_code in {401, 403}
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("endpoint", "why"),
    [
        ("http://updates.push.services.mozilla.com/x", "scheme"),
        ("https://127.0.0.1/x", "host"),
        ("https://[::1]/x", "host"),
        ("https://169.254.169.254/latest", "host"),
        ("https://evil.example/x", "host"),
        ("https://updates.push.services.mozilla.com.evil.example/x", "host"),
        ("https://push.services.mozilla.com/x", "host"),
        ("https://fcm.googleapis.com:8443/x", "host"),
        ("https://fcm.googleapis.com@evil.example/x", "scheme"),
        ("https://evil.example#.fcm.googleapis.com/", "scheme"),
        ("https://evil.example\\.fcm.googleapis.com/", "url"),
        ("https://fcm.googleapis.com/x\r\nHost: evil", "url"),
        ("https://fcm.googleapis.com:port/x", "url"),
        ("https://ｆcm.googleapis.com/x", "url"),
        ("file:///etc/passwd", "scheme"),
        ("", "length"),
        ("https://fcm.googleapis.com/" + "x" * 100_000, "length"),
    ],
)
def test_an_address_that_is_no_listed_service(officer: Page, endpoint: str, why: str) -> None:
    answer = officer.decide("push/subscriptions", said(Browser(), endpoint))
    assert (answer.status_code, answer.body["error"]["code"]) == (400, "push_blocked")
    assert answer.body["error"]["facts"]["why"] == why
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("p256dh", "AAAA"),
        ("p256dh", "not base64!"),
        ("p256dh", "A" * 87),
        ("auth", ""),
        ("auth", "A" * 400),
        ("auth", "é"),
    ],
)
def test_keys_that_no_browser_makes(officer: Page, field: str, value: str) -> None:
    body = said(Browser())
    body["keys"][field] = value
    answer = officer.decide("push/subscriptions", body)
    assert (answer.status_code, answer.body["error"]["field"]) == (400, f"keys.{field}")


def test_anothers_phone_is_neither_taken_nor_forgotten_but_a_shared_one_changes_hands(
    town: Town, officer: Page
) -> None:
    browser = Browser()
    officer.decide("push/subscriptions", said(browser))
    town.sign_on("P-12", "officer", "partner")
    partner = town.page("partner")
    assert partner.decide("push/subscriptions", said(Browser())).status_code == 404
    assert partner.decide("push/subscriptions/forget", {"endpoint": GOOD}).status_code == 404
    assert PushSubscription.objects.get().person == town.people["officer"]
    assert partner.decide("push/subscriptions", said(browser)).status_code == 200
    assert PushSubscription.objects.get().person == town.people["partner"]


def test_a_sixth_phone_takes_the_place_of_the_oldest_and_the_end_of_the_role_of_all(town: Town, officer: Page) -> None:
    for number in range(6):
        officer.decide("push/subscriptions", said(Browser(), f"{GOOD}{number}"))
    assert sorted(row.endpoint[-1] for row in PushSubscription.objects.all()) == list("12345")
    row = Assignment.objects.get(person=town.people["officer"], role="officer")
    people.end_role(actor=SETUP, assignment_uid=row.uid)
    assert not PushSubscription.objects.exists()
