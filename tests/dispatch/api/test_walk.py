"""Every endpoint, walked: it asks a right, refuses strangers and outsiders, and looks the same for what is hidden."""

import re
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from dispatch import access
from dispatch.api.base import ANY_ROLE, SIGNED_IN, Decision, Endpoint
from dispatch.api.registry import ROUTES, Route, _routes
from dispatch.models import Decision as KeptDecision
from dispatch.models import JournalEntry
from tests.dispatch.town import WEST, Page, Town, new_uid

OPEN_TO_ALL = {SIGNED_IN}


def address(route: Route, **uids: str) -> str:
    """Return an address of the route, with uids of nothing unless given."""
    filled = route.path.replace("<uuid:uid>", uids.get("uid") or new_uid()).replace("<str:token>", "x:y:z")
    filled = re.sub(r"<uuid:\w+>", new_uid(), filled)
    return re.sub(r"<slug:\w+>", "x", re.sub(r"<int:\w+>", "0", filled))


def send(page: Page, method: str, path: str, body: str = "{}") -> Any:
    """Send a request as a page would."""
    headers = {"X-CSRFToken": "c" * 32, "Idempotency-Key": new_uid(), "If-Match": '"1"'}
    return page.generic(method, path, "" if method == "GET" else body, content_type="application/json", headers=headers)


def urls(patterns: list[Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Return every (path, callback) below the resolver."""
    found = []
    for item in patterns:
        path = f"{prefix}{item.pattern}"
        found += urls(item.url_patterns, path) if isinstance(item, URLResolver) else [(path, item.callback)]
    return found


def test_nothing_below_the_api_and_media_roots_is_without_a_right() -> None:
    listed = {route.path for route in ROUTES}
    for path, callback in urls(get_resolver().url_patterns):
        if path.startswith(("api/v1/", "media/")) and "[\\s\\S]*" not in path:
            assert "/" + path in listed
            assert issubclass(callback.view_class, Endpoint)
    for route in ROUTES:
        assert route.verbs
        assert set(route.verbs) <= set(access.MAY) | {SIGNED_IN, ANY_ROLE}


def test_an_endpoint_without_a_verb_gets_no_url() -> None:
    class Careless(Decision):
        """A decision that forgot its right."""

    with pytest.raises(TypeError, match="names no verb"):
        Careless.as_view()
    routes = _routes("/", [URLPattern(RoutePattern("x"), lambda request: None)])
    with pytest.raises(TypeError, match="is no Endpoint"):
        list(routes)


def test_strangers_and_people_without_a_role_are_refused(town: Town) -> None:
    outsider, before = town.page("nobody"), JournalEntry.objects.count()
    for route in ROUTES:
        assert send(Page(), route.method, address(route)).status_code == 401, route
        expected = 200 if OPEN_TO_ALL & set(route.verbs) else 403
        assert send(outsider, route.method, address(route)).status_code == expected, route
    assert JournalEntry.objects.count() == before
    assert KeptDecision.objects.count() == 0


WHO = ["far", "neighbour", "officer2", "auditor", "admin", "taker", "video"]


@pytest.mark.parametrize("name", WHO)
def test_hidden_things_are_as_good_as_absent(town: Town, name: str) -> None:
    """What stands on another's ground, out of everybody else's sight, answers like a uid nobody ever made."""
    west = (WEST[0] - 0.005, WEST[1])
    incident = town.open_incident(point=west)["uid"]
    order = town.send_order(incident).body["uid"]
    call = town.page("desk").decide("calls", {"uid": new_uid(), "caller_number": "55512345"}).body["uid"]
    own = town.viewer(name)
    hidden = {"incidents": incident, "orders": order, "calls": call, "units": town.uid("P-12")}
    page = town.page(name)
    for route in ROUTES:
        noun = route.path.split("/")[3] if route.path.startswith("/api/v1/") else ""
        sees = noun in hidden and access.view_of(_audience(noun, hidden[noun]), own)
        audits = name == "auditor" and route.path.endswith("/history")
        if noun not in hidden or "<uuid:uid>" not in route.path or sees or audits:
            continue
        there = send(page, route.method, address(route, uid=hidden[noun]))
        absent = send(page, route.method, address(route))
        assert there.status_code in (400, 403, 404), route
        if route.path.endswith("/sign_on"):
            continue  # a unit off duty is on nobody's board; the body is judged after the right
        assert (there.status_code, there.content) == (absent.status_code, absent.content), route


def _audience(noun: str, uid: str) -> list[str]:
    from dispatch.models import Call, Incident, Order, Unit

    model = {"incidents": Incident, "orders": Order, "calls": Call, "units": Unit}[noun]
    return list(model.objects.get(uid=uid).audience)


def test_a_video_watcher_gets_no_callers_number(town: Town) -> None:
    town.page("desk").decide("calls", {"uid": new_uid(), "caller_number": "55512345"})
    assert "55512345" in town.page("taker").read("board").content.decode()
    assert "55512345" not in town.page("video").read("board").content.decode()
