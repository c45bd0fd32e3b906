"""The worker's timers, and that the process stops when asked and outlives its database."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.utils import timezone
from uuid_utils.compat import uuid7

from dispatch import access, journal
from dispatch.actions import base, distress, incidents, ladder, orders, requests
from dispatch.errors import DispatchError
from dispatch.models import Distress, Order, OrderRequest
from realtime.timers import Timers
from tests.realtime.test_positions import put_fix
from tests.realtime.test_socket import open_incident
from tests.realtime.town import EAST, WEST, Town, build

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def city(db: None) -> Town:
    return build()


def order_at(city: Town, seconds_ago: float, level: int = 3, unit: str = "W-1") -> Order:
    with base.at_time(timezone.now() - timedelta(seconds=seconds_ago)):
        incident = open_incident(city)
        type(incident).objects.filter(pk=incident.pk).update(level=level)
        return orders.send_order(
            actor=city.viewer("west_desk"), uid=uuid7(), incident_uid=incident.uid, target_kind="unit",
            target_uid=city.units[unit].uid,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("age_s", "level", "rung"),
    [(10, 3, ""), (40, 3, "repeat"), (100, 3, "next"), (130, 3, "commander"), (18, 1, "repeat"), (70, 1, "commander")],
)
def test_an_order_nobody_answers_climbs_to_the_rung_that_is_due_at_once(
    city: Town, age_s: float, level: int, rung: str
) -> None:
    city.sign_on("W-1", "officer")
    order = order_at(city, age_s, level)
    timers = Timers()
    assert timers.climb_one_ladder() is (rung != "")
    assert timers.climb_one_ladder() is False
    order.refresh_from_db()
    assert order.rung == rung
    assert (order.state == "timed_out") is (rung == "commander")


def test_a_second_worker_and_one_begun_again_repeat_nothing(city: Town) -> None:
    city.sign_on("W-1", "officer")
    order = order_at(city, 65)
    workers = [Timers(), Timers()]
    assert [worker.climb_one_ladder() for worker in (*workers, Timers())] == [True, False, False]
    assert ladder.climb_ladder(actor=access.system("worker"), uid=order.uid) is None
    assert len([entry for entry in journal.read() if entry.kind == "order.escalated"]) == 1
    with base.at_time(order.sent_at + timedelta(seconds=125)):
        ladder.climb_ladder(actor=access.system("worker"), uid=order.uid)
    order.refresh_from_db()
    assert order.state == "timed_out"


def test_a_distress_that_nobody_acknowledges_goes_to_the_shift_commander_once(city: Town) -> None:
    city.sign_on("W-1", "officer")
    uid = uuid7()
    with base.at_time(timezone.now() - timedelta(seconds=9)):
        distress.raise_distress(actor=city.viewer("officer"), uid=uid, unit_uid=city.units["W-1"].uid)
    timers = Timers()
    assert timers.escalate_one_distress() is False
    Distress.objects.update(received_at=timezone.now() - timedelta(seconds=11))
    assert timers.escalate_one_distress() is True
    assert timers.escalate_one_distress() is False
    told = journal.read(kinds=["distress.escalated"], newest_first=True)
    assert [entry.data["distress"]["state"] for entry in told] == ["raised"]
    assert told[0].data["after_s"] == pytest.approx(11, abs=2)
    assert f"area:{city.units['W-1'].centre.area_id}" in told[0].audience


def test_trouble_in_following_a_distress_does_not_keep_it_from_the_shift_commander(
    city: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.sign_on("W-1", "officer")
    with base.at_time(timezone.now() - timedelta(seconds=11)):
        distress.raise_distress(actor=city.viewer("officer"), uid=uuid7(), unit_uid=city.units["W-1"].uid)
    asked = []

    def refuse(*, actor: Any, uid: Any) -> Any:
        asked.append(uid)
        raise DispatchError("unavailable")

    monkeypatch.setattr(distress, "follow_distress", refuse)
    timers = Timers()
    assert timers.follow_distresses() is False
    assert len(asked) == 1
    assert timers.escalate_one_distress() is True
    assert Distress.objects.get().escalated_at is not None


def test_an_incident_on_hold_comes_back_when_its_time_is_over(city: Town) -> None:
    with base.at_time(timezone.now() - timedelta(minutes=5)):
        incident, other = open_incident(city), open_incident(city)
        for one, minutes in ((incident, 4), (other, 40)):
            incidents.hold_incident(actor=city.viewer("west_desk"), uid=one.uid, minutes=minutes, reason="later")
    timers = Timers()
    assert timers.bring_back_one_held() is True
    assert timers.bring_back_one_held() is False
    incident.refresh_from_db()
    other.refresh_from_db()
    assert (incident.state, other.state) == ("open", "on_hold")


def test_a_request_that_meets_silence_goes_up(city: Town) -> None:
    city.sign_on("E-1", "east_officer")
    put_fix(city, "E-1", *EAST)
    incident = open_incident(city, point=WEST)
    asked = requests.ask_for_unit(
        actor=city.viewer("west_desk"), uid=uuid7(), incident_uid=incident.uid, unit_uid=city.units["E-1"].uid
    )
    timers = Timers()
    assert timers.escalate_one_request() is False
    OrderRequest.objects.filter(pk=asked.pk).update(deadline_at=timezone.now())
    assert timers.escalate_one_request() is True
    assert timers.escalate_one_request() is False
    asked.refresh_from_db()
    assert asked.state == "escalated"


def test_the_head_is_written_once_a_day(city: Town, settings: Any, tmp_path: Path) -> None:
    settings.HEAD_FOLDER = tmp_path
    timers = Timers()
    assert timers.write_todays_head() is False
    open_incident(city)
    n = journal.head()[1]
    assert timers.write_todays_head() is True
    assert timers.write_todays_head() is False
    assert f'"n": {n}' in next(tmp_path.iterdir()).read_text()


def test_sessions_that_ran_out_are_deleted_once_an_hour(city: Town) -> None:
    clock = [0.0]
    timers = Timers(lambda: clock[0])
    assert timers.keep_house() is True
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    assert timers.keep_house() is False
    clock[0] = 3601.0
    assert timers.keep_house() is True
    assert not Session.objects.filter(session_key="old").exists()


def test_an_item_that_refuses_does_not_hold_up_the_others(city: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest order cannot be timed out; the next one still is, and the broken one is not tried for ever."""
    city.sign_on("W-1", "officer")
    city.add_unit("W-2", "west_1")
    city.sign_on("W-2", "partner")
    broken = order_at(city, 300)
    other = order_at(city, 200, unit="W-2")
    real = ladder.climb_ladder

    def refuse_one(*, actor: Any, uid: Any) -> Any:
        if uid == broken.uid:
            raise DispatchError("wrong_state")
        return real(actor=actor, uid=uid)

    monkeypatch.setattr(ladder, "climb_ladder", refuse_one)
    timers = Timers()
    assert [timers.climb_one_ladder() for _ in range(3)] == [True, True, False]
    other.refresh_from_db()
    assert other.state == "timed_out"


@pytest.mark.parametrize("command", ["worker", "ranker", "outlets"])
@pytest.mark.django_db(transaction=True)
def test_the_process_starts_and_stops_on_sigterm(command: str) -> None:
    found = connections["default"].settings_dict
    environment = {**os.environ, "NEARCAST_DB_NAME": found["NAME"], "LOG_LEVEL": "INFO"}
    process = subprocess.Popen(
        [sys.executable, "manage.py", command], cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )
    try:
        assert process.stderr is not None
        said = next((line for line in process.stderr if b"at work" in line), b"")
        assert command.encode() in said
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=8) == 0
    finally:
        process.kill()
        process.wait()
