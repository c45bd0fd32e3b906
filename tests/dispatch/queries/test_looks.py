"""The auditor's list: what belongs together is one line, nothing is left out, days are those of his own centre."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dispatch import access
from dispatch.actions import people, purposes
from dispatch.actions.base import at_time
from dispatch.actions.journal import erase_payloads
from dispatch.errors import DispatchError
from dispatch.models import Incident, JournalEntry
from dispatch.queries.cameras import list_views
from dispatch.queries.looks import Look, LooksPage, get_looks
from geo.estate import put_camera
from geo.models import Camera
from tests.cast import HERE, SETUP, Cast

EVENING = datetime(2026, 3, 11, 23, 50, tzinfo=UTC)  # 20:50 in the centre's zone
STEPS_A_PICTURE = 3


@pytest.fixture
def cameras(cast: Cast) -> dict[str, Camera]:
    """Two cameras of S1; the first may be looked through, the second may not."""
    given = {"area": cast.areas["S1"], "point": HERE, "at": EVENING, "kind": "fixed"}
    return {
        code: put_camera(code=code, consent=consent, **given)[0]
        for code, consent in (("CAM-1", "granted"), ("CAM-2", "none"))
    }


def look(cast: Cast, camera: Camera, incident: Incident, second: float, who: str = "desk", outcome: str = "ok") -> None:
    """Ask for one picture `second` seconds after EVENING, and fetch it when it is granted."""
    actor, purpose = cast.viewer(who), {"kind": "incident", "uid": str(incident.uid)}
    with at_time(EVENING + timedelta(seconds=second)):
        grant = purposes.grant_look(actor=actor, camera_uid=camera.uid, purpose=purpose)
        if not grant.outcome:
            purposes.use_grant(actor=actor, grant_uid=grant.uid, camera_uid=camera.uid)
            purposes.note_outcome(actor=actor, grant_uid=grant.uid, outcome=outcome)


def page(cast: Cast, limit: int = 50, **asked: Any) -> LooksPage:
    return get_looks(cast.viewer("auditor"), limit=limit, **asked)


def told(looks: list[Look]) -> list[tuple[str, str, int, int, int]]:
    return [
        (one.person.name.name if one.person else "", one.camera_code, one.shown, one.refused, one.failed)
        for one in looks
    ]


def test_a_tile_that_is_open_for_a_while_is_one_line(cast: Cast, cameras: dict[str, Camera]) -> None:
    incident = cast.open()
    for turn in range(10):
        look(cast, cameras["CAM-1"], incident, 8 * turn)
        look(cast, cameras["CAM-1"], incident, 8 * turn + 1, who="desk2")
    look(cast, cameras["CAM-2"], incident, 90)
    assert told(page(cast).looks) == [
        ("desk", "CAM-2", 0, 1, 0),
        ("desk2", "CAM-1", 10, 0, 0),
        ("desk", "CAM-1", 10, 0, 0),
    ]
    first = page(cast).looks[-1]
    assert (first.first_at, first.last_at) == (EVENING, EVENING + timedelta(seconds=72))
    assert first.incident_number == incident.number
    assert page(cast).looks[0].trouble == "no_consent"
    assert JournalEntry.objects.filter(kind="camera.viewed").count() == 20 * STEPS_A_PICTURE + 1


def test_a_pause_ends_a_look_and_so_does_another_purpose(cast: Cast, cameras: dict[str, Camera]) -> None:
    one, other = cast.open(), cast.open()
    for incident, second in ((one, 0), (one, 299), (one, 700), (other, 701)):
        look(cast, cameras["CAM-1"], incident, second, outcome="camera_offline" if second == 700 else "ok")
    lines = page(cast).looks
    assert [(line.shown, line.failed, line.trouble) for line in lines] == [
        (1, 0, ""), (0, 1, "camera_offline"), (2, 0, ""),
    ]  # fmt: skip


def test_pages_go_on_where_the_last_ended_and_lose_nothing(cast: Cast, cameras: dict[str, Camera]) -> None:
    """Looks that overlap, over several days: every one stands on exactly one page."""
    incidents = [cast.open() for _ in range(3)]
    for day in range(3):
        for turn in range(4):
            for place, incident in enumerate(incidents):
                look(cast, cameras["CAM-1"], incident, 86_400 * day + 8 * turn + place)
    found: list[Look] = []
    asked: dict[str, Any] = {}
    for _ in range(20):
        got = page(cast, limit=2, **asked)
        found += got.looks
        if got.next is None:
            break
        asked = {"before": got.next}
    assert [line.shown for line in found] == [4] * 9
    assert [line.n for line in found] == sorted((line.n for line in found), reverse=True)
    assert found == page(cast).looks


def test_a_day_is_one_of_the_auditors_own_centre(cast: Cast, cameras: dict[str, Camera]) -> None:
    incident = cast.open()
    for second in (0, 4 * 3600):  # 20:50 and 00:50 local
        look(cast, cameras["CAM-1"], incident, second)
    assert [len(page(cast, day=date(2026, 3, day)).looks) for day in (10, 11, 12, 13)] == [0, 1, 1, 0]


def test_filters_and_names_in_both_languages(cast: Cast, cameras: dict[str, Camera]) -> None:
    incident = cast.open()
    people.put_person(actor=SETUP, username="desk", home=cast.uid("S1"), name="高静", name_en="Gao Jing")
    look(cast, cameras["CAM-1"], incident, 0)
    look(cast, cameras["CAM-2"], incident, 1, who="desk2")
    assert told(page(cast, camera="am-2").looks) == [("desk2", "CAM-2", 0, 1, 0)]
    only = page(cast, person=cast.uid("desk")).looks
    assert [(line.person.name.zh, line.person.name.en) for line in only if line.person] == [("高静", "Gao Jing")]
    assert page(cast, camera="nothing").looks == []


def test_what_a_rule_erased_is_still_counted_as_a_look(cast: Cast, cameras: dict[str, Camera]) -> None:
    incident = cast.open()
    look(cast, cameras["CAM-1"], incident, 0)
    erase_payloads(actor=access.system("worker"), retention="view", before=EVENING + timedelta(days=1), rule="view 1 d")
    line = page(cast).looks[0]
    assert (line.erased, line.person, line.camera_code) == (True, None, "")


def test_each_step_of_a_look_can_be_read(cast: Cast, cameras: dict[str, Camera]) -> None:
    incident = cast.open()
    for second in range(0, 40, 8):
        look(cast, cameras["CAM-1"], incident, second)
        look(cast, cameras["CAM-1"], incident, second + 1, who="desk2")
    line = page(cast, person=cast.uid("desk")).looks[0]
    steps, more = list_views(
        cast.viewer("auditor"), before=line.n + 1, after=line.first_n - 1, limit=200,
        person=cast.uid("desk"), purpose=line.purpose_uid,
    )  # fmt: skip
    assert [step["step"] for step in steps] == ["shown", "opened", "granted"] * 5
    assert more is None


@pytest.mark.parametrize("who", ["desk", "supervisor", "admin", "outsider", "nobody"])
def test_only_an_auditor_reads_it(cast: Cast, who: str) -> None:
    with pytest.raises(DispatchError, match="forbidden"):
        get_looks(cast.viewer(who), limit=5)


def test_an_auditor_of_elsewhere_reads_nothing_of_it(cast: Cast, cameras: dict[str, Camera]) -> None:
    person = people.put_person(actor=SETUP, username="auditor_d2", home=cast.uid("D2"), name="auditor_d2")
    people.grant_role(actor=SETUP, person_uid=person.uid, role="auditor", centre_uid=cast.uid("D2"))
    look(cast, cameras["CAM-1"], cast.open(), 0)
    assert get_looks(access.viewer_for(person), limit=5).looks == []
