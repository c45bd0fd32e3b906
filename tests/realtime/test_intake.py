"""/intake: what comes in whole, what is refused with which reason, and what happens while the database is away."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from channels.db import database_sync_to_async
from django.db import connection
from django.utils import timezone

from dispatch.actions import units
from geo import trackers
from geo.models import TrackerLast, TrackPoint
from realtime.intake.asgi import Intake
from tests.realtime.town import WEST, Town

sync = database_sync_to_async


class Phone:
    """A device that posts fixes."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self.client, self.token = client, token

    async def post(self, body: Any, **headers: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.client.post(
            "/intake", content=content, headers={"Authorization": f"Device {self.token}", **headers}
        )

    async def send(self, *fixes: Any) -> list[tuple[str, str]]:
        """Post fixes; return (result, reason) of each."""
        response = await self.post({"fixes": list(fixes)})
        assert response.status_code == 200, response.text
        return [(line["result"], line["reason"]) for line in response.json()["results"]]


def fix(age_s: float = 0.0, lon: Any = WEST[0], lat: Any = WEST[1], **more: Any) -> dict[str, Any]:
    return {"lon": lon, "lat": lat, "fix_at": (timezone.now() - timedelta(seconds=age_s)).isoformat(), **more}


@pytest.fixture
async def app(town: Town) -> AsyncIterator[Intake]:
    await sync(town.sign_on)("W-1", "officer")
    made = Intake()
    made.begin()
    await asyncio.wait_for(made.devices.ready.wait(), 5)
    while not made.writer.connected:
        await asyncio.sleep(0.02)
    yield made
    await made.end()


@pytest.fixture
async def phone(app: Intake, town: Town) -> AsyncIterator[Phone]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://intake") as client:
        yield Phone(client, town.tokens["W-1"])


async def test_a_fix_is_in_history_and_last_when_the_answer_comes(phone: Phone, town: Town) -> None:
    assert await phone.send(fix(speed_mps=12.5, heading_deg=90, accuracy_m=5)) == [("stored", "")]
    last = await sync(TrackerLast.objects.get)(tracker_id=town.units["W-1"].tracker_id)
    assert (last.lon_e7, last.speed_mps, last.heading_deg) == (round(WEST[0] * 1e7), 12.5, 90)
    assert await sync(TrackPoint.objects.count)() == 1


async def test_each_fix_gets_its_own_answer(phone: Phone) -> None:
    first = fix()
    await asyncio.sleep(0.1)
    results = await phone.send(
        first, first, fix(-120), fix(3600), fix(25 * 3600), fix(lat=-129.9), fix(lon="x"), {"lon": 1}, 7,
        {**fix(), "fix_at": "2026-03-11T12:00:00"}, {**fix(), "lon": None},
    )  # fmt: skip
    assert results[:5] == [
        ("stored", ""), ("duplicate", "duplicate"), ("refused", "future"), ("refused", "off_duty"),
        ("refused", "too_old"),
    ]  # fmt: skip
    assert {result for result, _ in results[5:]} == {"refused"}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_not_a_number_is_refused(phone: Phone, number: str) -> None:
    text = json.dumps({"fixes": [fix(lon=12345)]}).replace("12345", number)
    response = await phone.post(text.encode())
    refused = response.status_code == 400 or response.json()["results"][0]["result"] == "refused"
    assert refused
    assert await sync(TrackPoint.objects.count)() == 0


async def until(told: Callable[[], bool]) -> None:
    """Wait until the process has heard of a change: by its hint, not by seconds."""
    async with asyncio.timeout(5):
        while not told():
            await asyncio.sleep(0.01)


async def test_swapped_lon_and_lat_are_refused_also_where_both_are_possible_degrees(phone: Phone) -> None:
    assert await phone.send(fix(lon=31.2, lat=121.5)) == [("refused", "position_out_of_range")]
    assert await phone.send(fix(lon=WEST[1], lat=WEST[0])) == [("refused", "position_swapped")]
    assert await phone.send(fix(lon=100.0, lat=10.0), fix(lat=-90.0)) == [("refused", "position_outside")] * 2
    assert await sync(TrackPoint.objects.count)() == 0


async def test_duty_is_judged_at_the_time_of_the_fix(phone: Phone, app: Intake, town: Town) -> None:
    before = fix()
    await sync(units.sign_off)(actor=await sync(town.viewer)("officer"), unit_uid=town.units["W-1"].uid)
    tracker = town.units["W-1"].tracker_id
    await until(lambda: all(end is not None for _, end in app.devices.duty[tracker]))
    assert await phone.send(before, fix()) == [("stored", ""), ("refused", "off_duty")]


async def test_a_late_fix_goes_to_history_and_a_repeated_one_says_so(phone: Phone, town: Town) -> None:
    old, new = fix(), None
    await asyncio.sleep(0.2)
    new = fix(lon=WEST[0] + 0.0001)
    assert await phone.send(new) == [("stored", "")]
    assert await phone.send(old) == [("flagged", "late")]
    assert await phone.send(old) == [("duplicate", "duplicate")]
    last = await sync(TrackerLast.objects.get)(tracker_id=town.units["W-1"].tracker_id)
    assert last.lon_e7 == round((WEST[0] + 0.0001) * 1e7)


@pytest.mark.parametrize("token", ["", "wrong", "Device"])
async def test_an_unknown_token_gets_nothing(phone: Phone, token: str) -> None:
    response = await phone.client.post("/intake", json={"fixes": []}, headers={"Authorization": f"Device {token}"})
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "unknown_device"
    assert "access-control-allow-origin" not in response.headers


async def test_a_new_token_works_and_the_old_one_stops_at_once(phone: Phone, app: Intake, town: Town) -> None:
    unit = town.units["W-1"]
    fresh = await sync(lambda: trackers.renew_token(type(unit).objects.get(pk=unit.pk).tracker))()
    await until(lambda: app.devices.sender_of(fresh) is not None)
    assert (await phone.post({"fixes": [fix()]})).status_code == 401
    phone.token = fresh
    assert await phone.send(fix()) == [("stored", "")]


async def test_too_many_too_big_and_compressed_are_refused(phone: Phone) -> None:
    assert (await phone.post({"fixes": [fix()] * 1001})).status_code == 413
    assert (await phone.post(b'{"fixes":[' + b" " * 1_000_001 + b"]}")).status_code == 413
    bomb = gzip.compress(b" " * 50_000_000)
    assert (await phone.post(bomb, **{"Content-Encoding": "gzip"})).status_code == 415
    assert (await phone.post(bomb)).status_code == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"fixes":{}}', b"\xff\xfe", b"[" * 100_000])
async def test_what_is_no_batch_is_bad_input(phone: Phone, body: bytes) -> None:
    response = await phone.post(body)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "bad_input"


async def test_sending_too_fast_is_slowed_down(phone: Phone) -> None:
    answers = await asyncio.gather(*[phone.post({"fixes": []}) for _ in range(80)])
    assert {answer.status_code for answer in answers} == {200, 429}
    assert next(answer for answer in answers if answer.status_code == 429).headers["retry-after"]


async def test_the_process_outlives_the_database(phone: Phone, app: Intake) -> None:
    assert await phone.send(fix(lon=WEST[0])) == [("stored", "")]
    await sync(_cut_everybody)()
    statuses = []
    for _ in range(40):
        response = await phone.post({"fixes": [fix()]})
        statuses.append(response.status_code)
        if response.status_code == 200 and len(statuses) > 1:
            break
        if response.status_code == 503:
            assert response.headers["retry-after"]
        await asyncio.sleep(0.1)
    assert statuses[-1] == 200
    assert set(statuses) <= {200, 503}
    assert (await phone.client.get("/intake/health")).json() == {"ok": True}


def _cut_everybody() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_other_addresses_and_methods(phone: Phone) -> None:
    assert (await phone.client.get("/intake")).status_code == 405
    assert (await phone.client.get("/elsewhere")).status_code == 404
