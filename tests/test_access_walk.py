"""Every route, topic, tile and picture address, walked by every cast member: the outsider is refused, the neighbour sees
what stands on his ground and band and no more, a stranger signs in first, and a new route without a right fails here."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from dispatch import access
from dispatch.actions.distress import raise_distress
from dispatch.actions.messages import send_message
from dispatch.api.base import ANY_ROLE, SIGNED_IN
from dispatch.api.registry import ROUTES, Route
from dispatch.models import Call, Incident, JournalEntry, Order
from frontend.urls import OPEN
from geo.models import Camera
from realtime import protocol
from tests.cast import DEEP_HERE, HERE, PEOPLE, Cast, built, cast, new_uid  # noqa: F401
from tests.dispatch.town import Page

WITHOUT_SIGN_IN = {"healthz", *OPEN}
HIDDEN_FROM = ("outsider", "officer4", "officer3", "neighbour", "nobody", "auditor", "admin")
BODIES: dict[str, dict[str, Any]] = {
    "incidents/<uuid:uid>/hold": {"minutes": 5, "reason": "x"},
    "incidents/<uuid:uid>/close": {"reason": "x"},
    "incidents/<uuid:uid>/reopen": {"cause": "x"},
    "incidents/<uuid:uid>/notes": {"uid": "01900000-0000-7000-8000-000000000001", "text": "x"},
    "calls/<uuid:uid>/close": {"reason": "nuisance"},
    "orders/<uuid:uid>/refuse": {"reason": "busy"},
    "orders/<uuid:uid>/clear": {"disposition": "handled"},
    "orders/<uuid:uid>/voice": {"verb": "accept"},
    "messages/<uuid:uid>/to_desk": {"unit": "01900000-0000-7000-8000-000000000001", "text": "x"},
    "distress/<uuid:uid>/raise": {"unit": "01900000-0000-7000-8000-000000000001"},
    "distress/<uuid:uid>/end": {"outcome": "real"},
    "distress/<uuid:uid>/incident": {"uid": "01900000-0000-7000-8000-000000000001"},
}


def patterns(found: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield (path, pattern) of everything below the resolver."""
    for item in found:
        path = f"{prefix}{item.pattern}"
        if isinstance(item, URLResolver):
            yield from patterns(item.url_patterns, path)
        else:
            yield path, item


def send(page: Page, route: Route, **uids: str) -> Any:
    """Send a request of this route as a page does, with the uid of its noun where there is one."""
    noun = route.path.split("/")[3] if route.path.startswith("/api/v1/") else ""
    path = route.path.replace("<uuid:uid>", uids.get(noun) or str(new_uid())).replace("<str:token>", "x:y:z")
    path = re.sub(r"<slug:\w+>", "x", re.sub(r"<int:\w+>", "0", re.sub(r"<uuid:\w+>", str(new_uid()), path)))
    if route.method == "GET":
        return page.get(path)
    body = BODIES.get(route.path.removeprefix("/api/v1/"), {})
    headers = {"If-Match": '"1"'}
    return page.decide(path.removeprefix("/api/v1/"), body, method=route.method.lower(), **headers)


@pytest.fixture
def west(cast: Cast) -> dict[str, str]:  # noqa: F811
    """Uids of one incident, order, call, unit and camera deep in S1, in no band of a neighbour."""
    incident = cast.open(point=DEEP_HERE)
    order = cast.send(incident, "P-11")
    call = Call.objects.create(centre=cast.centres["S1"], received_at=timezone.now(), caller_number="55512345")
    call.audience = [f"area:{area}" for area in cast.areas["S1"].lineage]
    call.save()
    camera = Camera.objects.create(
        code="C-1", name="C-1", area=cast.areas["S1"], kind="fixed", status="online", placed_at=timezone.now(),
        point=f"SRID=4326;POINT({DEEP_HERE[0]} {DEEP_HERE[1]})",
    )  # fmt: skip
    help_ = raise_distress(
        actor=cast.viewer("officer"), uid=new_uid(), unit_uid=cast.uid("P-11"), point=list(DEEP_HERE)
    )
    said = send_message(actor=cast.viewer("desk"), uid=new_uid(), units=[cast.uid("P-11")], text="x")[0]
    rows = {
        "messages": said,
        "distress": help_,
        "incidents": incident,
        "orders": order,
        "calls": call,
        "units": cast.units["P-11"],
        "cameras": camera,
    }
    return {noun: str(row.uid) for noun, row in rows.items()}


@pytest.mark.parametrize("name", HIDDEN_FROM)
def test_who_does_not_see_it_gets_nothing_of_it(cast: Cast, west: dict[str, str], name: str) -> None:  # noqa: F811
    before, page = JournalEntry.objects.count(), Page(cast.people[name])
    for route in ROUTES:
        reads_history = name == "auditor" and route.path.endswith("/history")
        if "<uuid:uid>" not in route.path or reads_history:
            continue
        answer = send(page, route, **west)
        assert answer.status_code in {400, 403, 404}, (route, answer.content)
        assert b"55512345" not in answer.content
    assert JournalEntry.objects.count() == before
    assert Incident.objects.get(uid=west["incidents"]).version == 1
    assert Order.objects.get(uid=west["orders"]).state == "sent"


@pytest.mark.parametrize("name", ["taker", "video", "supervisor", "officer", "outsider", "auditor", "admin", "nobody"])
def test_every_route_answers_by_right(cast: Cast, name: str) -> None:  # noqa: F811
    """What a member may do nowhere is forbidden at the door, before anything of the request is read."""
    viewer, page = cast.viewer(name), Page(cast.people[name])
    for route in ROUTES:
        answer = send(page, route)
        may = any(access.can(viewer, verb) for verb in route.verbs)
        open_door = may or SIGNED_IN in route.verbs or (ANY_ROLE in route.verbs and bool(viewer.held))
        assert (answer.status_code != 403) or not open_door or answer.body["error"]["code"] != "not_signed_in", route
        if not open_door:
            assert answer.status_code == 403, (route, answer.status_code)
        assert answer.status_code < 500, (route, answer.content)


def test_strangers_sign_in_first_everywhere(cast: Cast) -> None:  # noqa: F811
    for route in ROUTES:
        assert send(Page(), route).status_code == 401, route
    walked = 0
    for path, pattern in patterns(get_resolver().url_patterns):
        if (
            path.startswith(("api/v1/", "media/"))
            or pattern.name in WITHOUT_SIGN_IN
            or "(?P" in path
            or "logout" in path
        ):
            continue
        filled = re.sub(r"<path:\w+>|<str:\w+>", "x", re.sub(r"<(?:int:)?\w+>", "1", path))
        answer = Page().get("/" + re.sub(r"[\^$\\]", "", filled))
        assert answer.status_code in {302, 401, 403, 404, 405}, (path, answer.status_code)
        if answer.status_code == 302:
            assert "login" in answer.headers["Location"], (path, answer.headers["Location"])
        walked += 1
    assert walked > 30


def test_the_administrators_pages_are_for_administrators(cast: Cast) -> None:  # noqa: F811
    for name in PEOPLE:
        answer = Page(cast.people[name]).get("/admin/")
        assert (answer.status_code == 200) == (name == "admin"), (name, answer.status_code)


def test_the_neighbour_sees_ground_and_band_and_no_more(cast: Cast) -> None:  # noqa: F811
    near = cast.open(point=HERE, remark="he is armed", hazards="dog")
    far = cast.open(point=DEEP_HERE, remark="secret")
    cast.send(near, "P-11")
    board = Page(cast.people["neighbour"]).read("board").body
    assert [card["uid"] for card in board["incidents"]] == [str(near.uid)]
    card = board["incidents"][0]
    assert (card["remark"], card["hazards"], card["owner"], card["watchers"]) == (None, None, None, [])
    assert board["orders"] == board["notes"] == board["calls"] == board["suggestions"] == []
    assert {unit["call_sign"] for unit in board["units"]} == {"P-21"}
    whole = Page(cast.people["outsider"]).read("board").content.decode()
    assert str(near.uid) not in whole
    assert str(far.uid) not in whole


def test_camera_tiles_hold_what_the_viewer_may_see(cast: Cast, west: dict[str, str]) -> None:  # noqa: F811
    from tests.dispatch.api.test_tiles import tile

    sizes = {}
    for name in ("desk", "city_desk", "neighbour", "outsider"):
        answer = Page(cast.people[name]).get(f"/api/v1/tiles/cameras/{tile(DEEP_HERE, 17)}")
        sizes[name] = b"C-1" in answer.content
    assert sizes == {"desk": True, "city_desk": True, "neighbour": False, "outsider": False}


def test_no_frame_of_the_socket_names_a_topic() -> None:
    """Two topics, both decided by access; a client can only start, resume, answer and say what it showed."""
    assert set(protocol.TOPICS) == {"journal", "positions"}
    for text in (
        '{"t":"subscribe","topic":"area:1"}',
        '{"t":"start","area":1}',
        '{"t":"resume","epoch":1,"n":1,"keys":[]}',
    ):
        with pytest.raises(ValueError, match=r"."):
            protocol.decode(text)
