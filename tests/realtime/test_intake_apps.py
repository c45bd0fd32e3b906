# ruff: noqa: F811 - fixtures of another file are named as parameters
"""Tracker apps at the intake: whose secret, which unit at the time of the fix, phone and app at once, revoked, hostile."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.utils import timezone

from dispatch.actions import people, tracker_apps, units
from dispatch.actions.base import at_time
from dispatch.models import Assignment, Person, TrackerApp
from geo.models import Device, TrackerLast, TrackPoint
from geo.sources.osmand.encode import as_json
from geo.sources.owntracks.encode import as_location, login
from realtime.intake.asgi import Intake
from tests.dispatch.town import SETUP
from tests.realtime.test_intake import Phone, app, fix, phone, sync, until  # noqa: F401
from tests.realtime.town import EAST, WEST, Town

Post = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
async def secret(app: Intake, town: Town) -> str:
    """The officer's own OwnTracks, made on W-1."""
    return await add(app, town, "officer", "owntracks")


async def add(app: Intake, town: Town, who: str, kind: str) -> str:
    viewer = await sync(town.viewer)(who)
    _, made = await sync(tracker_apps.add_tracker_app)(actor=viewer, app=kind)
    await until(lambda: app.devices.sender_of(made) is not None)
    await until(lambda: bool(app.devices.carried))
    return made


def soon() -> datetime:
    """A whole second after now: OwnTracks tells no parts, and nobody was on duty before he signed on."""
    return timezone.now().replace(microsecond=0) + timedelta(seconds=1)


def own(phone: Phone, secret: str, body: bytes, **headers: str) -> Awaitable[httpx.Response]:
    return phone.client.post("/intake/owntracks", content=body, headers={"Authorization": login(secret), **headers})


async def points(town: Town, unit: str) -> int:
    return await sync(TrackPoint.objects.filter(tracker_id=town.units[unit].tracker_id).count)()


async def heard(device: Callable[[Device], bool]) -> Device:
    """Wait until the device's row says so: it is written now and then."""
    async with asyncio.timeout(9):
        while not device(row := await sync(Device.objects.get)()):
            await asyncio.sleep(0.1)
    return row


async def test_an_owntracks_location_is_the_units_place_and_the_answer_an_empty_list(
    phone: Phone, town: Town, secret: str
) -> None:
    answer = await own(phone, secret, as_location(*WEST, soon(), kmh=36, heading_deg=90))
    assert (answer.status_code, answer.json(), answer.headers["content-type"]) == (200, [], "application/json")
    last = await sync(TrackerLast.objects.get)(tracker_id=town.units["W-1"].tracker_id)
    assert (last.lon_e7, last.speed_mps, last.heading_deg) == (round(WEST[0] * 1e7), 10, 90)
    row = await heard(lambda row: row.heard_at is not None)
    assert (row.refused, row.battery_pct, row.fix_at) == ("", 81, last.fix_at)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff" * 99, b"[]", b'{"_type":"lwt","tst":1}', as_location(1, 2, timezone.now(), lat="x")]
)
async def test_whatever_an_app_that_proves_itself_sends_is_answered_with_an_empty_list(
    phone: Phone, secret: str, body: bytes
) -> None:
    answer = await own(phone, secret, body)
    assert (answer.status_code, answer.json()) == (200, [])
    assert await sync(TrackPoint.objects.count)() == 0


async def test_strangers_and_too_much_get_a_code_and_no_secret_comes_back(phone: Phone, secret: str) -> None:
    body = as_location(*WEST, soon())
    for headers, content, status, code in (
        ({"Authorization": login("wrong")}, body, 401, "unknown_device"),
        ({"Authorization": login("")}, body, 401, "unknown_device"),
        ({"Authorization": f"Device {secret}"}, body, 401, "unknown_device"),
        ({"Authorization": ""}, b"", 401, "unknown_device"),
        ({}, b" " * 2_000_000, 413, "too_big"),
        ({"Content-Encoding": "gzip"}, body, 415, "bad_input"),
    ):
        answer = await own(phone, secret, content, **headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert secret not in answer.text
    assert (await phone.client.get("/intake/owntracks")).status_code == 405
    assert (await phone.client.post("/intake/nothing", content=body)).status_code == 404


async def test_topic_and_tracker_id_of_somebody_else_change_nothing(phone: Phone, town: Town, secret: str) -> None:
    body = as_location(*WEST, soon(), topic="owntracks/E-1/phone", tid="E1", username="E-1")
    await own(phone, secret, body, **{"X-Limit-U": "E-1", "X-Limit-D": "phone"})
    assert (await points(town, "W-1"), await points(town, "E-1")) == (1, 0)


async def test_the_secret_speaks_for_the_unit_of_the_time_of_the_fix(phone: Phone, app: Intake, town: Town) -> None:
    secret = await add(app, town, "officer", "traccar")
    await sync(town.add_unit)("W-2", "west_1")
    began = timezone.now()
    w1, w2 = (town.units[name].uid for name in ("W-1", "W-2"))
    officer = await sync(town.viewer)("officer")

    def change() -> None:
        with at_time(began + timedelta(seconds=2)):
            units.sign_off(actor=officer, unit_uid=w1)
        with at_time(began + timedelta(seconds=4)):
            units.sign_on(actor=officer, unit_uid=w2, crew=[town.people["officer"].uid])

    await sync(change)()
    await until(lambda: len(next(iter(app.devices.carried.values()))) == 2)
    said = []
    for second in (1, 3, 5):
        answer = await phone.client.post(
            "/intake/osmand", content=as_json(secret, *WEST, began + timedelta(seconds=second))
        )
        said.append(answer.json()["results"][0])
    assert [line["result"] for line in said] == ["stored", "refused", "stored"]
    assert said[1]["reason"] == "off_duty"
    assert (await points(town, "W-1"), await points(town, "W-2")) == (1, 1)


async def test_off_duty_nothing_is_kept_and_the_next_duty_counts_again(
    phone: Phone, app: Intake, town: Town, secret: str
) -> None:
    viewer = await sync(town.viewer)("officer")
    await sync(units.sign_off)(actor=viewer, unit_uid=town.units["W-1"].uid)
    await until(lambda: all(end is not None for rows in app.devices.carried.values() for _, _, end in rows))
    assert (await own(phone, secret, as_location(*WEST, timezone.now() + timedelta(seconds=1)))).json() == []
    assert await points(town, "W-1") == 0
    assert (await heard(lambda row: row.refused != "")).refused == "off_duty"
    await sync(town.sign_on)("W-1", "officer")
    await until(lambda: any(end is None for rows in app.devices.carried.values() for _, _, end in rows))
    await own(phone, secret, as_location(*WEST, timezone.now() + timedelta(seconds=2)))
    assert await points(town, "W-1") == 1


async def test_a_future_fix_and_one_of_yesterday_are_refused_and_a_repeat_stored_once(
    phone: Phone, town: Town, app: Intake
) -> None:
    secret = await add(app, town, "officer", "traccar")
    at = timezone.now()
    reasons = []
    for moment in (at, at, at + timedelta(hours=1), at - timedelta(hours=30), at - timedelta(hours=2)):
        answer = await phone.client.post("/intake/osmand", content=as_json(secret, *WEST, moment))
        reasons.append(answer.json()["results"][0]["reason"])
    assert reasons == ["", "duplicate", "future", "too_old", "off_duty"]
    assert await points(town, "W-1") == 1


async def ended_by(town: Town, how: str) -> None:
    """End the officer's app in one of the ways there are."""
    officer = town.people["officer"]
    if how == "button":
        uid: UUID = (await sync(TrackerApp.objects.get)()).uid
        await sync(tracker_apps.end_tracker_app)(actor=await sync(town.viewer)("officer"), uid=uid)
    elif how == "disabled":
        centre = town.centres["west_1"].uid
        await sync(people.put_person)(actor=SETUP, username="officer", home=centre, name="officer", is_active=False)
    elif how == "role":
        row = await sync(Assignment.objects.get)(person=officer)
        await sync(people.end_role)(actor=await sync(town.viewer)("admin"), assignment_uid=row.uid)


@pytest.mark.parametrize("how", ["button", "disabled", "role"])
async def test_revoked_disabled_or_no_officer_any_more_it_is_unknown_at_once(
    phone: Phone, app: Intake, town: Town, secret: str, how: str
) -> None:
    await own(phone, secret, as_location(*WEST, soon()))
    await ended_by(town, how)
    await until(lambda: app.devices.sender_of(secret) is None)
    # His open page spoke with the unit's own token: gone as well, unless he only ended the app.
    await until(lambda: (app.devices.sender_of(town.tokens["W-1"]) is None) == (how != "button"))
    assert (await own(phone, secret, as_location(*EAST, timezone.now() + timedelta(seconds=2)))).status_code == 401
    assert await points(town, "W-1") == 1


async def test_a_role_that_ran_out_by_its_date_counts_no_more(
    phone: Phone, app: Intake, town: Town, secret: str
) -> None:
    await sync(Assignment.objects.filter(person=town.people["officer"]).update)(valid_until=timezone.now())
    viewer = await sync(town.viewer)("partner")
    await sync(units.sign_on)(actor=SETUP, unit_uid=town.units["W-1"].uid, crew=[town.people[who].uid for who in ("officer", "partner")])  # fmt: skip
    assert viewer.unit_ids == frozenset()
    await until(lambda: not app.devices.carried)
    assert (await own(phone, secret, as_location(*WEST, soon()))).json() == []
    assert await points(town, "W-1") == 0
    assert await sync(tracker_apps.end_lapsed_apps)(actor=SETUP) == 1
    await until(lambda: app.devices.sender_of(secret) is None)


async def test_phone_and_app_at_once_make_one_track_and_both_are_told_so(
    phone: Phone, app: Intake, town: Town, secret: str
) -> None:
    began = soon()

    def page(second: float) -> dict[str, Any]:
        return fix(**{"lon": WEST[0], "lat": WEST[1]}) | {"fix_at": stamp(began, second), "accuracy_m": 8}

    assert await phone.send(*(page(s) for s in range(20))) == [("stored", "")] * 20
    for second in (5, 12, 19):
        await own(phone, secret, as_location(*EAST, began + timedelta(seconds=second)))
    assert await points(town, "W-1") == 20
    assert (await heard(lambda row: row.refused != "")).refused == "other_device"
    await own(phone, secret, as_location(*EAST, began + timedelta(seconds=29)))
    assert await points(town, "W-1") == 21
    assert await phone.send(page(29.5)) == [("spare", "other_device")]


def stamp(began: datetime, second: float) -> str:
    return (began + timedelta(seconds=second)).isoformat()


async def test_a_unit_without_a_beacon_gets_one_when_somebody_with_an_app_signs_on(
    phone: Phone, app: Intake, town: Town, secret: str
) -> None:
    bare = await sync(town.add_unit)("W-9", "west_1", tracked=False)
    officer: Person = town.people["officer"]
    viewer = await sync(town.viewer)("officer")
    await sync(units.sign_off)(actor=viewer, unit_uid=town.units["W-1"].uid)
    await sync(units.sign_on)(actor=viewer, unit_uid=bare.uid, crew=[officer.uid])
    await sync(bare.refresh_from_db)()
    assert bare.tracker_id
    await until(lambda: any(row[0] == bare.tracker_id for rows in app.devices.carried.values() for row in rows))
    await own(phone, secret, as_location(*WEST, timezone.now() + timedelta(seconds=1)))
    assert await points(town, "W-9") == 1


async def test_one_that_floods_is_told_to_wait_and_the_page_is_not(phone: Phone, secret: str) -> None:
    answers = await asyncio.gather(*(own(phone, secret, b"") for _ in range(80)))
    assert {answer.status_code for answer in answers} == {200, 429}
    assert await phone.send(fix()) == [("stored", "")]
