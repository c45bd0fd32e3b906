"""Positions meet orders: real fixes in the database, one pass of the worker after another, and what the journal has of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from uuid_utils.compat import uuid7

from dispatch import journal
from dispatch.actions import answers, inferences, orders
from dispatch.models import Order
from geo.metres import destination
from geo.models import TrackerLast, TrackPoint
from realtime import inferring
from realtime.inferring import Inferring
from tests.realtime.test_socket import open_incident
from tests.realtime.town import WEST, Town, build


class Drive:
    """One order of W-1, accepted at `began`, with a clock of its own: `at` puts a fix there and lets the worker look."""

    def __init__(self, city: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        self.city, self.now = city, timezone.now()
        monkeypatch.setattr(inferring.clock, "time_s", self.time_s)
        city.sign_on("W-1", "officer")
        incident = open_incident(city)
        self.order = orders.send_order(
            actor=city.viewer("west_desk"), uid=uuid7(), incident_uid=incident.uid, target_kind="unit",
            target_uid=city.units["W-1"].uid,
        )  # fmt: skip
        self.answer("accept")
        self.workers = [Inferring(), Inferring()]
        self.n = journal.head()[1]

    def time_s(self) -> float:
        """Return the drive's own now."""
        return self.now.timestamp()

    def answer(self, verb: str) -> None:
        """Answer as the crew."""
        answers.answer_order(actor=self.city.viewer("officer"), uid=self.order.uid, verb=verb)

    def at(
        self, metres: float, *, after_s: float = 2, accuracy_m: float | None = 5, fix_at: datetime | None = None
    ) -> None:
        """Go on `after_s`, with a fix so many metres north of the incident; both workers look."""
        self.now += timedelta(seconds=after_s)
        lon, lat = destination(WEST, 0, metres)
        TrackerLast.objects.update_or_create(
            tracker=self.city.units["W-1"].tracker,
            defaults={"lon_e7": round(lon * 1e7), "lat_e7": round(lat * 1e7), "fix_at": fix_at or self.now,
                      "received_at": self.now, "accuracy_m": accuracy_m},
        )  # fmt: skip
        TrackPoint.objects.update_or_create(
            tracker=self.city.units["W-1"].tracker, fix_at=fix_at or self.now,
            defaults={"received_at": self.now, "lon_e7": round(lon * 1e7), "lat_e7": round(lat * 1e7),
                      "accuracy_dm": None if accuracy_m is None else round(accuracy_m * 10)},
        )  # fmt: skip
        self.look()

    def look(self) -> None:
        """Let both workers look."""
        assert [worker.look() for worker in self.workers] == [False] * len(self.workers)

    def told(self) -> list[tuple[str, Any]]:
        """Return (kind, verb or doubt) of what was journalled since the order was accepted."""
        found = [entry for entry in journal.read(after=self.n) if entry.kind in ("order.inferred", "order.doubted")]
        return [(entry.kind[6:], entry.data.get("verb", bool(entry.data["order"]["doubt"]))) for entry in found]


@pytest.fixture
def drive(db: None, monkeypatch: pytest.MonkeyPatch) -> Drive:
    return Drive(build(), monkeypatch)


def test_a_drive_to_the_scene_is_told_in_two_entries_whatever_the_number_of_fixes(drive: Drive) -> None:
    for metres in range(900, 0, -30):
        drive.at(metres)
    for _ in range(10):
        drive.at(15)
    assert drive.told() == [("inferred", "leave"), ("inferred", "arrive")]
    order = Order.objects.get(pk=drive.order.pk)
    assert (order.state, order.inferred["verb"]) == ("accepted", "arrive")


def test_passing_by_is_taken_back(drive: Drive) -> None:
    for metres in (900, 600, 300, *[30] * 7, 100, 300):
        drive.at(metres)
    assert drive.told() == [("inferred", "leave"), ("inferred", "arrive"), ("inferred", "leave")]


def test_what_was_denied_stays_denied_and_passing_by_leaves_nothing(drive: Drive) -> None:
    drive.at(900)
    drive.at(700)
    inferences.deny_inferred(actor=drive.city.viewer("officer"), uid=drive.order.uid, verb="leave")
    for metres in (600, 300, *[30] * 7, 90, 300, 500):
        drive.at(metres)
    assert drive.told() == [("inferred", "leave"), ("inferred", "arrive"), ("inferred", "")]


def test_poor_old_and_missing_fixes_say_nothing(drive: Drive) -> None:
    for metres in range(900, 0, -30):
        drive.at(metres, accuracy_m=300)
    for metres in range(900, 0, -30):
        drive.at(metres, fix_at=drive.order.sent_at - timedelta(minutes=1))
    for metres in (900, 20, 20):
        drive.at(metres, after_s=40)
    for _ in range(5):
        drive.now += timedelta(seconds=20)
        drive.look()
    assert drive.told() == []


def test_a_worker_begun_anew_knows_from_the_kept_fixes_who_had_been_there(drive: Drive) -> None:
    """On scene, then three kilometres away with the man they hold: it left, and is not one that never came."""
    drive.answer("arrive")
    for metres in (20, 20, 20):
        drive.at(metres)
    drive.workers = [Inferring()]
    for _ in range(13):
        drive.at(3000)
    assert drive.told() == [("inferred", "depart")]


def test_who_says_on_scene_from_afar_is_doubted_until_it_comes(drive: Drive) -> None:
    drive.answer("arrive")
    for _ in range(12):
        drive.at(3000)
    assert drive.told() == [("doubted", True)]
    assert Order.objects.get(pk=drive.order.pk).state == "on_scene"
    for metres in (1500, 400, 100):
        drive.at(metres)
    assert drive.told() == [("doubted", True), ("doubted", False)]


def test_a_doubt_ends_when_nobody_knows_any_more_and_a_gone_crew_is_noticed(drive: Drive) -> None:
    drive.answer("arrive")
    for _ in range(12):
        drive.at(3000)
    drive.now += timedelta(seconds=130)
    drive.look()
    assert drive.told() == [("doubted", True), ("doubted", False)]
    drive.at(20)
    for metres in range(100, 1500, 100):
        drive.at(metres)
    assert drive.told()[2:] == [("inferred", "depart")]


def test_on_the_way_to_one_order_says_nothing_of_a_stacked_one(drive: Drive) -> None:
    other = orders.send_order(
        actor=drive.city.viewer("west_desk"), uid=uuid7(), incident_uid=open_incident(drive.city).uid,
        target_kind="unit", target_uid=drive.city.units["W-1"].uid, stack=True,
    )  # fmt: skip
    answers.answer_order(actor=drive.city.viewer("officer"), uid=other.uid, verb="accept")
    drive.answer("leave")
    for metres in range(900, 300, -30):
        drive.at(metres)
    assert drive.told() == []
