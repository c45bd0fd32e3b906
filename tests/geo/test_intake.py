"""From a received fix to a stored one: each filter, and two tables that keep their promises."""

import math
from datetime import datetime, timedelta

import msgspec
import psycopg
import pytest
from django.db import connection

from geo.fixes import FLAG_IMPLAUSIBLE, FLAG_LATE, FLAG_POOR, STEPS, Box, Fix, Known, Rejected, sift
from geo.intake import (
    HISTORY_SQL,
    LAST_SQL,
    Taken,
    history_parameters,
    last_parameters,
    load_duty,
    load_last,
    store,
    take_in,
)
from geo.metres import destination
from geo.models import Area, Tracker, TrackerLast, TrackPoint
from geo.trackers import active_tokens, begin_duty, end_duty, enrol, hash_token, renew_token, retire
from tests.geo.town import CENTRE, NOON

Town = dict[str, Area]
ALWAYS = ((NOON - timedelta(days=2), None),)


def fix(second: float = 0, point: tuple[float, float] = CENTRE, tracker: int = 1, **fields: object) -> Fix:
    at = NOON + timedelta(seconds=second)
    given = {"received_at": at, **fields}
    return Fix(tracker_id=tracker, lon=point[0], lat=point[1], fix_at=at, **given)  # type: ignore[arg-type]


def judged(given: Fix, last: Fix | None = None, duty: object = ALWAYS, now: datetime = NOON) -> Fix | Rejected:
    return sift(given, Known(duty=duty, last=last, now=now))  # type: ignore[arg-type]


def test_steps_can_be_read_in_order() -> None:
    assert [step.__name__ for step in STEPS] == [
        *("refuse_bad_numbers", "refuse_outside", "refuse_future", "refuse_too_old", "refuse_off_duty"),
        *("refuse_other_device", "refuse_duplicate", "flag_late", "flag_implausible_speed", "flag_poor_accuracy"),
    ]


@pytest.mark.parametrize(
    ("point", "code"),
    [((math.nan, 1), "position_not_finite"), ((1, -math.inf), "position_not_finite"), ((0, 0), "position_null_island"),
     ((181, 1), "position_out_of_range")],
)  # fmt: skip
def test_bad_numbers(point: tuple[float, float], code: str) -> None:
    assert judged(fix(point=point)) == Rejected("bad_numbers", code)


def test_a_fix_far_from_every_area_is_refused_and_swapped_numbers_are_called_so() -> None:
    lon, lat = CENTRE
    box = (lon - 0.1, lat - 0.1, lon + 0.1, lat + 0.1)

    def here(point: tuple[float, float], *ground: Box) -> Fix | Rejected:
        return sift(fix(point=point), Known(ALWAYS, None, NOON, ground))

    assert isinstance(here((lon + 2.0, lat - 2.0), box), Fix)
    assert here((lat, lon), box) == Rejected("outside", "position_swapped")
    for far in ((lon + 40, lat), (lon, -lat), (lon, 90.0), (lon, -90.0)):
        assert here(far, box) == Rejected("outside", "position_outside")
        assert isinstance(here(far), Fix)
    europe = (10.0, 50.0, 11.0, 51.0)
    assert isinstance(here((9.0, 49.0), box, europe), Fix)
    assert here((lon + 40, lat), box, europe) == Rejected("outside", "position_outside")
    fiji = (-179.9, -18.2, 179.9, -16.0)
    assert isinstance(here((179.99, -17.0), fiji), Fix)
    assert here((10.0, 50.0), fiji) == Rejected("outside", "position_outside")


def test_time_without_zone_is_refused() -> None:
    assert judged(msgspec.structs.replace(fix(), fix_at=datetime(2026, 3, 11))) == Rejected(  # noqa: DTZ001
        "bad_numbers", "time_without_zone"
    )


def test_senseless_extras_become_unknown() -> None:
    kept = judged(fix(speed_mps=-1.0, heading_deg=math.nan, accuracy_m=math.inf))
    assert isinstance(kept, Fix)
    assert (kept.speed_mps, kept.heading_deg, kept.accuracy_m) == (None, None, None)


def test_clock_limits() -> None:
    assert isinstance(judged(fix(30)), Fix)
    assert judged(fix(30.1)) == Rejected("future")
    assert isinstance(judged(fix(-86_399)), Fix)
    assert judged(fix(-86_401)) == Rejected("too_old")


def test_duty_is_judged_at_fix_time() -> None:
    duty = ((NOON - timedelta(hours=2), NOON - timedelta(hours=1)),)
    assert isinstance(judged(fix(-3601), duty=duty), Fix)
    assert judged(fix(-3600), duty=duty) == Rejected("off_duty")
    assert judged(fix(0), duty=duty) == Rejected("off_duty")
    assert judged(fix(0), duty=()) == Rejected("off_duty")


def test_flags() -> None:
    last = fix(-10)
    far = destination(CENTRE, 90, 5000)
    late, jump, poor = judged(fix(-60), last), judged(fix(0, far), last), judged(fix(0, accuracy_m=500.0), last)
    assert [kept.flags for kept in (late, jump, poor) if isinstance(kept, Fix)] == [
        FLAG_LATE,
        FLAG_IMPLAUSIBLE,
        FLAG_POOR,
    ]
    assert judged(fix(-10), last) == Rejected("duplicate")


def test_one_glitch_moves_nobody_and_a_wrong_last_fix_holds_nobody() -> None:
    far = destination(CENTRE, 90, 50_000)
    taken = take_in([fix(0), fix(1, far), fix(2)], duty={1: ALWAYS}, last={}, now=NOON + timedelta(seconds=3))
    assert [kept.flags for kept in taken.kept] == [0, FLAG_IMPLAUSIBLE, 0]
    assert taken.last[1].fix_at == NOON + timedelta(seconds=2)
    stuck = take_in(
        [fix(second, far) for second in range(1, 40)],
        duty={1: ALWAYS},
        last={1: fix(0)},
        now=NOON + timedelta(seconds=40),
    )
    assert stuck.last[1].lon == pytest.approx(far[0])
    assert len(stuck.kept) == 39


def test_results_answer_each_item_in_order() -> None:
    taken = take_in([fix(0), fix(0), fix(999), fix(1, tracker=2)], duty={1: ALWAYS}, last={}, now=NOON)
    assert [type(result).__name__ for result in taken.results] == ["Fix", "Rejected", "Rejected", "Rejected"]
    assert [result.reason for result in taken.results if isinstance(result, Rejected)] == [
        *("duplicate", "future", "off_duty"),
    ]
    late_twice = take_in([fix(-9), fix(-9)], duty={1: ALWAYS}, last={1: fix(0)}, now=NOON)
    assert len(late_twice.kept) == 1
    assert late_twice.last == {}


@pytest.fixture
def tracker(town: Town) -> Tracker:
    return enrol(label="P-01", area=town["west_1"], at=NOON)[0]


def stored(*fixes: Fix) -> int:
    return store(Taken(results=[], kept=list(fixes), last={given.tracker_id: given for given in fixes}))


def test_stored_exactly_and_repeats_change_nothing(tracker: Tracker) -> None:
    given = fix(0, (-71.12345678, -29.98765432), tracker.pk, speed_mps=12.34, heading_deg=359.7, accuracy_m=4.25)
    assert stored(given) == 1
    assert stored(given) == 0
    point, last = TrackPoint.objects.get(), TrackerLast.objects.get()
    assert (point.lon_e7, point.lat_e7) == (-711234568, -299876543)
    assert (point.speed_cms, point.heading_deg, point.accuracy_dm) == (1234, 0, 42)
    assert (last.lon_e7, last.speed_mps, last.fix_at) == (-711234568, 12.34, NOON)
    assert load_last()[tracker.pk].lat == pytest.approx(-29.9876543, abs=1e-9)


def test_last_moves_only_forward(tracker: Tracker) -> None:
    stored(fix(10, tracker=tracker.pk))
    stored(fix(5, destination(CENTRE, 0, 100), tracker.pk))
    assert TrackerLast.objects.get().fix_at == NOON + timedelta(seconds=10)
    assert TrackPoint.objects.count() == 2
    stored(fix(11, tracker=tracker.pk))
    assert TrackerLast.objects.get().fix_at == NOON + timedelta(seconds=11)


def test_extreme_but_allowed_values_fit_their_columns(tracker: Tracker) -> None:
    edge = judged(fix(0, (180.0, 90.0), tracker.pk, speed_mps=327.0, heading_deg=360.0, accuracy_m=3276.0))
    assert isinstance(edge, Fix)
    assert stored(edge) == 1


@pytest.mark.django_db(transaction=True)
async def test_statements_work_on_a_plain_async_connection() -> None:
    def prepare() -> int:
        area = Area.objects.create(code="A", name="A", level="station")
        return enrol(label="P", area=area, at=NOON)[0].pk

    from asgiref.sync import sync_to_async

    number = await sync_to_async(prepare)()
    settings = connection.settings_dict
    conninfo = psycopg.conninfo.make_conninfo(
        dbname=settings["NAME"], user=settings["USER"], host=settings["HOST"] or None, port=settings["PORT"] or None
    )
    kept = [fix(second, tracker=number) for second in range(3)]
    async with await psycopg.AsyncConnection.connect(conninfo) as raw:
        await raw.execute(HISTORY_SQL, history_parameters(kept))
        await raw.execute(LAST_SQL, last_parameters(kept[-1:]))
    assert await TrackPoint.objects.acount() == 3
    assert (await TrackerLast.objects.aget()).fix_at == NOON + timedelta(seconds=2)


def test_duty_and_tokens(town: Town, tracker: Tracker) -> None:
    begin_duty(tracker, at=NOON)
    assert begin_duty(tracker, at=NOON + timedelta(minutes=5)).duty_from == NOON
    end_duty(tracker, at=NOON + timedelta(hours=1))
    assert load_duty(NOON + timedelta(hours=2)) == {tracker.pk: [(NOON, NOON + timedelta(hours=1))]}
    assert load_duty(NOON + timedelta(days=3)) == {}
    other, token = enrol(label="P-02", area=town["east_1"], at=NOON)
    assert active_tokens()[hash_token(token)] == other.pk
    assert token not in other.token_hash
    fresh = renew_token(other)
    assert hash_token(token) not in active_tokens()
    retire(other, at=NOON)
    assert hash_token(fresh) not in active_tokens()
