"""Short stories in which every action of the house happens at least once, told for the whole cast (see play.Play)."""

from dispatch.actions import aid, answers, calls, incidents, notes, orders, requests, suggestions, transfers
from tests.cast import ALSO_HERE, DEEP_HERE, HERE, THERE, new_uid, packet
from tests.contract.play import Play

END = "finished"


def story_calls(play: Play) -> None:
    """Calls are taken, joined, taken off, closed; one opens an incident."""
    fields = {"caller_number": "55512345", "caller_name": "Ana", "heard_place": "by the bridge", "point": list(HERE)}
    call = play(calls.take_call, "taker", uid=new_uid(), remark="men shouting", **fields)
    incident = play(
        incidents.open_incident, "taker", uid=new_uid(), kind="robbery", level=None, point=list(HERE), call_uid=call.uid
    )
    other = play(calls.take_call, "neighbour", uid=new_uid(), **fields)
    play(calls.join_call, "district", call_uid=other.uid, incident_uid=incident.uid)
    play(calls.leave_call, "desk", call_uid=other.uid)
    play(calls.join_call, "district", call_uid=other.uid, incident_uid=incident.uid)
    play(incidents.close_incident, "supervisor", uid=incident.uid, reason=END)
    lone = play(calls.take_call, "city_desk", uid=new_uid())
    play(calls.close_call, "city_desk", call_uid=lone.uid, reason="nuisance")


def story_incident(play: Play) -> None:
    """An incident is opened, owned, watched, edited, moved, held, resumed."""
    incident = play(incidents.open_incident, "taker", uid=new_uid(), kind="lost", level=3, point=list(HERE), remark="x")
    uid = incident.uid
    play(incidents.take_incident, "desk", uid=uid)
    play(incidents.watch_incident, "desk2", uid=uid)
    play(incidents.watch_incident, "video", uid=uid)
    play(incidents.watch_incident, "video", uid=uid, watching=False)
    play(incidents.yield_incident, "desk", uid=uid)
    play(incidents.take_incident, "desk2", uid=uid)
    version = play(incidents.hold_incident, "desk", uid=uid, minutes=10, reason="no unit").version
    edit = incidents.edit_incident
    version = play(edit, "desk", uid=uid, version=version, changes={"remark": "y", "kind": "robbery"}).version
    version = play(edit, "desk", uid=uid, version=version, changes={"point": list(DEEP_HERE)}, cause="moved").version
    version = play(edit, "desk", uid=uid, version=version, changes={"point": list(THERE)}, cause="moved").version
    play(edit, "desk", uid=uid, version=version, changes={"point": list(ALSO_HERE)}, cause="back")
    play(incidents.resume_incident, "desk", uid=uid)


def story_order(play: Play) -> None:
    """An order goes its whole way; the incident closes with feedback and opens again."""
    cast = play.cast
    incident = play(incidents.open_incident, "desk", uid=new_uid(), kind="robbery", level=2, point=list(HERE))
    play(notes.write_note, "desk", uid=new_uid(), incident_uid=incident.uid, text="door is open")
    play(suggestions.record_suggestion, "ranker", incident_uid=incident.uid, body=packet(cast, "P-11", "P-12"))
    order = play(
        orders.send_order, "desk", uid=new_uid(), incident_uid=incident.uid, target_kind="unit",
        target_uid=cast.uid("P-11"), suggestion=(1, 1),
    )  # fmt: skip
    for verb in ("deliver", "see", "accept", "leave", "arrive"):
        play(answers.answer_order, "officer", uid=order.uid, verb=verb)
    changes = {"level": 1}
    version = type(incident).objects.get(pk=incident.pk).version
    play(incidents.edit_incident, "desk", uid=incident.uid, version=version, changes=changes, cause="armed")
    play(notes.give_feedback, "officer", uid=new_uid(), incident_uid=incident.uid, text="two men", stage="final")
    play(answers.clear_order, "officer", uid=order.uid, disposition="handled")
    play(incidents.close_incident, "desk", uid=incident.uid)
    play(incidents.reopen_incident, "supervisor", uid=incident.uid, cause="came back")
    play(suggestions.ask_again, "desk", uid=incident.uid)
    play(suggestions.record_failure, "ranker", incident_uid=incident.uid, code="no_roads")


def story_held_then_ordered(play: Play) -> None:
    """Orders end otherwise: cannot, recall, replace, silence, voice; a second one is stacked."""
    cast = play.cast
    incident = play(incidents.open_incident, "desk", uid=new_uid(), kind="robbery", level=2, point=list(HERE))
    play(incidents.hold_incident, "desk", uid=incident.uid, minutes=5, reason="later")
    first = _send(play, incident, "P-11")
    second = _send(play, play.cast.open(point=ALSO_HERE), "P-11", stack=True, checked=False)
    play(answers.refuse_order, "officer", uid=first.uid, reason="vehicle")
    play(orders.recall_order, "desk", uid=second.uid)
    silent = _send(play, incident, "P-12")
    play(orders.time_out_order, "worker", uid=silent.uid)
    play(answers.answer_by_voice, "desk", uid=silent.uid, verb="accept")
    new = new_uid()
    play(
        orders.replace_order, "desk", uid=silent.uid, by_uid=new, target_kind="unit", target_uid=cast.uid("P-11")
    )  # fmt: skip
    play(answers.answer_by_voice, "desk", uid=new, verb="arrive")
    play(answers.answer_by_voice, "desk", uid=new, verb="clear")
    play(incidents.close_incident, "chief", uid=incident.uid, reason=END)


def _send(play: Play, incident, target: str, who: str = "desk", *, checked: bool = True, **fields):
    if not checked:  # made outside of a step: boards are read afresh at the next one
        order = play.cast.send(incident, target, who, **fields)
        play.refresh()
        return order
    kind = "unit" if target in play.cast.units else "post" if target in play.cast.posts else "centre"
    return play(
        orders.send_order, who, uid=new_uid(), incident_uid=incident.uid, target_kind=kind,
        target_uid=play.cast.uid(target), **fields,
    )  # fmt: skip


def story_posts(play: Play) -> None:
    """An order to a staffed post: whoever comes to stand there sees it, whoever leaves does not."""
    from dispatch.actions import units

    cast, post = play.cast, play.cast.uid("K-1")
    play(units.set_place, "officer", unit_uid=cast.uid("P-11"), post_uid=post)
    incident = play(incidents.open_incident, "desk", uid=new_uid(), kind="robbery", level=2, point=list(HERE))
    order = _send(play, incident, "K-1")
    play(answers.answer_order, "officer", uid=order.uid, verb="accept")
    play(units.set_place, "officer2", unit_uid=cast.uid("P-12"), post_uid=post)
    play(units.set_place, "officer", unit_uid=cast.uid("P-11"))
    play(units.sign_off, "officer2", unit_uid=cast.uid("P-12"))
    play(units.sign_on, "officer2", unit_uid=cast.uid("P-12"), crew=[cast.uid("officer2")], post_uid=post)
    play(orders.recall_order, "desk", uid=order.uid)


def story_desk_order(play: Play) -> None:
    """An order to another desk, its child order, and what the desk loses and keeps when they end."""
    incident = play(incidents.open_incident, "city_desk", uid=new_uid(), kind="robbery", level=2, point=list(DEEP_HERE))
    play(notes.write_note, "city_desk", uid=new_uid(), incident_uid=incident.uid, text="for all")
    parent = _send(play, incident, "S3", "city_desk")
    play(answers.answer_order, "outsider", uid=parent.uid, verb="see")
    child = _send(play, incident, "P-31", "outsider", parent_uid=parent.uid)
    play(answers.answer_order, "officer4", uid=child.uid, verb="accept")
    play(answers.answer_order, "officer4", uid=child.uid, verb="leave")
    play(answers.refuse_order, "officer4", uid=child.uid, reason="other", text="wheel came off")
    again = _send(play, incident, "P-31", "outsider", parent_uid=parent.uid)
    play(answers.answer_order, "officer4", uid=again.uid, verb="arrive")
    play(answers.clear_order, "officer4", uid=again.uid, disposition="handled")
    play(answers.clear_order, "outsider", uid=parent.uid, disposition="handled")
    play(incidents.close_incident, "chief", uid=incident.uid, reason=END)
    play(incidents.reopen_incident, "chief", uid=incident.uid, cause="again")


def story_transfers(play: Play) -> None:
    """Offered, withdrawn, refused, accepted with an order under way, returned, closed while offered."""
    cast = play.cast
    call = play(calls.take_call, "taker", uid=new_uid(), caller_number="1")
    incident = play(
        incidents.open_incident,
        "desk",
        uid=new_uid(),
        kind="robbery",
        level=2,
        point=list(DEEP_HERE),
        call_uid=call.uid,
    )
    uid, to = incident.uid, cast.uid("S3")
    play(notes.write_note, "desk", uid=new_uid(), incident_uid=uid, text="noted")
    for _ in range(2):
        play(suggestions.record_suggestion, "ranker", incident_uid=uid, body=packet(cast, "P-11"))
    _send(play, incident, "P-11")
    _send(play, incident, "P-12", stack=True)
    play(transfers.offer_transfer, "desk", uid=uid, to_centre=to, reason="yours")
    play(transfers.withdraw_transfer, "desk", uid=uid)
    play(transfers.offer_transfer, "desk", uid=uid, to_centre=to, reason="yours")
    play(transfers.refuse_transfer, "outsider", uid=uid, reason="not ours")
    play(transfers.offer_transfer, "desk", uid=uid, to_centre=to, reason="yours")
    play(transfers.accept_transfer, "outsider", uid=uid)
    play(transfers.return_incident, "outsider", uid=uid, reason="back")
    play(transfers.accept_transfer, "desk", uid=uid)
    for order in type(incident).objects.get(pk=incident.pk).orders.all():
        play(orders.recall_order, "desk", uid=order.uid)
    play(transfers.offer_transfer, "desk", uid=uid, to_centre=cast.uid("S2"), reason="yours")
    play(incidents.close_incident, "supervisor", uid=uid, reason=END)
    play(incidents.reopen_incident, "supervisor", uid=uid, cause="no")


def story_requests(play: Play) -> None:
    """A neighbour's unit is asked for: granted, ordered, refused, silent, withdrawn; closed while asked."""
    cast = play.cast
    incident = play(incidents.open_incident, "desk", uid=new_uid(), kind="robbery", level=2, point=list(HERE))

    def ask(unit: str, who: str = "desk"):
        uid = new_uid()
        return play(requests.ask_for_unit, who, uid=uid, incident_uid=incident.uid, unit_uid=cast.uid(unit))

    answer = requests.answer_request
    play(answer, "outsider", uid=ask("P-31", "city_desk").uid, verb="grant")
    order = _send(play, incident, "P-31")
    play(answers.answer_order, "officer4", uid=order.uid, verb="accept")
    play(answers.answer_order, "officer4", uid=order.uid, verb="arrive")
    play(answers.clear_order, "officer4", uid=order.uid, disposition="handled")
    play(answer, "neighbour", uid=ask("P-21").uid, verb="refuse", reason="needed here")
    silent = ask("P-21")
    play(requests.escalate_request, "worker", uid=silent.uid)
    play(answer, "chief", uid=silent.uid, verb="grant")
    twice = ask("P-21", "desk2")
    play(requests.escalate_request, "worker", uid=twice.uid)
    play(requests.expire_request, "worker", uid=twice.uid)
    play(answer, "desk", uid=ask("P-31").uid, verb="withdraw")
    ask("P-21")
    play(incidents.close_incident, "supervisor", uid=incident.uid, reason=END)
    play(incidents.reopen_incident, "supervisor", uid=incident.uid, cause="no")


def story_aid(play: Play) -> None:
    """Aid with an end lets another centre order; level 1 goes straight across and the owner is told."""
    from datetime import timedelta

    from django.utils import timezone

    cast = play.cast
    end = timezone.now() + timedelta(hours=1)
    s1, s3 = cast.uid("S1"), cast.uid("S3")
    lent = play(aid.grant_aid, "chief", from_centre=s3, to_centre=s1, ends_at=end, reason="match")
    incident = play(incidents.open_incident, "desk", uid=new_uid(), kind="robbery", level=2, point=list(HERE))
    order = _send(play, incident, "P-31")
    play(aid.end_aid, "chief", uid=lent.uid)
    play(orders.recall_order, "desk", uid=order.uid)
    urgent = play(incidents.open_incident, "desk", uid=new_uid(), kind="robbery", level=1, point=list(HERE))
    _send(play, urgent, "P-31")
