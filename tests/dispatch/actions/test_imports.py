"""Undo of imports through the action: who may, what the boards and the journal hear, what stays, what is refused."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from dispatch import journal
from dispatch.actions.area_import import put_areas
from dispatch.actions.imports import look_at_undo, undo_import
from dispatch.actions.unit_import import put_units
from dispatch.actions.units import sign_off, sign_on
from dispatch.errors import DispatchError
from dispatch.models import Centre, JournalEntry, Purpose, Unit, ViewGrant
from geo.area_files import AreaRow
from geo.cameras_importer import import_cameras
from geo.models import Area, Camera, ImportRun, Tracker
from geo.roads.importer import import_roads
from geo.runs import importing
from geo.tiles.changes import base_version
from tests.cast import HERE, SETUP, THERE, Cast, new_uid
from tests.geo.town import square

pytestmark = pytest.mark.django_db


def some_cameras(at: Path, *points: tuple[float, float]) -> ImportRun:
    lines = ["code,name,lon,lat", *(f"N{n},N{n},{lon},{lat}" for n, (lon, lat) in enumerate(points))]
    at.write_text("\n".join(lines), encoding="utf-8")
    return import_cameras(at)


def some_streets(at: Path) -> ImportRun:
    at.write_text(
        '<osm version="0.6"><node id="1" lon="1" lat="50"/><node id="2" lon="1.01" lat="50"/>'
        '<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way></osm>',
        encoding="utf-8",
    )
    return import_roads(at)


def some_units(at: Path, *rows: dict[str, str]) -> ImportRun:
    with importing("units", at) as tally:
        put_units(actor=SETUP, rows=[(str(n), row) for n, row in enumerate(rows)], fields={}, tally=tally)
    return tally.run


def some_areas(at: Path, *rows: AreaRow) -> ImportRun:
    with importing("areas", at) as tally:
        put_areas(actor=SETUP, rows=rows, zone="UTC", tally=tally)
    return tally.run


def refused(code: str, cast: Cast, run: ImportRun, who: str = "admin") -> DispatchError:
    entries = JournalEntry.objects.count()
    with pytest.raises(DispatchError) as caught:
        undo_import(actor=cast.viewer(who), run=run)
    run.refresh_from_db()
    assert (caught.value.code, run.state, JournalEntry.objects.count()) == (code, "done", entries)
    return caught.value


@pytest.mark.parametrize("who", ["outsider", "neighbour", "auditor", "supervisor", "chief", "nobody", "officer"])
def test_only_an_administrator_of_all_of_it_undoes(cast: Cast, tmp_path: Path, who: str) -> None:
    refused("forbidden", cast, some_cameras(tmp_path / "c.csv", HERE), who)


def test_an_administrator_of_a_part_undoes_his_part_only(cast: Cast, tmp_path: Path) -> None:
    from dispatch.actions import people

    people.grant_role(actor=SETUP, person_uid=cast.uid("nobody"), role="administrator", centre_uid=cast.uid("D1"))
    mine, both = some_cameras(tmp_path / "a.csv", HERE), some_cameras(tmp_path / "b.csv", HERE, THERE)
    refused("forbidden", cast, both, "nobody")
    refused("forbidden", cast, some_streets(tmp_path / "s.osm"), "nobody")
    # A district's own ground is given from above: an import that redrew it is not its own to undo.
    drawn = AreaRow("1", "D1", "CITY", "D1", "", "", "district", "territorial", multi(HERE))
    refused("forbidden", cast, some_areas(tmp_path / "a.gpkg", drawn), "nobody")
    undo_import(actor=cast.viewer("nobody"), run=both_first(cast, both) or mine)


def both_first(cast: Cast, both: ImportRun) -> None:
    """Undo what lies over it first, as the city's administrator."""
    undo_import(actor=cast.viewer("admin"), run=ImportRun.objects.filter(kind="areas").latest("id"))
    undo_import(actor=cast.viewer("admin"), run=both)


def multi(point: tuple[float, float]):
    from django.contrib.gis.geos import MultiPolygon

    return MultiPolygon(square(*point, 0.005), srid=4326)


def test_an_undone_import_is_journalled_at_the_top(cast: Cast, tmp_path: Path) -> None:
    run = some_cameras(tmp_path / "c.csv", HERE, THERE)
    done = undo_import(actor=cast.viewer("admin"), run=run)
    assert done.removed == {"camera": 2, "placement": 2}
    entry = journal.read(kinds=["import.undone"], limit=1)[0]
    assert entry.data == {
        "run_uid": str(run.uid), "what": "cameras", "file_name": "c.csv", "removed": {"camera": 2, "placement": 2},
        "restored": {}, "kept": 0,
    }  # fmt: skip
    top = cast.areas["CITY"].pk
    assert set(entry.audience) == {f"area:{top}", f"role:administrator@{top}", f"role:auditor@{top}"}
    assert refused_again(cast, run) == "wrong_state"


def refused_again(cast: Cast, run: ImportRun) -> str:
    with pytest.raises(DispatchError) as caught:
        undo_import(actor=cast.viewer("admin"), run=run)
    return caught.value.code


def test_looking_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    run = some_cameras(tmp_path / "c.csv", HERE)
    told = JournalEntry.objects.count()
    assert look_at_undo(actor=cast.viewer("admin"), run=run).removed["camera"] == 1
    assert (Camera.objects.count(), JournalEntry.objects.count()) == (1, told)
    undo_import(actor=cast.viewer("admin"), run=run)


def test_a_camera_that_was_looked_at_stays_and_is_named(cast: Cast, tmp_path: Path) -> None:
    run = some_cameras(tmp_path / "c.csv", HERE, THERE)
    person = cast.people["video"]
    purpose = Purpose(uid=new_uid(), kind="repair", text="lens", person=person, opened_at=timezone.now())
    purpose.save()
    seen = Camera.objects.get(code="N0")
    now = timezone.now()
    ViewGrant(uid=new_uid(), purpose=purpose, camera=seen, person=person, granted_at=now, expires_at=now).save()
    done = undo_import(actor=cast.viewer("admin"), run=run)
    assert (done.kept, done.kept_total) == ([{"noun": "camera", "name": "N0"}], 1)
    kept = Camera.objects.get()
    assert (kept.code, kept.placements.count()) == ("N0", 1)


def test_a_unit_that_served_stays_switched_off_the_others_go(cast: Cast, tmp_path: Path) -> None:
    rows = [{"unit": sign, "centre": "S1", "tracker": "yes"} for sign in ("X-1", "X-2")]
    run = some_units(tmp_path / "u.csv", *rows, {"unit": "P-11", "centre": "S1", "talk group": "TG 9"})
    served = Unit.objects.get(call_sign="X-1")
    sign_on(actor=SETUP, unit_uid=served.uid, crew=[cast.uid("partner")])
    error = refused("in_use", cast, run)
    assert error.facts["unit"] == "X-1"
    sign_off(actor=SETUP, unit_uid=served.uid)
    was = Unit.objects.get(call_sign="P-11").version
    done = undo_import(actor=cast.viewer("admin"), run=run)
    assert {row["name"] for row in done.kept} == {"X-1"}
    assert (done.removed["unit"], done.removed["tracker"], done.restored["unit"]) == (1, 1, 1)
    served.refresh_from_db()
    assert not served.active
    assert not Unit.objects.filter(call_sign="X-2").exists()
    old = Unit.objects.get(call_sign="P-11")
    assert (old.talk_group, old.on_duty, old.version) == ("", True, was + 1)
    assert Tracker.objects.filter(label__startswith="X-").count() == 1


def test_areas_and_their_centres_go_and_come_back(cast: Cast, tmp_path: Path) -> None:
    far = multi((HERE[0], HERE[1] + 0.2))
    rows = [
        AreaRow("1", "S1", "D1", "Harbour", "", "", "station", "territorial", far),
        AreaRow("2", "S9", "D1", "New", "", "", "station", "territorial", multi(HERE)),
    ]
    incident = cast.open()
    before = incident.audience
    run = some_areas(tmp_path / "a.gpkg", *rows)
    incident.refresh_from_db()
    assert incident.audience != before
    undo_import(actor=cast.viewer("admin"), run=run)
    incident.refresh_from_db()
    assert incident.audience == before
    assert Area.objects.get(code="S1").name == "S1"
    assert not Area.objects.filter(code="S9").exists()
    assert not Centre.objects.filter(area__code="S9").exists()
    told = [entry.data for entry in journal.read(kinds=["area.changed"], newest_first=True, limit=2)]
    assert {entry["code"] for entry in told} == {"S1", "S9"}


def test_an_area_with_people_or_units_stops_the_undo(cast: Cast, tmp_path: Path) -> None:
    run = some_areas(
        tmp_path / "a.gpkg", AreaRow("1", "S9", "D1", "New", "", "", "station", "territorial", multi(HERE))
    )
    units = some_units(tmp_path / "u.csv", {"unit": "X-1", "centre": "S9"})
    error = refused("rows_in_use", cast, run)
    assert error.facts["rows"] == [{"noun": "centre", "name": "S9", "by": "dispatch_unit"}]
    undo_import(actor=cast.viewer("admin"), run=units)
    undo_import(actor=cast.viewer("admin"), run=run)


def test_the_map_of_tiles_notices(cast: Cast, tmp_path: Path) -> None:
    first = some_streets(tmp_path / "s.osm")
    some_cameras(tmp_path / "c.csv", HERE)
    before = base_version()
    undo_import(actor=cast.viewer("admin"), run=first)
    assert base_version() != before


def test_the_command_lists_looks_and_undoes(cast: Cast, tmp_path: Path) -> None:
    run = some_cameras(tmp_path / "c.csv", HERE)

    def said(*args: str) -> str:
        out = StringIO()
        call_command("undo_import", *args, stdout=out)
        return out.getvalue().strip()

    assert said().endswith("cameras c.csv done can be undone")
    assert said(str(run.pk), "--dry-run") == (
        "c.csv: removed 1 camera, 1 placement; put back nothing. Nothing was changed."
    )
    assert Camera.objects.count() == 1
    assert said(str(run.uid)) == "c.csv: removed 1 camera, 1 placement; put back nothing"
    for wrong in (str(run.pk), "999999", "9" * 40, "abc", str(new_uid())):
        with pytest.raises(CommandError):
            said(wrong)
