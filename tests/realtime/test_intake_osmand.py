"""/intake/osmand: Traccar Client's own messages, to the row; who is off duty, unknown or unreadable gets a code."""

from datetime import timedelta

import httpx
from django.utils import timezone

from dispatch.actions import units
from geo.models import TrackerLast, TrackPoint
from geo.sources.osmand.encode import as_json, as_query
from realtime.intake.asgi import Intake
from tests.dispatch.town import SETUP
from tests.realtime.test_intake import Phone, app, phone, sync, until  # noqa: F401
from tests.realtime.town import WEST, Town

JSON = {"Content-Type": "application/json"}


async def post(phone: Phone, content: bytes, **headers: str) -> httpx.Response:  # noqa: F811
    return await phone.client.post("/intake/osmand", content=content, headers={**JSON, **headers})


async def test_both_generations_of_the_app_are_stored_as_the_units_place(phone: Phone, town: Town) -> None:  # noqa: F811
    at = timezone.now()
    answer = await post(phone, as_json(phone.token, *WEST, at, speed_mps=12.5, heading_deg=90))
    assert (answer.status_code, answer.json()["results"][0]["result"]) == (200, "stored")
    last = await sync(TrackerLast.objects.get)(tracker_id=town.units["W-1"].tracker_id)
    assert (last.lon_e7, last.speed_mps, last.heading_deg) == (round(WEST[0] * 1e7), 12.5, 90)
    older = as_query(phone.token, *WEST, at + timedelta(seconds=2), speed_mps=5)
    for send in (phone.client.get, phone.client.post):
        assert (await send(f"/intake/osmand?{older}")).status_code == 200
    assert await sync(TrackPoint.objects.count)() == 2


async def test_off_duty_nothing_is_kept_and_the_app_does_not_send_it_again(
    phone: Phone,  # noqa: F811
    app: Intake,  # noqa: F811
    town: Town,
) -> None:
    await sync(units.sign_off)(actor=SETUP, unit_uid=town.units["W-1"].uid)
    await until(lambda: all(end is not None for _, end in app.devices.duty[town.units["W-1"].tracker_id]))
    answer = await post(phone, as_json(phone.token, *WEST, timezone.now()))
    assert (answer.status_code, answer.json()["results"]) == (
        200,
        [{"i": 0, "result": "refused", "reason": "off_duty"}],
    )
    assert (await sync(TrackPoint.objects.count)(), await sync(TrackerLast.objects.count)()) == (0, 0)


async def test_a_message_without_a_place_is_taken_and_stores_nothing(phone: Phone) -> None:  # noqa: F811
    answer = await post(phone, b'{"device_id": "%s"}' % phone.token.encode())
    assert (answer.status_code, answer.json()) == (200, {"results": []})
    assert await sync(TrackPoint.objects.count)() == 0


async def test_strangers_and_what_cannot_be_read_get_a_code(phone: Phone) -> None:  # noqa: F811
    at = timezone.now()
    for content, status, code in (
        (as_json("no-such-token", *WEST, at), 401, "unknown_device"), (b"{", 400, "bad_input"), (b"", 400, "bad_input"),
        (as_json("", *WEST, at), 401, "unknown_device"), (b"{" * 2_000_000, 413, "too_big"),
    ):  # fmt: skip
        answer = await post(phone, content)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert phone.token not in answer.text
    assert (await phone.client.put("/intake/osmand")).status_code == 405
