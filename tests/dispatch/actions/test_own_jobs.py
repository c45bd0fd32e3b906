"""What a crew begins by itself: where it stands, what it may join, and who is told, refused and kept out."""

from typing import Any

import pytest
from django.contrib.gis.geos import LineString, Point

from dispatch.actions import house, own_jobs, units
from dispatch.models import Incident, Order, Unit
from dispatch.queries.board import get_board
from dispatch.queries.datums import get_datums
from dispatch.queries.nearby import list_near
from geo import clock
from geo.models import ImportRun, Place, Road
from tests.cast import DEEP_HERE, HERE, SETUP, THERE, Cast, new_uid, refused


def start(cast: Cast, who: str = "officer", **fields: Any) -> Order:
    given = {"uid": new_uid(), "order_uid": new_uid(), "kind": "lost", "point": list(HERE), **fields}
    return own_jobs.start_job(actor=cast.viewer(who), **given)


def join(cast: Cast, incident: Incident, who: str = "officer", **fields: Any) -> Order:
    return own_jobs.join_incident(actor=cast.viewer(who), **{"uid": new_uid(), "incident_uid": incident.uid, **fields})


def test_a_job_stands_on_the_desk_with_its_crew_on_scene_and_nobody_owning_it(cast: Cast) -> None:
    order = start(cast, note="child alone")
    assert (order.state, order.origin, order.sent_by_id) == ("on_scene", "started", cast.people["officer"].pk)
    board = get_board(cast.viewer("desk"))
    card = next(one for one in board.incidents if one.uid == order.incident.uid)
    assert (card.owner, card.level, card.remark) == (None, 3, "child alone")
    assert [one.origin for one in board.orders if one.incident == card.uid] == ["started"]
    assert next(one for one in board.units if one.call_sign == "P-11").state == "on_scene"
    assert card.uid not in {one.uid for one in get_board(cast.viewer("outsider")).incidents}


def test_its_place_is_the_nearest_number_or_street_in_metres(cast: Cast) -> None:
    run = ImportRun.objects.create(kind="roads", file_name="a.pbf", started_at=clock.now())
    lon, lat = DEEP_HERE
    line = LineString((lon - 0.002, lat + 0.0004), (lon + 0.002, lat + 0.0004), srid=4326)
    Road.objects.create(source_key="r", name="Bridge Street", highway="residential", geometry=line, run=run)
    assert start(cast, point=list(DEEP_HERE)).incident.place == "Bridge Street"
    units.sign_on(actor=SETUP, unit_uid=cast.uid("P-12"), crew=[cast.uid("officer2")])
    Place.objects.create(
        source_key="p",
        kind="address",
        street="Bridge Street",
        house_number="7",
        point=Point(lon, lat + 0.0002),
        run=run,
    )
    assert start(cast, "officer2", point=list(DEEP_HERE)).incident.place == "Bridge Street 7"


def test_without_a_point_the_units_own_last_place_counts_or_it_says_so(cast: Cast) -> None:
    facts = refused("no_place", lambda: start(cast, point=None))
    assert facts == {"unit": "P-11"}
    units.set_place(actor=cast.viewer("officer"), unit_uid=cast.uid("P-11"), point=list(DEEP_HERE))
    assert start(cast, point=None).incident.point.x == pytest.approx(DEEP_HERE[0])


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"point": [0, 0]}, "bad_position"), ({"point": [10, 10]}, "bad_position"), ({"kind": "party"}, "unknown_kind"),
     ({"note": "x" * 1001}, "too_long"), ({"uid": "x"}, "bad_input"), ({"place": "x" * 301}, "too_long")],
)  # fmt: skip
def test_what_cannot_be_opened_leaves_nothing(cast: Cast, fields: dict[str, Any], code: str) -> None:
    refused(code, lambda: start(cast, **fields))
    assert not Incident.objects.exists()


def test_a_busy_unit_a_unit_off_duty_and_who_is_no_crew_begin_nothing(cast: Cast) -> None:
    cast.send(cast.open(), "P-11")
    other = cast.open(point=DEEP_HERE)
    assert refused("unit_busy", lambda: start(cast))["unit"] == "P-11"
    assert refused("unit_busy", lambda: join(cast, other))["by"] == "desk"
    refused("forbidden", lambda: start(cast, "desk"))
    refused("forbidden", lambda: join(cast, other, "partner"))
    refused("forbidden", lambda: list_near(cast.viewer("desk")))
    units.sign_off(actor=cast.viewer("officer2"), unit_uid=cast.uid("P-12"))
    refused("forbidden", lambda: start(cast, "officer2"))
    assert Order.objects.count() == 1


def test_the_same_uid_twice_is_one_job(cast: Cast) -> None:
    order = start(cast)
    taken = order.incident.uid
    refused("exists", lambda: start(cast, "officer2", uid=taken))
    refused("exists", lambda: start(cast, "officer2", order_uid=order.uid))


def test_only_incidents_of_ones_own_line_are_near_and_trimmed(cast: Cast) -> None:
    mine = cast.open(remark="secret", hazards="dog")
    far = cast.open("city_desk", point=THERE)
    units.set_place(actor=cast.viewer("officer"), unit_uid=cast.uid("P-11"), point=list(HERE))
    near = list_near(cast.viewer("officer"))
    assert [(one.uid, one.distance_m, one.units) for one in near] == [(mine.uid, 0, 0)]
    assert not {"remark", "hazards", "caller_number"} & set(near[0].__struct_fields__)
    assert list_near(cast.viewer("officer3")) == []  # S2 sees it from its band, but it is not of its line
    refused("not_found", lambda: join(cast, mine, "officer3"))
    refused("not_found", lambda: join(cast, far))
    refused("not_found", lambda: join(cast, mine, incident_uid=new_uid()))


def test_a_centre_that_lets_nobody_join_is_not_offered(cast: Cast) -> None:
    incident = cast.open()
    house.put_centre(actor=SETUP, area=cast.areas["S1"], zone="UTC", joining="no")
    assert list_near(cast.viewer("officer")) == []
    refused("not_found", lambda: join(cast, incident))
    refused("bad_input", lambda: house.put_centre(actor=SETUP, area=cast.areas["S1"], zone="UTC", joining="maybe"))


def test_joining_is_undone_until_one_is_there_and_only_by_ones_own_crew(cast: Cast) -> None:
    order = join(cast, cast.open())
    assert (order.state, order.origin) == ("accepted", "joined")
    refused("not_found", lambda: own_jobs.step_back(actor=cast.viewer("officer2"), uid=order.uid))
    refused("not_found", lambda: own_jobs.step_back(actor=cast.viewer("outsider"), uid=order.uid))
    assert own_jobs.step_back(actor=cast.viewer("officer"), uid=order.uid).state == "recalled"
    assert Unit.objects.get(uid=cast.uid("P-11")).orders.filter(state="recalled").count() == 1
    sent = cast.send(cast.open(), "P-11")
    refused("wrong_state", lambda: own_jobs.step_back(actor=cast.viewer("officer"), uid=sent.uid))


def test_crews_see_one_another_only_while_both_are_on_it(cast: Cast) -> None:
    incident = cast.open()
    order = cast.send(incident, "P-11")
    join(cast, incident, "officer2")

    def seen(who: str) -> set[str]:
        return {one.call_sign for one in get_board(cast.viewer(who)).units}

    assert seen("officer") == seen("officer2") == {"P-11", "P-12"}
    assert seen("officer3") == {"P-21"}
    assert seen("officer4") == {"P-31"}
    from dispatch.actions.orders import recall_order

    recall_order(actor=cast.viewer("desk"), uid=order.uid)
    assert (seen("officer"), seen("officer2")) == ({"P-11"}, {"P-12"})


def test_the_place_for_another_map_is_converted_and_only_for_who_sees_it(cast: Cast) -> None:
    incident = cast.open(point=DEEP_HERE)
    found = get_datums(cast.viewer("desk"), incident.uid)
    assert found.wgs84 == pytest.approx(DEEP_HERE)
    assert found.gcj02 == found.wgs84  # outside of China the datums are one
    refused("not_found", lambda: get_datums(cast.viewer("outsider"), incident.uid))
    refused("not_found", lambda: get_datums(cast.viewer("officer"), incident.uid))


def test_crews_on_near_jobs_are_counted_in_one_query(cast: Cast, django_assert_max_num_queries: Any) -> None:
    units.set_place(actor=cast.viewer("officer"), unit_uid=cast.uid("P-11"), point=list(HERE))
    busy = cast.open()
    cast.send(busy, "P-12")
    for _ in range(8):
        cast.open()
    viewer = cast.viewer("officer")
    with django_assert_max_num_queries(5):
        near = list_near(viewer)
    assert {one.uid: one.units for one in near} == {one.uid: int(one.uid == busy.uid) for one in near}
    assert len(near) == 9
