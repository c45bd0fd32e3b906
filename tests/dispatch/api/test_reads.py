"""What each endpoint that reads shows, and to whom it does not."""

from datetime import UTC, datetime

from geo.estate import put_camera
from geo.models import Area
from tests.dispatch.town import DEEP_EAST, WEST, Page, Town, new_uid


def test_board_has_what_the_desk_sees(town: Town) -> None:
    incident = town.open_incident()
    answer = town.page("desk").read("board")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    board = answer.body
    assert [card["uid"] for card in board["incidents"]] == [incident["uid"]]
    assert {card["call_sign"] for card in board["units"]} == {"P-12", "P-07"}
    assert board["me"]["person"]["name"]["en"] == "desk"
    assert board["n"] > 0


def test_me_tells_an_outsider_that_he_may_nothing(town: Town) -> None:
    me = town.page("nobody").read("me").body
    assert me["roles"] == []
    assert me["may"] == []
    assert town.page("nobody").read("board").status_code == 403


def test_strangers_are_sent_to_the_login(town: Town) -> None:
    answer = Page().read("board")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Session"
    assert answer.body == {"error": {"code": "not_signed_in", "facts": {}, "field": None}}


def test_house_lists(town: Town) -> None:
    page = town.page("officer")
    assert {card["code"] for card in page.read("centres").body} == {"CITY", "S1", "S2", "FAR"}
    assert {card["code"] for card in page.read("kinds").body} == {"robbery", "lost"}
    assert isinstance(page.read("thresholds").body["thresholds"], dict)


def test_dead_cameras_are_ones_own(town: Town) -> None:
    noon = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
    for code, centre, status in (("C-1", "S1", "offline"), ("C-2", "S1", "online"), ("C-3", "S2", "offline")):
        area = Area.objects.get(code=centre)
        put_camera(code=code, area=area, point=WEST, at=noon, kind="fixed", status=status)
    desk, city = (town.page(name).read("cameras/dead").body for name in ("desk", "chief"))
    assert (desk["count"], [camera["code"] for camera in desk["cameras"]]) == (1, ["C-1"])
    assert city["count"] == 2
    officer = town.page("officer").read("cameras/dead").body
    assert (officer["count"], officer["cameras"]) == (0, [])
    put_camera(code="C-4", area=Area.objects.get(code="S1"), point=WEST, at=noon, kind="fixed", status="offline")
    assert town.page("desk").read("cameras/dead").body["version"] != desk["version"]
    assert town.page("auditor").read("cameras/dead").status_code == 403


def test_what_was_closed_lately_can_be_called_back_and_opened_again(town: Town) -> None:
    desk, supervisor = town.page("desk"), town.page("supervisor")
    call = {"uid": new_uid(), "caller_number": "13800001234", "caller_name": "Ana", "point": list(WEST)}
    assert desk.decide("calls", call).status_code == 201
    incident = town.open_incident(call=call["uid"])
    town.open_incident()
    assert supervisor.decide(f"incidents/{incident['uid']}/close", {"reason": "settled"}).status_code == 200
    [closed] = desk.read("incidents/closed").body["incidents"]
    assert (closed["number"], closed["close_reason"], closed["result"]) == (incident["number"], "settled", "")
    assert [(one["name"], one["number"]) for one in closed["callers"]] == [("Ana", "13800001234")]
    said = {"uid": new_uid(), "result": "satisfied", "text": "thanks"}
    assert desk.decide(f"incidents/{incident['uid']}/call_back", said).status_code == 201
    [closed] = town.page("chief").read("incidents/closed").body["incidents"]
    assert (closed["result"], closed["called_back_at"] is not None) == ("satisfied", True)
    assert town.page("far").read("incidents/closed").body["incidents"] == []
    assert town.page("neighbour").read("incidents/closed").body["incidents"] == []
    for name in ("officer", "auditor", "video", "nobody"):
        assert town.page(name).read("incidents/closed").status_code == 403
    assert supervisor.decide(f"incidents/{incident['uid']}/reopen", {"cause": "they are back"}).status_code == 200
    assert desk.read("incidents/closed").body["incidents"] == []


def test_units_are_those_of_the_viewer(town: Town) -> None:
    assert {card["call_sign"] for card in town.page("desk").read("units").body} == {"P-12", "P-07"}
    assert {card["call_sign"] for card in town.page("chief").read("units").body} == {"P-12", "P-07", "P-31"}
    assert {card["call_sign"] for card in town.page("officer").read("units").body} == {"P-12"}


def test_roster_offers_free_units_and_people_without_police_numbers(town: Town) -> None:
    answer = town.page("partner").read("roster")
    assert {card["call_sign"] for card in answer.body["units"]} == {"P-07"}
    people = {line["name"]["en"]: line for line in answer.body["people"]}
    assert people["officer"]["unit"] == "P-12"
    assert people["partner"]["unit"] == ""
    assert "officer2" not in people
    assert "0officer" not in answer.content.decode()
    assert [card["code"] for card in answer.body["posts"]] == ["K-1"]
    assert town.page("auditor").read("roster").status_code == 403


def test_incident_file_holds_its_parts_and_an_etag(town: Town) -> None:
    incident = town.open_incident()
    order = town.send_order(incident["uid"]).body
    answer = town.page("desk").read(f"incidents/{incident['uid']}")
    assert answer.headers["ETag"] == f'"{answer.body["incident"]["version"]}"'
    assert [card["uid"] for card in answer.body["orders"]] == [order["uid"]]


def test_hidden_and_unknown_look_the_same(town: Town) -> None:
    incident = town.open_incident()
    hidden = town.page("far").read(f"incidents/{incident['uid']}")
    unknown = town.page("far").read("incidents/0199c1f0-0000-7000-8000-000000000000")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.body == unknown.body


def test_neighbour_sees_on_his_ground_without_the_words(town: Town) -> None:
    incident = town.open_incident("chief", DEEP_EAST, centre=town.uid("CITY"), remark="armed", hazards="knife")
    card = town.page("neighbour").read(f"incidents/{incident['uid']}").body["incident"]
    assert card["remark"] is None
    assert card["hazards"] is None
    assert card["place"] == "Bridge"


def test_history_is_redacted_paged_and_leaves_a_trace(town: Town) -> None:
    incident = town.open_incident(remark="first")
    page = town.page("desk")
    first = page.read(f"incidents/{incident['uid']}/history").body
    kinds = [entry["kind"] for entry in first["entries"]]
    assert kinds[0] == "incident.opened"
    assert first["next"] is None
    again = page.read(f"incidents/{incident['uid']}/history?limit=1").body
    assert len(again["entries"]) == 1
    assert again["next"] == again["entries"][0]["n"]
    audited = town.page("auditor").read(f"incidents/{incident['uid']}/history").body
    assert [entry["kind"] for entry in audited["entries"]].count("history.read") == 3
    assert town.page("far").read(f"incidents/{incident['uid']}/history").status_code == 404
    assert town.page("officer").read(f"incidents/{incident['uid']}/history").status_code == 403


def test_bad_query_parameters_are_named(town: Town) -> None:
    page = town.page("auditor")
    assert page.read("views?limit=0").body["error"]["field"] == "limit"
    assert page.read("views?before=abc").body["error"]["field"] == "before"
    assert page.read("views?person=x").body["error"]["field"] == "person"
    assert page.read("views?nonsense=1").body["error"]["field"] == "nonsense"
    assert page.read("views?camera=%00").status_code == 400


def test_addresses_that_lead_nowhere_answer_in_the_error_shape(town: Town) -> None:
    for path in (
        "nothing",
        "incidents/not-a-uuid",
        "incidents/0199C1F0-0000-7000-8000-000000000000",
        "calls/%0A/leave",
    ):
        answer = town.page("desk").read(path)
        assert answer.status_code == 404
        assert answer.body["error"]["code"] == "not_found"


def test_healthz_reaches_the_database(town: Town) -> None:
    assert town.page("desk").get("/healthz").content == b"ok"
