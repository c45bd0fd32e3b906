"""Coming back: everything after n or a snapshot, never a part; rights that changed meanwhile mean a snapshot."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import connection
from django.utils import timezone

from dispatch import access, journal
from dispatch.actions import journal as keeping
from dispatch.models import Assignment, JournalEntry
from realtime import feed, house
from tests.realtime.test_socket import open_incident
from tests.realtime.town import WEST, Town

sync = database_sync_to_async


async def test_resume_brings_exactly_what_was_missed(desks: Any, town: Town) -> None:
    await sync(open_incident)(town)
    first = await (await desks("west_desk")).board_now()
    at = first.board["n"]
    await first.leave()
    made = [await sync(open_incident)(town) for _ in range(4)]
    again = await desks("west_desk", start=False)
    await again.send({"t": "resume", "epoch": first.board["epoch"], "n": at})
    await again.until(lambda d: len(d.events) >= 4)
    await again.until(lambda d: d.beat_n)
    assert [event["data"]["incident"]["uid"] for event in again.events] == [str(one.uid) for one in made]
    assert not again.board


async def test_resume_reads_the_journal_when_the_ring_is_too_short(
    desks: Any, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sync(open_incident)(town)
    start = (await sync(journal.head)())[1]
    made = [await sync(open_incident)(town) for _ in range(6)]
    desk = await desks("west_desk", start=False)
    await desk.send({"t": "resume", "epoch": 1, "n": start})
    await desk.until(lambda d: len(d.events) >= 6)
    assert [event["data"]["incident"]["uid"] for event in desk.events] == [str(one.uid) for one in made]
    assert not desk.board


@pytest.mark.parametrize(("epoch", "ahead"), [(7, 0), (1, 50), (1, -10_000)])
async def test_another_epoch_or_a_number_we_cannot_know_means_a_snapshot(
    desks: Any, town: Town, epoch: int, ahead: int
) -> None:
    await sync(open_incident)(town)
    head = (await sync(journal.head)())[1]
    desk = await desks("west_desk", start=False)
    await desk.send({"t": "resume", "epoch": epoch, "n": head + ahead})
    await desk.board_now()
    assert desk.board["n"] == head
    assert not desk.events


async def test_too_far_back_means_a_snapshot(desks: Any, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "RECOVERY", 3)
    for _ in range(6):
        await sync(open_incident)(town)
    desk = await desks("west_desk", start=False)
    await desk.send({"t": "resume", "epoch": 1, "n": 1})
    await desk.board_now()
    assert len(desk.board["incidents"]) == 6


async def test_no_gap_and_no_double_while_others_write(desks: Any, town: Town) -> None:
    """Desks come, start again and resume while three threads write: each ends with every number exactly once."""
    await sync(open_incident)(town)
    stop = asyncio.Event()
    made: list[int] = []

    async def write() -> None:
        while not stop.is_set():
            await asyncio.to_thread(_open_and_close_connection, town)
            made.append(1)

    writers = [asyncio.create_task(write()) for _ in range(3)]
    opened = []
    for _ in range(6):
        desk = await (await desks("city_chief")).board_now()
        opened.append(desk)
        resumed = await desks("city_chief", start=False)
        await resumed.send({"t": "resume", "epoch": desk.board["epoch"], "n": desk.board["n"]})
        resumed.board = {"n": desk.board["n"], "incidents": []}
        opened.append(resumed)
        await asyncio.sleep(0.2)
    stop.set()
    await asyncio.gather(*writers)
    assert len(made) > 10
    head = (await sync(journal.head)())[1]
    for desk in opened:
        await desk.until(lambda d: d.beat_n >= head)
        numbers = [event["n"] for event in desk.events]
        expected = await sync(
            lambda n: list(JournalEntry.objects.filter(n__gt=n).order_by("n").values_list("n", flat=True))
        )(desk.board["n"])
        assert numbers == expected


def _open_and_close_connection(town: Town) -> None:
    try:
        open_incident(town)
    finally:
        connection.close()


async def test_rights_that_end_while_away_mean_a_snapshot(desks: Any, town: Town) -> None:
    first = await (await desks("city_chief")).board_now()
    await sync(open_incident)(town, point=(WEST[0] - 0.005, WEST[1]))
    await sync(_end_by_clock)(town, "city_chief")
    await sync(town.assign)("city_chief", "dispatcher", "east_1")
    again = await desks("city_chief", start=False)
    await again.send({"t": "resume", "epoch": 1, "n": first.board["n"]})
    await again.board_now()
    assert again.board["incidents"] == []


def _end_by_clock(town: Town, name: str) -> None:
    Assignment.objects.filter(person=town.people[name]).update(valid_until=timezone.now())


async def test_a_role_that_runs_out_closes_the_open_socket(desks: Any, town: Town) -> None:
    until = timezone.now() + timedelta(seconds=2)
    await sync(Assignment.objects.filter(person=town.people["west_desk"]).update)(valid_until=until)
    desk = await (await desks("west_desk")).board_now()
    assert await desk.until_closed(timeout_s=6) == 4403
    assert timezone.now() >= until


async def test_signing_on_gives_the_officer_his_unit_at_once(desks: Any, town: Town) -> None:
    officer = await (await desks("officer")).board_now()
    assert officer.board["me"]["unit"] is None
    officer.board = {}
    await sync(town.sign_on)("W-1", "officer")
    await officer.board_now()
    assert officer.board["me"]["unit"] == str(town.units["W-1"].uid)
    officer.board = {}
    await sync(town.sign_on)("W-1", "partner", by="west_desk")
    await officer.board_now()
    assert officer.board["me"]["unit"] is None
    assert officer.board["units"] == []


async def test_a_new_epoch_brings_everybody_a_snapshot_or_a_resync(desks: Any, town: Town) -> None:
    desk = await (await desks("west_desk")).board_now()
    await sync(keeping.begin_epoch)(actor=access.system("worker"), why="test", only_if_changed=False)
    await sync(keeping.begin_epoch)(actor=access.system("worker"), why="test", only_if_changed=False)
    try:
        desk.board = {}
        await desk.board_now()
        assert desk.board["epoch"] == 2
    except AssertionError:
        assert desk.closed == 4408


async def test_a_lost_hint_is_found_by_the_poll(desks: Any, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await (await desks("west_desk")).board_now()
    monkeypatch.setattr(journal, "CHANNEL", "elsewhere")
    await sync(open_incident)(town)
    await desk.until(lambda d: d.events, timeout_s=4)


async def test_the_feed_comes_back_after_the_database_was_away(desks: Any, town: Town) -> None:
    desk = await (await desks("west_desk")).board_now()
    assert await sync(_cut_listeners)() >= 1
    await sync(open_incident)(town)
    await desk.until(lambda d: d.events, timeout_s=6)
    assert house.house().feed.ready.is_set()


def _cut_listeners() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


async def test_a_client_that_never_answers_is_told_to_resync(
    desks: Any, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.sockets.FULL_BYTES", 5_000)
    desk = await (await desks("west_desk")).board_now()
    monkeypatch.setattr(desk, "send", lambda frame: asyncio.sleep(0))
    for _ in range(20):
        await sync(open_incident)(town)
    assert await desk.until_closed() == 4408
