"""An officer's own shifts and who looked at his track: out of the journal, about himself and nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch.actions import answers, base, own_jobs, replays, units
from dispatch.actions.base import at_time
from dispatch.errors import DispatchError
from dispatch.models import CrewMember, Unit
from dispatch.queries.own_shifts import ShiftLog, get_log, list_shifts
from dispatch.queries.track_looks import list_track_looks
from geo import clock
from geo.models import TrackPoint
from tests.cast import HERE, SETUP, THERE, Cast, new_uid

REASON = "complaint of the shift"


@pytest.fixture
def shift(cast: Cast) -> Any:
    """Officer and partner on P-11 since just now, a job of their own cleared, another crew with them on it."""
    begun = base.now()
    for name in ("P-11", "P-12", "P-31"):
        units.sign_off(actor=SETUP, unit_uid=cast.uid(name))
    crews = {"P-11": ["officer", "partner"], "P-12": ["officer2"], "P-31": ["officer4"]}
    for name, crew in crews.items():
        units.sign_on(actor=SETUP, unit_uid=cast.uid(name), crew=[cast.uid(one) for one in crew])
    order = own_jobs.start_job(
        actor=cast.viewer("officer"), uid=new_uid(), order_uid=new_uid(), kind="lost", point=list(HERE), place="Quay"
    )
    other = own_jobs.join_incident(actor=cast.viewer("officer2"), uid=new_uid(), incident_uid=order.incident.uid)
    answers.answer_order(actor=cast.viewer("officer2"), uid=other.uid, verb="leave")
    answers.clear_order(actor=cast.viewer("officer"), uid=order.uid, disposition="handled")
    return begun


def log_of(cast: Cast, who: str) -> ShiftLog:
    viewer = cast.viewer(who)
    return get_log(viewer, list_shifts(viewer).shifts[0].at)


def test_a_shift_is_read_from_the_journal_with_its_crew_and_jobs(cast: Cast, shift: Any) -> None:
    log = log_of(cast, "officer")
    assert (log.shift.call_sign, log.shift.ends_at) == ("P-11", None)
    assert [one.name for one in log.shift.crew] == ["partner"]
    kinds = [line.kind for line in log.lines]
    assert kinds[0] == "unit.signed_on"
    assert {"order.started", "order.cleared"} <= set(kinds)
    assert "order.joined" not in kinds  # the other crew's, though they saw one another
    cleared = next(line for line in log.lines if line.kind == "order.cleared")
    assert (cleared.place, cleared.facts["disposition"]) == ("Quay", "handled")
    assert all("remark" not in line.facts for line in log.lines)
    assert {line.kind for line in log_of(cast, "officer2").lines} >= {"order.joined", "order.moved"}


def test_a_shift_is_nobody_elses(cast: Cast, shift: Any) -> None:
    mine = list_shifts(cast.viewer("officer")).shifts[0].at
    for who in ("officer4", "desk", "chief"):
        with pytest.raises(DispatchError) as refused:
            get_log(cast.viewer(who), mine + timedelta(microseconds=1))
        assert refused.value.code in {"not_found", "forbidden"}
    for who in ("desk", "supervisor", "auditor", "nobody"):
        for query in (list_shifts, list_track_looks):
            with pytest.raises(DispatchError, match="forbidden"):
                query(cast.viewer(who))


def test_shifts_older_than_tracks_are_kept_are_not_shown(cast: Cast, shift: Any) -> None:
    long_ago = clock.now() - timedelta(days=200)
    CrewMember.objects.filter(unit__uid=cast.uid("P-11"), signed_off_at__isnull=False).update(
        signed_on_at=long_ago, signed_off_at=long_ago + timedelta(hours=8)
    )
    assert len(list_shifts(cast.viewer("officer")).shifts) == 1


def replay(cast: Cast, who: str, begun: Any) -> None:
    given = {"begins": begun - timedelta(minutes=5), "ends": base.now()}
    replays.open_replay(actor=cast.viewer(who), reason=REASON, **given)


def test_a_replay_of_his_time_is_told_to_him_without_its_reason(cast: Cast, shift: Any) -> None:
    assert list_track_looks(cast.viewer("officer")) == []
    with at_time(base.now() + timedelta(seconds=5)):
        replay(cast, "chief", shift)
    looks = list_track_looks(cast.viewer("officer"))
    assert [(one.person.name if one.person else "", one.call_sign) for one in looks] == [("chief", "P-11")]
    assert REASON not in repr(looks)
    assert [one.call_sign for one in list_track_looks(cast.viewer("officer4"))] == ["P-31"]


def test_a_replay_that_could_not_show_his_unit_is_not(cast: Cast, shift: Any) -> None:
    with at_time(base.now() + timedelta(seconds=5)):
        replay(cast, "supervisor", shift)  # of S1: P-31 belongs to S3, far from its ground
    assert len(list_track_looks(cast.viewer("officer"))) == 1
    assert list_track_looks(cast.viewer("officer4")) == []


def test_a_unit_that_only_stood_on_their_ground_is_told_too(cast: Cast, shift: Any) -> None:
    units.enrol_device(actor=cast.viewer("officer4"))
    tracker = Unit.objects.get(uid=cast.uid("P-31")).tracker_id
    at = base.now() + timedelta(seconds=1)
    for (lon, lat), seconds in ((THERE, 0), (HERE, 1)):
        TrackPoint.objects.create(
            tracker_id=tracker, fix_at=at + timedelta(seconds=seconds), received_at=at, lon_e7=round(lon * 1e7),
            lat_e7=round(lat * 1e7),
        )  # fmt: skip
    with at_time(at + timedelta(seconds=5)):
        replay(cast, "supervisor", shift)
    assert [one.call_sign for one in list_track_looks(cast.viewer("officer4"))] == ["P-31"]
