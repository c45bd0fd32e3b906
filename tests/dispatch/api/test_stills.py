"""The one way to a picture, and everything that does not lead to one. The camera is a real server on this machine."""

import contextlib
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from dispatch.actions import people
from dispatch.models import Assignment, JournalEntry, ViewGrant
from dispatch.verifier import verify
from geo.estate import put_address, put_camera
from geo.models import Camera
from tests.dispatch.town import SETUP, WEST, Page, Town, new_uid

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 20
AT = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
SECRET = "s3cret-word"


class Lens(BaseHTTPRequestHandler):
    """A camera that answers by path."""

    asked: list[tuple[str, str | None]] = []

    def do_GET(self) -> None:
        """Answer: /good, /text, /moved, /slow, /drip, /big, /lost."""
        Lens.asked.append((self.path, self.headers.get("Authorization")))
        if self.path == "/slow":
            time.sleep(3)
        status = {"/moved": 302, "/lost": 500}.get(self.path, 200)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/good")
        self.end_headers()
        with contextlib.suppress(OSError):
            self._body()

    def _body(self) -> None:
        if self.path == "/drip":
            for _ in range(40):
                self.wfile.write(b"\xff")
                self.wfile.flush()
                time.sleep(0.1)
        elif self.path == "/big":
            self.wfile.write(JPEG + b"x" * 5_000_000)
        else:
            self.wfile.write(b"<html>" if self.path == "/text" else JPEG)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """A camera's port on this machine."""
    running = ThreadingHTTPServer(("127.0.0.1", 0), Lens)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running.server_port
    running.shutdown()


@pytest.fixture
def scene(town: Town, server: int, settings: Any) -> Town:
    """The town with a camera whose network is allowed."""
    settings.CAMERA_NETWORKS = [f"127.0.0.1/32:{server}"]
    settings.CAMERA_FETCH_TIMEOUT_S = 1
    Lens.asked.clear()
    make_camera(town, "CAM-1", f"http://user:{SECRET}@127.0.0.1:{server}/good")
    return town


def make_camera(town: Town, code: str, url: str, consent: str = "granted") -> Camera:
    """Put up a camera in the west."""
    area = town.centres["S1"].area
    camera, _ = put_camera(
        code=code, area=area, point=WEST, at=AT, name=code, kind="fixed", consent=consent, status="online"
    )
    put_address(camera, "snapshot", url)
    return camera


def ask(page: Page, camera: str = "CAM-1", purpose: dict[str, Any] | None = None) -> Any:
    """Ask for a grant."""
    wish = purpose or {"kind": "reason", "text": "man on the rails"}
    return page.decide(f"cameras/{Camera.objects.get(code=camera).uid}/grants", {"purpose": wish})


def steps() -> list[tuple[str, str]]:
    """Return what the auditor finds: (step, outcome), oldest first."""
    from dispatch import journal

    return [(entry.data["step"], entry.data["outcome"]) for entry in journal.read(kinds=["camera.viewed"])]


def test_a_picture_for_an_incident_is_shown_once_and_traced(scene: Town) -> None:
    page = scene.page("desk")
    granted = ask(page, purpose={"kind": "incident", "uid": scene.open_incident()["uid"]})
    assert granted.status_code == 201
    picture = page.get(granted.body["url"])
    assert (picture.status_code, picture.content) == (200, JPEG)
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.headers["Cache-Control"] == "no-store"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert Lens.asked[0][1].startswith("Basic ")
    replayed = page.get(granted.body["url"])
    assert (replayed.status_code, replayed.json()["error"]["code"]) == (410, "grant_used")
    assert steps() == [("granted", ""), ("opened", ""), ("shown", "ok")]
    views = scene.page("auditor").read("views").body["views"]
    assert [line["step"] for line in views] == ["shown", "opened", "granted"]
    assert views[0]["person_name"] == "desk"
    assert scene.page("auditor").read("views?outcome=ok&camera=cam-1").body["views"][0]["n"] == views[0]["n"]
    assert scene.page("supervisor").read("views").status_code == 403
    assert list(verify()) == []


def test_addresses_and_logins_stand_nowhere(scene: Town, server: int) -> None:
    page = scene.page("desk")
    uid = Camera.objects.get(code="CAM-1").uid
    granted = ask(page)
    said = [page.read(f"cameras/{uid}").content, granted.content, page.read("board").content]
    said += [scene.page("auditor").read("views").content, page.get(f"/media/stills/{new_uid()}").content]
    for text in said:
        assert SECRET.encode() not in text
        assert str(server).encode() not in text
    assert page.read(f"cameras/{uid}").body["code"] == "CAM-1"


def test_another_persons_another_cameras_and_made_up_addresses(scene: Town) -> None:
    page = scene.page("desk")
    url = ask(page).body["url"]
    assert scene.page("desk2").get(url).status_code == 404
    assert Page().get(url).status_code == 401
    assert scene.page("auditor").get(url).status_code == 403
    from dispatch.api.stills import address_of

    grant = ViewGrant.objects.get()
    other = make_camera(scene, "CAM-2", "http://127.0.0.1:1/good")
    for wrong in (
        url + "x",
        url[:-3],
        "/media/stills/a:b:c",
        address_of(grant.uid, other.uid),
        address_of(UUID(new_uid()), other.uid),
    ):
        assert page.get(wrong).status_code == 404
    assert Lens.asked == []
    assert page.get(url).status_code == 200


def test_an_old_grant_has_run_out(scene: Town) -> None:
    page = scene.page("desk")
    url = ask(page).body["url"]
    ViewGrant.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert page.get(url).json()["error"]["code"] == "grant_expired"
    assert Lens.asked == []


def test_right_purpose_consent_and_auditor_must_still_stand(scene: Town) -> None:
    page = scene.page("desk")
    incident = scene.open_incident()["uid"]
    url = ask(page, purpose={"kind": "incident", "uid": incident}).body["url"]
    page.decide(f"incidents/{incident}/feedback", {"uid": new_uid(), "text": "done", "stage": "final"})
    page.decide(f"incidents/{incident}/close")
    assert page.get(url).json()["error"]["code"] == "no_purpose"
    url = ask(page).body["url"]
    Camera.objects.update(consent="none")
    assert page.get(url).json()["error"]["code"] == "no_consent"
    Camera.objects.update(consent="granted")
    people.end_role(actor=SETUP, assignment_uid=Assignment.objects.get(person=scene.people["desk"]).uid)
    ended = page.get(url)
    assert (ended.status_code, ended.json()["error"]["code"]) == (403, "forbidden")
    assert Lens.asked == []


def test_no_auditor_no_picture_and_the_refusal_is_traced(scene: Town) -> None:
    people.end_role(actor=SETUP, assignment_uid=Assignment.objects.get(person=scene.people["auditor"]).uid)
    refused = ask(scene.page("desk"))
    assert (refused.status_code, refused.body["error"]["code"]) == (403, "no_auditor")
    assert steps() == [("refused", "no_auditor")]


def test_consent_is_asked_for_each_use(scene: Town) -> None:
    page, incident = scene.page("desk"), scene.open_incident()["uid"]
    make_camera(scene, "CAM-N", "http://127.0.0.1:1/x", consent="none")
    make_camera(scene, "CAM-I", "http://127.0.0.1:1/x", consent="incident_only")
    assert ask(page, "CAM-N").body["error"]["code"] == "no_consent"
    assert ask(page, "CAM-I").body["error"]["code"] == "no_consent"
    assert ask(page, "CAM-I", {"kind": "incident", "uid": incident}).status_code == 201


@pytest.mark.parametrize(
    ("purpose", "code"),
    [
        ({"kind": "reason", "text": "short"}, "no_purpose"),
        ({"kind": "reason"}, "bad_input"),
        ({"kind": "curiosity", "text": "just because I can"}, "no_purpose"),
        ({"kind": "incident"}, "bad_input"),
        ({"kind": "incident", "uid": "0199c1f0-0000-7000-8000-000000000000"}, "not_found"),
    ],
)
def test_a_purpose_must_be_one(scene: Town, purpose: dict[str, Any], code: str) -> None:
    assert ask(scene.page("desk"), purpose=purpose).body["error"]["code"] == code
    assert ViewGrant.objects.count() == 0


def test_only_who_may_look_on_his_ground(scene: Town) -> None:
    for name in ("taker", "officer", "auditor", "admin"):
        assert ask(scene.page(name)).status_code == 403
    assert ask(scene.page("far")).status_code == 404
    for name in ("video", "chief", "supervisor"):
        assert ask(scene.page(name)).status_code == 201


@pytest.mark.parametrize(
    ("path", "code"),
    [("text", "camera_refused"), ("moved", "camera_refused"), ("lost", "camera_refused"), ("big", "camera_refused"),
     ("slow", "camera_offline"), ("drip", "camera_offline")],
)  # fmt: skip
def test_a_camera_that_gives_no_picture(scene: Town, server: int, path: str, code: str) -> None:
    make_camera(scene, "CAM-X", f"http://127.0.0.1:{server}/{path}")
    page = scene.page("desk")
    begun = time.monotonic()
    answer = page.get(ask(page, "CAM-X").body["url"])
    assert time.monotonic() - begun < 2.5
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, code)
    assert "127.0.0.1" not in answer.content.decode()
    assert steps()[-1] == ("failed", code)
    assert ("/good", None) not in Lens.asked


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/x", "http://localhost:{port}/good", "http://169.254.169.254/latest", "http://[::1]:{port}/good",
     "http://0.0.0.0:{port}/good", "http://2130706433:{port}/good", "rtsp://127.0.0.1:{port}/good", "http://no-such-host.invalid/x",
     "http://" + "a" * 64 + ".example/x", "http://a..b/x", "http://ＬＯＣＡＬＨＯＳＴ:{port}/good"],
)  # fmt: skip
def test_addresses_that_are_not_allowed_are_never_asked(scene: Town, server: int, settings: Any, url: str) -> None:
    settings.CAMERA_NETWORKS = [f"10.0.0.0/8:{server}", f"127.0.0.0/8:{server}"]
    make_camera(scene, "CAM-X", url.format(port=server))
    page = scene.page("desk")
    answer = page.get(ask(page, "CAM-X").body["url"])
    assert answer.status_code == 502
    assert answer.json()["error"]["code"] in {"camera_blocked", "camera_offline"}
    assert Lens.asked == []


def test_no_network_is_allowed_unless_named(scene: Town, settings: Any) -> None:
    settings.CAMERA_NETWORKS = []
    page = scene.page("desk")
    assert page.get(ask(page).body["url"]).json()["error"]["code"] == "camera_blocked"
    assert Lens.asked == []


def test_a_camera_without_address_or_with_a_lost_key(scene: Town, settings: Any) -> None:
    page = scene.page("desk")
    url = ask(page).body["url"]
    settings.CAMERA_KEY = "A" * 43 + "="
    assert page.get(url).json()["error"]["code"] == "camera_no_address"
    put_address(Camera.objects.get(code="CAM-1"), "snapshot", "")
    assert page.get(ask(page).body["url"]).json()["error"]["code"] == "camera_no_address"


def test_one_grant_in_two_windows_shows_one_picture(real_town: Town, server: int, settings: Any) -> None:
    from tests.dispatch.api.test_races import at_once

    settings.CAMERA_NETWORKS = [f"127.0.0.1/32:{server}"]
    make_camera(real_town, "CAM-1", f"http://127.0.0.1:{server}/good")
    pages = [real_town.page("desk") for _ in range(4)]
    url = ask(pages[0]).body["url"]
    answers = at_once(*[lambda page=page: page.get(url) for page in pages])
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410]
    assert JournalEntry.objects.filter(kind="camera.viewed").count() == 3
