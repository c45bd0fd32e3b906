"""The register of vehicles and the planned shifts, as administrators keep them."""

from datetime import datetime, timedelta
from typing import Any

from uuid_utils.compat import uuid7

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import overseers_of
from dispatch.actions.base import action, collect
from dispatch.actions.outfit import equipment_of
from dispatch.actions.units import tell_unit
from dispatch.errors import DispatchError
from dispatch.models import Centre, Person, PlannedShift, ServiceVehicle, Unit
from dispatch.models.vehicles import VehicleKind

LONGEST = timedelta(hours=36)


@action
def put_vehicle(
    *, actor: Viewer, centre: Centre, code: str, kind: str, vehicle: ServiceVehicle | None = None, active: bool = True
) -> ServiceVehicle:
    """Make or change a vehicle of the force. Raises `exists`, `in_use` for one that is on duty and shall go."""
    access.require(actor, "house.administer", lineage=centre.area.lineage)
    if vehicle is not None:
        access.require(actor, "house.administer", lineage=vehicle.centre.area.lineage)
    said = inputs.text(code, "code", limit=20, required=True)
    row = vehicle or ServiceVehicle(uid=uuid7())
    if ServiceVehicle.objects.filter(centre=centre, code=said).exclude(pk=row.pk).exists():
        raise DispatchError("exists", field="code", value=said)
    riders = (
        Unit.objects.filter(crew__vehicle=row, crew__signed_off_at=None).distinct() if row.pk else Unit.objects.none()
    )
    if not active and riders:
        raise DispatchError("in_use", unit=riders[0].call_sign)
    row.centre, row.code, row.active = centre, said, bool(active)
    row.kind = inputs.one_of(kind, "kind", VehicleKind.values)
    row.save()
    changed = {"code": said, "kind": row.kind, "active": row.active, "centre": centre.area.code}
    told = events.VehicleChanged(vehicle_uid=row.uid, code=said, changed=changed)
    collect(told, overseers_of(centre), f"vehicle:{row.uid}")
    for unit in riders.select_related("centre__area", "post"):
        tell_unit(unit, "master")
    return row


@action
def plan_shift(
    *, actor: Viewer, unit: Unit, begins_at: datetime, ends_at: datetime, people: list[Person],
    vehicle: ServiceVehicle | None = None, equipment: list[str] | None = None, plan: PlannedShift | None = None,
) -> PlannedShift:  # fmt: skip
    """Make or change who is to ride on a unit in one shift. A plan binds nobody; the sign-on page proposes it."""
    access.require(actor, "house.administer", lineage=unit.centre.area.lineage)
    if plan is not None:
        access.require(actor, "house.administer", lineage=plan.unit.centre.area.lineage)
    if not timedelta(0) < ends_at - begins_at <= LONGEST:
        raise DispatchError("bad_input", field="ends_at", longest_h=LONGEST.total_seconds() / 3600)
    if not 1 <= len(people) <= 8:
        raise DispatchError("bad_input", field="people", low=1, high=8)
    _of_one_tree(unit, people, vehicle)
    row = plan or PlannedShift(uid=uuid7())
    if PlannedShift.objects.filter(unit=unit, begins_at=begins_at).exclude(pk=row.pk).exists():
        raise DispatchError("exists", field="begins_at", value=unit.call_sign)
    row.unit, row.begins_at, row.ends_at, row.vehicle = unit, begins_at, ends_at, vehicle
    row.equipment = equipment_of(equipment or [])
    row.save()
    row.people.set(people)
    _tell(row, people)
    return row


def _of_one_tree(unit: Unit, people: list[Person], vehicle: ServiceVehicle | None) -> None:
    top = unit.centre.area.lineage[0]
    for person in people:
        if not person.home or top not in person.home.area.lineage:
            raise DispatchError("not_found", field="people", object="person")
    if vehicle is not None and top not in vehicle.centre.area.lineage:
        raise DispatchError("not_found", field="vehicle", object="vehicle")


def _tell(row: PlannedShift, people: list[Person]) -> None:
    changed: dict[str, Any] = {
        "unit": row.unit.call_sign, "begins_at": row.begins_at.isoformat(), "ends_at": row.ends_at.isoformat(),
        "people": [person.name for person in people], "vehicle": row.vehicle.code if row.vehicle else "",
        "equipment": row.equipment,
    }  # fmt: skip
    told = events.ShiftPlanned(plan_uid=row.uid, unit_uid=row.unit.uid, changed=changed)
    keys = [*overseers_of(row.unit.centre), *(f"person:{person.pk}" for person in people)]
    collect(told, keys, f"plannedshift:{row.uid}")
