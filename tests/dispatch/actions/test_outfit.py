"""What a crew rides on: one vehicle a unit, kept through changes of the crew, given back at sign-off, proposed next time."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch.actions import base, fleet, units
from dispatch.actions.base import at_time
from dispatch.models import CrewMember, ServiceVehicle, Unit
from dispatch.queries.present import unit_card
from dispatch.queries.roster import get_roster
from tests.cast import SETUP, Cast, new_uid, refused


@pytest.fixture
def car(cast: Cast) -> ServiceVehicle:
    return fleet.put_vehicle(actor=SETUP, centre=cast.centres["S1"], code="0017", kind="car")


def sign_on(cast: Cast, who: str, unit: str, *crew: str, **more: Any) -> Unit:
    return units.sign_on(actor=cast.viewer(who), unit_uid=cast.uid(unit), crew=[cast.uid(one) for one in crew], **more)


def test_vehicle_and_equipment_stand_on_the_card_until_sign_off(cast: Cast, car: ServiceVehicle) -> None:
    sign_on(cast, "officer", "P-11", "officer", vehicle_uid=car.uid, equipment=["aed", "body_worn", "aed"])
    unit = sign_on(cast, "officer", "P-11", "officer", "partner")
    card = unit_card(unit)
    assert (card.vehicle, card.equipment, card.crew.sworn) == ("0017", ["body_worn", "aed"], 2)
    card = unit_card(sign_on(cast, "officer", "P-11", "officer", "partner", vehicle_uid=None))
    assert (card.vehicle, card.equipment) == ("", ["body_worn", "aed"])
    sign_on(cast, "officer", "P-11", "officer", "partner", vehicle_uid=car.uid)
    off = units.sign_off(actor=cast.viewer("partner"), unit_uid=cast.uid("P-11"))
    assert (unit_card(off).vehicle, unit_card(off).equipment) == ("", [])
    assert set(CrewMember.objects.filter(unit=off).values_list("vehicle__code", flat=True)) == {"0017"}


def test_a_vehicle_is_one_units_and_of_ones_own_tree(cast: Cast, car: ServiceVehicle) -> None:
    sign_on(cast, "officer", "P-11", "officer", vehicle_uid=car.uid)
    facts = refused("vehicle_taken", lambda: sign_on(cast, "officer2", "P-12", "officer2", vehicle_uid=car.uid))
    assert facts == {"vehicle": "0017", "unit": "P-11"}
    assert unit_card(Unit.objects.get(uid=cast.uid("P-12"))).vehicle == ""
    refused("not_found", lambda: sign_on(cast, "officer", "P-11", "officer", vehicle_uid=new_uid()))
    refused("in_use", lambda: fleet.put_vehicle(
        actor=SETUP, centre=cast.centres["S1"], code="0017", kind="car", vehicle=car, active=False))  # fmt: skip
    sign_on(cast, "officer", "P-11", "officer", vehicle_uid=None)
    fleet.put_vehicle(actor=SETUP, centre=cast.centres["S1"], code="0017", kind="car", vehicle=car, active=False)
    refused("target_inactive", lambda: sign_on(cast, "officer2", "P-12", "officer2", vehicle_uid=car.uid))


@pytest.mark.parametrize("bad", [["gun"], "aed", [7], None, ["aed"] * 99])
def test_equipment_is_a_list_of_known_codes(cast: Cast, bad: Any) -> None:
    refused("bad_input", lambda: sign_on(cast, "officer", "P-11", "officer", equipment=bad))


def test_somebody_elses_unit_and_a_partner_who_rides_elsewhere(cast: Cast) -> None:
    refused("person_on_unit", lambda: sign_on(cast, "officer", "P-11", "officer", "officer2"))
    refused("unit_taken", lambda: sign_on(cast, "partner", "P-12", "partner", "officer2"))
    refused("forbidden", lambda: sign_on(cast, "officer3", "P-11", "officer3"))
    refused("forbidden", lambda: sign_on(cast, "outsider", "P-11", "partner"))


def test_the_usual_crew_is_proposed_as_far_as_it_is_free(cast: Cast, car: ServiceVehicle) -> None:
    units.sign_off(actor=SETUP, unit_uid=cast.uid("P-11"))  # the cast came on duty long ago
    at = base.now()
    sign_on(cast, "officer", "P-11", "officer", "partner", vehicle_uid=car.uid, equipment=["shield"])
    assert get_roster(cast.viewer("officer")).proposed is None
    with at_time(at + timedelta(minutes=5)):
        units.sign_off(actor=cast.viewer("officer"), unit_uid=cast.uid("P-11"))
    last = get_roster(cast.viewer("officer")).proposed
    assert last
    assert (last.source, last.call_sign, last.equipment, last.left_out) == ("last", "P-11", ["shield"], [])
    assert (last.vehicle, last.crew) == (car.uid, [cast.uid("officer"), cast.uid("partner")])
    units.sign_off(actor=SETUP, unit_uid=cast.uid("P-12"))
    sign_on(cast, "partner", "P-12", "partner", vehicle_uid=car.uid)
    less = get_roster(cast.viewer("officer")).proposed
    assert less
    assert (less.vehicle, less.crew) == (None, [cast.uid("officer")])
    assert [(one.what, one.name, one.unit) for one in less.left_out] == [
        ("person", "partner", "P-12"), ("vehicle", "0017", "P-12"),
    ]  # fmt: skip


def test_a_planned_shift_goes_before_what_was_ridden_last(cast: Cast, car: ServiceVehicle) -> None:
    units.sign_off(actor=SETUP, unit_uid=cast.uid("P-11"))
    units.sign_off(actor=SETUP, unit_uid=cast.uid("P-12"))
    begins = base.now() + timedelta(hours=1)
    plan = {"unit": cast.units["P-12"], "begins_at": begins, "ends_at": begins + timedelta(hours=8)}
    people = [cast.people["officer"], cast.people["partner"]]
    fleet.plan_shift(actor=SETUP, people=people, vehicle=car, equipment=["radio"], **plan)
    found = get_roster(cast.viewer("officer")).proposed
    assert found
    assert (found.source, found.call_sign, found.vehicle) == ("planned", "P-12", car.uid)
    assert get_roster(cast.viewer("desk")).proposed is None
    refused("exists", lambda: fleet.plan_shift(actor=SETUP, people=people, **plan))
    refused("forbidden", lambda: fleet.plan_shift(actor=cast.viewer("chief"), people=people, **plan))
    late = plan | {"ends_at": begins - timedelta(hours=1)}
    refused("bad_input", lambda: fleet.plan_shift(actor=SETUP, people=people, **late))


def test_a_unit_that_is_taken_is_not_proposed(cast: Cast) -> None:
    units.sign_off(actor=SETUP, unit_uid=cast.uid("P-11"))
    sign_on(cast, "partner", "P-11", "partner")
    assert get_roster(cast.viewer("officer")).proposed is None
