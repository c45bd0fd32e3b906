"""What stands in the register: units, posts and cameras, made and changed."""

from typing import Any

from django.contrib.gis.geos import Point
from uuid_utils.compat import uuid7

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import (
    conceal,
    desks_of,
    overseers_of,
    recast,
    recast_incident,
    reveal,
    subject_of,
    wanted,
)
from dispatch.actions.base import action, collect, now
from dispatch.actions.units import tell_unit
from dispatch.errors import DispatchError
from dispatch.lifecycles import ORDER_ACTIVE
from dispatch.models import Centre, OrderRequest, Post, Unit
from dispatch.models.units import UnitKind
from dispatch.queries.present import post_card
from geo import estate as geo_estate
from geo import trackers
from geo.areas import areas_on_ground
from geo.errors import GeoError
from geo.models import Area, Camera, ImportRun


@action
def put_unit(
    *, actor: Viewer, centre: Centre, call_sign: str, kind: str, unit: Unit | None = None, active: bool = True,
    radio_only: bool = False, talk_group: str = "", capabilities: list[str] | None = None, with_tracker: bool = False,
) -> tuple[Unit, str | None]:  # fmt: skip
    """Make or change a unit; with `with_tracker` a new one gets a beacon, whose plain token is returned this once."""
    access.require(actor, "house.administer", lineage=centre.area.lineage)
    if unit is not None:
        access.require(actor, "house.administer", lineage=unit.centre.area.lineage)
    sign = inputs.text(call_sign, "call_sign", limit=20, required=True)
    if Unit.objects.filter(centre=centre, call_sign=sign).exclude(pk=unit.pk if unit else 0).exists():
        raise DispatchError("exists", field="call_sign", value=sign)
    if unit and (not active or unit.centre_id != centre.pk) and (unit.on_duty or active_orders(unit)):
        raise DispatchError("in_use", unit=unit.call_sign)
    row = unit or Unit(uid=uuid7(), version=0)
    row.centre, row.call_sign, row.active = centre, sign, bool(active)
    row.kind = inputs.one_of(kind, "kind", UnitKind.values)
    row.radio_only = bool(radio_only)
    row.talk_group = inputs.text(talk_group, "talk_group", limit=30)
    row.capabilities = [inputs.text(item, "capabilities", limit=30) for item in capabilities or []]
    token = None
    if with_tracker and row.tracker is None:
        row.tracker, token = trackers.enrol(label=sign, area=centre.area, at=now())
    if row.tracker and not row.active:
        trackers.retire(row.tracker, at=now())
    row.version += 1
    row.save()
    show_unit(row, new=unit is None)
    return row, token


def active_orders(unit: Unit) -> bool:
    """Return whether a unit holds orders that are under way."""
    return unit.orders.filter(state__in=ORDER_ACTIVE).exists()


def show_unit(unit: Unit, *, new: bool) -> None:
    """Tell a unit's card after its register entry changed, and the cards that carry its call sign and radio."""
    if new:
        unit.audience = wanted(unit)
        unit.save(update_fields=["audience"])
    elif not unit.active:
        conceal(unit, unit.audience)
        return
    else:
        recast(unit)
    tell_unit(unit, "master")
    for order in unit.orders.exclude(incident__state="closed").select_related("incident"):
        reveal(order)
    for request in OrderRequest.objects.filter(unit=unit).exclude(incident__state="closed").select_related("incident"):
        reveal(request)


@action
def put_post(
    *, actor: Viewer, centre: Centre, code: str, name: str, point: Any, name_en: str = "", post: Post | None = None,
    active: bool = True,
) -> Post:  # fmt: skip
    """Make or change a staffed post at [lon, lat]."""
    access.require(actor, "house.administer", lineage=centre.area.lineage)
    row = post or Post(uid=uuid7(), version=0)
    row.centre, row.active = centre, bool(active)
    row.code = inputs.text(code, "code", limit=20, required=True)
    if Post.objects.filter(centre=centre, code=row.code).exclude(pk=row.pk).exists():
        raise DispatchError("exists", field="code", value=row.code)
    row.name = inputs.text(name, "name", limit=120, required=True)
    row.name_en = inputs.text(name_en, "name_en", limit=120)
    row.point = inputs.place(point) if not isinstance(point, Point) else point
    row.version += 1
    row.save()
    _show_post(row)
    return row


def _show_post(post: Post) -> None:
    """Tell a post's card, and the cards that carry its code: units that stand there, orders that went there."""
    if not post.active:
        conceal(post, post.audience)
        return
    if not recast(post):
        collect(events.PostChanged(post=post_card(post), why="master"), post.audience, subject_of(post))
    for unit in post.units.filter(active=True).select_related("centre__area", "post"):
        tell_unit(unit, "master")
    for order in post.orders.exclude(incident__state="closed").select_related(
        "incident__centre__area", "incident__owner"
    ):
        recast_incident(order.incident)
        reveal(order)


@action
def put_camera(
    *, actor: Viewer, area: Area, camera: Camera | None = None, addresses: dict[str, str] | None = None, **fields: Any
) -> Camera:
    """Make or change a camera (fields of geo.estate.put_camera); `addresses`: kind → address, "" forgets it."""
    access.require(actor, "house.administer", lineage=area.lineage)
    if camera is not None:
        access.require(actor, "house.administer", lineage=camera.area.lineage)
    try:
        row, changed = geo_estate.put_camera(camera=camera, area=area, **fields)
        for kind, url in (addresses or {}).items():
            geo_estate.put_address(row, kind, url)
            changed[f"{kind}_address"] = "changed" if url else "forgotten"
    except GeoError as error:
        field = kind if error.code == "address_unusable" else error.field
        code = {"camera_exists": "exists"}.get(error.code, "bad_input")
        raise DispatchError(code, field=field, why=error.code, **error.facts) from error
    if changed:
        note_camera(actor=actor, camera=row, changed=changed)
    if "status" in changed:
        keys = [*access.tree_keys(row.area.lineage), *access.ground_keys(areas_on_ground((row.point.x, row.point.y)))]
        event = events.CameraStatusChanged(camera_uid=row.uid, code=row.code, status=row.status)
        collect(event, keys, f"camera:{row.uid}")
    return row


@action
def note_camera(*, actor: Viewer, camera: Camera, changed: dict[str, Any], retired: bool = False) -> None:
    """Journal what geo changed about a camera. Addresses and logins are never among `changed`."""
    access.require(actor, "house.administer", lineage=camera.area.lineage)
    keys = [*access.role_keys("administrator", camera.area.lineage), *access.role_keys("auditor", camera.area.lineage)]
    if retired:
        collect(events.CameraRetired(camera_uid=camera.uid, code=camera.code), keys, f"camera:{camera.uid}")
        return
    safe = {name: str(value) for name, value in changed.items()}
    collect(events.CameraChanged(camera_uid=camera.uid, code=camera.code, changed=safe), keys, f"camera:{camera.uid}")


def note_file(run: ImportRun) -> None:
    """Journal an import that an administrator ran on the machine itself, in the import's own transaction."""
    note_import(actor=access.system("setup"), run=run, counts=run.counts, refused=run.refused_total)


def import_keys() -> list[str]:
    """Return who hears of imports: the desks, administrators and auditors at the top."""
    tops = [centre for centre in Centre.objects.select_related("area") if centre.area.parent_id is None]
    return [key for centre in tops for key in (*overseers_of(centre), *desks_of(centre))]


@action
def note_import(*, actor: Viewer, run: ImportRun, counts: dict[str, int], refused: int) -> None:
    """Journal that a file was read into the map or the register."""
    access.require(actor, "import.run")
    told = events.ImportFinished(
        run_uid=run.uid, what=run.kind, file_name=run.file_name, counts=counts, refused=refused
    )
    collect(told, import_keys(), f"import:{run.uid}")
