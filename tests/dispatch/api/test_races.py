"""Several at once, on real connections: one wins, the others read who; one key happens once."""

import hashlib
import threading
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image

from dispatch.actions.find import get_any
from dispatch.models import Incident, JournalEntry, Order, Purpose
from dispatch.verifier import verify
from tests.dispatch.town import WEST, Town, new_uid
from tests.waiting import at_once, wait_for_lock

RACES = 20


@pytest.mark.parametrize("races", [RACES, pytest.param(100, marks=pytest.mark.campaign)])
def test_two_desks_order_one_unit(real_town: Town, races: int) -> None:
    town, desk = real_town, real_town.page("desk")
    pages = [town.page("desk"), town.page("desk2")]
    incidents = [town.open_incident(name)["uid"] for name in ("desk", "desk2")]
    target = {"kind": "unit", "uid": town.uid("P-12")}

    def order(place: int) -> Any:
        return pages[place].decide("orders", {"uid": new_uid(), "incident": incidents[place], "target": target})

    for _ in range(races):
        answers = at_once(lambda: order(0), lambda: order(1))
        won = [place for place, answer in enumerate(answers) if answer.status_code == 201]
        assert len(won) == 1, [answer.content for answer in answers]
        lost = answers[1 - won[0]]
        assert (lost.status_code, lost.body["error"]["code"]) == (409, "unit_busy")
        assert lost.body["error"]["facts"]["by"] == ("desk", "desk2")[won[0]]
        assert Order.objects.filter(state="sent").count() == 1
        assert desk.decide(f"orders/{answers[won[0]].body['uid']}/recall").status_code == 200
    assert list(verify()) == []


def test_a_row_whose_neighbour_changed_while_one_waited_for_it_is_still_found(real_town: Town) -> None:
    town = real_town
    body = {
        "uid": new_uid(),
        "incident": town.open_incident("desk")["uid"],
        "target": {"kind": "unit", "uid": town.uid("P-12")},
    }
    assert town.page("desk").decide("orders", body).status_code == 201
    locked, waits = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            order = get_any(Order, body["uid"], lock=True)
            locked.set()
            waits.wait(5)
            order.from_centre = order.from_centre.__class__.objects.exclude(pk=order.from_centre_id).first()
            wait_for_lock()
            order.save()

    def find() -> Any:
        locked.wait(5)
        with transaction.atomic():
            waits.set()
            return get_any(Order, body["uid"], lock=True).from_centre_id

    _, found = at_once(change, find)
    assert found == Order.objects.get(uid=body["uid"]).from_centre_id


def test_one_key_from_several_windows_happens_once(real_town: Town) -> None:
    town = real_town
    body, key = {"uid": new_uid(), "kind": "lost", "point": list(WEST)}, new_uid()
    pages = [town.page("desk") for _ in range(6)]
    answers = at_once(*[lambda page=page: page.decide("incidents", body, key=key) for page in pages])
    assert [answer.status_code for answer in answers] == [201] * 6
    assert all(answer.body == answers[0].body for answer in answers)
    assert sum("Idempotent-Replay" not in answer.headers for answer in answers) == 1
    assert Incident.objects.count() == 1
    assert JournalEntry.objects.filter(kind="incident.opened").count() == 1


def test_two_edit_the_same_version(real_town: Town) -> None:
    town = real_town
    card = town.open_incident()
    pages = [town.page("desk"), town.page("desk2")]
    jobs = [
        lambda page=page, place=place: page.decide(
            f"incidents/{card['uid']}", {"place": place}, method="patch", If_Match=f'"{card["version"]}"'
        )
        for page, place in zip(pages, ("a", "b"), strict=True)
    ]
    answers = at_once(*jobs)
    assert sorted(answer.status_code for answer in answers) == [200, 412]


def test_accept_and_recall_cross(real_town: Town) -> None:
    town = real_town
    incident = town.open_incident()["uid"]
    for _ in range(5):
        order = town.send_order(incident).body["uid"]
        officer, desk = town.page("officer"), town.page("desk")
        accepted, recalled = at_once(
            lambda page=officer, uid=order: page.decide(f"orders/{uid}/accept"),
            lambda page=desk, uid=order: page.decide(f"orders/{uid}/recall"),
        )
        assert recalled.status_code == 200
        assert accepted.status_code in (200, 404, 409)
        assert Order.objects.get(uid=order).state == "recalled"


def test_an_action_that_holds_an_incident_lets_others_refer_to_it(real_town: Town) -> None:
    """Foreign keys are checked at commit, under the journal's lock: waiting for a row there would be a deadlock."""
    incident = Incident.objects.get(uid=real_town.open_incident("desk")["uid"])

    def refer() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        facts = {"kind": "incident", "incident": incident, "person": real_town.people["video"]}
        Purpose.objects.create(uid=new_uid(), opened_at=timezone.now(), **facts)
        return "committed"

    with transaction.atomic():
        get_any(Incident, incident.uid, lock=True)
        assert at_once(refer) == ["committed"]


@pytest.mark.parametrize(
    ("path", "more"), [("calls", {}), ("incidents", {"kind": "lost", "point": list(WEST)})], ids=["calls", "incidents"]
)
def test_one_uid_under_several_keys_is_stored_once_and_the_others_read_why(
    real_town: Town, path: str, more: dict[str, Any]
) -> None:
    body = {"uid": new_uid(), **more}
    pages = [real_town.page("desk") for _ in range(6)]
    answers = at_once(*[lambda page=page: page.decide(path, body) for page in pages])
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5], [one.content for one in answers]
    assert {answer.body["error"]["code"] for answer in answers if answer.status_code == 409} == {"exists"}


def test_two_units_sign_the_same_person_on(real_town: Town) -> None:
    town = real_town
    pages = [town.page("desk"), town.page("desk2")]
    for _ in range(5):
        jobs = [
            lambda page=page, unit=unit: page.decide(f"units/{town.uid(unit)}/sign_on", {"crew": [town.uid("nobody")]})
            for page, unit in zip(pages, ("P-12", "P-07"), strict=True)
        ]
        answers = at_once(*jobs)
        assert sorted(answer.status_code for answer in answers) == [200, 409], [one.content for one in answers]
        lost = next(answer for answer in answers if answer.status_code == 409)
        assert lost.body["error"]["code"] == "person_on_unit"
        won = ("P-12", "P-07")[[answer.status_code for answer in answers].index(200)]
        assert pages[0].decide(f"units/{town.uid(won)}/sign_off").status_code == 200


def test_a_photo_is_finished_twice_at_once(real_town: Town) -> None:
    """A phone on a bad network asks again while the first is still at work: both are told the same photo."""
    town, pages = real_town, [real_town.page("officer"), real_town.page("officer")]
    incident = town.open_incident()["uid"]
    order = town.send_order(incident).body["uid"]
    for red in (10, 90, 170, 250):
        out = BytesIO()
        Image.new("RGB", (640, 640), (red, 9, 9)).save(out, "JPEG")
        data, uid = out.getvalue(), new_uid()
        sha256 = hashlib.sha256(data).hexdigest()
        said = {"uid": uid, "order": order, "sha256": sha256, "size": len(data)}
        assert pages[0].decide(f"incidents/{incident}/attachments", said).status_code == 201
        part = {"content_type": "application/octet-stream", "headers": {"X-CSRFToken": "c" * 32}}
        assert pages[0].post(f"/api/v1/attachments/{uid}/parts?offset=0", data, **part).status_code == 200
        answers = at_once(*(partial(page.decide, f"attachments/{uid}/finish") for page in pages))
        assert [answer.status_code for answer in answers] == [201, 201], [answer.content for answer in answers]
        assert answers[0].body == answers[1].body
