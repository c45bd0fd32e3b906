"""Who gets in, what he hears, and what ends a connection."""

from datetime import timedelta
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.contrib.sessions.models import Session
from django.utils import timezone
from uuid_utils.compat import uuid7

from dispatch import journal
from dispatch.actions import calls, incidents
from dispatch.models import Person
from tests.realtime.town import EAST, WEST, Town

sync = database_sync_to_async


def open_incident(town: Town, who: str = "west_desk", point: Any = WEST, **more: Any) -> Any:
    return incidents.open_incident(
        actor=town.viewer(who), uid=uuid7(), kind="theft", level=2, point=list(point), remark="a secret", **more
    )


async def test_start_brings_the_board_and_then_events_in_order(desks: Any, town: Town) -> None:
    await sync(open_incident)(town)
    desk = await (await desks("west_desk")).board_now()
    assert len(desk.board["incidents"]) == 1
    made = [await sync(open_incident)(town) for _ in range(3)]
    await desk.until(lambda d: len(d.events) >= 3)
    assert [event["data"]["incident"]["uid"] for event in desk.events] == [str(one.uid) for one in made]
    assert [event["n"] for event in desk.events] == sorted(event["n"] for event in desk.events)
    assert desk.events[0]["n"] > desk.board["n"]


async def test_a_beat_comes_within_two_seconds_and_carries_the_newest_number(desks: Any, town: Town) -> None:
    desk = await (await desks("west_desk")).board_now()
    await sync(open_incident)(town, "outsider", (10.0, 50.0))
    await desk.until(lambda d: d.beat_n > d.board["n"], timeout_s=3)
    assert not desk.events


@pytest.mark.parametrize("origin", [b"http://evil.example", b"http://127.0.0.1:9999", b"null", None])
async def test_another_origin_gets_no_byte_of_the_board(desks: Any, origin: bytes | None) -> None:
    desk = await desks("west_desk", origin=origin, start=False)
    assert await desk.until_closed() == 4403
    assert desk.error == "forbidden"
    assert not desk.board


async def test_nobody_is_sent_to_sign_in(desks: Any) -> None:
    desk = await desks("", start=False)
    assert await desk.until_closed() == 4401


@pytest.mark.parametrize("name", ["auditor", "admin"])
async def test_who_may_read_no_board_gets_none(desks: Any, name: str) -> None:
    desk = await desks(name)
    assert await desk.until_closed() == 4403
    assert not desk.board


@pytest.mark.parametrize("garbage", ["{", "[]", '{"t":"topic","area":1}', '{"t":"resume","epoch":"x"}', "\x00", "null"])
async def test_garbage_is_answered_and_ends_the_connection(desks: Any, garbage: str) -> None:
    desk = await desks("west_desk", start=False)
    await desk.send(garbage)
    assert await desk.until_closed() == 4400
    assert desk.error == "bad_input"


async def test_a_frame_over_64_kib_is_too_big(desks: Any) -> None:
    desk = await desks("west_desk", start=False)
    await desk.send('{"t":"showed","shown":[{"what":"' + "x" * 70_000 + '"}]}')
    assert await desk.until_closed() == 4413


async def test_talking_too_fast_ends_the_connection(desks: Any) -> None:
    desk = await desks("west_desk", start=False)
    for _ in range(80):
        await desk.send({"t": "pong"})
    assert await desk.until_closed() == 4429


async def test_an_expired_session_does_not_open(desks: Any, town: Town) -> None:
    first = await (await desks("west_desk")).board_now()
    await sync(Session.objects.update)(expire_date=timezone.now() - timedelta(seconds=1))
    again = await desks("west_desk", cookie=first.session_key, start=False)
    assert await again.until_closed() == 4401


@pytest.mark.parametrize("how", ["logout", "expiry", "deactivated", "password"])
async def test_a_session_that_ends_closes_the_open_socket(desks: Any, town: Town, how: str) -> None:
    desk = await (await desks("west_desk")).board_now()
    person = town.people["west_desk"]
    if how == "logout":
        await sync(Session.objects.all().delete)()
    elif how == "expiry":
        await sync(Session.objects.update)(expire_date=timezone.now() - timedelta(seconds=1))
    elif how == "deactivated":
        await sync(Person.objects.filter(pk=person.pk).update)(is_active=False)
    else:
        await sync(Person.objects.filter(pk=person.pk).update)(password="another")
    assert await desk.until_closed(timeout_s=8) == 4401


async def test_one_event_over_the_wire_to_each_of_the_cast(desks: Any, town: Town) -> None:
    """West's incident: own desks whole, the neighbour's only its ground view, the outsider and the officer nothing."""
    opened = {
        name: await (await desks(name)).board_now()
        for name in ("west_desk", "west_video", "city_chief", "east_desk", "officer", "outsider")
    }
    await sync(calls.take_call)(
        actor=await sync(town.viewer)("west_taker"), uid=uuid7(), caller_number="555-0101", caller_name="Ana"
    )
    await sync(open_incident)(town, point=(WEST[0] + 0.009, WEST[1]))
    last = await sync(open_incident)(town, "outsider", (10.0, 50.0))
    head = (await sync(journal.head)())[1]
    for desk in opened.values():
        await desk.until(lambda d: d.beat_n >= head)
    heard = {name: {event["kind"]: event["data"] for event in desk.events} for name, desk in opened.items()}
    for name in ("west_desk", "city_chief"):
        assert heard[name]["call.taken"]["call"]["caller_number"] == "555-0101"
        assert heard[name]["incident.opened"]["incident"]["remark"] == "a secret"
    assert heard["west_video"]["call.taken"]["call"]["caller_number"] is None
    assert heard["east_desk"]["incident.opened"]["incident"]["remark"] is None
    assert set(heard["east_desk"]) == {"incident.opened"}
    assert heard["officer"] == {}
    assert [event["data"]["incident"]["uid"] for event in opened["outsider"].events] == [str(last.uid)]


async def test_a_far_incident_is_not_the_neighbours(desks: Any, town: Town) -> None:
    desk = await (await desks("west_desk")).board_now()
    await sync(open_incident)(town, "east_desk", (EAST[0] + 0.03, EAST[1]))
    await desk.until(lambda d: d.beat_n > d.board["n"])
    assert not desk.events


async def test_what_a_desk_showed_is_journalled(desks: Any, town: Town) -> None:
    desk = await (await desks("west_desk")).board_now()
    await desk.send({"t": "showed", "shown": [{"incident": str(uuid7()), "list": 3, "cameras": [str(uuid7())]}]})
    await desk.until(lambda d: any(event["kind"] == "desk.showed" for event in d.events))
    assert desk.events[-1]["data"]["shown"][0]["list"] == 3
