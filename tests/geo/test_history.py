"""Reading where trackers were: only on duty, gaps stay gaps, and columns that say the same again."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from geo import columns, history
from geo.areas import put_area
from geo.fixes import FLAG_POOR, Fix
from geo.intake import Taken, store
from geo.models import Tracker
from geo.trackers import begin_duty, end_duty, enrol
from tests.geo.town import CENTRE, NOON, square

pytestmark = pytest.mark.django_db


def sent(tracker: Tracker, second: float, *, late_s: float = 0, east: float = 0, **fields: object) -> Fix:
    at = NOON + timedelta(seconds=second)
    received = at + timedelta(seconds=late_s)
    return Fix(tracker_id=tracker.pk, lon=CENTRE[0] + east, lat=CENTRE[1], fix_at=at, received_at=received, **fields)  # type: ignore[arg-type]


def keep(*fixes: Fix) -> None:
    store(Taken(results=list(fixes), kept=list(fixes), last={}))


def minute(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


@pytest.fixture
def beacon() -> Tracker:
    area = put_area(code="C", name="C", level="city", boundary=square(*CENTRE, 0.01))
    tracker, _ = enrol(label="P-1", area=area, at=minute(-60))
    begin_duty(tracker, at=minute(-30))
    return tracker


def test_points_come_in_order_with_both_times_and_what_is_not_known(beacon: Tracker) -> None:
    keep(
        sent(beacon, 10, speed_mps=12.5, heading_deg=359, flags=FLAG_POOR), sent(beacon, 5, late_s=90), sent(beacon, 70)
    )
    track = history.read_tracks([beacon.pk], NOON, minute(1))[beacon.pk]
    assert (track["fix_ms"] - int(NOON.timestamp() * 1000)).tolist() == [5000, 10_000]
    assert (track["received_ms"] - track["fix_ms"]).tolist() == [90_000, 0]
    assert track["speed_cms"].tolist() == [history.UNKNOWN, 1250]
    assert track["heading_deg"].tolist() == [history.UNKNOWN, 359]
    assert track["flags"].tolist() == [0, FLAG_POOR]
    assert (track["lon_e7"][0] / 1e7, track["lat_e7"][0] / 1e7) == pytest.approx(CENTRE, abs=1e-7)


def test_off_duty_there_was_nobody(beacon: Tracker) -> None:
    keep(*(sent(beacon, second) for second in (10, 70, 130)))
    end_duty(beacon, at=minute(1))
    begin_duty(beacon, at=minute(2))
    track = history.read_tracks([beacon.pk], minute(-10), minute(10))[beacon.pk]
    assert (track["fix_ms"] - int(NOON.timestamp() * 1000)).tolist() == [10_000, 130_000]
    assert history.read_last_before([beacon.pk], minute(1.5)) == {}
    assert len(history.read_last_before([beacon.pk], minute(0.5))[beacon.pk]) == 1
    assert history.read_last_before([beacon.pk], minute(2.1)) == {}, "that fix was of the duty before"
    assert history.read_duty([beacon.pk], minute(0), minute(5))[beacon.pk] == [
        (minute(-30), minute(1)), (minute(2), None),
    ]  # fmt: skip


def test_nobody_and_nothing_give_nothing(beacon: Tracker) -> None:
    assert history.read_tracks([], NOON, minute(1)) == {}
    assert history.read_tracks([beacon.pk, 99_999], NOON, minute(1)) == {}
    assert history.count_points([beacon.pk], NOON, minute(1)) == 0
    assert history.find_ground_shape([]) is None


def test_near_is_by_box_and_stands_on_by_shape(beacon: Tracker) -> None:
    keep(sent(beacon, 1), sent(beacon, 2, east=0.03))
    shape = history.find_ground_shape([beacon.area_id])
    assert shape is not None
    assert history.trackers_near(shape, NOON, minute(1)) == [beacon.pk]
    assert history.trackers_near(shape, NOON, minute(1), without=[beacon.pk]) == []
    assert history.trackers_near(shape, minute(1), minute(2)) == []
    track = history.read_tracks([beacon.pk], NOON, minute(1))[beacon.pk]
    assert history.stands_on(shape, track).tolist() == [True, False]


def unzigzag(raw: bytes) -> list[int]:
    """Read zigzag varints one by one, as plainly as can be."""
    out, value, shift = [], 0, 0
    for byte in raw:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            out.append((value >> 1) ^ -(value & 1))
            value = shift = 0
    return out


def test_varints_say_the_same_again() -> None:
    values = [0, 1, -1, 63, 64, -64, -65, 8191, 8192, -(2**31), 2**31, 2**40, -(2**40), 2**62, -(2**62)]
    assert unzigzag(columns.zigzag_varints(np.array(values, np.int64))) == values
    assert columns.zigzag_varints(np.zeros(0, np.int64)) == b""


def test_columns_are_differences_within_one_track() -> None:
    one, two = np.zeros(2, history.POINT), np.zeros(1, history.POINT)
    one["fix_ms"], one["received_ms"] = [1_000_000, 1_005_000], [1_000_200, 1_095_000]
    one["lon_e7"], one["lat_e7"] = [-714000000, -713999900], [10, -20]
    one["speed_cms"], one["heading_deg"] = [history.UNKNOWN, 1250], [history.UNKNOWN, 359]
    two["fix_ms"], two["received_ms"], two["lon_e7"], two["flags"] = 999_000, 999_000, 1800000000, 5
    fix, lag, lon, lat, speed, heading, flags = columns.pack([one, np.zeros(0, history.POINT), two], 1_000_000)
    assert unzigzag(fix) == [0, 50, -10]
    assert unzigzag(lag) == [2, 898, 0]
    assert unzigzag(lon) == [-71400000, 10, 180000000]
    assert unzigzag(lat) == [1, -3, 0]
    assert (list(speed), list(heading), list(flags)) == ([255, 25, 0], [255, 249, 0], [0, 0, 5])
    assert columns.pack([], 0) == [b""] * 7
