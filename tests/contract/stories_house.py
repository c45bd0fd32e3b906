"""Stories of units, the register, the house, people, pictures and the journal's own keeping."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib.gis.geos import MultiPolygon
from django.utils import timezone

from dispatch.actions import (
    area_import,
    decisions,
    desks,
    estate,
    history,
    house,
    import_jobs,
    imports,
    incidents,
    journal,
    orders,
    people,
    purposes,
    replays,
    retention,
    shift_import,
    unit_import,
    units,
)
from dispatch.models import Assignment, ImportJob, Unit
from geo.area_files import AreaRow
from geo.models import Camera, ImportRun
from geo.runs import Tally, importing
from tests.cast import ALSO_HERE, AREAS, HERE, new_uid
from tests.contract.play import Play
from tests.geo.town import square


def story_units(play: Play) -> None:
    """Crews sign on and off, change, say where they are and why they cannot; a phone becomes the tracker."""
    cast = play.cast
    p11, post = cast.uid("P-11"), cast.uid("K-1")
    play(units.set_status, "officer", unit_uid=p11, reason="meal")
    play(units.set_status, "desk", unit_uid=p11, reason="repair")
    play(units.set_status, "desk", unit_uid=p11)
    play(units.set_place, "desk", unit_uid=p11, point=list(HERE))
    play(units.enrol_device, "officer")
    play(units.enrol_device, "officer")
    play(units.sign_on, "desk", unit_uid=p11, crew=[cast.uid("officer"), cast.uid("partner")], post_uid=post)
    play(units.sign_on, "desk", unit_uid=p11, crew=[cast.uid("partner")])
    other = play(
        estate.put_post, "admin", centre=cast.centres["S1"], code="K-2", name="school", point=list(ALSO_HERE)
    )  # fmt: skip
    play(units.sign_on, "desk", unit_uid=p11, crew=[cast.uid("partner")], post_uid=other.uid)
    play(units.set_place, "partner", unit_uid=p11)
    play(units.sign_off, "partner", unit_uid=p11)


def story_register(play: Play) -> None:
    """Units, posts and cameras are made, renamed, moved to another centre, switched off."""
    cast = play.cast
    incident = cast.open()
    kept = cast.send(incident, "P-11")
    gone = cast.send(cast.open(point=ALSO_HERE), "P-12")
    orders.recall_order(actor=cast.viewer("desk"), uid=gone.uid)
    to_post = cast.send(incident, "K-1")
    play.refresh()
    s1, s3 = cast.centres["S1"], cast.centres["S3"]
    unit, _ = play(estate.put_unit, "admin", centre=s1, call_sign="P-13", kind="car", with_tracker=True)
    for centre, active in ((s3, True), (s3, False), (s1, True)):
        row = Unit.objects.get(pk=unit.pk)
        play(estate.put_unit, "admin", unit=row, centre=centre, call_sign="P-33", kind="foot", active=active)
    for sign, old in (("P-15", kept), ("P-16", gone)):
        row = Unit.objects.get(pk=old.unit_id)
        play(estate.put_unit, "admin", unit=row, centre=s1, call_sign=sign, kind="car", talk_group="7", radio_only=True)
    play(units.set_place, "officer", unit_uid=cast.uid("P-11"), post_uid=cast.uid("K-1"))
    put = {"post": cast.posts["K-1"], "name": "bridge", "point": list(HERE)}
    play(estate.put_post, "admin", centre=s1, code="K-9", **put)
    play(orders.recall_order, "desk", uid=to_post.uid)
    play(estate.put_post, "admin", centre=cast.centres["S2"], code="K-9", **put)
    play(units.set_place, "officer", unit_uid=cast.uid("P-11"))
    play(estate.put_post, "admin", centre=cast.centres["S2"], code="K-9", active=False, **put)
    play(estate.put_post, "admin", centre=cast.centres["S2"], code="K-9", **put)
    camera = play(
        estate.put_camera, "admin", area=cast.areas["S1"], code="C-1", name="C-1", point=HERE, at=timezone.now()
    )  # fmt: skip
    place = {"code": "C-1", "point": HERE, "at": timezone.now()}
    play(estate.put_camera, "admin", area=cast.areas["S1"], camera=camera, status="offline", **place)
    play(estate.note_camera, "admin", camera=camera, changed={}, retired=True)
    run = ImportRun.objects.create(kind="roads", file_name="a.pbf", started_at=timezone.now())
    play(estate.note_import, "admin", run=run, counts={"roads": 1}, refused=0)


def story_house(play: Play) -> None:
    """Areas are renamed, redrawn and hung elsewhere; centres, kinds and thresholds change."""
    cast = play.cast
    incident = cast.open()
    cast.send(incident, "P-11")
    play.refresh()
    _, _, middle, half = AREAS["S1"]
    keep = {"name": "Harbour", "level": "station", "boundary": square(*middle, half)}
    play(house.put_area, "admin", code="S1", parent=cast.areas["D1"], **keep)
    play(house.put_area, "admin", code="S3", parent=cast.areas["D2"], level="station", boundary=square(*HERE, 0.01))
    play(house.put_area, "admin", code="S1", parent=cast.areas["D2"], **keep)
    redrawn = MultiPolygon(square(*middle, half * 1.1), srid=4326)
    row = AreaRow("1", "S1", "D2", "Harbour", "", "", "station", "territorial", redrawn)
    tally = Tally(ImportRun.objects.create(kind="areas", file_name="a.gpkg", started_at=timezone.now()))
    play(area_import.put_areas, "admin", rows=[row, replace(row, code="S9", row="2")], zone="UTC", tally=tally)
    cars = [("1", {"unit": "N-1", "centre": "S1"}), ("2", {"unit": "P-11", "centre": "S1", "talk group": "TG 9"})]
    play(unit_import.put_units, "admin", rows=cars, fields={}, tally=tally)
    shift = {"unit": "P-11", "centre": "S1", "from": "2024-03-12 20:00", "until": "08:00", "people": "officer"}
    play(shift_import.put_shifts, "admin", rows=[("1", shift)], fields={}, tally=tally)
    undo_both(play)
    play(house.put_centre, "admin", area=cast.areas["S2"], zone="UTC")
    play(house.put_centre, "admin", area=cast.areas["S2"], zone="UTC", active=False)
    play(house.put_kind, "admin", code="noise", name="noise", level=4, group="help")
    play(house.set_threshold, "admin", profile="CN", key="ring_room_s", value=12)


def undo_both(play: Play) -> None:
    """An import of areas and one of units are undone again, the newer first; a unit that was on duty stays."""
    cast = play.cast
    _, _, middle, half = AREAS["S1"]
    with importing("areas", Path("b.gpkg")) as areas:
        redrawn = MultiPolygon(square(*middle, half), srid=4326)
        row = AreaRow("1", "S1", "D1", "Quays", "", "", "station", "territorial", redrawn)
        play(area_import.put_areas, "admin", rows=[row, replace(row, code="S8", row="2")], zone="UTC", tally=areas)
    with importing("units", Path("b.csv")) as cars:
        told = [("1", {"unit": "N-8", "centre": "S1"}), ("2", {"unit": "N-9", "centre": "S1", "tracker": "yes"}),
                ("3", {"unit": "P-12", "centre": "S1", "talk group": "TG 5"})]  # fmt: skip
        play(unit_import.put_units, "admin", rows=told, fields={}, tally=cars)
    used = Unit.objects.get(call_sign="N-8").uid
    play(units.sign_on, "desk", unit_uid=used, crew=[cast.uid("partner")])
    play(units.sign_off, "desk", unit_uid=used)
    play(imports.undo_import, "admin", run=cars.run)
    play(imports.undo_import, "admin", run=areas.run)


def story_imports(play: Play) -> None:
    """Files are sent, looked at, read otherwise, imported, forgotten; one whose process died is begun again."""

    def send(kind: str = "cameras") -> ImportJob:
        name = {"uid": new_uid(), "file_name": "a.csv", "size_bytes": 9, "options": {}}
        return play(import_jobs.upload_import, "admin", kind=kind, **name)

    job = send()
    play(import_jobs.take_import, "worker")
    play(import_jobs.end_import, "admin", uid=job.uid, problem={"code": "file_empty", "field": "file", "facts": {}})
    play(import_jobs.look_again, "admin", uid=job.uid, options={"datum": "gcj02"})
    play(import_jobs.take_import, "worker")
    run = ImportRun.objects.create(kind="cameras", file_name="a.csv", started_at=timezone.now())
    play(import_jobs.end_import, "admin", uid=job.uid, run=run)
    play(import_jobs.approve_import, "admin", uid=job.uid)
    play(import_jobs.take_import, "worker")
    play(import_jobs.end_import, "admin", uid=job.uid, run=run)
    play(import_jobs.discard_import, "admin", uid=send("roads").uid)
    play(import_jobs.requeue_imports, "worker")
    play(import_jobs.sweep_imports, "worker", older_than=timedelta(hours=1))


def story_people(play: Play) -> None:
    """People are made, renamed, given roles, lose them, are switched off."""
    cast = play.cast
    incident = cast.open()
    cast.send(incident, "P-11")
    play.refresh()
    s1 = cast.uid("S1")
    new = play(people.put_person, "admin", username="new", home=s1, name="New")
    role = play(people.grant_role, "admin", person_uid=new.uid, role="dispatcher", centre_uid=s1)
    play(people.end_role, "admin", assignment_uid=role.uid)
    play(people.put_person, "admin", username="desk", home=s1, name="Desk One", name_en="Desk One")
    play(people.grant_role, "admin", person_uid=cast.uid("video"), role="dispatcher", centre_uid=cast.uid("S3"))
    mine = Assignment.objects.get(person=cast.people["taker"])
    play(people.end_role, "admin", assignment_uid=mine.uid)
    play(people.put_person, "admin", username="desk2", home=s1, is_active=False)


def story_pictures(play: Play) -> None:
    """A look through a camera: granted, used, shown; the purpose ends with the incident."""
    cast = play.cast
    camera = Camera.objects.create(
        code="C-9", name="C-9", area=cast.areas["S1"], point=f"SRID=4326;POINT({HERE[0]} {HERE[1]})", kind="fixed",
        consent="granted", status="online", placed_at=timezone.now(),
    )  # fmt: skip
    incident = play(incidents.open_incident, "desk", uid=new_uid(), kind="robbery", level=2, point=list(HERE))
    why = {"kind": "incident", "uid": str(incident.uid)}
    grant = play(purposes.grant_look, "desk", camera_uid=camera.uid, purpose=why)
    play(purposes.use_grant, "desk", grant_uid=grant.uid, camera_uid=camera.uid)
    play(purposes.note_outcome, "desk", grant_uid=grant.uid, outcome="ok")
    play(desks.desk_showed, "desk", shown=[{"incident": str(incident.uid), "list": 1, "cameras": [str(camera.uid)]}])
    play(history.open_history, "desk", uid=incident.uid)
    play(replays.open_replay, "supervisor", incident_uid=incident.uid)
    play(incidents.close_incident, "supervisor", uid=incident.uid, reason="over")


def story_keeping(play: Play) -> None:
    """The journal's own keeping; a decision made once."""
    cast = play.cast

    def run() -> tuple[int, dict[str, str]]:
        incident = incidents.take_incident(actor=cast.viewer("desk2"), uid=freed.uid)
        return 200, {"uid": str(incident.uid)}

    freed = cast.open("taker")
    play.refresh()
    key = new_uid()
    play(decisions.decide_once, "desk2", key=key, verb="incident.take", body={}, run=run)
    play(decisions.decide_once, "desk2", key=key, verb="incident.take", body={}, run=run)
    with TemporaryDirectory() as folder:
        play(journal.write_head, "worker", folder=Path(folder))
    later = timezone.now() + timedelta(days=1)
    play(journal.erase_payloads, "worker", retention="house", before=later, rule="house 1 day")
    play(retention.apply_retention, "worker")
    play(journal.begin_epoch, "worker", why="restored", only_if_changed=False)
