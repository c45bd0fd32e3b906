"""What a crew has with it: the vehicle, which one unit has at a time, and the equipment."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType

from dispatch.actions import inputs
from dispatch.errors import DispatchError
from dispatch.lifecycles import EQUIPMENT
from dispatch.models import CrewMember, ServiceVehicle, Unit


@dataclass(frozen=True)
class Outfit:
    """What stands in every open crew row of one unit."""

    vehicle: ServiceVehicle | None
    equipment: list[str]


def outfit_of(unit: Unit) -> Outfit:
    """Return what the unit's crew has with it now."""
    row = CrewMember.objects.filter(unit=unit, signed_off_at=None).select_related("vehicle").first()
    return Outfit(row.vehicle, list(row.equipment)) if row else Outfit(None, [])


def wanted_outfit(unit: Unit, vehicle_uid: UUID | UnsetType | None, equipment: Any | UnsetType) -> Outfit:
    """Return what the crew shall have: what is unset stays as it is. Raises `not_found`, `target_inactive`, `vehicle_taken`."""
    now = outfit_of(unit)
    vehicle = (
        now.vehicle if vehicle_uid is UNSET else _free_vehicle(unit, vehicle_uid) if vehicle_uid is not None else None
    )
    return Outfit(vehicle, now.equipment if equipment is UNSET else equipment_of(equipment))


def equipment_of(codes: Any) -> list[str]:
    """Return known codes once each, in the house's order, or raise `bad_input`."""
    if not isinstance(codes, list) or len(codes) > len(EQUIPMENT):
        raise DispatchError("bad_input", field="equipment", high=len(EQUIPMENT))
    chosen = {inputs.one_of(code, "equipment", EQUIPMENT) for code in codes}
    return [code for code in EQUIPMENT if code in chosen]


def _free_vehicle(unit: Unit, uid: Any) -> ServiceVehicle:
    # Locked: two crews that take the same vehicle at once must not both look first and write then.
    locked = ServiceVehicle.objects.select_for_update(of=("self",), no_key=True).select_related("centre__area")
    vehicle = locked.filter(uid=inputs.uid(uid, "vehicle")).first()
    if vehicle is None or unit.centre.area.lineage[0] not in vehicle.centre.area.lineage:
        raise DispatchError("not_found", field="vehicle", object="vehicle")
    if not vehicle.active:
        raise DispatchError("target_inactive", field="vehicle", target=vehicle.code)
    rider = CrewMember.objects.filter(vehicle=vehicle, signed_off_at=None).exclude(unit=unit)
    taken = rider.select_related("unit").first()
    if taken:
        raise DispatchError("vehicle_taken", field="vehicle", vehicle=vehicle.code, unit=taken.unit.call_sign)
    return vehicle
