"""The administrator's pages: every save an action, nobody above the rules, nothing deleted."""

from typing import Any

import pytest

from dispatch.actions import people
from dispatch.admin import site
from dispatch.models import (
    Assignment,
    Centre,
    IncidentKind,
    JournalEntry,
    JournalPayload,
    Person,
    PlannedShift,
    Post,
    Threshold,
    Unit,
)
from geo.models import Area, ImportRun, Road
from tests.dispatch.town import SETUP, WEST, Page, Town, add_person

SQUARE = "POLYGON((-71.30 -29.95, -71.20 -29.95, -71.20 -29.85, -71.30 -29.85, -71.30 -29.95))"


def save(page: Page, path: str, **fields: Any) -> Any:
    """Post a form of the administrator's pages."""
    data = {name: value for name, value in fields.items() if value is not None}
    sent = {**data, "csrfmiddlewaretoken": "c" * 32}
    return page.post(f"/admin/{path}", sent, headers={"Referer": "http://testserver/"})


def errors_of(answer: Any) -> str:
    """Return what the form complains of."""
    form = answer.context["adminform"].form
    return " ".join(str(line) for lines in form.errors.values() for line in lines)


def kinds_after(n: int) -> list[str]:
    """Return the journal's kinds after entry n."""
    return list(JournalEntry.objects.filter(n__gt=n).order_by("n").values_list("kind", flat=True))


def head() -> int:
    """Return the newest number."""
    return JournalEntry.objects.order_by("-n").values_list("n", flat=True).first() or 0


PAGES = [f"{model._meta.app_label}/{model._meta.model_name}" for model in site._registry]


@pytest.mark.parametrize("path", PAGES)
def test_every_list_and_add_page_opens_for_the_administrator_only(town: Town, path: str) -> None:
    admin = town.page("admin")
    assert admin.get(f"/admin/{path}/").status_code == 200
    # A tracker app is made by an officer on his own phone, nowhere else.
    assert admin.get(f"/admin/{path}/add/").status_code == (403 if path == "dispatch/trackerapp" else 200)
    for name in ("desk", "auditor", "chief", "nobody"):
        assert town.page(name).get(f"/admin/{path}/").status_code == 403
    assert Page().get(f"/admin/{path}/").status_code == 302


@pytest.mark.parametrize(
    "asked",
    [
        "dispatch/person/?password__startswith=pbkdf2",
        "dispatch/person/?email__contains=a",
        "dispatch/assignment/?person__password__startswith=p",
        "dispatch/unit/?tracker__token_hash__startswith=a",
        "geo/camera/?addresses__url__contains=1",
    ],
)
def test_a_list_is_narrowed_only_by_what_the_page_offers(town: Town, asked: str) -> None:
    """A hash, a token or an address could otherwise be read letter by letter: some rows, or none."""
    assert town.page("admin").get(f"/admin/{asked}").status_code == 400


def test_the_filters_of_the_lists_work(town: Town) -> None:
    for asked in ("dispatch/person/?is_active__exact=1", "geo/camera/?status__exact=online"):
        assert town.page("admin").get(f"/admin/{asked}").status_code == 200
    home = Centre.objects.get(area__code="S1")
    assert town.page("admin").get(f"/admin/dispatch/person/?home__id__exact={home.pk}").status_code == 200


def test_superuser_means_nothing(town: Town) -> None:
    Person.objects.filter(username="nobody").update(is_superuser=True, is_staff=True)
    assert town.page("nobody").get("/admin/").status_code == 403
    assert town.page("nobody").read("board").status_code == 403


def test_only_our_own_models_are_there(town: Town) -> None:
    words = town.page("admin").get("/admin/").content.decode()
    assert "/admin/dispatch/person/" in words
    for foreign in ("/admin/auth/", "/admin/axes/", "/admin/account/", "/admin/mfa/"):
        assert foreign not in words


def test_person_is_made_changed_and_switched_off(town: Town) -> None:
    admin, n = town.page("admin"), head()
    fields = {"username": "new", "name": "新人", "home": town.centres["S1"].pk, "sworn": "on", "is_active": "on"}
    answer = save(admin, "dispatch/person/add/", **fields, new_password="a long good secret 7")
    assert answer.status_code == 302, errors_of(answer)
    person = Person.objects.get(username="new")
    assert person.check_password("a long good secret 7")
    assert kinds_after(n) == ["person.changed"]
    path = f"dispatch/person/{person.pk}/change/"
    page = admin.get(f"/admin/{path}").content.decode()
    assert person.password not in page
    assert save(admin, path, name="改", home=town.centres["S1"].pk).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.is_active, person.sworn) == ("改", False, False)
    assert person.check_password("a long good secret 7")
    assert (
        admin.post(
            f"/admin/dispatch/person/{person.pk}/delete/", {"post": "yes"}, headers={"X-CSRFToken": "c" * 32}
        ).status_code
        == 403
    )


def test_a_weak_password_and_a_taken_name_are_said_in_words(town: Town) -> None:
    admin = town.page("admin")
    base = {"name": "x", "home": town.centres["S1"].pk}
    assert "10" in errors_of(save(admin, "dispatch/person/add/", username="weak", new_password="short", **base))
    assert errors_of(save(admin, "dispatch/person/add/", username="desk", **base))
    assert not Person.objects.filter(username="weak").exists()


def test_roles_are_given_and_ended_but_never_ones_own(town: Town) -> None:
    admin, n = town.page("admin"), head()
    give = {"person": town.people["nobody"].pk, "role": "dispatcher", "centre": town.centres["S1"].pk}
    blank = {"valid_until_0": "", "valid_until_1": ""}
    assert save(admin, "dispatch/assignment/add/", **give, **blank).status_code == 302
    row = Assignment.objects.get(person=town.people["nobody"])
    assert save(admin, f"dispatch/assignment/{row.pk}/change/", end_now="on").status_code == 302
    row.refresh_from_db()
    assert row.valid_until is not None
    assert kinds_after(n) == ["assignment.granted", "assignment.ended"]
    own = {**give, "person": town.people["admin"].pk, "role": "shift_commander"}
    refused = save(admin, "dispatch/assignment/add/", **own, **blank)
    assert refused.status_code == 200
    assert "自己" in errors_of(refused) or "own roles" in errors_of(refused)
    both = save(
        admin,
        "dispatch/assignment/add/",
        **{**give, "person": town.people["auditor"].pk, "role": "administrator"},
        **blank,
    )
    assert both.status_code == 200
    mine = Assignment.objects.get(person=town.people["admin"])
    assert save(admin, f"dispatch/assignment/{mine.pk}/change/", end_now="on").status_code == 200
    mine.refresh_from_db()
    assert mine.valid_until is None


def test_unit_post_kind_and_threshold_are_saved_by_actions(town: Town) -> None:
    admin, n = town.page("admin"), head()
    unit = {
        "centre": town.centres["S1"].pk,
        "call_sign": "M-01",
        "kind": "moto",
        "capabilities": "first aid, dog",
        "active": "on",
    }
    answer = save(admin, "dispatch/unit/add/", **unit, with_tracker="on")
    made = Unit.objects.get(call_sign="M-01")
    assert made.capabilities == ["first aid", "dog"]
    assert "M-01" in str(next(iter(answer.wsgi_request._messages)))
    post = {
        "centre": town.centres["S1"].pk,
        "code": "K-9",
        "name": "岗",
        "point": f"{WEST[0]}, {WEST[1]}",
        "active": "on",
    }
    assert save(admin, "dispatch/post/add/", **post).status_code == 302
    assert Post.objects.get(code="K-9").point.x == pytest.approx(WEST[0])
    kind = {
        "code": "noise",
        "name": "噪音",
        "name_en": "Noise",
        "level": 4,
        "group": "help",
        "position": 9,
        "active": "on",
    }
    assert save(admin, "dispatch/incidentkind/add/", **kind).status_code == 302
    assert IncidentKind.objects.get(code="noise").level == 4
    assert save(admin, "dispatch/incidentkind/add/", **{**kind, "code": "odd", "level": 9}).status_code == 200
    number = {"profile": "CN", "key": "fix_live", "value": 25, "unit": "s", "source": "own"}
    assert save(admin, "dispatch/threshold/add/", **number).status_code == 302
    assert Threshold.objects.get(key="fix_live").value == 25
    kinds = kinds_after(n)
    nouns = [kind.split(".")[0] for kind in kinds]
    assert list(dict.fromkeys(nouns)) == ["unit", "post", "kind", "threshold"]


def test_a_unit_on_duty_is_not_switched_off(town: Town) -> None:
    unit = town.units["P-12"]
    fields = {"centre": town.centres["S1"].pk, "call_sign": "P-12", "kind": "car"}
    refused = save(town.page("admin"), f"dispatch/unit/{unit.pk}/change/", **fields)
    assert refused.status_code == 200
    assert errors_of(refused)
    unit.refresh_from_db()
    assert unit.active


def test_area_and_centre_with_a_boundary(town: Town) -> None:
    admin = town.page("admin")
    area = {
        "code": "S9",
        "name": "Nine",
        "level": "station",
        "line": "territorial",
        "parent": town.centres["CITY"].area.pk,
    }
    assert save(admin, "geo/area/add/", **area, boundary=SQUARE).status_code == 302
    made = Area.objects.get(code="S9")
    assert made.boundary.area == pytest.approx(0.01)
    page = admin.get(f"/admin/geo/area/{made.pk}/change/").content.decode()
    assert "data-around" in page
    assert (
        save(admin, "dispatch/centre/add/", area=made.pk, timezone="America/Santiago", active="on").status_code == 302
    )
    assert Centre.objects.get(area=made).active
    assert save(admin, "dispatch/centre/add/", area=made.pk, timezone="Mars/Base").status_code == 200


@pytest.mark.parametrize(
    "boundary",
    ["nonsense", "{}", "POINT(1 2)", '{"type":"Polygon","coordinates":[[[1,2]]]}', "[" * 9999,
     '{"type":"Polygon","coordinates":[[[999,2],[1,2],[1,3],[999,2]]]}'],
)  # fmt: skip
def test_a_boundary_that_is_none(town: Town, boundary: str) -> None:
    area = {
        "code": "S8",
        "name": "x",
        "level": "station",
        "line": "territorial",
        "parent": town.centres["CITY"].area.pk,
    }
    answer = save(town.page("admin"), "geo/area/add/", **area, boundary=boundary)
    assert answer.status_code == 200
    assert errors_of(answer)
    assert not Area.objects.filter(code="S8").exists()


def test_an_administrator_sees_and_changes_his_own_subtree_only(town: Town) -> None:
    add_person(town, "admin2", "administrator", "S2")
    page = town.page("admin2")
    words = page.get("/admin/dispatch/person/").content.decode()
    assert "officer2" in words
    assert "supervisor" not in words
    assert page.get(f"/admin/dispatch/unit/{town.units['P-12'].pk}/change/").status_code == 302
    unit = {"centre": town.centres["S1"].pk, "call_sign": "X-1", "kind": "car", "active": "on"}
    assert save(page, "dispatch/unit/add/", **unit).status_code == 200
    number = {"profile": "CN", "key": "fix_live", "value": 1, "unit": "s", "source": "own"}
    refused = save(page, "dispatch/threshold/add/", **number)
    assert refused.status_code == 200
    assert not Unit.objects.filter(call_sign="X-1").exists()
    assert not Threshold.objects.exists()


def test_history_comes_out_of_the_journal_without_operations(town: Town) -> None:
    admin = town.page("admin")
    town.send_order(town.open_incident(place="Secret street")["uid"])
    words = admin.get(f"/admin/dispatch/unit/{town.units['P-12'].pk}/history/").content.decode()
    assert "unit.changed" in words
    assert "Secret street" not in words
    person = admin.get(f"/admin/dispatch/person/{town.people['desk'].pk}/history/").content.decode()
    assert "assignment.granted" in person


def test_right_ends_and_the_door_closes(town: Town) -> None:
    page = town.page("admin")
    assert page.get("/admin/").status_code == 200
    row = Assignment.objects.get(person=town.people["admin"])
    people.end_role(actor=SETUP, assignment_uid=row.uid)
    assert page.get("/admin/").status_code == 403


def test_pages_speak_both_languages(town: Town) -> None:
    page = town.page("admin")
    assert "The house" in page.get("/admin/", headers={"Accept-Language": "en"}).content.decode()
    assert "本单位" in page.get("/admin/", headers={"Accept-Language": "zh-hans"}).content.decode()


def test_camera_is_kept_with_its_history_and_its_address_is_never_shown(town: Town) -> None:
    from geo.estate import secret_address
    from geo.models import Camera

    admin = town.page("admin")
    fields = {
        "code": "CAM-1", "name": "桥", "area": town.centres["S1"].area.pk, "point": f"{WEST[0]}, {WEST[1]}", "kind": "ptz",
        "grade": "key", "consent": "granted", "heading_deg": "90",
    }  # fmt: skip
    address = "http://root:s3cret@10.1.2.3/snap.jpg"
    answer = save(admin, "geo/camera/add/", **fields, snapshot=address)
    assert answer.status_code == 302, errors_of(answer)
    camera = Camera.objects.get(code="CAM-1")
    assert secret_address(camera, "snapshot") == ("http://10.1.2.3/snap.jpg", ("root", "s3cret"))
    path = f"geo/camera/{camera.pk}/change/"
    moved = {**fields, "point": f"{WEST[0] + 0.001}, {WEST[1]}", "heading_deg": ""}
    assert save(admin, path, **moved).status_code == 302
    assert camera.placements.count() in (1, 2)
    assert secret_address(camera, "snapshot") is not None
    pages = [
        admin.get(f"/admin/{path}"),
        admin.get("/admin/geo/camera/"),
        admin.get(f"/admin/geo/camera/{camera.pk}/history/"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "s3cret" not in page.content.decode()
        assert "10.1.2.3" not in page.content.decode()
    payloads = [bytes(part) for part in JournalPayload.objects.values_list("data", flat=True)]
    assert not any(b"10.1.2.3" in part or b"s3cret" in part for part in payloads)
    assert "camera.changed" in pages[2].content.decode()
    assert save(admin, path, **moved, snapshot="file:///etc/passwd").status_code == 200
    assert save(admin, path, **{**moved, "heading_deg": "999"}).status_code == 200
    assert save(admin, path, **moved, forget_snapshot="on").status_code == 302
    assert secret_address(camera, "snapshot") is None
    add_person(town, "admin2", "administrator", "S2")
    assert town.page("admin2").get(f"/admin/{path}").status_code == 302


def test_the_header_names_the_person_in_the_language_of_the_page(town: Town) -> None:
    people.put_person(
        actor=SETUP, username="admin", home=town.centres["CITY"].uid, name="高静", name_en="Gao Jing", sworn=False
    )
    page = town.page("admin")
    assert ">Gao Jing<" in page.get("/admin/", headers={"Accept-Language": "en"}).content.decode()
    assert ">高静<" in page.get("/admin/", headers={"Accept-Language": "zh-Hans"}).content.decode()


def test_the_index_says_so_while_there_is_no_map(town: Town) -> None:
    page = town.page("admin")
    assert "import_roads FILE" in page.get("/admin/").content.decode()
    run = ImportRun.objects.create(kind="roads", file_name="x", started_at="2026-03-11T12:00:00Z", state="done")
    Road.objects.create(source_key="1", highway="primary", geometry="SRID=4326;LINESTRING(1 1, 2 2)", run=run)
    assert "import_roads FILE" not in page.get("/admin/").content.decode()


def test_a_shift_is_planned_in_the_centres_own_time(town: Town) -> None:
    admin = town.page("admin")
    centre = town.centres["S1"].pk
    assert (
        save(admin, "dispatch/servicevehicle/add/", centre=centre, code="0017", kind="car", active="on").status_code
        == 302
    )
    given = {"unit": town.units["P-07"].pk, "people": [town.people["partner"].pk], "equipment": ["aed"]}
    times = {"begins_at_0": "2026-03-11", "begins_at_1": "08:00", "ends_at_0": "2026-03-11", "ends_at_1": "20:00"}
    answer = save(admin, "dispatch/plannedshift/add/", **given, **times)
    assert answer.status_code == 302, errors_of(answer)
    plan = PlannedShift.objects.get()
    assert (plan.begins_at.isoformat(), plan.equipment) == ("2026-03-11T11:00:00+00:00", ["aed"])  # Santiago in summer
    assert b"08:00" in admin.get(f"/admin/dispatch/plannedshift/{plan.pk}/change/").content
    stranger = save(admin, "dispatch/plannedshift/add/", **given | {"people": [town.people["far"].pk]}, **times)
    assert stranger.status_code == 200
    assert "people" in stranger.context["adminform"].form.errors
