"""Stories of what goes between desks: copies for a station, aid that runs out, reports upward, call-backs, holds that fall due."""

from datetime import timedelta

from dispatch.actions import aid, answers, base, callbacks, calls, incidents, notes, notices, orders, reports
from dispatch.models import MutualAid, Notice
from tests.cast import DEEP_HERE, HERE, THERE, new_uid
from tests.contract.play import Play


def _open(play: Play, who: str = "city_desk", point: tuple[float, float] = DEEP_HERE, **fields):
    given = {"uid": new_uid(), "kind": "robbery", "level": 2, "point": list(point), **fields}
    return play(incidents.open_incident, who, **given)


def _send(play: Play, incident, kind: str, name: str, who: str, **fields):
    target = {"target_kind": kind, "target_uid": play.cast.uid(name)}
    return play(orders.send_order, who, uid=new_uid(), incident_uid=incident.uid, **target, **fields)


def story_notices(play: Play) -> None:
    """A direct order to a lower station's unit, and one across at level 1, are copied to the stations and read there."""
    incident = _open(play, level=1)
    order = _send(play, incident, "unit", "P-11", "city_desk")
    play(notices.acknowledge_notice, "desk", uid=Notice.objects.get(order=order).uid)
    far = _send(play, incident, "unit", "P-31", "desk")
    play(answers.answer_order, "officer4", uid=far.uid, verb="accept")
    play(notices.acknowledge_notice, "outsider", uid=Notice.objects.get(order=far).uid)
    play(answers.refuse_order, "officer4", uid=far.uid, reason="vehicle")
    play(orders.recall_order, "city_desk", uid=order.uid)
    play(incidents.close_incident, "chief", uid=incident.uid, reason="over")
    play(incidents.reopen_incident, "chief", uid=incident.uid, cause="again")


def story_two_children(play: Play) -> None:
    """A desk's order is signed by sending, has two children, says when both ended, and is recalled with a third."""
    incident = _open(play)
    parent = _send(play, incident, "centre", "S1", "city_desk")
    play(answers.answer_order, "desk", uid=parent.uid, verb="deliver")
    first = _send(play, incident, "unit", "P-11", "desk", parent_uid=parent.uid)
    second = _send(play, incident, "unit", "P-12", "desk", parent_uid=parent.uid)
    play(answers.answer_order, "officer", uid=first.uid, verb="leave")
    play(answers.answer_order, "officer2", uid=second.uid, verb="arrive")
    play(answers.refuse_order, "officer", uid=first.uid, reason="vehicle")
    play(answers.clear_order, "officer2", uid=second.uid, disposition="handled")
    third = _send(play, incident, "unit", "P-11", "desk", parent_uid=parent.uid)
    play(answers.answer_order, "officer", uid=third.uid, verb="accept")
    play(orders.recall_order, "city_desk", uid=parent.uid)


def story_hold_falls_due(play: Play) -> None:
    """The time to look again comes: the worker brings the incident back."""
    incident = _open(play, "desk", HERE)
    play(incidents.hold_incident, "desk", uid=incident.uid, minutes=1, reason="waiting for the owner")
    with base.at_time(base.now() + timedelta(minutes=2)):
        play(incidents.bring_back_held, "worker", uid=incident.uid)


def story_aid_runs_out(play: Play) -> None:
    """Aid of one unit comes to its end by itself."""
    s1, s3 = play.cast.uid("S1"), play.cast.uid("S3")
    lent = play(
        aid.grant_aid, "chief", from_centre=s3, to_centre=s1, minutes=5, reason="match", unit_uid=play.cast.uid("P-31")
    )
    with base.at_time(base.now() + timedelta(minutes=10)):
        play(aid.expire_aid, "worker", uid=lent.uid)
    assert MutualAid.objects.get(pk=lent.pk).ended_at


def story_reports(play: Play) -> None:
    """First, follow-up and final report go up and are signed; the incident is handed over in between, closed, reopened."""
    call = play(calls.take_call, "taker", uid=new_uid(), caller_number="55512345", caller_name="Ana")
    incident = _open(play, "desk", HERE, call_uid=call.uid)
    order = _send(play, incident, "unit", "P-11", "desk")
    play(answers.answer_order, "officer", uid=order.uid, verb="arrive")
    first = play(
        reports.send_report, "desk", uid=new_uid(), incident_uid=incident.uid, stage="first", summary="two men"
    )
    play(reports.sign_report, "district", uid=first.uid)
    play(notes.give_feedback, "officer", uid=new_uid(), incident_uid=incident.uid, text="gone", stage="final")
    play(reports.send_report, "desk", uid=new_uid(), incident_uid=incident.uid, stage="follow_up")
    play(answers.clear_order, "officer", uid=order.uid, disposition="handled")
    version = type(incident).objects.get(pk=incident.pk).version
    play(
        incidents.edit_incident,
        "desk",
        uid=incident.uid,
        version=version,
        changes={"point": list(THERE)},
        cause="there",
    )
    play(reports.send_report, "desk", uid=new_uid(), incident_uid=incident.uid, stage="final")
    play(callbacks.record_call_back, "desk", uid=new_uid(), incident_uid=incident.uid, result="no_answer")
    play(incidents.close_incident, "desk", uid=incident.uid)
    play(
        callbacks.record_call_back, "desk", uid=new_uid(), incident_uid=incident.uid, result="satisfied", text="thanks"
    )
    play(incidents.reopen_incident, "supervisor", uid=incident.uid, cause="came back")
