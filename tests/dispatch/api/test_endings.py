"""What a crew is told of an order that left its sight while it had no network: how it ended, and no word of the case."""

import pytest

from dispatch.access import system
from dispatch.actions import orders, units
from dispatch.models import Order
from tests.dispatch.town import SETUP, Town, new_uid


@pytest.fixture
def order(town: Town) -> str:
    """The uid of an order that P-12 has."""
    incident = town.open_incident(remark="he is armed", hazards="dog")
    return str(town.send_order(incident["uid"]).body["uid"])


def ending(town: Town, order: str, name: str = "officer") -> dict[str, object]:
    answer = town.page(name).read(f"orders/{order}/ending")
    assert answer.status_code == 200, answer.content
    assert b"armed" not in answer.content
    assert b"Bridge" not in answer.content
    return dict(answer.body)


def late_answer(town: Town, order: str, verb: str = "accept") -> str:
    return str(town.page("officer").decide(f"orders/{order}/{verb}").body["error"]["code"])


def test_recalled_while_the_phone_was_away(town: Town, order: str) -> None:
    assert ending(town, order)["ended"] is False
    assert town.page("desk").decide(f"orders/{order}/recall").status_code == 200
    assert late_answer(town, order) == "not_found"
    told = ending(town, order)
    assert (told["state"], told["ended"], told["how"], told["instead"]) == ("recalled", True, "desk", "")
    assert told["desk"]["name"] == "S1"  # type: ignore[index]


def test_replaced_by_another_unit(town: Town, order: str) -> None:
    town.sign_on("P-07", "partner")
    target = {"kind": "unit", "uid": town.uid("P-07")}
    assert town.page("desk").decide(f"orders/{order}/replace", {"uid": new_uid(), "target": target}).status_code == 201
    assert late_answer(town, order) == "not_found"
    assert (ending(town, order)["state"], ending(town, order)["instead"]) == ("replaced", "P-07")


def test_timed_out_may_still_be_accepted_until_the_incident_is_closed(town: Town, order: str) -> None:
    orders.time_out_order(actor=system("worker"), uid=Order.objects.get(uid=order).uid)
    assert (ending(town, order)["state"], ending(town, order)["closed"]) == ("timed_out", False)
    incident = Order.objects.get(uid=order).incident
    assert town.page("supervisor").decide(f"incidents/{incident.uid}/close", {"reason": "done"}).status_code == 200
    assert late_answer(town, order) in {"not_found", "wrong_state"}
    assert ending(town, order)["closed"] is True


def test_cleared_by_voice(town: Town, order: str) -> None:
    for verb in ("accept", "arrive", "clear"):
        assert town.page("desk").decide(f"orders/{order}/voice", {"verb": verb}).status_code == 200
    assert late_answer(town, order, "on_scene") == "not_found"
    assert (ending(town, order)["state"], ending(town, order)["how"]) == ("cleared", "voice")


def test_only_the_crew_that_had_it_is_told(town: Town, order: str) -> None:
    assert town.page("desk").decide(f"orders/{order}/recall").status_code == 200
    for name in ("partner", "officer2"):
        assert town.page(name).read(f"orders/{order}/ending").status_code == 404
    for name in ("desk", "neighbour", "auditor", "nobody"):
        assert town.page(name).read(f"orders/{order}/ending").status_code == 403
    units.sign_off(actor=SETUP, unit_uid=town.units["P-12"].uid)
    assert ending(town, order)["state"] == "recalled"
    town.sign_on("P-12", "partner")
    assert town.page("partner").read(f"orders/{order}/ending").status_code == 404
    assert town.page("officer").read(f"orders/{new_uid()}/ending").status_code == 404
