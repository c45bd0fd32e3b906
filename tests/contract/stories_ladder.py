"""Stories of the no-answer ladder and of what fixes say, told for the whole cast (see play.Play)."""

from datetime import timedelta
from typing import Any

from dispatch.actions import answers, incidents, inferences, ladder, orders, suggestions
from dispatch.actions.base import at_time, now
from dispatch.infer import FAR_FROM_SCENE, Found
from tests.cast import HERE, new_uid, packet
from tests.contract.play import Play


def story_ladder(play: Play) -> None:
    """Nobody answers: rung by rung, the next unit proposed, sent; discarded another time; withdrawn by a late answer."""
    first = _silent(play, 95)
    play(ladder.send_proposed, "desk", uid=_proposal(first).uid)
    play(orders.recall_order, "desk", uid=_proposal(first).uid)
    play(answers.answer_by_voice, "desk", uid=first.uid, verb="accept")
    play(orders.recall_order, "desk", uid=first.uid)
    second = _silent(play, 95)
    play(ladder.discard_proposed, "desk2", uid=_proposal(second).uid)
    play(orders.recall_order, "desk", uid=second.uid)
    third = _silent(play, 125)
    play(answers.answer_order, "officer", uid=third.uid, verb="accept")


def _silent(play: Play, seconds: int) -> Any:
    """Send P-11 out of a fresh incident's list and let the worker come by every half minute for `seconds`."""
    incident = play(incidents.open_incident, "desk", uid=new_uid(), kind="robbery", level=2, point=list(HERE))
    play(suggestions.record_suggestion, "ranker", incident_uid=incident.uid, body=packet(play.cast, "P-11", "P-12"))
    order = play(
        orders.send_order, "desk", uid=new_uid(), incident_uid=incident.uid, target_kind="unit",
        target_uid=play.cast.uid("P-11"), suggestion=(1, 1),
    )  # fmt: skip
    for later in range(35, seconds + 1, 30):
        with at_time(max(now(), order.sent_at + timedelta(seconds=later))):
            play(ladder.climb_ladder, "worker", uid=order.uid)
    return order


def _proposal(order: Any) -> Any:
    return order.proposals.get()


def story_inferred(play: Play) -> None:
    """Fixes say that it left, is there, cannot be there, has gone: confirmed by the crew, denied by the desk."""
    incident = play(incidents.open_incident, "desk", uid=new_uid(), kind="robbery", level=2, point=list(HERE))
    order = play(
        orders.send_order, "desk", uid=new_uid(), incident_uid=incident.uid, target_kind="unit",
        target_uid=play.cast.uid("P-11"),
    )  # fmt: skip
    uid = order.uid
    play(answers.answer_order, "officer", uid=uid, verb="accept")
    play(inferences.infer_order, "worker", uid=uid, found=_found("leave", order))
    play(inferences.confirm_inferred, "officer", uid=uid, verb="leave")
    play(inferences.infer_order, "worker", uid=uid, found=_found("arrive", order))
    play(inferences.deny_inferred, "desk", uid=uid, verb="arrive")
    play(answers.answer_order, "officer", uid=uid, verb="arrive")
    play(inferences.doubt_order, "worker", uid=uid, found=_found(FAR_FROM_SCENE, order))
    play(inferences.doubt_order, "worker", uid=uid, found=None)
    play(inferences.infer_order, "worker", uid=uid, found=_found("depart", order))
    play(inferences.confirm_inferred, "desk", uid=uid, verb="depart")


def _found(what: str, order: Any) -> Found:
    at_s = order.sent_at.timestamp()
    return Found(what, at_s, at_s + 12, 41.6, 8.0)
