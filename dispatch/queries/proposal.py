"""What an officer who comes on duty most likely wants: his planned shift, else what he rode last, as far as it is free."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db.models import Q

from dispatch.access import Viewer
from dispatch.models import CrewMember, Person, PlannedShift, ServiceVehicle, Unit
from geo import clock

EARLY = timedelta(hours=2)
REMEMBERED = timedelta(days=60)


class LeftOut(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody or something of the usual crew that is not free: `what` is person or vehicle, `unit` where it is now."""

    what: str
    name: str
    unit: str


class Proposal(msgspec.Struct, kw_only=True, frozen=True):
    """One crew to sign on with. `source`: planned (a shift that begins at `at`) or last (what he rode at `at`).

    `crew` holds the officer himself and the partners that are free.
    """

    source: str
    at: datetime
    ends_at: datetime | None
    unit: UUID
    call_sign: str
    crew: list[UUID]
    vehicle: UUID | None
    equipment: list[str]
    left_out: list[LeftOut]


class _Found(msgspec.Struct, kw_only=True):
    source: str
    at: datetime
    ends_at: datetime | None
    unit: Unit
    people: list[Person]
    vehicle: ServiceVehicle | None
    equipment: list[str]


def find_proposal(viewer: Viewer, areas: list[int]) -> Proposal | None:
    """Return what to propose to an officer who is off duty; None for anybody else, and when his unit is taken or gone."""
    if "officer" not in viewer.roles or viewer.unit_ids or viewer.person_id is None:
        return None
    found = _planned(viewer.person_id) or _last(viewer.person_id)
    if found is None or found.unit.on_duty or not found.unit.active or found.unit.centre.area_id not in areas:
        return None
    return _as_free(found)


def _planned(person_id: int) -> _Found | None:
    now = clock.now()
    plans = PlannedShift.objects.filter(people=person_id, begins_at__lte=now + EARLY, ends_at__gt=now)
    plan = plans.select_related("unit__centre", "vehicle").order_by("begins_at").first()
    if plan is None:
        return None
    return _Found(
        source="planned", at=plan.begins_at, ends_at=plan.ends_at, unit=plan.unit, vehicle=plan.vehicle,
        people=list(plan.people.filter(is_active=True)), equipment=plan.equipment,
    )  # fmt: skip


def _last(person_id: int) -> _Found | None:
    mine = CrewMember.objects.filter(person_id=person_id, signed_on_at__gt=clock.now() - REMEMBERED)
    row = mine.select_related("unit__centre", "vehicle", "person").order_by("-signed_on_at").first()
    if row is None or row.signed_off_at is None:
        return None
    beside = Q(unit=row.unit, signed_on_at__lt=row.signed_off_at, signed_off_at__gt=row.signed_on_at)
    riders = Person.objects.filter(pk__in=CrewMember.objects.filter(beside).values("person_id"), is_active=True)
    return _Found(
        source="last", at=row.signed_on_at, ends_at=None, unit=row.unit, vehicle=row.vehicle,
        people=[row.person, *riders.exclude(pk=person_id)], equipment=row.equipment,
    )  # fmt: skip


def _as_free(found: _Found) -> Proposal:
    """Return the proposal without who is signed on elsewhere and without a vehicle that another unit has, both named."""
    riding = CrewMember.objects.filter(signed_off_at=None).select_related("unit")
    busy = {row.person_id: row.unit.call_sign for row in riding.filter(person__in=found.people)}
    left_out = [LeftOut(what="person", name=one.name, unit=busy[one.pk]) for one in found.people if one.pk in busy]
    vehicle = found.vehicle if found.vehicle and found.vehicle.active else None
    rider = riding.filter(vehicle=vehicle).first() if vehicle else None
    if vehicle and rider:
        left_out.append(LeftOut(what="vehicle", name=vehicle.code, unit=rider.unit.call_sign))
        vehicle = None
    return Proposal(
        source=found.source, at=found.at, ends_at=found.ends_at, unit=found.unit.uid, call_sign=found.unit.call_sign,
        crew=[one.uid for one in found.people if one.pk not in busy], vehicle=vehicle.uid if vehicle else None,
        equipment=list(found.equipment), left_out=left_out,
    )  # fmt: skip
