"""The journey's packet on a real centre with its real cameras: San Francisco, where the files stand beside the checkout."""

import json
import os
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from dispatch.models import Person
from fixtures import kept
from geo.metres import distance_m
from geo.models import Camera
from realtime.ranker import Ranker

# The browser's own event loop lives in this thread; nothing here awaits.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
ROADS = settings.BASE_DIR / "../shared/data/roads/sf-downtown.osm.pbf"
REAL_CAMERAS = 59
pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db,
    pytest.mark.skipif(not ROADS.is_file(), reason="../shared/data holds no files of San Francisco"),
]


@pytest.fixture(scope="module")
def city(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[list[dict[str, str]]]:
    """Load it as make up would with that file as CITY, in one transaction that is rolled back; yield the logins."""
    was, settings.VAR_DIR = settings.VAR_DIR, tmp_path_factory.mktemp("var")
    try:
        with django_db_blocker.unblock(), transaction.atomic():
            call_command("load_demo", "--city", str(ROADS))
            yield kept.read(kept.LOGINS)
            transaction.set_rollback(True)
    finally:
        settings.VAR_DIR = was


def test_the_packet_on_real_streets_and_cameras(city: list[dict[str, str]]) -> None:
    assert Camera.objects.count() == REAL_CAMERAS
    login = next(line["login"] for line in city if line["note"] == "whole city")
    desk = _Desk(Person.objects.get(username=login))
    at = Camera.objects.order_by("id").first()
    assert at
    point = (at.point.x + 0.0004, at.point.y)
    placed = [unit for unit in desk.board()["units"] if unit["state"] == "available" and not unit["post"]][:5]
    for step, unit in enumerate(placed):
        desk.post(f"/units/{unit['uid']}/place", {"point": [point[0] + 0.002 * (step + 1), point[1]]})
    kind = desk.board()["kinds"][0]["code"]
    uid = str(uuid.uuid4())
    desk.post("/incidents", {"uid": uid, "kind": kind, "point": point, "place": "beside a real camera"})
    ranker = Ranker()
    ranker.begin()
    assert ranker.work() == 1

    packet = desk.board()["suggestions"][0]
    assert packet["incident"] == uid
    metres = [unit["distance_m"] for unit in packet["units"]]
    assert metres == sorted(metres)
    told = [unit for unit in packet["units"] if unit["reason"] == "by_voice"]
    assert [unit["call_sign"] for unit in told] == [unit["call_sign"] for unit in placed]
    for step, unit in enumerate(told):
        truth_m = distance_m(point, (point[0] + 0.002 * (step + 1), point[1]))
        assert unit["distance_m"] == pytest.approx(truth_m, rel=0.01)
    assert at.code in [camera["code"] for camera in packet["cameras"]]
    assert len(packet["cameras"]) == 9


class _Desk:
    """The API as a signed-in dispatcher calls it, without a browser."""

    def __init__(self, person: Person) -> None:
        self.client = Client()
        self.client.force_login(person)

    def board(self) -> dict[str, Any]:
        answer = self.client.get("/api/v1/board")
        assert answer.status_code == 200, answer.content[:300]
        board: dict[str, Any] = json.loads(answer.content)
        return board

    def post(self, path: str, body: dict[str, Any]) -> None:
        key = {"Idempotency-Key": str(uuid.uuid4())}
        answer = self.client.post(f"/api/v1{path}", body, content_type="application/json", headers=key)
        assert answer.status_code < 300, answer.content[:300]
