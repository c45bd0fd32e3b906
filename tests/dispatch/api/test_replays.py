# ruff: noqa: F811
"""Opening and reading replays over the API: who may, what is journalled, what never leaves the server."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.utils import timezone

from dispatch.actions import orders
from dispatch.actions.base import at_time
from dispatch.actions.journal import erase_payloads
from dispatch.actions.people import end_role
from dispatch.actions.purposes import grant_look
from dispatch.models import Assignment, JournalEntry, Unit
from dispatch.queries import replay_tracks
from geo import trackers
from geo.fixes import Fix
from geo.intake import Taken, store
from geo.models import Camera
from tests.cast import DEEP_HERE, HERE, NIGHT, SETUP, THERE, WORKER, Cast, built, cast  # noqa: F401
from tests.dispatch.town import Page

WHY = "complaint about the time it took"


def at(minute: float) -> Any:
    return NIGHT + timedelta(minutes=minute)


@pytest.fixture
def tonight(cast: Cast) -> dict[str, Any]:
    """An incident deep in S1 that P-11 was sent to, over in ten minutes; trackers on all four units."""
    for unit in cast.units.values():
        unit.refresh_from_db()
        unit.tracker, _ = trackers.enrol(label=unit.call_sign, area=unit.centre.area, at=at(-60))
        unit.save()
        trackers.begin_duty(unit.tracker, at=at(-60))
    with at_time(at(10)):
        incident = cast.open(point=DEEP_HERE, remark="he is armed")
        cast.suggest(incident, "P-11", "P-12")
    with at_time(at(11)):
        order = cast.send(incident, "P-11")
    with at_time(at(20)):
        orders.recall_order(actor=cast.viewer("desk"), uid=order.uid)
        from dispatch.actions.incidents import close_incident

        close_incident(actor=cast.viewer("supervisor"), uid=incident.uid, reason="over")
    return {"incident": incident, "order": order}


def move(unit: Unit, minute: float, point: tuple[float, float], *, late_s: float = 0.3) -> None:
    fix_at = at(minute)
    fix = Fix(
        tracker_id=unit.tracker_id, lon=point[0], lat=point[1], fix_at=fix_at, speed_mps=8.0, heading_deg=90.0,
        received_at=fix_at + timedelta(seconds=late_s),
    )  # fmt: skip
    store(Taken(results=[fix], kept=[fix], last={}))


def time_body(begin: float = 5, end: float = 25, **more: Any) -> dict[str, Any]:
    return {"begins": at(begin).isoformat(), "ends": at(end).isoformat(), "reason": WHY, **more}


def opened(page: Page, body: dict[str, Any]) -> dict[str, Any]:
    answer = page.decide("replays", body)
    assert answer.status_code == 201, answer.content
    return answer.body


@pytest.mark.parametrize(
    "name", ["desk", "taker", "video", "neighbour", "outsider", "officer", "auditor", "admin", "nobody", "double"]
)
def test_who_may_not_replay_opens_nothing_and_leaves_no_trace(cast: Cast, tonight: dict[str, Any], name: str) -> None:
    mine = opened(Page(cast.people["supervisor"]), {"incident": str(tonight["incident"].uid)})
    before, page = JournalEntry.objects.count(), Page(cast.people[name])
    for body in (time_body(), {"incident": str(tonight["incident"].uid)}):
        assert page.decide("replays", body).status_code == 403
    for path in ("incidents", mine["uid"], f"{mine['uid']}/entries", f"{mine['uid']}/tracks/0"):
        assert page.read(f"replays/{path}").status_code == 403
    assert JournalEntry.objects.count() == before


def test_a_replay_is_its_opener_s_and_of_his_ground_only(cast: Cast, tonight: dict[str, Any]) -> None:
    from dispatch.actions.people import grant_role

    for person, centre in (("neighbour", "S2"), ("outsider", "S3")):
        grant_role(actor=SETUP, person_uid=cast.uid(person), role="supervisor", centre_uid=cast.uid(centre))
    mine = opened(Page(cast.people["supervisor"]), {"incident": str(tonight["incident"].uid)})
    for name in ("neighbour", "outsider", "chief"):
        page = Page(cast.people[name])
        for path in ("", "/entries", "/tracks/0"):
            assert page.read(f"replays/{mine['uid']}{path}").status_code == 404
    for name in ("neighbour", "outsider"):
        page = Page(cast.people[name])
        assert page.decide("replays", {"incident": str(tonight["incident"].uid)}).body["error"]["code"] == "not_found"
        other = opened(page, time_body())
        told = page.get(f"/api/v1/replays/{other['uid']}/entries").content
        head = page.get(f"/api/v1/replays/{other['uid']}").content
        for secret in (str(tonight["incident"].uid), "he is armed", tonight["incident"].number):
            assert secret.encode() not in told + head
        assert page.read("replays/incidents").body["incidents"] == []


def test_opening_is_journalled_for_the_auditor_before_anything_is_served(cast: Cast, tonight: dict[str, Any]) -> None:
    page = Page(cast.people["supervisor"])
    assert page.read(f"replays/{tonight['incident'].uid}").status_code == 404
    replay = opened(page, {"incident": str(tonight["incident"].uid), "reason": WHY})
    entry = JournalEntry.objects.get(kind="replay.opened")
    assert entry.subject == f"replay:{replay['uid']}"
    assert {f"role:auditor@{cast.areas['CITY'].pk}", f"role:supervisor@{cast.areas['S1'].pk}"} <= set(entry.audience)
    assert not any(key.startswith(("area:", "ground:", "unit:")) for key in entry.audience)
    listed = Page(cast.people["auditor"]).read("replays").body["replays"]
    assert [(one["reason"], one["incident_number"], one["person"]["name"]) for one in listed] == [
        (WHY, tonight["incident"].number, "supervisor")
    ]
    assert [one["mine"] for one in page.read("replays").body["replays"]] == [True]
    assert Page(cast.people["chief"]).read("replays").body["replays"] == []
    for name in ("desk", "outsider", "officer", "admin"):
        assert Page(cast.people[name]).read("replays").status_code == 403


def test_the_same_key_opens_once(cast: Cast) -> None:
    page, key = Page(cast.people["supervisor"]), "01900000-0000-7000-8000-00000000000a"
    first = page.decide("replays", time_body(), key=key)
    again = page.decide("replays", time_body(), key=key)
    assert (first.body["uid"], JournalEntry.objects.filter(kind="replay.opened").count()) == (again.body["uid"], 1)


def test_an_incident_s_own_time_and_the_whole_story(cast: Cast, tonight: dict[str, Any]) -> None:
    page = Page(cast.people["supervisor"])
    replay = opened(page, {"incident": str(tonight["incident"].uid)})
    assert (replay["begins"], replay["ends"]) == (
        at(9).isoformat().replace("+00:00", "Z"),
        at(21).isoformat().replace("+00:00", "Z"),
    )
    head = page.read(f"replays/{replay['uid']}").body
    assert head["board"]["me"]["may"] == []
    assert head["board"]["incidents"] == []
    assert {unit["call_sign"] for unit in head["board"]["units"]} == {"P-11", "P-12"}
    assert head["board"]["n"] == replay["after_n"]
    told = page.read(f"replays/{replay['uid']}/entries").body
    kinds = [event["kind"] for event in told["entries"]]
    assert [kind for kind in kinds if "reveal" not in kind and "unit" not in kind] == [
        "incident.opened", "incident.suggested", "order.sent", "order.recalled", "incident.closed",
    ]  # fmt: skip
    numbers = [event["n"] for event in told["entries"]]
    assert numbers == sorted(numbers)
    assert replay["after_n"] < numbers[0]
    assert numbers[-1] <= replay["last_n"]
    assert told["next"] is None


def test_entries_come_in_pages(cast: Cast, tonight: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.queries.replay_entries.PAGE", 2)
    page = Page(cast.people["supervisor"])
    replay = opened(page, time_body())
    whole, after = [], 0
    while after is not None:
        answer = page.read(f"replays/{replay['uid']}/entries?after={after}").body
        whole += [event["n"] for event in answer["entries"]]
        after = answer["next"]
    assert len(whole) == len(set(whole)) > 5
    assert page.read(f"replays/{replay['uid']}/entries?after=-1").status_code == 400
    assert page.read(f"replays/{replay['uid']}/entries?n=1").status_code == 400


@pytest.mark.parametrize(
    ("body", "code", "why"),
    [
        ({}, "no_purpose", None),
        ({"reason": "short"}, "no_purpose", None),
        ({"reason": WHY}, "replay_window", "missing"),
        (time_body(25, 5), "replay_window", "order"),
        (time_body(5, 5), "replay_window", "order"),
        (time_body(0, 6 * 60 + 1), "replay_window", "too_long"),
        (time_body(-9_000_000, -8_999_999), "replay_window", "before_journal"),
        ({"begins": "2099-01-01T00:00:00Z", "ends": "2099-01-01T01:00:00Z", "reason": WHY}, "replay_window", "future"),
        ({"begins": "2024-03-11T21:00:00", "ends": "2024-03-11T22:00:00", "reason": WHY}, "bad_input", "type"),
        (time_body(reason="x" * 301), "too_long", None),
        (time_body(incident="01900000-0000-7000-8000-000000000001"), "not_found", None),
        (time_body(incident="drop table"), "bad_input", "type"),
        (time_body(purpose="none"), "bad_input", "unknown_field"),
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_replayed_is_refused_by_name(
    cast: Cast, body: dict[str, Any], code: str, why: str
) -> None:
    answer = Page(cast.people["supervisor"]).decide("replays", body)
    assert answer.body["error"]["code"] == code, answer.body
    assert answer.body["error"]["facts"].get("why") == why
    assert not JournalEntry.objects.filter(kind="replay.opened").exists()


def test_more_than_one_replay_holds_is_refused(
    cast: Cast, tonight: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(cast.people["supervisor"])
    monkeypatch.setattr("dispatch.actions.replays.MOST_ENTRIES", 2)
    assert page.decide("replays", time_body()).body["error"]["code"] == "replay_too_big"
    monkeypatch.undo()
    replay = opened(page, time_body())
    monkeypatch.setattr(replay_tracks, "MOST_POINTS", 0)
    move(cast.units["P-11"], 12, HERE)
    assert page.read(f"replays/{replay['uid']}/tracks/0").body["error"]["code"] == "replay_too_big"


def test_a_time_before_the_journal_begins_where_it_begins(cast: Cast) -> None:
    page = Page(cast.people["supervisor"])
    replay = opened(page, time_body(-30, 5))
    head = page.read(f"replays/{replay['uid']}").body
    assert (replay["after_n"], head["board"]["units"]) == (0, [])
    assert head["journal_begins_at"].startswith("2024-03-11T21:00:00")
    told = page.read(f"replays/{replay['uid']}/entries").body["entries"]
    assert {"unit.changed", "unit.signed_on"} <= {event["kind"] for event in told}


def test_rights_of_now_count_at_every_page(cast: Cast, tonight: dict[str, Any]) -> None:
    page = Page(cast.people["supervisor"])
    replay = opened(page, time_body())
    role = Assignment.objects.get(person=cast.people["supervisor"], role="supervisor")
    end_role(actor=cast.viewer("admin"), assignment_uid=role.uid)
    for path in ("", "/entries", "/tracks/0"):
        assert page.read(f"replays/{replay['uid']}{path}").status_code == 403


def test_another_centre_needs_another_opening(cast: Cast, tonight: dict[str, Any]) -> None:
    from dispatch.actions.people import grant_role

    page = Page(cast.people["supervisor"])
    replay = opened(page, time_body())
    grant_role(actor=SETUP, person_uid=cast.uid("supervisor"), role="supervisor", centre_uid=cast.uid("S3"))
    assert page.read(f"replays/{replay['uid']}").body["error"]["code"] == "replay_over"
    again = opened(page, time_body())
    units_then = page.read(f"replays/{again['uid']}").body["board"]["units"]
    assert {card["call_sign"] for card in units_then} == {"P-11", "P-12", "P-31"}
    heard = JournalEntry.objects.get(subject=f"replay:{again['uid']}").audience
    assert f"role:supervisor@{cast.areas['S3'].pk}" in heard


def test_a_call_written_down_late_does_not_push_its_incident_out_of_the_time(
    cast: Cast, tonight: dict[str, Any]
) -> None:
    from dispatch.models import Incident

    Incident.objects.filter(pk=tonight["incident"].pk).update(received_at=at(-3 * 24 * 60))
    replay = opened(Page(cast.people["supervisor"]), {"incident": str(tonight["incident"].uid)})
    assert (replay["begins"][:16], replay["ends"][:16]) == ("2024-03-11T20:09", "2024-03-11T21:21")


def test_a_replay_of_yesterday_must_be_opened_again(cast: Cast) -> None:
    page = Page(cast.people["supervisor"])
    with at_time(timezone.now() - timedelta(hours=13)):
        replay = opened(page, time_body())
    assert page.read(f"replays/{replay['uid']}").body["error"]["code"] == "replay_over"
    fresh = opened(page, time_body())
    erase_payloads(actor=WORKER, retention="view", before=timezone.now() + timedelta(days=1), rule="test")
    assert page.read(f"replays/{fresh['uid']}").body["error"]["code"] == "replay_over"
    assert [one["erased"] for one in page.read("replays").body["replays"]] == [True, True]


def test_own_people_s_looks_through_others_cameras_are_told_to_their_supervisor_only(
    cast: Cast, tonight: dict[str, Any]
) -> None:
    camera = Camera.objects.create(
        code="C-2", name="C-2", area=cast.areas["S2"], point=f"SRID=4326;POINT({HERE[0]} {HERE[1]})", kind="fixed",
        consent="granted", status="online", placed_at=at(-60),
    )  # fmt: skip
    with at_time(at(12)):
        grant_look(
            actor=cast.viewer("desk"), camera_uid=camera.uid, purpose={"kind": "reason", "text": "checking the square"}
        )

    def looks(name: str) -> list[str]:
        page = Page(cast.people[name])
        told = page.read(f"replays/{opened(page, time_body())['uid']}/entries").body["entries"]
        return [event["data"]["camera_code"] for event in told if event["kind"] == "camera.viewed"]

    assert looks("supervisor") == ["C-2"]
    assert looks("chief") == []


def test_who_left_is_nobody_s_own_any_more(cast: Cast, tonight: dict[str, Any]) -> None:
    """A look is overseen where its person worked when he looked, not wherever he was before or went after."""
    from dispatch.actions.people import grant_role

    camera = Camera.objects.create(
        code="C-3", name="C-3", area=cast.areas["S3"], point=f"SRID=4326;POINT({THERE[0]} {THERE[1]})", kind="fixed",
        consent="granted", status="online", placed_at=at(-60),
    )  # fmt: skip
    for person, centre in (("outsider", "S1"), ("desk", "S3")):
        with at_time(at(20.5)):
            grant_role(actor=SETUP, person_uid=cast.uid(person), role="dispatcher", centre_uid=cast.uid(centre))
    for person, place, begins, ends in (("outsider", "S1", -600, -60), ("desk", "S1", -600, 23)):
        held = Assignment.objects.filter(person=cast.people[person], centre=cast.centres[place])
        held.update(valid_from=at(begins), valid_until=at(ends))
    for person, minute in (("outsider", 21), ("desk", 22), ("desk", 24)):
        with at_time(at(minute)):
            grant_look(
                actor=cast.viewer(person),
                camera_uid=camera.uid,
                purpose={"kind": "reason", "text": f"square, {person}"},
            )
    page = Page(cast.people["supervisor"])
    told = page.read(f"replays/{opened(page, time_body())['uid']}/entries").body["entries"]
    looks = [(event["data"]["person_name"], event["at"][14:16]) for event in told if event["kind"] == "camera.viewed"]
    assert looks == [("desk", "22")]


def test_incidents_to_choose_from(cast: Cast, tonight: dict[str, Any]) -> None:
    with at_time(at(40)):
        other = cast.open(kind="lost", level=3)
    page = Page(cast.people["supervisor"])
    number = tonight["incident"].number

    def ask(query: str = "") -> list[str]:
        return [one["number"] for one in page.read(f"replays/incidents{query}").body["incidents"]]

    assert ask() == [other.number, number]
    assert ask(f"?number={number[-4:]}") == [number]
    assert ask("?kind=lost") == [other.number]
    assert ask("?day=2024-03-11") == [other.number, number]
    assert ask("?day=2024-03-12") == []
    first = page.read("replays/incidents?limit=1").body
    assert [
        one["number"] for one in page.read(f"replays/incidents?limit=1&before={first['next']}").body["incidents"]
    ] == [number]
    for bad in ("?day=tomorrow", "?before=now", "?limit=0", "?who=me"):
        assert page.read(f"replays/incidents{bad}").status_code == 400
    assert msgspec.json.encode(page.read("replays/incidents").body).count(b"he is armed") == 0
