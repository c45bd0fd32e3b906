"""Ways round the rules that somebody thought of: each of them must end at a wall."""

from functools import partial
from typing import Any

import pytest

from dispatch import access
from dispatch.actions import answers, house, orders, people, purposes, units
from dispatch.actions.base import now
from dispatch.errors import DispatchError
from dispatch.models import Assignment, Person
from dispatch.queries.history import list_history
from geo.estate import put_camera
from geo.models import Area
from tests.cast import HERE, SETUP, Cast, refused
from tests.geo.town import square


@pytest.fixture
def district_admin(cast: Cast) -> Cast:
    """The cast with an administrator of district D1."""
    made = people.put_person(actor=SETUP, username="d1_admin", home=cast.uid("D1"), name="d1_admin")
    people.grant_role(actor=SETUP, person_uid=made.uid, role="administrator", centre_uid=cast.uid("D1"))
    cast.people["d1_admin"] = Person.objects.get(pk=made.pk)
    return cast


# --- orders for an incident that is not one's own ---


def test_a_desk_order_opens_no_way_to_another_incident(cast: Cast) -> None:
    """S2 holds a desk order of S1's first incident; the second it sees by ground only."""
    asked = cast.send(cast.open(level=1), "S2")
    other = cast.open(point=(HERE[0] + 0.001, HERE[1]), level=1)
    assert access.view_of(other.audience, cast.viewer("neighbour")) == "ground"
    facts = refused("bad_input", cast.send, incident=other, target="P-21", who="neighbour", parent_uid=asked.uid)
    assert facts["why"] == "other_incident"
    refused("forbidden", cast.send, incident=other, target="P-21", who="neighbour")


def test_a_desk_order_that_is_over_has_no_children(cast: Cast) -> None:
    incident = cast.open(level=1)
    asked = cast.send(incident, "S2")
    assert cast.send(incident, "P-21", who="neighbour", parent_uid=asked.uid).parent == asked
    orders.recall_order(actor=cast.viewer("desk"), uid=asked.uid)
    with pytest.raises(DispatchError) as error:
        cast.send(incident, "P-21", who="neighbour", parent_uid=asked.uid)
    assert error.value.code in {"wrong_state", "not_found"}


# --- administrators ---


def test_a_district_cannot_take_over_an_account_with_roles_above(district_admin: Cast) -> None:
    cast = district_admin
    who = people.put_person(actor=SETUP, username="city_admin_living_here", home=cast.uid("S1"), name="x")
    people.grant_role(actor=SETUP, person_uid=who.uid, role="administrator", centre_uid=cast.uid("CITY"))
    actor = cast.viewer("d1_admin")
    for change in ({"password": "Long-enough-9731"}, {"is_active": False}, {"name": "other"}):
        given: dict[str, Any] = {"actor": actor, "username": "city_admin_living_here", "home": cast.uid("S1")}
        refused("forbidden", people.put_person, **given, **change)
    people.put_person(actor=actor, username="desk", home=cast.uid("S1"), password="Long-enough-9731")


def test_who_has_no_home_is_nobodys_to_take_but_the_tops(district_admin: Cast) -> None:
    cast = district_admin
    Person.objects.filter(pk=cast.people["nobody"].pk).update(home=None)
    given = {"username": "nobody", "home": cast.uid("S1"), "password": "Long-enough-9731"}
    refused("forbidden", people.put_person, actor=cast.viewer("d1_admin"), **given)
    assert people.put_person(actor=cast.viewer("admin"), **given).home == cast.centres["S1"]


def test_an_administrator_for_a_while_stays_one_when_his_name_is_mended(cast: Cast) -> None:
    person = cast.people["nobody"]
    until = now().replace(year=now().year + 1)
    people.grant_role(
        actor=cast.viewer("admin"), person_uid=person.uid, role="administrator", centre_uid=cast.uid("D1"), until=until
    )
    people.put_person(actor=cast.viewer("admin"), username="nobody", home=cast.uid("S1"), name="mended")
    assert Person.objects.get(pk=person.pk).is_staff


def test_nobody_takes_his_own_ground_out_of_the_tree(district_admin: Cast) -> None:
    cast = district_admin
    given = {"actor": cast.viewer("d1_admin"), "name": "D1", "level": "district"}
    for parent in (None, cast.areas["D2"]):
        refused("forbidden", partial(house.put_area, code="D1", parent=parent, **given))
    assert Area.objects.get(code="D1").lineage == cast.areas["D1"].lineage
    house.put_area(code="S1", parent=cast.areas["D1"], actor=cast.viewer("d1_admin"), name="S1", level="station")


def test_nobody_draws_his_own_ground(district_admin: Cast) -> None:
    """Whoever stands on one's ground is seen, and so are the cameras there: the ground is given from above."""
    cast = district_admin
    city = square(-71.25, -29.90, 0.06)
    given = {"actor": cast.viewer("d1_admin"), "boundary": city, "level": "district"}
    refused("forbidden", partial(house.put_area, code="D1", parent=cast.areas["CITY"], name="D1", **given))
    house.put_area(
        actor=cast.viewer("admin"), code="D1", parent=cast.areas["CITY"], name="D1", level="district", boundary=city
    )


# --- pictures ---


def test_an_auditor_opens_no_picture_whatever_else_he_is(cast: Cast) -> None:
    camera, _ = put_camera(code="C-1", area=cast.areas["S1"], point=HERE, at=now(), kind="fixed", consent="granted")
    people.grant_role(
        actor=cast.viewer("admin"), person_uid=cast.uid("auditor"), role="dispatcher", centre_uid=cast.uid("CITY")
    )
    other = people.put_person(actor=SETUP, username="auditor2", home=cast.uid("CITY"), name="auditor2")
    people.grant_role(actor=SETUP, person_uid=other.uid, role="auditor", centre_uid=cast.uid("CITY"))
    wish = {"kind": "reason", "text": "a look round the square"}
    grant = purposes.grant_look(actor=cast.viewer("auditor"), camera_uid=camera.uid, purpose=wish)
    assert grant.outcome == "auditor_looks"
    assert purposes.grant_look(actor=cast.viewer("desk"), camera_uid=camera.uid, purpose=wish).outcome == ""


def test_an_auditor_whose_centre_is_closed_reads_nothing_and_so_guards_nothing(cast: Cast) -> None:
    camera, _ = put_camera(code="C-1", area=cast.areas["S1"], point=HERE, at=now(), kind="fixed", consent="granted")
    Assignment.objects.filter(role="auditor").update(centre=cast.centres["D1"])
    type(cast.centres["D1"]).objects.filter(pk=cast.centres["D1"].pk).update(active=False)
    wish = {"kind": "reason", "text": "a look round the square"}
    assert purposes.grant_look(actor=cast.viewer("desk"), camera_uid=camera.uid, purpose=wish).outcome == "no_auditor"


# --- who acted ---


def test_history_by_ground_does_not_say_who_acted(cast: Cast) -> None:
    incident = cast.open()
    entries = list_history(cast.viewer("neighbour"), incident.uid, auditor=False).entries
    assert entries
    assert [entry.actor for entry in entries] == [None] * len(entries)
    assert list_history(cast.viewer("desk"), incident.uid, auditor=False).entries[0].actor is not None


# --- crews ---


def test_whose_role_ended_acts_for_no_unit_although_he_is_signed_on(cast: Cast) -> None:
    order = cast.send(cast.open(), "P-11")
    row = Assignment.objects.get(person=cast.people["officer"], role="officer")
    people.end_role(actor=cast.viewer("admin"), assignment_uid=row.uid)
    crew = cast.viewer("officer")
    assert crew.unit_ids == frozenset()
    refused("not_found", answers.answer_order, actor=crew, uid=order.uid, verb="accept")
    refused("forbidden", units.enrol_device, actor=crew)


def test_an_officer_does_not_take_another_crews_unit(cast: Cast) -> None:
    """P-12 is on duty with officer2; a colleague of the same station cannot put himself in his place."""
    cast.send(cast.open(), "P-12")
    partner = cast.viewer("partner")
    given = {"unit_uid": cast.uid("P-12"), "crew": [cast.uid("partner")]}
    assert refused("unit_taken", units.sign_on, actor=partner, **given)["unit"] == "P-12"
    units.sign_on(
        actor=cast.viewer("officer2"), unit_uid=cast.uid("P-12"), crew=[cast.uid("officer2"), cast.uid("partner")]
    )
    units.sign_on(actor=cast.viewer("desk"), unit_uid=cast.uid("P-12"), crew=[cast.uid("partner")])
