"""What fixes say is proposed, confirmed, denied, doubted; by itself it changes no state."""

from datetime import UTC, datetime

import pytest

from dispatch import journal
from dispatch.actions import answers, inferences
from dispatch.errors import DispatchError
from dispatch.infer import FAR_FROM_SCENE, Found
from dispatch.models import Order, OrderStep
from tests.cast import WORKER, Cast


def under_way(cast: Cast, *verbs: str) -> Order:
    order = cast.send(cast.open(), "P-11")
    for verb in ("accept", *verbs):
        answers.answer_order(actor=cast.viewer("officer"), uid=order.uid, verb=verb)
    return Order.objects.get(pk=order.pk)


def found(what: str, order: Order) -> Found:
    at_s = order.sent_at.timestamp()
    return Found(what, at_s + 1, at_s + 9, 3012.4, 12.6)


def infer(order: Order, what: str) -> Order | None:
    return inferences.infer_order(actor=WORKER, uid=order.uid, found=found(what, order))


def test_an_inference_is_said_once_and_changes_no_state(cast: Cast) -> None:
    order, n = under_way(cast), journal.head()[1]
    assert infer(order, "leave")
    assert infer(order, "leave") is None
    row = Order.objects.get(pk=order.pk)
    assert (row.state, row.inferred["verb"], row.inferred["distance_m"]) == ("accepted", "leave", 3012)
    assert [entry.kind for entry in journal.read(after=n)] == ["order.inferred"]


@pytest.mark.parametrize("what", ["arrive", "depart", "leave"])
def test_what_does_not_fit_the_state_is_not_said(cast: Cast, what: str) -> None:
    sent = cast.send(cast.open(), "P-11")
    assert infer(sent, what) is None
    assert Order.objects.get(pk=sent.pk).inferred is None


@pytest.mark.parametrize("who", ["officer", "desk"])
def test_crew_or_desk_confirms_and_the_step_keeps_the_three_times(cast: Cast, who: str) -> None:
    order = under_way(cast)
    infer(order, "leave")
    after = inferences.confirm_inferred(actor=cast.viewer(who), uid=order.uid, verb="leave")
    assert (after.state, after.inferred) == ("en_route", None)
    step = OrderStep.objects.filter(order=order).last()
    assert step
    assert (step.verb, step.how, step.person) == ("leave", "inferred", cast.people[who])
    assert step.device_at == datetime.fromtimestamp(order.sent_at.timestamp() + 1, UTC)
    assert step.decided_at == step.received_at


def test_departing_clears_with_a_disposition(cast: Cast) -> None:
    order = under_way(cast, "leave", "arrive")
    infer(order, "depart")
    after = inferences.confirm_inferred(
        actor=cast.viewer("officer"), uid=order.uid, verb="depart", disposition="mediated"
    )
    assert (after.state, after.disposition) == ("cleared", "mediated")


def test_what_a_person_denied_is_not_proposed_again(cast: Cast) -> None:
    order = under_way(cast)
    infer(order, "leave")
    assert inferences.deny_inferred(actor=cast.viewer("officer"), uid=order.uid, verb="leave").inferred is None
    assert infer(order, "leave") is None
    assert infer(order, "arrive")


def test_what_a_person_says_makes_the_inference_void(cast: Cast) -> None:
    order = under_way(cast)
    infer(order, "leave")
    after = answers.answer_order(actor=cast.viewer("officer"), uid=order.uid, verb="leave")
    assert after.inferred is None
    with pytest.raises(DispatchError) as late:
        inferences.confirm_inferred(actor=cast.viewer("desk"), uid=order.uid, verb="leave")
    assert late.value.code == "wrong_state"


def test_a_doubt_comes_and_goes_once_and_only_the_desk_denies_it(cast: Cast) -> None:
    order, n = under_way(cast, "arrive"), journal.head()[1]
    facts = found(FAR_FROM_SCENE, order)
    for said in (facts, facts, None, None, facts):
        inferences.doubt_order(actor=WORKER, uid=order.uid, found=said)
    assert [entry.kind for entry in journal.read(after=n)] == ["order.doubted"] * 3
    with pytest.raises(DispatchError) as refused:
        inferences.deny_inferred(actor=cast.viewer("officer"), uid=order.uid, verb="doubt")
    assert refused.value.code == "forbidden"
    assert inferences.deny_inferred(actor=cast.viewer("desk"), uid=order.uid, verb="doubt").doubt is None
    assert inferences.doubt_order(actor=WORKER, uid=order.uid, found=facts) is None


def test_others_neither_confirm_nor_deny_and_the_worker_alone_infers(cast: Cast) -> None:
    order = under_way(cast)
    infer(order, "leave")
    for act in (inferences.confirm_inferred, inferences.deny_inferred):
        for who, code in (("officer2", "not_found"), ("outsider", "not_found"), ("video", "forbidden")):
            with pytest.raises(DispatchError) as refused:
                act(actor=cast.viewer(who), uid=order.uid, verb="leave")
            assert refused.value.code == code
        with pytest.raises(DispatchError) as bad:
            act(actor=cast.viewer("desk"), uid=order.uid, verb="teleport")
        assert bad.value.code == "bad_input"
    with pytest.raises(DispatchError):
        inferences.infer_order(actor=cast.viewer("desk"), uid=order.uid, found=None)
