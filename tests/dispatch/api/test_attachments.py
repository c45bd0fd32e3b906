"""A crew's photo from announcement to replay, and everything that does not become one. Real files, real processes."""

import hashlib
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from dispatch import access, journal
from dispatch.actions import attachments as acts
from dispatch.actions.base import at_time
from dispatch.evidence import store
from dispatch.models import Attachment, PhotoUpload
from tests.dispatch.evidence.photos import PDF, bomb, jpeg, png, zip_behind
from tests.dispatch.town import WEST, Page, Town, new_uid


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A store of its own."""
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    return tmp_path / "evidence"


@pytest.fixture
def order(town: Town) -> dict[str, Any]:
    """An order of P-12 on an incident in the west."""
    return town.send_order(town.open_incident()["uid"]).body


def announce(page: Page, order: dict[str, Any], data: bytes, **more: Any) -> Any:
    """Say that a photo will come."""
    body = {
        "uid": new_uid(),
        "order": order["uid"],
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        **more,
    }
    return page.decide(f"incidents/{order['incident']}/attachments", body)


def part(page: Page, uid: str, data: bytes, offset: int = 0) -> Any:
    """Send bytes from an offset on."""
    answer = page.post(
        f"/api/v1/attachments/{uid}/parts?offset={offset}", data, content_type="application/octet-stream",
        headers={"X-CSRFToken": "c" * 32},
    )  # fmt: skip
    return page._with_body(answer)


def send(page: Page, order: dict[str, Any], data: bytes, **more: Any) -> Any:
    """Announce, send in two parts, finish; return the last answer."""
    said = announce(page, order, data, **more)
    if said.status_code != 201:
        return said
    uid, half = said.body["uid"], len(data) // 2
    assert part(page, uid, data[:half]).body["received"] == half
    assert part(page, uid, data[half:], half).body["received"] == len(data)
    return page.decide(f"attachments/{uid}/finish")


def problem(answer: Any) -> tuple[int, str, Any]:
    """Return (status, code, why)."""
    said = answer.body["error"]
    return answer.status_code, said["code"], said["facts"].get("why") or said["field"]


def local(moment: Any) -> str:
    """Return a moment as a camera in UTC writes it."""
    return f"{moment:%Y:%m:%d %H:%M:%S}"


def test_a_photo_arrives_as_evidence_and_is_shown_without_its_metadata(
    town: Town, order: dict[str, Any], folder: Path
) -> None:
    taken = timezone.now().replace(microsecond=0) - timedelta(minutes=3)
    lon, lat = WEST
    data = jpeg(exif={"time": local(taken), "offset": "+00:00", "lat": lat, "lon": lon, "orientation": 6})
    officer = town.page("officer")
    note = new_uid()
    officer.decide(f"incidents/{order['incident']}/notes", {"uid": note, "text": "back door"})
    card = send(officer, order, data, note=note).body
    assert (card["width"], card["height"], card["media_type"]) == (480, 640, "image/jpeg")
    assert (card["taken_from"], card["doubts"], card["reduced"], card["note"]) == ("exif", [], False, note)
    assert card["taken_at"] == taken.isoformat().replace("+00:00", "Z")
    assert [round(value, 4) for value in card["taken_point"]] == [round(lon, 4), round(lat, 4)]
    original = store.original_path(card["sha256"])
    assert original.read_bytes() == data
    assert original.stat().st_mode & 0o777 == 0o600
    assert original.parent.stat().st_mode & 0o077 == 0
    assert not list((folder / "coming").iterdir())
    board = town.page("desk").read("board").body
    assert [photo["uid"] for photo in board["attachments"]] == [card["uid"]]
    assert town.page("desk").read(f"incidents/{order['incident']}").body["attachments"] == board["attachments"]
    picture = town.page("desk").get(f"/api/v1/attachments/{card['uid']}/picture")
    shown = b"".join(picture.streaming_content)
    assert (Image.open(io.BytesIO(shown)).size, b"Exif" in shown) == ((480, 640), False)
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    call_command("verify_attachments")


def test_parts_come_again_late_or_never_and_the_photo_is_the_same(town: Town, order: dict[str, Any]) -> None:
    data, page = jpeg(), town.page("officer")
    said = announce(page, order, data)
    uid = said.body["uid"]
    again = announce(page, order, data, uid=uid)
    assert (again.status_code, again.body) == (201, said.body)
    assert part(page, uid, data[:1000]).body["received"] == 1000
    assert part(page, uid, data[:1000]).body["received"] == 1000
    assert part(page, uid, data[500:3000], 500).body["received"] == 3000
    assert problem(part(page, uid, b"x", 9000)) == (400, "bad_input", "gap")
    assert problem(part(page, uid, data[3000:] + b"more", 3000)) == (400, "bad_input", "more_than_announced")
    assert problem(page.decide(f"attachments/{uid}/finish")) == (409, "photo_incomplete", None)
    assert town.page("officer").read(f"attachments/{uid}/upload").body["received"] == 3000
    part(page, uid, data[3000:], 3000)
    first, second = (page.decide(f"attachments/{uid}/finish") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.body == second.body
    assert announce(page, order, data, uid=uid).body["done"]
    assert part(page, uid, data[:1000]).body["done"]
    assert Attachment.objects.count() == 1
    assert len(journal.read(kinds=["attachment.added"])) == 1


@pytest.mark.parametrize(
    ("data", "why"),
    [(PDF, "not_a_photo"), (jpeg()[:-900], "truncated"), (bomb(), "too_many_pixels"), (zip_behind(jpeg()), "polyglot")],
)
def test_what_is_no_photo_is_refused_journalled_and_gone(
    town: Town, order: dict[str, Any], folder: Path, data: bytes, why: str
) -> None:
    answer = send(town.page("officer"), order, data)
    assert problem(answer) == (400, "not_a_photo", why)
    assert [entry.data["why"] for entry in journal.read(kinds=["attachment.refused"])] == [why]
    assert not PhotoUpload.objects.exists()
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_forty_megabytes_are_refused_before_the_first_byte(town: Town, order: dict[str, Any]) -> None:
    page = town.page("officer")
    body = {"uid": new_uid(), "order": order["uid"], "sha256": "0" * 64, "size": 40_000_000}
    answer = page.decide(f"incidents/{order['incident']}/attachments", body)
    assert (answer.status_code, answer.body["error"]) == (
        413, {"code": "too_big", "facts": {"limit": 12_000_000, "size": 40_000_000}, "field": "size"},
    )  # fmt: skip
    uid = announce(page, order, jpeg()).body["uid"]
    assert problem(part(page, uid, b"x" * 300_000)) == (413, "too_big", "part")


def test_other_bytes_than_announced_and_the_same_photo_twice(town: Town, order: dict[str, Any]) -> None:
    page, data = town.page("officer"), jpeg()
    uid = announce(page, order, data).body["uid"]
    part(page, uid, data[:-1] + b"\x00")
    assert problem(page.decide(f"attachments/{uid}/finish")) == (409, "photo_altered", None)
    assert send(page, order, data).status_code == 201
    assert problem(send(page, order, data)) == (409, "photo_known", "sha256")


def test_who_may_not_send_cannot(town: Town, order: dict[str, Any]) -> None:
    data, officer = jpeg(), town.page("officer")
    uid = announce(officer, order, data).body["uid"]
    other = town.page("officer2")
    assert problem(announce(other, order, data))[:2] == (404, "not_found")
    for answer in (
        part(other, uid, data),
        other.decide(f"attachments/{uid}/finish"),
        other.read(f"attachments/{uid}/upload"),
    ):
        assert problem(answer)[:2] == (404, "not_found")
    for name in ("desk", "far", "auditor"):
        assert problem(announce(town.page(name), order, data))[:2] == (403, "forbidden")
    elsewhere = town.open_incident()
    assert problem(announce(officer, {**order, "incident": elsewhere["uid"]}, data)) == (404, "not_found", "order")
    mine = town.send_order(elsewhere["uid"], "P-31", "desk")
    assert mine.status_code == 201, mine.content
    assert problem(announce(other, mine.body, data, uid=uid)) == (409, "exists", "uid")


def test_who_was_of_the_crew_then_sends_later_and_who_came_after_does_not(town: Town, order: dict[str, Any]) -> None:
    """Signed off with photos still on the phone: they arrive. Whoever takes the car over has nothing to do with that order."""
    officer, desk, crew = town.page("officer"), town.page("desk"), f"units/{town.uid('P-12')}"
    desk.decide(f"orders/{order['uid']}/recall")
    assert officer.decide(f"{crew}/sign_off").status_code == 200
    assert send(officer, order, jpeg()).status_code == 201
    next_one = town.page("partner")
    signed = desk.decide(f"{crew}/sign_on", {"crew": [town.uid("partner")]})
    assert signed.status_code == 200, signed.body
    assert problem(announce(next_one, order, jpeg(shade=700))) == (404, "not_found", "order")
    assert send(officer, order, jpeg(shade=700)).status_code == 201


def test_a_photo_of_an_order_that_is_over_still_arrives_but_not_days_later(town: Town, order: dict[str, Any]) -> None:
    officer, desk = town.page("officer"), town.page("desk")
    desk.decide(f"orders/{order['uid']}/recall")
    late = send(officer, order, jpeg())
    assert late.status_code == 201
    town.page("supervisor").decide(f"incidents/{order['incident']}/close", {"reason": "x"})
    filed = send(officer, order, jpeg(shade=700))
    assert filed.status_code == 201
    assert desk.read("board").body["attachments"] == []
    assert len(desk.read(f"incidents/{order['incident']}").body["attachments"]) == 2
    assert [entry.kind for entry in journal.read(kinds=["attachment.filed", "attachment.added"])] == [
        "attachment.added",
        "attachment.filed",
    ]
    with at_time(timezone.now() + timedelta(hours=25)):
        assert problem(announce(officer, order, png()))[:2] == (409, "wrong_state")


@pytest.mark.parametrize(
    ("exif", "doubts"),
    [
        ({"time": "1970:01:01 00:00:00"}, ["time"]), ({"time": "2999:12:31 23:59:59"}, ["time"]), ({"time": "0000:00:00 00:00:00"}, ["time"]),
        ({"time": "yesterday"}, ["time"]), ({"lat": 0.0, "lon": 0.0}, ["place"]), ({"lat": 89.0, "lon": 120.0}, ["place"]),
    ],
)  # fmt: skip
def test_absurd_declarations_are_named_and_believed_by_nobody(
    town: Town, order: dict[str, Any], exif: dict[str, Any], doubts: list[str]
) -> None:
    pressed = timezone.now().isoformat()
    card = send(town.page("officer"), order, jpeg(exif=exif), device_at=pressed).body
    assert (card["doubts"], card["taken_point"], card["taken_from"]) == (doubts, None, "device")


def test_what_the_phone_read_before_making_it_smaller_is_declared_not_measured(
    town: Town, order: dict[str, Any]
) -> None:
    taken = timezone.now().replace(microsecond=0) - timedelta(hours=2)
    said = {"time": local(taken), "offset": "+00:00", "lat": WEST[1], "lon": WEST[0]}
    card = send(town.page("officer"), order, jpeg(), reduced=True, declared=said).body
    assert (card["reduced"], card["taken_from"], card["doubts"]) == (True, "declared", [])
    assert card["taken_point"] == list(WEST)
    for bad in ({"lat": 1e300}, {"time": "x" * 60}, {"maker": "x"}, {"lat": "north"}):
        assert problem(announce(town.page("officer"), order, png(), declared=bad))[:2] == (400, "bad_input")


def test_who_looks_leaves_a_trace_and_the_original_needs_words(town: Town, order: dict[str, Any]) -> None:
    data = jpeg(exif={"time": "2026:03:11 21:00:00"})
    uid = send(town.page("officer"), order, data).body["uid"]
    thumb = f"/api/v1/attachments/{uid}/thumb"
    for name in ("far", "neighbour", "officer2"):
        for path in (thumb, thumb.replace("thumb", "picture"), thumb.replace("/thumb", "")):
            assert town.page(name).get(path).status_code == 404
    assert town.page("auditor").get(thumb).status_code == 403
    desk, supervisor = town.page("desk"), town.page("supervisor")
    assert desk.get(thumb).headers["Cache-Control"] == "private, max-age=3600"
    desk.get(thumb.replace("thumb", "picture"))
    assert problem(desk.decide(f"attachments/{uid}/original", {"purpose": "curious about it"}))[:2] == (
        403,
        "forbidden",
    )
    assert problem(supervisor.decide(f"attachments/{uid}/original", {"purpose": "short"}))[:2] == (
        403,
        "no_purpose",
    )
    url = supervisor.decide(f"attachments/{uid}/original", {"purpose": "file for the prosecutor"}).body["url"]
    assert desk.get(url).status_code == 403
    fetched = supervisor.get(url)
    assert b"".join(fetched.streaming_content) == data
    assert fetched.headers["Content-Disposition"].startswith("attachment;")
    assert fetched.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert supervisor.get(url).json()["error"]["code"] == "grant_used"
    assert supervisor.get("/media/originals/x:y:z").status_code == 404
    looks = [
        (entry.data["person_name"], entry.data["step"], entry.data["purpose_text"])
        for entry in journal.read(kinds=["attachment.viewed"])
    ]
    assert looks == [
        ("desk", "shown", ""), ("supervisor", "granted", "file for the prosecutor"), ("supervisor", "original", "file for the prosecutor"),
    ]  # fmt: skip


def test_the_auditor_reads_who_looked_at_which_photo(town: Town, order: dict[str, Any]) -> None:
    data = jpeg()
    uid = send(town.page("officer"), order, data).body["uid"]
    town.page("desk").get(f"/api/v1/attachments/{uid}/picture")
    supervisor = town.page("supervisor")
    supervisor.get(supervisor.decide(f"attachments/{uid}/original", {"purpose": "file for the prosecutor"}).body["url"])
    lines = town.page("auditor").read("looks").body["looks"]
    read = [
        (one["person"]["name"]["name"], one["photo"], one["shown"], one["granted"], one["originals"]) for one in lines
    ]
    assert read == [
        ("supervisor", hashlib.sha256(data).hexdigest()[:8], 0, 1, 1),
        ("desk", hashlib.sha256(data).hexdigest()[:8], 1, 0, 0),
    ]
    assert [one["purpose_text"] for one in lines] == ["file for the prosecutor", ""]
    assert {one["call_sign"] for one in lines} == {"P-12"}
    assert len(town.page("auditor").read(f"looks?camera={lines[0]['incident_number']}").body["looks"]) == 2
    assert town.page("auditor").read("looks?camera=nowhere").body["looks"] == []


def test_an_altered_or_missing_file_is_found_and_rules_erase_the_rest(
    town: Town, order: dict[str, Any], capsys: Any, django_capture_on_commit_callbacks: Any, folder: Path
) -> None:
    card = send(town.page("officer"), order, jpeg()).body
    other = send(town.page("officer"), order, jpeg(shade=500)).body
    store.original_path(card["sha256"]).write_bytes(b"other")
    store.copy_path(Attachment.objects.get(uid=other["uid"]).thumb_sha256).unlink()
    with pytest.raises(SystemExit, match="2 findings"):
        call_command("verify_attachments")
    assert "altered" in (out := capsys.readouterr().out)
    assert "missing" in out
    town.page("desk").decide(f"orders/{order['uid']}/recall")
    town.page("supervisor").decide(f"incidents/{order['incident']}/close", {"reason": "x"})
    with django_capture_on_commit_callbacks(execute=True):
        erased = acts.erase_photos(
            actor=access.system("worker"), before=timezone.now() + timedelta(days=1), rule="photo 0 d"
        )
    assert erased == 2
    assert not [path for path in folder.rglob("*") if path.is_file()]
    call_command("verify_attachments")
    answer = town.page("desk").read(f"attachments/{other['uid']}/thumb")
    assert problem(answer)[:2] == (410, "photo_erased")
