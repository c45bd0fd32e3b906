"""Calls for help: one press is one distress, who hears of it, who may do what to it, and that nobody off duty is asked."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from uuid_utils.compat import uuid7

from dispatch import journal
from dispatch.access import redact, view_of
from dispatch.actions import base, distress, units
from dispatch.errors import DispatchError
from dispatch.models import Distress, Incident, JournalEntry, Unit
from dispatch.queries.board import get_board
from tests.cast import DEEP_HERE, HERE, THERE, WORKER, Cast, new_uid, press, refused, stand
from tests.dispatch.town import Page


def seen_by(cast: Cast, uid: Any) -> set[str]:
    row = Distress.objects.get(uid=uid)
    return {name for name in cast.people if view_of(row.audience, cast.viewer(name))}


def test_own_desks_those_above_and_who_is_within_five_kilometres_hear_it(cast: Cast) -> None:
    for unit, point in (("P-12", HERE), ("P-21", HERE), ("P-31", THERE)):
        stand(cast, unit, point)
    heard = seen_by(cast, press(cast).uid)
    desks = {"desk", "desk2", "taker", "video", "supervisor", "district", "city_desk", "chief", "neighbour", "double"}
    assert heard == desks | {"officer", "officer2", "officer3"}, "S3 is over 5 km away, and so is P-31"


def test_nobody_off_duty_is_asked(cast: Cast) -> None:
    for unit, who in (("P-12", "officer2"), ("P-21", "officer3")):
        stand(cast, unit, HERE)
        units.sign_off(actor=cast.viewer(who), unit_uid=cast.uid(unit))
    uid = press(cast).uid
    assert not seen_by(cast, uid) & {"officer2", "officer3", "officer4", "partner"}
    units.sign_on(actor=cast.viewer("officer2"), unit_uid=cast.uid("P-12"), crew=[cast.uid("officer2")])
    assert "officer2" not in seen_by(cast, uid)


def test_who_is_near_learns_who_and_where_and_no_case(cast: Cast) -> None:
    stand(cast, "P-12", HERE)
    cast.send(cast.open(point=DEEP_HERE, remark="he is armed"), "P-11")
    uid = press(cast).uid
    distress.open_from_distress(actor=cast.viewer("desk"), uid=uid, incident_uid=new_uid())
    for name in ("officer2", "neighbour"):
        board = get_board(cast.viewer(name))
        card = next(card for card in board.distresses)
        assert (card.call_sign, card.point, card.incident) == ("P-11", DEEP_HERE, None)
        unit = next(unit for unit in board.units if unit.call_sign == "P-11")
        assert (unit.incident, unit.incident_number, unit.reported_point) == (None, "", None)
        assert (board.incidents, board.orders) == ([], [])
    assert get_board(cast.viewer("desk")).distresses[0].incident is not None


def test_the_same_press_again_makes_nothing_new(cast: Cast) -> None:
    uid = new_uid()
    first = press(cast, uid=uid)
    entries = JournalEntry.objects.count()
    again = press(cast, uid=uid)
    assert (again.pk, again.received_at) == (first.pk, first.received_at)
    assert JournalEntry.objects.count() == entries
    refused("not_found", press, cast=cast, who="officer2", unit="P-12", uid=uid)


def test_a_press_from_a_dead_spot_keeps_both_times(cast: Cast) -> None:
    pressed = timezone.now()
    units.sign_on(actor=cast.viewer("officer"), unit_uid=cast.uid("P-11"), crew=[cast.uid("officer")])
    with base.at_time(pressed + timedelta(minutes=14)):
        row = press(cast, device_at=pressed.isoformat())
    assert (row.pressed_at, row.received_at) == (pressed, pressed + timedelta(minutes=14))


def test_duty_is_judged_at_the_press(cast: Cast) -> None:
    """Signed off by the desk while the phone was in a tunnel: the call of before counts, one of after does not."""
    pressed = timezone.now()
    with base.at_time(pressed + timedelta(minutes=1)):
        units.sign_off(actor=cast.viewer("desk"), unit_uid=cast.uid("P-11"))
    with base.at_time(pressed + timedelta(minutes=2)):
        assert press(cast, device_at=pressed.isoformat()).state == "raised"
        refused("unit_off_duty", press, cast=cast)
        late = (pressed + timedelta(seconds=90)).isoformat()
        refused("unit_off_duty", press, cast=cast, device_at=late)
    refused("not_found", press, cast=cast, who="officer4")
    refused("forbidden", press, cast=cast, who="desk")


@pytest.mark.parametrize("hours", [-30, 26])
def test_a_wrong_clock_costs_nobody_the_call(cast: Cast, hours: int) -> None:
    row = press(cast, device_at=(timezone.now() + timedelta(hours=hours)).isoformat())
    assert row.pressed_at == row.received_at
    assert row.device_at is not None


@pytest.mark.parametrize(
    "given",
    [{"point": point} for point in ([200, 0], [0, 0], [0, 91], [None, None], "x")]
    + [{"accuracy_m": metres} for metres in (-1, 0, 1e300)]
    + [{"device_at": "noon"}, {"fix_at": "noon"}],
)
def test_a_broken_receiver_costs_nobody_the_call(cast: Cast, given: dict[str, Any]) -> None:
    """What cannot be is left out: a place, how exact it is, a time. The unit's last known place stands in for it."""
    stand(cast, "P-11", HERE)
    row = press(cast, **given)
    stands_in = "point" in given
    assert (row.point_how, (row.point.x, row.point.y)) == (("voice", HERE) if stands_in else ("phone", DEEP_HERE))
    assert (row.device_at, row.accuracy_m, row.fix_at is None) == (None, None, not stands_in)
    assert row.pressed_at == row.received_at


def test_without_a_place_the_desks_still_hear_it(cast: Cast) -> None:
    row = press(cast, point=None)
    assert (row.point, row.point_how, row.near) == (None, "none", [])
    stand(cast, "P-12", HERE)
    other = press(cast, "officer2", "P-12", point=None)
    assert (other.point_how, (other.point.x, other.point.y)) == ("voice", HERE)


def test_rights_of_desks(cast: Cast) -> None:
    uid = press(cast).uid
    for name, code in (("outsider", "not_found"), ("neighbour", "forbidden"), ("officer", "forbidden")):
        viewer = cast.viewer(name)
        refused(code, distress.acknowledge_distress, actor=viewer, uid=uid)
        refused(code, distress.end_distress, actor=viewer, uid=uid, outcome="real")
        refused(code, distress.open_from_distress, actor=viewer, uid=uid, incident_uid=new_uid())
    refused("forbidden", distress.escalate_distress, actor=cast.viewer("chief"), uid=uid)
    refused("not_found", distress.cancel_distress, actor=cast.viewer("officer2"), uid=uid)
    assert Distress.objects.get().state == "raised"


def test_cancelled_by_the_officer_it_stands_until_a_desk_ends_it(cast: Cast) -> None:
    uid = press(cast).uid
    assert distress.cancel_distress(actor=cast.viewer("officer"), uid=uid).state == "raised"
    assert get_board(cast.viewer("desk")).distresses[0].cancelled_at
    refused("wrong_state", distress.end_distress, actor=cast.viewer("desk"), uid=uid, outcome="false_press")
    first = distress.acknowledge_distress(actor=cast.viewer("desk"), uid=uid)
    assert distress.acknowledge_distress(actor=cast.viewer("chief"), uid=uid).acknowledged_by == first.acknowledged_by
    refused("bad_input", distress.end_distress, actor=cast.viewer("desk"), uid=uid, outcome="joke")
    distress.end_distress(actor=cast.viewer("desk"), uid=uid, outcome="false_press")
    assert get_board(cast.viewer("desk")).distresses == []
    refused("wrong_state", distress.open_from_distress, actor=cast.viewer("desk"), uid=uid, incident_uid=new_uid())


def test_the_unit_is_followed_by_who_was_called_only_while_it_stands(cast: Cast) -> None:
    uid = press(cast).uid
    near = [key for key in Unit.objects.get(call_sign="P-11").audience if key.startswith("ground:")]
    assert f"ground:{cast.areas['S2'].pk}" in near
    distress.acknowledge_distress(actor=cast.viewer("desk"), uid=uid)
    distress.end_distress(actor=cast.viewer("desk"), uid=uid, outcome="drill")
    assert not [key for key in Unit.objects.get(call_sign="P-11").audience if key.startswith(("ground:", "near:"))]


def test_who_comes_within_reach_later_hears_it_and_who_heard_it_keeps_it(cast: Cast) -> None:
    for unit, point in (("P-12", HERE), ("P-31", THERE)):
        stand(cast, unit, point)
    uid, follow = press(cast).uid, distress.follow_distress
    assert follow(actor=WORKER, uid=uid) is None
    stand(cast, "P-31", HERE)
    stand(cast, "P-12", THERE)
    entries = JournalEntry.objects.count()
    assert follow(actor=WORKER, uid=uid)
    assert {"officer2", "officer4"} <= seen_by(cast, uid)
    assert {card.call_sign for card in get_board(cast.viewer("officer4")).units} >= {"P-11", "P-31"}
    told = set(JournalEntry.objects.filter(n__gt=entries).values_list("kind", flat=True))
    assert told == {"distress.revealed", "unit.revealed"}
    stand(cast, "P-11", THERE)
    assert follow(actor=WORKER, uid=uid)
    assert "outsider" in seen_by(cast, uid), "he was driven to the ground of S3"
    refused("forbidden", follow, actor=cast.viewer("chief"), uid=uid)
    distress.acknowledge_distress(actor=cast.viewer("desk"), uid=uid)
    distress.end_distress(actor=cast.viewer("desk"), uid=uid, outcome="real")
    assert follow(actor=WORKER, uid=uid) is None


def test_one_key_opens_the_incident_and_acknowledges(cast: Cast) -> None:
    uid, new = press(cast).uid, new_uid()
    row = distress.open_from_distress(actor=cast.viewer("desk"), uid=uid, incident_uid=new)
    incident = Incident.objects.get(uid=new)
    assert (row.state, row.acknowledged_by, incident.level) == ("acknowledged", cast.people["desk"], 1)
    assert (incident.point.x, incident.point.y) == pytest.approx(DEEP_HERE)
    refused("exists", distress.open_from_distress, actor=cast.viewer("desk2"), uid=uid, incident_uid=new_uid())


def test_over_http_a_repeat_is_answered_the_same(cast: Cast) -> None:
    page, uid = Page(cast.people["officer"]), uuid7()
    body = {"unit": str(cast.uid("P-11")), "point": list(DEEP_HERE)}
    answers = [page.decide(f"distress/{uid}/raise", body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].body["received_at"] == answers[1].body["received_at"]
    assert Distress.objects.count() == 1
    assert Page(cast.people["officer"]).decide(f"distress/{uid}/raise", {}).status_code == 400
    assert Page(cast.people["desk"]).decide(f"distress/{uid}/acknowledge", {}).body["state"] == "acknowledged"
    assert WORKER.system == "worker"


def by_radio(cast: Cast, who: str = "desk", unit: str = "P-12", uid: Any = None) -> Distress:
    return distress.raise_by_voice(actor=cast.viewer(who), uid=uid or new_uid(), unit_uid=cast.uid(unit))


def test_a_call_by_radio_is_entered_by_a_desk_and_lives_like_a_pressed_one(cast: Cast) -> None:
    stand(cast, "P-12", HERE)
    stand(cast, "P-21", HERE)
    row = by_radio(cast)
    assert (row.state, row.person, row.raised_by, row.point_how) == ("raised", None, cast.people["desk"], "voice")
    assert {"desk", "chief", "neighbour", "officer2", "officer3"} <= seen_by(cast, row.uid)
    card = next(card for card in get_board(cast.viewer("neighbour")).distresses)
    assert (card.call_sign, card.person) == ("P-12", None)
    assert card.raised_by is not None
    assert distress.escalate_distress(actor=WORKER, uid=row.uid).escalated_at
    distress.acknowledge_distress(actor=cast.viewer("desk"), uid=row.uid)
    distress.open_from_distress(actor=cast.viewer("desk"), uid=row.uid, incident_uid=new_uid())
    refused("forbidden", distress.cancel_distress, actor=cast.viewer("officer2"), uid=row.uid)
    assert distress.end_distress(actor=cast.viewer("desk"), uid=row.uid, outcome="real").state == "ended"


def test_entered_twice_it_is_one_and_a_unit_has_one_at_a_time(cast: Cast) -> None:
    uid = new_uid()
    assert by_radio(cast, uid=uid).pk == by_radio(cast, uid=uid).pk
    assert refused("distress_stands", by_radio, cast=cast) == {"unit": "P-12"}
    refused("not_found", by_radio, cast=cast, who="desk2", uid=uid)
    press(cast)
    refused("distress_stands", by_radio, cast=cast, unit="P-11")


@pytest.mark.parametrize(
    "who", ["video", "supervisor", "officer", "partner", "auditor", "admin", "nobody", "outsider", "neighbour"]
)
def test_only_who_answers_for_the_line_enters_one(cast: Cast, who: str) -> None:
    with pytest.raises(DispatchError) as caught:
        by_radio(cast, who=who)
    assert caught.value.code in {"forbidden", "not_found"}
    assert not Distress.objects.exists()


def test_off_duty_or_unknown_no_call_is_entered(cast: Cast) -> None:
    units.sign_off(actor=cast.viewer("officer2"), unit_uid=cast.uid("P-12"))
    refused("unit_off_duty", by_radio, cast=cast)
    with pytest.raises(DispatchError) as caught:
        distress.raise_by_voice(actor=cast.viewer("desk"), uid=new_uid(), unit_uid=uuid7())
    assert caught.value.code == "not_found"


def test_the_phone_beside_who_called_by_radio_is_not_rung(cast: Cast) -> None:
    from dispatch.reach import units_near

    stand(cast, "P-12", HERE)
    stand(cast, "P-21", HERE)
    assert {unit.call_sign for unit in units_near(by_radio(cast))} == {"P-21"}


def test_one_who_calls_already_called_once_however_often_he_presses(cast: Cast) -> None:
    first = press(cast)
    entries = JournalEntry.objects.count()
    assert [press(cast).uid for _ in range(20)] == [first.uid] * 20
    earlier = [(timezone.now() - timedelta(seconds=back)).isoformat() for back in (5, 15, 25)]
    assert {press(cast, device_at=said).uid for said in earlier} == {first.uid}, "nor with a clock that goes back"
    assert JournalEntry.objects.count() == entries
    distress.acknowledge_distress(actor=cast.viewer("desk"), uid=first.uid)
    assert press(cast).uid == first.uid
    distress.cancel_distress(actor=cast.viewer("officer"), uid=first.uid)
    second = press(cast)
    assert second.uid != first.uid, "what was taken back is no call any more"


def test_a_press_made_while_one_stood_and_sent_after_its_end_is_no_new_call(cast: Cast) -> None:
    first, pressed = press(cast), timezone.now()
    for name, given in (("acknowledge", {}), ("end", {"outcome": "false_press"})):
        getattr(distress, f"{name}_distress")(actor=cast.viewer("desk"), uid=first.uid, **given)
    assert press(cast, device_at=pressed.isoformat()).uid == first.uid
    later = timezone.now() + timedelta(seconds=30)
    with base.at_time(later):
        assert press(cast, device_at=later.isoformat()).uid != first.uid


def test_who_calls_for_help_keeps_his_crew_and_his_position(cast: Cast) -> None:
    row = press(cast)
    for who in ("desk", "officer"):
        refused("distress_stands", units.sign_off, actor=cast.viewer(who), unit_uid=cast.uid("P-11"))
    crew = {"actor": cast.viewer("desk"), "unit_uid": cast.uid("P-11")}
    refused("distress_stands", units.sign_on, **crew, crew=[cast.uid("partner")])
    units.sign_on(**crew, crew=[cast.uid("officer"), cast.uid("partner")])
    distress.cancel_distress(actor=cast.viewer("officer"), uid=row.uid)
    assert not units.sign_off(actor=cast.viewer("officer"), unit_uid=cast.uid("P-11")).on_duty


def test_a_neighbour_does_not_learn_which_incident_was_opened_from_it(cast: Cast) -> None:
    stand(cast, "P-12", HERE)
    uid = press(cast).uid
    distress.open_from_distress(actor=cast.viewer("desk"), uid=uid, incident_uid=new_uid())
    linked = journal.read(kinds=["distress.linked"])[0]
    for name, knows in (("desk", True), ("neighbour", False), ("officer2", False)):
        view = view_of(linked.audience, cast.viewer(name))
        assert view is not None
        assert (redact(linked.data, view)["incident_uid"] is not None) is knows, name
