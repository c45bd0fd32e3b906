"""What a desk, a crew and a neighbour decide in the same moment: whoever is second reads why, nothing is left half done."""

from functools import partial
from typing import Any

import pytest

from dispatch.models import Order, OrderRequest, Unit
from dispatch.verifier import verify
from tests.dispatch.town import Town, new_uid
from tests.waiting import at_once

RACES = pytest.mark.parametrize("races", [6, pytest.param(60, marks=pytest.mark.campaign)])


def codes(answers: list[Any]) -> list[int]:
    return [answer.status_code for answer in answers]


@RACES
def test_a_crew_signs_off_while_it_is_ordered(real_town: Town, races: int) -> None:
    """Either the order is there and the unit stays on duty, or the crew is off and nothing was sent to nobody."""
    town, desk, crew = real_town, real_town.page("desk"), real_town.page("officer")
    incident = town.open_incident()["uid"]
    for _ in range(races):
        body = {"uid": new_uid(), "incident": incident, "target": {"kind": "unit", "uid": town.uid("P-12")}}
        sent, off = at_once(
            partial(desk.decide, "orders", body), partial(crew.decide, f"units/{town.uid('P-12')}/sign_off")
        )
        on_duty = Unit.objects.get(call_sign="P-12").on_duty
        assert (sent.status_code, off.status_code) == ((201, 409) if on_duty else (409, 200)), sent.content
        assert Order.objects.filter(uid=body["uid"], state="sent").exists() is on_duty
        if on_duty:
            assert off.body["error"]["code"] == "orders_active"
            assert desk.decide(f"orders/{body['uid']}/recall").status_code == 200
        else:
            assert sent.body["error"]["code"] == "unit_off_duty"
            town.sign_on("P-12", "officer")
    assert list(verify()) == []


@RACES
def test_a_request_is_granted_while_it_is_withdrawn(real_town: Town, races: int) -> None:
    town, asker, neighbour = real_town, real_town.page("desk"), real_town.page("neighbour")
    for _ in range(races):
        uid = new_uid()
        asked = {"uid": uid, "incident": town.open_incident()["uid"], "unit": town.uid("P-31")}
        assert asker.decide("requests", asked).status_code == 201
        withdrawn, granted = at_once(
            partial(asker.decide, f"requests/{uid}/withdraw"), partial(neighbour.decide, f"requests/{uid}/grant")
        )
        state = OrderRequest.objects.get(uid=uid).state
        if state == "granted":
            assert codes([withdrawn, granted]) == [409, 200]
        else:
            assert (state, withdrawn.status_code) == ("withdrawn", 200)
            assert granted.status_code in {404, 409}  # the neighbour does not see it any more


@RACES
def test_a_desks_order_is_recalled_while_it_sends_a_child(real_town: Town, races: int) -> None:
    town, chief, desk = real_town, real_town.page("chief"), real_town.page("desk")
    target = {kind: {"kind": kind, "uid": town.uid(name)} for kind, name in (("centre", "S1"), ("unit", "P-12"))}
    for _ in range(races):
        incident = town.open_incident()["uid"]
        parent, child = new_uid(), new_uid()
        body = {"uid": parent, "incident": incident, "target": target["centre"]}
        assert chief.decide("orders", body).status_code == 201
        under = {"uid": child, "incident": incident, "target": target["unit"], "parent": parent}
        recalled, sent = at_once(
            partial(chief.decide, f"orders/{parent}/recall"), partial(desk.decide, "orders", under)
        )
        assert recalled.status_code == 200
        assert sent.status_code in {201, 404, 409}, sent.content
        assert not Order.objects.filter(incident__uid=incident, state__in=["sent", "accepted"]).exists()
