"""Who receives which unit's position, when it appears, and when it goes. Outsiders get no byte."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from channels.db import database_sync_to_async
from django.utils import timezone

from dispatch import access
from dispatch.actions import units
from dispatch.models import Person
from geo.fixes import Fix
from geo.intake import Taken, store
from realtime import house, protocol
from realtime.scopes import NONE, keys_of
from tests.realtime.town import EAST, FAR_EAST, WEST, Town

sync = database_sync_to_async


def put_fix(town: Town, name: str, lon: float, lat: float, *, age_s: float = 0.0) -> None:
    """Store one fix as the intake does."""
    at = timezone.now()
    fix = Fix(town.units[name].tracker_id, lon, lat, at - timedelta(seconds=age_s), at, speed_mps=10, heading_deg=90)
    store(Taken(results=[fix], kept=[fix], last={fix.tracker_id: fix}))


def has_unit(town: Town, name: str) -> Any:
    uid = str(town.units[name].uid)
    return lambda desk: any(unit["uid"] == uid and slot in desk.fixes for slot, unit in desk.slots.items())


def lacks_unit(town: Town, name: str) -> Any:
    uid = str(town.units[name].uid)
    return lambda desk: all(unit["uid"] != uid for unit in desk.slots.values())


async def beats(desk: Any, count: int = 3) -> None:
    """Let some beats pass."""
    seen = sum(1 for frame in desk.frames if isinstance(frame, dict) and frame["t"] == "beat")
    await desk.until(lambda d: sum(1 for f in d.frames if isinstance(f, dict) and f["t"] == "beat") >= seen + count)


async def test_own_tree_sees_everywhere_neighbour_on_ground_and_band_outsider_nothing(desks: Any, town: Town) -> None:
    await sync(town.sign_on)("W-1", "officer")
    await sync(put_fix)(town, "W-1", *WEST)
    opened = {
        name: await (await desks(name)).board_now() for name in ("west_desk", "city_chief", "east_desk", "outsider")
    }
    await opened["west_desk"].until(has_unit(town, "W-1"))
    await opened["city_chief"].until(has_unit(town, "W-1"))
    await opened["east_desk"].until(has_unit(town, "W-1"))
    await beats(opened["outsider"])
    assert not opened["outsider"].fixes
    assert not opened["outsider"].slots
    assert not any(isinstance(frame, bytes) for frame in opened["outsider"].frames)

    await sync(put_fix)(town, "W-1", WEST[0] - 0.005, WEST[1])
    await opened["east_desk"].until(lacks_unit(town, "W-1"))
    await sync(put_fix)(town, "W-1", *FAR_EAST)
    slot = next(iter(opened["west_desk"].slots))
    await opened["west_desk"].until(lambda d: d.fixes[slot][1]["lon_e7"] == round(FAR_EAST[0] * 1e7))


async def test_the_neighbour_gets_the_ground_view_of_the_card(desks: Any, town: Town) -> None:
    await sync(town.sign_on)("W-1", "officer")
    await sync(units.set_status)(
        actor=await sync(town.viewer)("officer"), unit_uid=town.units["W-1"].uid, reason="meal"
    )
    await sync(put_fix)(town, "W-1", *WEST)
    own = await (await desks("west_desk")).board_now()
    other = await (await desks("east_desk")).board_now()
    await own.until(has_unit(town, "W-1"))
    await other.until(has_unit(town, "W-1"))
    assert next(iter(own.slots.values()))["reason"] == "meal"
    assert next(iter(other.slots.values()))["reason"] == ""
    await sync(units.set_status)(actor=await sync(town.viewer)("officer"), unit_uid=town.units["W-1"].uid, reason="")
    await other.until(lambda d: next(iter(d.slots.values()))["state"] == "available")


async def test_no_unit_beyond_ground_and_band_ever_reaches_the_neighbour(desks: Any, town: Town) -> None:
    """A unit drives across the edge of the band: what the neighbour's desk received was inside it at every fix."""
    await sync(town.sign_on)("W-1", "officer")
    desk = await (await desks("east_desk")).board_now()
    edge = EAST[0] - 0.01 - 1000 / (111_320 * np.cos(np.radians(WEST[1])))
    for step in (-0.002, -0.0002, 0.0002, 0.002, -0.0002, -0.002):
        await sync(put_fix)(town, "W-1", edge + step, WEST[1])
        await beats(desk, 2)
        assert bool(desk.slots) == (step > 0)
    sent = [record for frame in desk.frames if isinstance(frame, bytes) for record in protocol.read_positions(frame)[1]]
    assert sent
    assert all(record["lon_e7"] / 1e7 >= edge - 2e-5 for record in sent)


async def test_off_duty_units_never_appear_and_vanish_at_once(desks: Any, town: Town) -> None:
    await sync(put_fix)(town, "W-1", *WEST)
    desk = await (await desks("west_desk")).board_now()
    await beats(desk)
    assert not desk.fixes
    await sync(town.sign_on)("W-1", "officer")
    await beats(desk, 2)
    assert not desk.fixes, "the place of the last duty is not shown"
    await sync(put_fix)(town, "W-1", *WEST)
    await desk.until(has_unit(town, "W-1"))
    await sync(units.sign_off)(actor=await sync(town.viewer)("officer"), unit_uid=town.units["W-1"].uid)
    await desk.until(lacks_unit(town, "W-1"))
    count = len([frame for frame in desk.frames if isinstance(frame, bytes)])
    await sync(put_fix)(town, "W-1", *EAST)
    await beats(desk)
    assert len([frame for frame in desk.frames if isinstance(frame, bytes)]) == count


async def test_an_officer_gets_his_own_unit_only(desks: Any, town: Town) -> None:
    await sync(town.sign_on)("W-1", "officer")
    await sync(town.sign_on)("E-1", "east_officer")
    await sync(put_fix)(town, "W-1", *WEST)
    await sync(put_fix)(town, "E-1", *WEST)
    desk = await (await desks("officer")).board_now()
    await desk.until(has_unit(town, "W-1"))
    await beats(desk)
    assert [unit["call_sign"] for unit in desk.slots.values()] == ["W-1"]
    assert set(desk.fixes) == set(desk.slots)


async def test_a_frame_says_place_speed_heading_and_age(desks: Any, town: Town) -> None:
    await sync(town.sign_on)("W-1", "officer")
    duty = timezone.now() - timedelta(minutes=10)
    await sync(type(town.units["W-1"]).objects.filter(call_sign="W-1").update)(duty_since=duty)
    await sync(put_fix)(town, "W-1", *WEST, age_s=180)
    desk = await (await desks("west_desk")).board_now()
    await desk.until(has_unit(town, "W-1"))
    _, record = next(iter(desk.fixes.values()))
    assert (record["lon_e7"], record["lat_e7"]) == (round(WEST[0] * 1e7), round(WEST[1] * 1e7))
    assert (record["speed"], record["heading"]) == (20, 62)
    assert record["age"] in {102, 103}


async def test_every_member_of_the_cast_gets_what_access_says_and_nothing_else(desks: Any, town: Town) -> None:
    await sync(town.sign_on)("W-1", "officer")
    await sync(town.sign_on)("E-1", "east_officer")
    await sync(put_fix)(town, "W-1", *WEST)
    await sync(put_fix)(town, "E-1", *FAR_EAST)
    for name in town.people:
        person = await sync(Person.objects.get)(username=town.people[name].username)
        viewer = await sync(access.viewer_for)(person)
        if not access.can(viewer, "board.read"):
            continue
        desk = await (await desks(name)).board_now()
        await beats(desk, 2)
        got = {unit["call_sign"] for slot, unit in desk.slots.items() if slot in desk.fixes}
        own = {unit.call_sign for unit in await sync(lambda: list(type(town.units["W-1"]).objects.all()))()
               if access.view_of(unit.audience, viewer)}  # fmt: skip
        neighbours = {"east_desk": {"W-1"}}.get(name, set())
        assert got == own | neighbours, name


async def test_scopes_judge_as_access_does(desks: Any, town: Town) -> None:
    await sync(town.sign_on)("W-1", "officer")
    await sync(put_fix)(town, "W-1", *WEST)
    desk = await (await desks("city_chief")).board_now()
    await desk.until(has_unit(town, "W-1"))
    hub = house.house().hub
    viewer = await sync(town.viewer)("city_chief")
    scope = hub.scopes[keys_of(viewer)]
    unit = await sync(type(town.units["W-1"]).objects.get)(call_sign="W-1")
    view = scope._judge_audiences(hub.fleet)[0]
    assert access.view_of(unit.audience, viewer) == ("" if view == NONE else access.BEST[view])


def test_age_bytes_are_half_seconds_then_minutes() -> None:
    ages = np.array([-3, 0, 0.5, 50, 51, 119, 120, 154 * 60, 155 * 60, 10**6])
    assert protocol.age_bytes(ages).tolist() == [0, 0, 1, 100, 101, 101, 102, 254, 255, 255]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_frame_is_eight_bytes_and_sixteen_a_unit(count: int) -> None:
    assert len(protocol.positions_frame(np.zeros(count, protocol.RECORD), 5)) == 8 + 16 * count
