"""import_shifts: a roster as a station keeps it, twice, tried first, with rows that cannot be used; the sign-on page proposes it."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from dispatch.actions import fleet, people, units
from dispatch.models import JournalEntry, PlannedShift
from dispatch.queries.roster import get_roster
from geo.models import ImportRun
from tests.dispatch.town import SETUP, Town

HEAD = "单位代码,呼号,上勤时间,下勤时间,人员,车辆,装备"


def write(path: Path, *rows: str, head: str = HEAD, encoding: str = "gb18030") -> Path:
    path.write_bytes("\n".join([head, *rows]).encode(encoding))
    return path


def run(path: Path, *more: str) -> tuple[ImportRun, str]:
    said = StringIO()
    call_command("import_shifts", str(path), *more, stdout=said, stderr=said)
    return ImportRun.objects.latest("id"), said.getvalue()


@pytest.fixture(autouse=True)
def car(town: Town) -> None:
    fleet.put_vehicle(actor=SETUP, centre=town.centres["S1"], code="0017", kind="car")
    people.put_person(actor=SETUP, username="partner", home=town.centres["S1"].uid, police_number="104417")


NIGHT = "S1,P-07,2026-03-11 20:00,08:00,officer、104417,0017,盾牌、执法记录仪"


def test_a_roster_in_chinese_becomes_plans_in_the_centres_own_time(town: Town, tmp_path: Path) -> None:
    done, _ = run(write(tmp_path / "roster.csv", NIGHT))
    assert (done.counts, done.refused_total) == ({"added": 1}, 0)
    plan = PlannedShift.objects.get()
    assert plan.begins_at == datetime(2026, 3, 11, 23, tzinfo=UTC)  # Santiago in summer: -03
    assert plan.ends_at == datetime(2026, 3, 12, 11, tzinfo=UTC)
    assert {person.username for person in plan.people.all()} == {"officer", "partner"}
    assert plan.vehicle is not None
    assert (plan.unit.call_sign, plan.vehicle.code, plan.equipment) == ("P-07", "0017", ["body_worn", "shield"])


def test_the_same_list_again_changes_nothing_and_another_crew_changes_the_plan(town: Town, tmp_path: Path) -> None:
    run(write(tmp_path / "roster.csv", NIGHT))
    told = JournalEntry.objects.filter(kind="shift.planned").count()
    done, _ = run(write(tmp_path / "roster.csv", NIGHT))
    assert done.counts == {"unchanged": 1}
    assert JournalEntry.objects.filter(kind="shift.planned").count() == told
    done, _ = run(write(tmp_path / "roster.csv", NIGHT.replace("officer、104417", "officer")))
    assert done.counts == {"changed": 1}
    assert PlannedShift.objects.get().people.count() == 1


def test_tried_first_it_changes_nothing(town: Town, tmp_path: Path) -> None:
    done, said = run(write(tmp_path / "roster.csv", NIGHT), "--dry-run")
    assert done.counts == {"added": 1}
    assert "Nothing was changed" in said
    assert not PlannedShift.objects.exists()


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("2026-03-11T20:00", "2026-03-12T08:00"), ("2026/3/11 20:00", "2026/3/12 8:00"),
        ("2026年3月11日 20:00", "08:00"), ("2026-03-11T23:00Z", "2026-03-12T11:00+00:00"), ("2026-03-11 20:00:00", "8:00"),
    ],
)  # fmt: skip
def test_times_as_rosters_write_them(town: Town, tmp_path: Path, begins: str, ends: str) -> None:
    run(write(tmp_path / "roster.csv", f"S1,P-07,{begins},{ends},officer,,"))
    plan = PlannedShift.objects.get()
    assert (plan.begins_at, plan.ends_at) == (
        datetime(2026, 3, 11, 23, tzinfo=UTC),
        datetime(2026, 3, 12, 11, tzinfo=UTC),
    )


def test_a_date_of_its_own_with_two_times_of_day(town: Town, tmp_path: Path) -> None:
    run(write(tmp_path / "r.csv", "S1,P-07,2026-03-11,08:00,20:00,officer", head="centre,unit,date,from,until,people"))
    plan = PlannedShift.objects.get()
    assert (plan.begins_at.hour, plan.ends_at.hour) == (11, 23)


def test_rows_that_cannot_be_used_are_named_and_the_others_taken(town: Town, tmp_path: Path) -> None:
    path = write(
        tmp_path / "roster.csv",
        NIGHT,
        NIGHT,
        "S9,P-07,2026-03-12 20:00,08:00,officer,,",
        "S1,P-99,2026-03-12 20:00,08:00,officer,,",
        "S1,P-07,tonight,08:00,officer,,",
        "S1,P-07,2026-02-30 20:00,08:00,officer,,",
        "S1,P-07,2026-03-12 20:00,08:00,somebody,,",
        "S1,P-07,2026-03-12 20:00,08:00,far,,",
        "S1,P-07,2026-03-12 20:00,08:00,officer,9999,",
        "S1,P-07,2026-03-12 20:00,08:00,officer,,火箭",
        "S1,P-07,2026-03-12 20:00,2026-03-20 08:00,officer,,",
        "S1,P-07,2026-03-12 20:00,08:00,,,",
    )
    done, said = run(path)
    assert done.counts == {"added": 1}
    assert [row["code"] for row in done.refused] == [
        "duplicate_row", "area_unknown", "unit_unknown", "time_unreadable", "time_unreadable", "person_unknown", "person_unknown",
        "vehicle_unknown", "word_unknown", "bad_input", "bad_input",
    ]  # fmt: skip
    assert "P-99" in said
    assert PlannedShift.objects.count() == 1


def test_a_list_without_its_columns_or_with_nothing_changes_nothing(town: Town, tmp_path: Path) -> None:
    for rows, head in (((NIGHT,), "a,b,c,d,e,f,g"), (("S9,X,now,then,who,,",), HEAD)):
        with pytest.raises(CommandError, match="Nothing was imported"):
            run(write(tmp_path / "roster.csv", *rows, head=head))
    assert not PlannedShift.objects.exists()


def test_the_sign_on_page_proposes_what_was_imported(town: Town, tmp_path: Path) -> None:
    begins = timezone.now().replace(microsecond=0, second=0) + timedelta(hours=1)
    row = f"S1,P-07,{begins.isoformat()},{(begins + timedelta(hours=12)).isoformat()},officer、104417,0017,盾牌"
    run(write(tmp_path / "roster.csv", row))
    units.sign_off(actor=SETUP, unit_uid=town.units["P-12"].uid)
    proposed = get_roster(town.viewer("officer")).proposed
    assert proposed is not None
    assert (proposed.source, proposed.call_sign, proposed.at, proposed.equipment) == (
        "planned",
        "P-07",
        begins,
        ["shield"],
    )
    assert len(proposed.crew) == 2
