"""The ranker: first packet at once, again only when the list is another one, failure never in the way."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone
from uuid_utils.compat import uuid7

from dispatch import access
from dispatch.actions import house, incidents, orders, units
from dispatch.models import Incident, Post, Suggestion
from realtime import candidates, ranker
from realtime.ranker import Ranker
from tests.geo.town import CENTRE, plain_camera, square
from tests.realtime.test_positions import put_fix
from tests.realtime.test_socket import open_incident
from tests.realtime.town import EAST, WEST, Town, build

SETUP = access.system("setup")


class Clock:
    """A clock that stands still until told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def city(db: None) -> Town:
    return build()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def turn(one: Ranker) -> int:
    one.read()
    return one.work()


def packets(incident: Incident) -> list[Suggestion]:
    return list(Suggestion.objects.filter(incident=incident).order_by("number"))


@pytest.fixture
def working(city: Town, clock: Clock) -> Ranker:
    made = Ranker(clock)
    made.begin()
    return made


def test_the_first_packet_names_units_cameras_and_refusals(city: Town, working: Ranker) -> None:
    city.sign_on("W-1", "officer")
    put_fix(city, "W-1", *WEST)
    city.add_unit("W-2", "west_1")
    plain_camera(city.areas["west_1"], "C1", WEST[0], WEST[1] + 0.001).save()
    incident = open_incident(city)
    assert turn(working) == 1
    body = packets(incident)[0].body
    assert [(line["slot"], line["call_sign"], line["how"]) for line in body["units"]] == [(1, "W-1", "straight")]
    assert [(line["call_sign"], line["reason"]) for line in body["refused"]] == [("W-2", "off_duty")]
    assert [camera["code"] for camera in body["cameras"]] == ["C1"]
    assert body["cameras_counted"] == {"unknown": 1}
    incident.refresh_from_db()
    assert incident.suggestion_version == 1


def test_another_look_is_recorded_only_when_it_shows_something_else(city: Town, working: Ranker, clock: Clock) -> None:
    city.sign_on("W-1", "officer")
    put_fix(city, "W-1", *WEST)
    incident = open_incident(city)
    assert turn(working) == 1
    for _ in range(4):
        clock.now += 20
        assert turn(working) == 0
    units.set_status(actor=city.viewer("officer"), unit_uid=city.units["W-1"].uid, reason="repair")
    assert turn(working) == 1
    assert packets(incident)[1].body["refused"][0]["reason"] == "unavailable"


def test_two_changes_within_five_seconds_make_one_packet(city: Town, working: Ranker, clock: Clock) -> None:
    city.sign_on("W-1", "officer")
    put_fix(city, "W-1", *WEST)
    incident = open_incident(city)
    assert turn(working) == 1
    for reason in ("repair", "court", "", "court"):
        units.set_status(actor=city.viewer("officer"), unit_uid=city.units["W-1"].uid, reason=reason)
        clock.now += 1
        assert turn(working) == 0
    clock.now += 2
    assert turn(working) == 1
    assert len(packets(incident)) == 2


def test_level_place_and_kind_call_for_another_look_words_do_not(city: Town, working: Ranker, clock: Clock) -> None:
    incident = open_incident(city)
    turn(working)
    clock.now += 6
    before = working.watched[incident.uid].due_s
    actor = city.viewer("west_desk")
    incidents.edit_incident(actor=actor, uid=incident.uid, version=_version(incident), changes={"remark": "words"})
    working.read()
    assert working.watched[incident.uid].due_s == before
    incidents.edit_incident(actor=actor, uid=incident.uid, version=_version(incident), changes={"level": 1})
    working.read()
    assert working.watched[incident.uid].due_s == clock.now


def _version(incident: Incident) -> int:
    incident.refresh_from_db()
    return incident.version


def test_a_first_packet_waits_for_one_other_at_most(city: Town, clock: Clock) -> None:
    """While the second looks at three old incidents go on, a new one is opened; it must come next."""
    ranked: list[str] = []

    class Watching(Ranker):
        def rank(self, incident: Incident, *given: Any) -> bool:
            ranked.append(incident.number)
            if len(ranked) == 4:
                ranked.append("new " + open_incident(city).number)
            return super().rank(incident, *given)

    working = Watching(clock)
    working.begin()
    for _ in range(3):
        open_incident(city)
    assert turn(working) == 3
    clock.now += 20
    while working.wait_s() == 0:
        turn(working)
    assert ranked[5] == ranked[4].removeprefix("new ")
    assert len(ranked) == 3 + 3 + 1 + 1
    assert sorted(ranked[:3]) == sorted({ranked[3], *ranked[6:]})


def test_a_closed_incident_is_forgotten(city: Town, working: Ranker) -> None:
    incident = open_incident(city)
    turn(working)
    incidents.close_incident(actor=city.viewer("city_chief"), uid=incident.uid, reason="double")
    working.read()
    assert working.watched == {}


def test_after_a_restart_what_has_no_packet_gets_one_and_what_has_does_not(city: Town, clock: Clock) -> None:
    first = open_incident(city)
    one = Ranker(clock)
    one.begin()
    assert one.work() == 1
    second = open_incident(city)
    other = Ranker(clock)
    other.begin()
    assert other.work() == 1
    assert (len(packets(first)), len(packets(second))) == (1, 1)


def test_failure_is_said_once_and_blocks_nothing(
    city: Town, working: Ranker, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "cameras_for", lambda incident: 1 / 0)
    broken = open_incident(city)
    turn(working)
    clock.now += 20
    turn(working)
    assert [packet.failed_code for packet in packets(broken)] == ["ranking_failed"]
    monkeypatch.undo()
    clock.now += 20
    assert turn(working) == 1
    assert packets(broken)[-1].failed_code == ""


def test_without_a_usable_fix_the_post_or_the_voice_counts(city: Town, working: Ranker) -> None:
    post = Post.objects.create(code="P1", name="Gate", centre=city.centres["west_1"], point=Point(*WEST, srid=4326))
    city.sign_on("W-1", "officer")
    units.set_place(actor=city.viewer("officer"), unit_uid=city.units["W-1"].uid, point=list(WEST))
    incident = open_incident(city)
    turn(working)
    assert packets(incident)[0].body["units"][0]["how"] == "voice"
    city.units["W-1"].__class__.objects.filter(call_sign="W-1").update(
        duty_since=timezone.now() - timedelta(hours=2), post=post, reported_point=None, reported_at=None
    )
    put_fix(city, "W-1", *EAST, age_s=3600)
    found = candidates.Units(stale_s=600, now_s=timezone.now().timestamp())
    assert {row.call_sign: row.how for row in found.rows}["W-1"] == "post"


def test_a_neighbour_on_the_ground_is_listed_by_request_and_far_ones_are_not(
    city: Town, working: Ranker, clock: Clock
) -> None:
    city.sign_on("E-1", "east_officer")
    put_fix(city, "E-1", EAST[0] - 0.005, EAST[1])
    near = open_incident(city)
    turn(working)
    assert [(line["call_sign"], line["order_by"]) for line in packets(near)[0].body["units"]] == [("E-1", "request")]
    put_fix(city, "E-1", EAST[0] + 0.02, EAST[1])
    clock.now += 2
    far = open_incident(city)
    turn(working)
    assert packets(far)[0].body["units"] == []
    wider = square(CENTRE[0], CENTRE[1], 0.03)
    house.put_area(actor=SETUP, code="T-W-1", parent=city.areas["west"], boundary=wider, name="W", level="station")
    clock.now += 20
    while working.wait_s() == 0:
        turn(working)
    assert [line["call_sign"] for line in packets(far)[-1].body["units"]] == ["E-1"]


def test_a_unit_under_way_is_refused_with_its_incident(city: Town, working: Ranker, clock: Clock) -> None:
    city.sign_on("W-1", "officer")
    put_fix(city, "W-1", *WEST)
    first = open_incident(city)
    turn(working)
    orders.send_order(
        actor=city.viewer("west_desk"), uid=uuid7(), incident_uid=first.uid, target_kind="unit",
        target_uid=city.units["W-1"].uid, suggestion=(1, 1),
    )  # fmt: skip
    second = open_incident(city)
    turn(working)
    refused: Any = packets(second)[0].body["refused"]
    assert [(line["reason"], line["facts"]["incident"]) for line in refused] == [("committed", first.number)]
    clock.now += 6
    turn(working)
    here: Any = packets(first)[-1].body["refused"]
    assert [line["reason"] for line in here] == ["on_this"]


def test_limits_come_from_the_profile(city: Town) -> None:
    assert ranker.read_limits().stale_s == 600
