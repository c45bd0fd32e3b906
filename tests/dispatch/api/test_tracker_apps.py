"""Tracker apps over the API: own device only, shown once, ended by whose it is; neighbour, outsider and desk get nothing."""

import base64
import json
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from dispatch.actions import units
from dispatch.models import Decision, JournalEntry, JournalPayload, TrackerApp
from dispatch.tracker_links import link_for, qr_of
from geo.models import Device
from geo.trackers import hash_token
from tests.dispatch.town import SETUP, Page, Town, new_uid


@pytest.fixture
def officer(town: Town) -> Page:
    return town.page("officer")


def add(page: Page, app: str = "traccar", **more: str) -> dict:  # type: ignore[type-arg]
    answer = page.decide("tracker_apps/add", {"app": app}, **more)
    assert answer.status_code == 200, answer.content
    return answer.body


def test_a_secret_is_shown_once_and_kept_as_a_hash(town: Town, officer: Page) -> None:
    key = new_uid()
    made = add(officer, key=key)
    secret = made["link"]["fields"]["id"]
    assert Device.objects.get().token_hash == hash_token(secret)
    assert add(officer, key=key) == made
    assert TrackerApp.objects.count() == 1
    assert secret not in json.dumps(officer.read("tracker_apps").body)
    payloads = [bytes(data) for data in JournalPayload.objects.values_list("data", flat=True)]
    answers = list(Decision.objects.values_list("answer", flat=True))
    written = json.dumps([payloads, answers], default=repr)
    assert secret not in written


@pytest.mark.parametrize("app", ["traccar", "osmand", "owntracks"])
def test_each_app_is_told_address_and_secret_in_its_own_form(app: str) -> None:
    link = link_for(app, "https://room.example:8443", "s_e-cret")
    if app == "owntracks":
        inline = parse_qs(urlsplit(link.tap).query)["inline"][0]
        wanted = json.loads(base64.b64decode(inline))
        assert (wanted["_type"], wanted["mode"], wanted["auth"]) == ("configuration", 3, True)
        assert (wanted["url"], wanted["password"]) == ("https://room.example:8443/intake/owntracks", "s_e-cret")
        assert "+" not in link.scan.partition("?")[2]
    else:
        assert link.scan.startswith("https://room.example:8443/intake/osmand?id=s_e-cret&")
    if app == "traccar":
        said = parse_qs(urlsplit(link.tap).query)
        assert link.tap.startswith("org.traccar.client://config?")
        assert (said["url"], said["id"]) == (["https://room.example:8443/intake/osmand"], ["s_e-cret"])
    assert "s_e-cret" in unquote(json.dumps(link.fields))


def test_a_qr_code_is_squares_of_one() -> None:
    code = qr_of("https://room.example/intake/osmand?id=abc")
    assert 21 <= code.side <= 60
    assert code.path.startswith("M0 0h7v1h-7z")  # the finder pattern's upper edge
    assert qr_of("x" * 900).side > code.side


@pytest.mark.parametrize("body", [{}, {"app": ""}, {"app": "waze"}, {"app": 7}, {"app": "traccar", "unit": "P-31"}, []])
def test_only_known_apps_and_nothing_beside(town: Town, officer: Page, body: object) -> None:
    assert officer.decide("tracker_apps/add", body).status_code == 400
    assert not TrackerApp.objects.exists()


@pytest.mark.parametrize("who", ["desk", "neighbour", "far", "auditor", "admin", "nobody", "partner"])
def test_who_is_of_no_crew_makes_none(town: Town, who: str) -> None:
    assert town.page(who).decide("tracker_apps/add", {"app": "traccar"}).status_code in {403, 409}
    assert not TrackerApp.objects.exists()


def test_off_duty_none_is_made_but_own_ones_are_seen_and_ended(town: Town, officer: Page) -> None:
    uid = add(officer)["app"]["uid"]
    units.sign_off(actor=SETUP, unit_uid=town.units["P-12"].uid)
    assert officer.decide("tracker_apps/add", {"app": "traccar"}).status_code in {403, 409}
    assert [row["uid"] for row in officer.read("tracker_apps").body["apps"]] == [uid]
    assert officer.decide(f"tracker_apps/{uid}/end").body == {"apps": []}
    assert officer.decide(f"tracker_apps/{uid}/end").status_code == 200
    assert not Device.objects.get().active


@pytest.mark.parametrize("who", ["partner", "officer2", "desk", "neighbour", "far", "chief", "auditor", "nobody"])
def test_nobody_else_sees_or_ends_it(town: Town, officer: Page, who: str) -> None:
    uid = add(officer)["app"]["uid"]
    page = town.page(who)
    assert page.decide(f"tracker_apps/{uid}/end").status_code in {403, 404}
    assert (page.read("tracker_apps").body or {}).get("apps", []) == []
    assert Device.objects.get().active
    assert Page().read("tracker_apps").status_code in {401, 403}


def test_the_journal_tells_the_person_and_his_administrators_that_it_exists(town: Town, officer: Page) -> None:
    uid = add(officer)["app"]["uid"]
    officer.decide(f"tracker_apps/{uid}/end")
    rows = JournalEntry.objects.filter(kind__startswith="trackerapp.").order_by("n")
    assert [row.kind for row in rows] == ["trackerapp.added", "trackerapp.ended"]
    for row in rows:
        assert f"person:{town.people['officer'].pk}" in row.audience
        assert not any(key.startswith(("area:", "unit:", "ground:")) for key in row.audience)


def test_the_sixth_ends_the_oldest(officer: Page) -> None:
    first = add(officer)["app"]["uid"]
    for _ in range(5):
        add(officer, "owntracks")
    listed = [row["uid"] for row in officer.read("tracker_apps").body["apps"]]
    assert (len(listed), first in listed) == (5, False)
    assert TrackerApp.objects.get(uid=first).ended_why == "replaced"
