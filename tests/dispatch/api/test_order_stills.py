"""Stills on an order's card: its crew, its cameras, while it is active; everybody else is refused. A real camera server."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch import access
from dispatch.actions import suggestions
from dispatch.actions.base import at_time
from dispatch.actions.suggestions import EMPTY
from dispatch.models import ViewGrant
from geo.models import Camera
from tests.dispatch.api.test_stills import JPEG, make_camera, scene, server, steps  # noqa: F401
from tests.dispatch.town import WEST, Page, Town


def line(slot: int, camera: Camera, sight: str = "sees") -> dict[str, Any]:
    """Return one camera of a packet."""
    return {
        "slot": slot, "camera": str(camera.uid), "code": camera.code, "name": camera.name, "kind": "fixed", "grade": "1",
        "point": list(WEST), "heading_deg": None, "fov_deg": None, "range_m": None, "distance_m": 10 * slot,
        "bearing_deg": 0.0, "sight": sight, "turn_deg": None, "assumed": False, "status": camera.status,
        "consent": camera.consent, "reason": "sees",
    }  # fmt: skip


@pytest.fixture
def order(scene: Town) -> dict[str, Any]:  # noqa: F811
    """An order of P-12 with a packet of six cameras; the best four are on its card."""
    made = [make_camera(scene, f"CAM-{n}", f"http://127.0.0.1:9/{n}") for n in range(2, 7)]
    made.insert(0, Camera.objects.get(code="CAM-1"))
    Camera.objects.filter(code="CAM-2").update(status="offline")
    Camera.objects.filter(code="CAM-3").update(consent="none")
    for camera in made:
        camera.refresh_from_db()
    sights = ["sees", "dead", "sees", "away", "unknown", "can_turn"]
    incident = scene.open_incident()["uid"]
    body = {
        **EMPTY,
        "cameras": [
            line(slot, camera, sight) for slot, (camera, sight) in enumerate(zip(made, sights, strict=True), 1)
        ],
    }
    suggestions.record_suggestion(actor=access.system("ranker"), incident_uid=incident, body=body)
    sent: dict[str, Any] = scene.send_order(incident).body
    return sent


def grant(page: Page, order: dict[str, Any], camera: str = "CAM-1") -> Any:
    """Ask for one picture."""
    return page.decide(f"orders/{order['uid']}/cameras/{Camera.objects.get(code=camera).uid}/grants")


def problem(answer: Any) -> tuple[int, str]:
    """Return (status, code)."""
    return answer.status_code, answer.json()["error"]["code"]


def test_the_crew_sees_its_four_cameras_and_each_look_is_traced(scene: Town, order: dict[str, Any]) -> None:  # noqa: F811
    page = scene.page("officer")
    listed = page.read(f"orders/{order['uid']}/cameras").body["cameras"]
    assert [(one["code"], one["sight"]) for one in listed] == [
        ("CAM-1", "sees"), ("CAM-3", "sees"), ("CAM-6", "can_turn"), ("CAM-4", "away"),
    ]  # fmt: skip
    granted = grant(page, order)
    assert granted.status_code == 201
    picture = page.get(granted.body["url"])
    assert (picture.status_code, picture.content) == (200, JPEG)
    assert problem(page.get(granted.body["url"])) == (410, "grant_used")
    assert problem(grant(page, order, "CAM-3")) == (403, "no_consent")
    assert steps() == [("granted", ""), ("opened", ""), ("shown", "ok"), ("refused", "no_consent")]
    looks = scene.page("auditor").read("views").body["views"]
    assert {(one["person_name"], one["purpose_kind"]) for one in looks} == {("officer", "incident")}
    assert all(one["incident_number"] for one in looks)


def test_nobody_else_and_no_other_camera(scene: Town, order: dict[str, Any]) -> None:  # noqa: F811
    assert problem(grant(scene.page("officer2"), order)) == (404, "not_found")
    assert problem(scene.page("officer2").read(f"orders/{order['uid']}/cameras")) == (404, "not_found")
    for name in ("partner", "desk", "neighbour", "far", "auditor", "nobody"):
        assert problem(grant(scene.page(name), order)) == (403, "forbidden")
    for camera in ("CAM-2", "CAM-5"):
        assert problem(grant(scene.page("officer"), order, camera)) == (404, "not_found")
    url = grant(scene.page("officer"), order).body["url"]
    assert problem(scene.page("officer2").get(url)) == (404, "not_found")
    assert problem(scene.page("partner").get(url)) == (403, "forbidden")
    assert steps() == [("granted", "")]


@pytest.mark.parametrize("end", ["recall", "sign_off", "time"])
def test_when_the_order_is_over_nothing_more_comes_of_it(scene: Town, order: dict[str, Any], end: str) -> None:  # noqa: F811
    page, desk = scene.page("officer"), scene.page("desk")
    url = grant(page, order).body["url"]
    if end == "time":
        with at_time(ViewGrant.objects.get().expires_at + timedelta(seconds=1)):
            assert problem(page.get(url)) == (410, "grant_expired")
        return
    desk.decide(f"orders/{order['uid']}/recall")
    if end == "sign_off":
        desk.decide(f"units/{scene.uid('P-12')}/sign_off")
    over = (403, "forbidden") if end == "sign_off" else (409, "wrong_state")
    assert problem(grant(page, order)) == over
    assert problem(page.read(f"orders/{order['uid']}/cameras")) == over
    assert problem(page.get(url)) == over
