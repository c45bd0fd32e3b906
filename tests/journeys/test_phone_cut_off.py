"""Networks and sessions that leave the phone: no socket lives, a tunnel, a session ended elsewhere, a second phone, the next order at once."""

import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Response, expect

from tests.journeys.desk import Desk
from tests.journeys.ground import Ground
from tests.journeys.people import Room, until
from tests.journeys.phone import Phone
from tests.journeys.stack import Stack
from tests.journeys.test_phone_bad_network import KEPT, READY, state_of

pytestmark = pytest.mark.journey
PLACE, NEXT = "Cut-off corner", "Second corner"
PAGES = """caches.keys().then((names) => Promise.all(names.map(async (name) => (await (await caches.open(name)).keys())
  .map((one) => new URL(one.url).pathname)))).then((all) => all.flat().filter((path) => path === '/officer').length)"""


@pytest.fixture
def desk(room: Room, stack: Stack) -> Iterator[Desk]:
    """The dispatcher of the first station; he speaks to the server without looking at his screen."""
    seated = room.seat(stack.pair()[0], kind=Desk, webgl=False)
    seated.end_all()
    yield seated
    seated.end_all()


def seat(room: Room, stack: Stack, ground: Ground, *, form: bool = False) -> Phone:
    """Return a phone of the officer on duty at the first station, with a service worker, not opened yet."""
    officer = stack.officer_of(stack.pair()[0])
    assert officer
    return room.seat(officer, size=(390, 844), at=ground.near, kind=Phone, workers=True, webgl=False, form=form)  # type: ignore[no-any-return]


def send(desk: Desk, phone: Phone, ground: Ground, place: str = PLACE) -> str:
    """Open an incident and order the phone's unit there; return the order's uid once it is on the screen."""
    incident, order = str(uuid.uuid4()), str(uuid.uuid4())
    kind = next(kind["code"] for kind in desk.board()["kinds"] if kind["level"] == 1)
    desk.post("/incidents", {"uid": incident, "kind": kind, "point": ground.border, "place": place})
    target = {"kind": "unit", "uid": desk.unit(phone.call_sign)["uid"]}
    desk.post("/orders", {"uid": order, "incident": incident, "target": target})
    return order


def test_where_no_socket_lives_the_order_comes_by_asking(room: Room, stack: Stack, desk: Desk, ground: Ground) -> None:
    phone = seat(room, stack, ground)
    phone.context.route_web_socket("**/ws", lambda socket: socket.close())
    phone.live()
    expect(phone.page.get_by_text("asked for every 5 s")).to_be_visible()
    order = send(desk, phone, ground)
    expect(phone.page.get_by_text(PLACE)).to_be_visible(timeout=12_000)
    expect(phone.page.get_by_text("No network")).to_have_count(0)
    phone.press("Accept")
    until("accepted", lambda: state_of(desk, order) == "accepted", page=phone.page)
    expect(phone.page.locator(".rep")).to_contain_text("the desk has it")


def taken(answers: list[Response]) -> dict[float, str]:
    """Return what the server said of each fix that it was sent, by its longitude."""
    said: dict[float, str] = {}
    for answer in answers:
        fixes = answer.request.post_data_json["fixes"]
        lines = answer.json()["results"]
        said |= {round(fix["lon"], 4): line["result"] for fix, line in zip(fixes, lines, strict=True)}
    return said


def test_what_a_tunnel_kept_is_filled_in_afterwards_also_by_the_next_page(
    room: Room, stack: Stack, desk: Desk, ground: Ground
) -> None:
    phone = seat(room, stack, ground).live()
    send(desk, phone, ground)
    expect(phone.page.get_by_text(PLACE)).to_be_visible()
    until("the shell is kept", lambda: phone.page.evaluate(READY), page=phone.page)
    until("the order is kept", lambda: PLACE in phone.page.evaluate(KEPT), page=phone.page)
    phone.go_offline()
    expect(phone.page.locator(".share")).to_contain_text("kept on phone")
    lon, lat = ground.near
    for step in range(1, 7):
        if step == 4:
            phone.page.reload()
            expect(phone.page.get_by_text(PLACE).first).to_be_visible()
            expect(phone.page.locator(".share")).to_contain_text("kept on phone")
        phone.context.set_geolocation({"longitude": lon + step / 10_000, "latitude": lat, "accuracy": 8})
        phone.page.wait_for_timeout(1100)
    answers: list[Response] = []
    phone.page.on("response", lambda answer: answers.append(answer) if answer.url.endswith("/intake") else None)
    phone.go_online()
    wanted = {round(lon + step / 10_000, 4) for step in range(1, 7)}
    until("every place of the tunnel arrived", lambda: wanted <= set(taken(answers)), page=phone.page)
    assert {taken(answers)[place] for place in wanted} <= {"stored", "flagged", "duplicate"}
    expect(phone.page.locator(".share.free")).to_be_visible()


def test_a_session_ended_elsewhere_leaves_nothing_on_the_phone(
    room: Room, stack: Stack, desk: Desk, ground: Ground
) -> None:
    phone = seat(room, stack, ground, form=True).live()
    send(desk, phone, ground)
    expect(phone.page.get_by_text(PLACE)).to_be_visible()
    until("the shell is kept", lambda: phone.page.evaluate(READY), page=phone.page)
    until(
        "order and page are kept",
        lambda: PLACE in phone.page.evaluate(KEPT) and phone.page.evaluate(PAGES) == 1,
        page=phone.page,
    )
    cookies = {cookie["name"]: cookie["value"] for cookie in phone.context.cookies()}
    headers = {"X-CSRFToken": cookies["csrftoken"], "Origin": stack.origin, "Referer": f"{stack.origin}/account/"}
    assert phone.context.request.post(f"{stack.origin}/accounts/logout/", headers=headers).ok
    phone.page.wait_for_url("**/accounts/login/**")
    room.sessions.pop(phone.login.login, None)
    assert PLACE not in phone.page.evaluate(KEPT)
    assert phone.page.evaluate(PAGES) == 0
    phone.go_offline()
    with pytest.raises(Exception, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        phone.open("/officer")


def test_two_phones_of_one_unit_agree_and_one_of_them_shares(
    room: Room, stack: Stack, desk: Desk, ground: Ground
) -> None:
    first = seat(room, stack, ground).live()
    second = seat(room, stack, ground).live()
    expect(first.page.locator(".share")).to_contain_text("this phone was replaced")
    order = send(desk, second, ground)
    for phone in (first, second):
        expect(phone.page.get_by_text(PLACE)).to_be_visible()
    first.press("Accept")
    expect(second.verb).to_contain_text("En route")
    # What a colleague's phone does to the order takes no half-written word away.
    first.page.get_by_role("button", name="Note", exact=True).click()
    first.page.get_by_label("In words").fill("grey jacket, half a wo")
    second.press("En route")
    until("left", lambda: state_of(desk, order) == "en_route", page=first.page)
    expect(second.page.locator(".rep")).to_contain_text("the desk has it")
    expect(first.page.get_by_label("In words")).to_have_value("grey jacket, half a wo")
    first.page.get_by_role("button", name="Back", exact=True).click()
    expect(first.verb).to_contain_text("On scene")


def test_the_next_order_does_not_hide_how_the_last_one_ended(
    room: Room, stack: Stack, desk: Desk, ground: Ground
) -> None:
    phone = seat(room, stack, ground).live()
    order = send(desk, phone, ground)
    phone.press("Accept")
    until("accepted", lambda: state_of(desk, order) == "accepted", page=phone.page)
    phone.go_offline()
    desk.post(f"/orders/{order}/recall")
    send(desk, phone, ground, NEXT)
    phone.go_online()
    expect(phone.page.locator("h1 + .pl")).to_have_text(NEXT)
    said = phone.page.get_by_role("alert").filter(has_text="The desk recalled this order")
    expect(said).to_contain_text(PLACE)
    said.get_by_role("button", name="Understood").click()
    expect(said).to_have_count(0)
    expect(phone.verb).to_contain_text("Accept")
