"""How fast, with a big city (make campaign). Prints what it measured; the limits leave room for slow machines."""

import time
from datetime import timedelta
from statistics import median

import numpy as np
import pytest
from django.utils import timezone

from dispatch.actions.audience import wanted
from dispatch.models import CrewMember, Person, Unit
from geo.models import Camera, Tracker, TrackerLast
from realtime import protocol
from realtime.feed import Feed
from realtime.fleet import Fleet
from realtime.ground import Ground
from realtime.positions import Beat, Hub
from realtime.ranker import Ranker
from realtime.scopes import Place, Scope
from tests.geo.town import CENTRE, plain_camera
from tests.realtime.test_socket import open_incident
from tests.realtime.town import Town, build

pytestmark = pytest.mark.campaign
UNITS, CAMERAS = 2_000, 50_000


def fill(town: Town) -> None:
    """Put 2,000 units on duty and 50,000 cameras into the city."""
    random = np.random.default_rng(7)
    now = timezone.now()
    area, centre = town.areas["west_1"], town.centres["west_1"]
    spots = random.uniform(-0.03, 0.03, (UNITS, 2)) + np.array(CENTRE)
    trackers = Tracker.objects.bulk_create(
        Tracker(label=f"t{i}", area=area, token_hash=f"h{i}", created_at=now) for i in range(UNITS)
    )
    units = Unit.objects.bulk_create(
        Unit(call_sign=f"B-{i}", kind="car", centre=centre, tracker=trackers[i], on_duty=True,
             duty_since=now - timedelta(hours=1), status_at=now)
        for i in range(UNITS)
    )  # fmt: skip
    keys = [key for key in wanted(units[0]) if not key.startswith("unit:")]
    for unit in units:
        unit.audience = [*keys, f"unit:{unit.pk}"]
    Unit.objects.bulk_update(units, ["audience"])
    people = Person.objects.bulk_create(Person(username=f"b{i}", name=f"b{i}", home=centre) for i in range(UNITS))
    CrewMember.objects.bulk_create(
        CrewMember(unit=unit, person=person, sworn=True, signed_on_at=now)
        for unit, person in zip(units, people, strict=True)
    )
    TrackerLast.objects.bulk_create(
        TrackerLast(tracker=tracker, lon_e7=round(lon * 1e7), lat_e7=round(lat * 1e7), fix_at=now, received_at=now)
        for tracker, (lon, lat) in zip(trackers, spots, strict=True)
    )
    places = random.uniform(-0.04, 0.04, (CAMERAS, 2)) + np.array(CENTRE)
    Camera.objects.bulk_create(
        (plain_camera(area, f"K{i}", lon, lat) for i, (lon, lat) in enumerate(places)), batch_size=5_000
    )


@pytest.mark.django_db
def test_a_packet_with_2000_units_and_50000_cameras(capsys: pytest.CaptureFixture[str]) -> None:
    town = build()
    fill(town)
    ranker = Ranker()
    ranker.begin()
    spent = []
    for step in range(12):
        open_incident(town, point=(CENTRE[0] - 0.015 + step * 0.001, CENTRE[1]))
        began = time.perf_counter()
        ranker.read()
        assert ranker.work() >= 1
        spent.append((time.perf_counter() - began) * 1000)
    with capsys.disabled():
        print(f"\nincident committed → packet recorded: median {median(spent):.0f} ms, worst {max(spent):.0f} ms")
    assert median(spent) < 250


def test_a_beat_of_2000_moving_units_for_thirty_scopes(capsys: pytest.CaptureFixture[str]) -> None:
    random = np.random.default_rng(7)
    hub = Hub(Feed(), set())
    fleet: Fleet = hub.fleet
    fleet.slots = np.arange(1, UNITS + 1, dtype=np.uint32)
    fleet.uid_of_slot = {slot: str(slot) for slot in range(1, UNITS + 1)}
    fleet.cards = {str(slot): {"uid": str(slot)} for slot in range(1, UNITS + 1)}
    fleet.duty_s = np.zeros(UNITS)
    fleet.rows_of_key = {f"area:{area}": list(range(area, UNITS, 30)) for area in range(30)}
    fleet.rows_of_key["area:99"] = list(range(UNITS))
    fleet.fixes = np.zeros(UNITS, fleet.fixes.dtype)
    scopes = [Scope(frozenset({(f"area:{area}", "full")}), Ground(None)) for area in [*range(29), 99]]
    spent = []
    for _ in range(5):
        fleet.fixes["lon_e7"] = random.integers(-712_900_000, -712_100_000, UNITS)
        fleet.fixes["lat_e7"] = random.integers(-299_400_000, -298_600_000, UNITS)
        fleet.fixes["fix_s"] = time.time()
        began = time.perf_counter()
        beat = Beat(np.arange(UNITS), Place(fleet), int(time.time()), False, set())
        for scope in scopes:
            hub._tell(scope, [], beat)
        spent.append((time.perf_counter() - began) * 1000)
    with capsys.disabled():
        print(f"\na beat of {UNITS} moved units for {len(scopes)} scopes: {median(spent):.1f} ms")
    assert len(protocol.positions_frame(fleet.records(np.arange(UNITS), 1), 1)) == 8 + 16 * UNITS
    assert median(spent) < 300
