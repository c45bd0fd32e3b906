# ruff: noqa: F811
"""Where units were, over the API: own ones anywhere, others on the ground only, nobody off duty."""

import json
import struct
from typing import Any

import pytest

from dispatch.actions import orders, units
from dispatch.actions.base import at_time
from dispatch.models import Unit
from geo.models import DutyInterval
from tests.cast import DEEP_HERE, HERE, THERE, Cast, built, cast  # noqa: F401
from tests.dispatch.api.test_replays import at, move, opened, time_body, tonight  # noqa: F401
from tests.dispatch.town import Page
from tests.geo.test_history import unzigzag


def tracks_of(page: Page, uid: str, part: int = 0) -> dict[str, Any]:
    """Return a part's head with each unit's points put back: [(fix_ms, received_ms, lon, lat), …] by call sign."""
    answer = page.get(f"/api/v1/replays/{uid}/tracks/{part}")
    assert answer.status_code == 200, answer.content
    raw = answer.content
    (size,) = struct.unpack_from("<I", raw)
    head = json.loads(raw[4 : 4 + size])
    columns, start = [], 4 + size
    for length in head["sizes"]:
        columns.append(raw[start : start + length])
        start += length
    assert start == len(raw)
    fix, lag, lon, lat = (unzigzag(column) for column in columns[:4])
    signs = {str(unit.uid): unit.call_sign for unit in Unit.objects.all()}
    out: dict[str, Any] = {}
    place = 0
    for unit in head["units"]:
        rows, sums = [], [head["base_ms"] // 100, 0, 0, 0]
        for row in range(place, place + unit["count"]):
            sums = [total + column[row] for total, column in zip(sums, (fix, lag, lon, lat), strict=True)]
            rows.append((sums[0] * 100, sums[0] * 100 + sums[1] * 100, sums[2] / 1e6, sums[3] / 1e6))
        place += unit["count"]
        out[signs[unit["unit"]]] = {**unit, "rows": rows}
    return out


def test_tracks_hold_own_units_anywhere_and_others_on_the_ground_only(cast: Cast, tonight: dict[str, Any]) -> None:
    far = (THERE[0] + 0.02, THERE[1])
    for minute in (6, 7, 8):
        move(cast.units["P-11"], minute, far if minute == 7 else DEEP_HERE, late_s=95 if minute == 8 else 0.3)
    for minute, point in ((6, THERE), (7, HERE), (8, DEEP_HERE), (9, THERE), (10, HERE)):
        move(cast.units["P-31"], minute, point)
    move(cast.units["P-21"], 6, THERE)
    page = Page(cast.people["supervisor"])
    replay = opened(page, time_body())
    tracks = tracks_of(page, replay["uid"])
    own, near = tracks["P-11"], tracks["P-31"]
    assert set(tracks) == {"P-11", "P-12", "P-31"}
    assert own["cards"] == []
    base = int(at(0).timestamp() * 1000)
    assert [(row[0] - base) // 60_000 for row in own["rows"]] == [6, 7, 8]
    assert [row[1] - row[0] for row in own["rows"]] == [300, 300, 95_000]
    assert own["rows"][1][2:] == pytest.approx(far, abs=1e-6)
    assert [(row[0] - base) // 60_000 for row in near["rows"]] == [7, 8, 10]
    assert [[(edge - base) // 60_000 for edge in span] for span in near["spans"]] == [[7, 9], [10, 25]]
    card = near["cards"][0][1]
    assert (card["call_sign"], card["incident"], card["reported_point"], card["reason"]) == ("P-31", None, None, "")
    raw = page.get(f"/api/v1/replays/{replay['uid']}/tracks/0").content
    assert cast.uid("P-21").hex.encode() not in raw.replace(b"-", b"")
    assert page.read(f"replays/{replay['uid']}/tracks/1").status_code == 404


def test_a_neighbour_s_unit_is_followed_while_it_was_ordered_here_and_no_longer(
    cast: Cast, tonight: dict[str, Any]
) -> None:
    with at_time(at(30)):
        urgent = cast.open(point=DEEP_HERE, level=1)
    with at_time(at(31)):
        order = cast.send(urgent, "P-31")
    with at_time(at(33)):
        orders.recall_order(actor=cast.viewer("desk"), uid=order.uid)
    for minute in (30, 31.5, 32, 34):
        move(cast.units["P-31"], minute, THERE)
    page = Page(cast.people["supervisor"])
    tracks = tracks_of(page, opened(page, time_body(29, 40))["uid"])
    base = int(at(0).timestamp() * 1000)
    assert [(row[0] - base) / 60_000 for row in tracks["P-31"]["rows"]] == [31.5, 32]


def test_off_duty_points_do_not_exist_and_the_last_one_before_opens_the_replay(
    cast: Cast, tonight: dict[str, Any]
) -> None:
    unit = cast.units["P-12"]
    for minute in (1, 4, 6, 15):
        move(unit, minute, HERE)
    with at_time(at(10)):
        units.sign_off(actor=cast.viewer("officer2"), unit_uid=unit.uid)
    assert DutyInterval.objects.get(tracker=unit.tracker_id).duty_to == at(10)
    page = Page(cast.people["supervisor"])
    track = tracks_of(page, opened(page, time_body())["uid"])["P-12"]
    base = int(at(0).timestamp() * 1000)
    assert [(row[0] - base) // 60_000 for row in track["rows"]] == [4, 6]
    assert [(edge - base) // 60_000 for edge in track["duty"][0]] == [-60, 10]


def test_a_unit_that_is_gone_since_is_still_there_then(cast: Cast, tonight: dict[str, Any]) -> None:
    from dispatch.actions.estate import put_unit

    unit = Unit.objects.get(pk=cast.units["P-12"].pk)
    move(unit, 6, HERE)
    units.sign_off(actor=cast.viewer("officer2"), unit_uid=unit.uid)
    put_unit(
        actor=cast.viewer("admin"), unit=Unit.objects.get(pk=unit.pk), centre=cast.centres["S3"], call_sign="P-12",
        kind="car", active=False,
    )  # fmt: skip
    page = Page(cast.people["supervisor"])
    replay = opened(page, time_body())
    board = page.read(f"replays/{replay['uid']}").body["board"]
    assert "P-12" in {card["call_sign"] for card in board["units"]}
    assert len(tracks_of(page, replay["uid"])["P-12"]["rows"]) == 1
