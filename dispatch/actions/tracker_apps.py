"""Tracker apps of officers: made while on duty, ended by whose they are, by an administrator, or with account and role."""

from uuid import UUID

from django.db.models import Q
from uuid_utils.compat import uuid7

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import hearers_of, subject_of
from dispatch.actions.base import action, collect, now
from dispatch.errors import DispatchError
from dispatch.lifecycles import TRACKER_APPS
from dispatch.models import Person, TrackerApp, Unit
from dispatch.models.people import Role
from dispatch.queries.present import unit_card
from geo import trackers

MOST_A_PERSON = 5
PERSON = "person__home__area"


@action
def add_tracker_app(*, actor: Viewer, app: str) -> tuple[TrackerApp, str]:
    """Make a device of the actor's own for this app, on duty; returns it with its plain secret, shown this once.

    The oldest of more than MOST_A_PERSON ends. Raises `unit_off_duty`, `bad_input`.
    """
    access.require(actor, "tracker_app.add")
    protocol = TRACKER_APPS[inputs.one_of(app, "app", TRACKER_APPS)]
    # Locked: two made at once by one person are counted one after the other.
    person = Person.objects.select_for_update(of=("self",), no_key=True).select_related("home__area").get(pk=actor.pk)
    riding = Unit.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=actor.unit_ids, on_duty=True)
    unit = riding.select_related("centre__area", "tracker", "post").first()
    if unit is None:
        raise DispatchError("unit_off_duty", unit=None)
    device, secret = trackers.enrol_device(protocol=protocol, at=now())
    row = TrackerApp.objects.create(uid=uuid7(), device=device, person=person, unit=unit, app=app, made_at=now())
    if give_beacon(unit):
        collect(events.UnitChanged(unit=unit_card(unit), why="master"), unit.audience, subject_of(unit))
    told = events.TrackerAppAdded(person_uid=person.uid, app_uid=row.uid, app=app, unit_uid=unit.uid)
    collect(told, hearers_of(person), f"person:{person.uid}")
    for spare in _in_use(person)[MOST_A_PERSON:]:
        _end(spare, "replaced")
    return row, secret


def give_beacon(unit: Unit) -> bool:
    """Give a unit on duty without a beacon one, for its crew's apps to speak through; say whether it got one. Part of an action.

    Its token is known to nobody: a phone's page that is enrolled later renews it.
    """
    if unit.tracker is not None:
        return False
    unit.tracker, _ = trackers.enrol(label=unit.call_sign, area=unit.centre.area, at=now())
    unit.version += 1
    unit.save()
    trackers.begin_duty(unit.tracker, at=now())
    return True


def has_apps(persons: list[Person]) -> bool:
    """Say whether one of these people uses a tracker app."""
    return TrackerApp.objects.filter(person__in=persons, ended_at=None).exists()


@action
def end_tracker_app(*, actor: Viewer, uid: UUID) -> TrackerApp:
    """End an app at once and for good: one's own, or as an administrator of the person's home. Again is no error.

    Raises `not_found` for one that is not there and for anybody else's.
    """
    row = _rows().filter(uid=inputs.uid(uid)).first()
    if row is None or not _may_end(actor, row.person):
        raise DispatchError("not_found", object="tracker_app")
    if row.ended_at is None:
        _end(row, "asked" if row.person_id == actor.person_id else "withdrawn")
    return row


def end_apps_of(person: Person, why: str) -> None:
    """End all apps of a person, and what his open page holds of the unit he is on. Part of an action."""
    for row in _in_use(person):
        _end(row, why)
    # Who else is on the unit enrols his phone again with one tap.
    on = Unit.objects.filter(crew__person=person, crew__signed_off_at=None, tracker__isnull=False)
    for unit in on.select_related("tracker").distinct():
        assert unit.tracker
        trackers.renew_token(unit.tracker)


@action
def end_lapsed_apps(*, actor: Viewer) -> int:
    """End the apps of people whose account or last role of officer is over by its own date (worker); returns how many.

    Intake asks the same at each reload: nothing counts meanwhile.
    """
    access.require(actor, "journal.keep")
    officers = Q(assignments__role=Role.OFFICER, assignments__valid_from__lte=now(), assignments__centre__active=True)
    officers &= Q(assignments__valid_until=None) | Q(assignments__valid_until__gt=now())
    still = Person.objects.filter(officers, is_active=True)
    lapsed = list(_rows().filter(ended_at=None).exclude(person__in=still))
    for row in lapsed:
        _end(row, "role_ended")
    return len(lapsed)


def _rows():  # type: ignore[no-untyped-def]
    return TrackerApp.objects.select_for_update(of=("self",), no_key=True).select_related("device", PERSON)


def _in_use(person: Person) -> list[TrackerApp]:
    return list(_rows().filter(person=person, ended_at=None).order_by("-made_at", "-pk"))


def _may_end(actor: Viewer, person: Person) -> bool:
    if person.pk == actor.person_id:
        return access.can(actor, "tracker_app.end_own")
    return person.home is not None and access.can(actor, "house.administer", lineage=person.home.area.lineage)


def _end(row: TrackerApp, why: str) -> None:
    row.ended_at, row.ended_why = now(), why
    row.save(update_fields=["ended_at", "ended_why"])
    trackers.retire_device(row.device)
    told = events.TrackerAppEnded(person_uid=row.person.uid, app_uid=row.uid, app=row.app, why=why)
    collect(told, hearers_of(row.person), f"person:{row.person.uid}")
