"""People and the roles they hold. Nobody changes his own roles; an auditor is never an administrator."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from uuid_utils.compat import uuid7

from dispatch import access, events, sealed
from dispatch.access import Viewer
from dispatch.actions import inputs, push, tracker_apps
from dispatch.actions.audience import overseers_of
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_any
from dispatch.errors import DispatchError
from dispatch.models import Assignment, Centre, Person
from dispatch.models.people import Role
from geo.models import Area

# The duty phone is kept sealed; it is written here and read by the SMS outlet alone.
PHONE = re.compile(r"\+?[0-9]{5,15}")
FIELDS = {"name": 80, "name_en": 80, "police_number": 20, "language": 8, "email": 200}
UNTOLD = {"police_number", "email"}


@action
def put_person(
    *, actor: Viewer, username: str, home: UUID, password: str | None = None, password_hash: str = "", **fields: Any
) -> Person:
    """Make or change a person. `fields`: name, name_en, police_number, language, email, sworn, is_active,
    duty_phone.

    `password_hash` is of Django's own hashers and stands for a password: hashing is slow, and made-up people are many.
    """
    centre = get_any(Centre, home, field="home")
    access.require(actor, "house.administer", lineage=centre.area.lineage)
    login = inputs.text(username, "username", limit=60, required=True)
    person = (
        Person.objects.select_for_update(of=("self",), no_key=True)
        .select_related("home__area")
        .filter(username=login)
        .first()
    )
    if person:
        _may_touch(actor, person)
    person = person or Person(username=login, uid=uuid7())
    changed = _change(person, fields)
    if person.home_id != centre.pk:
        person.home, changed["home"] = centre, centre.area.code
    if password_hash:
        person.password, changed["password"] = password_hash, "…"
    else:
        _set_password(person, password, changed)
    if not person.name:
        raise DispatchError("bad_input", field="name", missing=True)
    person.is_staff = bool(person.pk) and _administers(person)
    person.rights_version += 1
    person.save()
    if not person.is_active:
        tracker_apps.end_apps_of(person, "disabled")
    told = events.PersonChanged(person_uid=person.uid, username=person.username, changed=changed)
    collect(told, [*overseers_of(centre), f"person:{person.pk}"], f"person:{person.uid}")
    return person


def _change(person: Person, fields: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "duty_phone":
            _set_phone(person, value, changed)
            continue
        if name in FIELDS:
            value = inputs.text(value, name, limit=FIELDS[name])
        elif name not in {"sworn", "is_active"} or not isinstance(value, bool):
            raise DispatchError("bad_input", field=name)
        if getattr(person, name) != value:
            setattr(person, name, value)
            changed[name] = "…" if name in UNTOLD else value
    return changed


def _set_phone(person: Person, value: Any, changed: dict[str, Any]) -> None:
    said = re.sub(r"[ ()/.-]", "", inputs.text(value, "duty_phone", limit=40))
    if said and not PHONE.fullmatch(said):
        raise DispatchError("bad_input", field="duty_phone", expected="+… 5–15")
    if sealed.unseal(person.duty_phone) != said:
        person.duty_phone, changed["duty_phone"] = sealed.seal(said), "…"


def _set_password(person: Person, password: str | None, changed: dict[str, Any]) -> None:
    if password is None:
        if not person.pk:
            person.set_unusable_password()
        return
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise DispatchError(
            "bad_input", field="password", why=[item.code or "" for item in error.error_list]
        ) from error
    person.set_password(password)
    changed["password"] = "…"  # noqa: S105


@action
def grant_role(
    *, actor: Viewer, person_uid: UUID, role: str, centre_uid: UUID, until: datetime | None = None
) -> Assignment:
    """Give a role at a centre. Raises `own_rights`, `role_conflict` (auditor and administrator), `forbidden`."""
    # Locked: two grants at once must not make an auditor who is an administrator.
    person = get_any(Person, person_uid, field="person", lock=True)
    centre = get_any(Centre, centre_uid, field="centre")
    _may_change(actor, person, centre)
    inputs.one_of(role, "role", Role.values)
    at = now()
    if until is not None and until <= at:
        raise DispatchError("bad_input", field="until", expected="future")
    running = _running(person)
    apart = {Role.AUDITOR: Role.ADMINISTRATOR, Role.ADMINISTRATOR: Role.AUDITOR}.get(Role(role))
    if apart and running.filter(role=apart).exists():
        raise DispatchError("role_conflict", field="role", holds=apart.value)
    if running.filter(role=role, centre=centre).exists():
        raise DispatchError("exists", field="role")
    row = Assignment.objects.create(
        uid=uuid7(), person=person, role=role, centre=centre, valid_from=at, valid_until=until,
        granted_by_id=actor.person_id,
    )  # fmt: skip
    _rights_changed(person)
    told = events.AssignmentGranted(person_uid=person.uid, role=role, centre_uid=centre.uid, valid_until=until)
    collect(told, [*overseers_of(centre), f"person:{person.pk}"], f"person:{person.uid}")
    return row


@action
def end_role(*, actor: Viewer, assignment_uid: UUID) -> Assignment:
    """End a role now. Raises `own_rights`, `wrong_state` when it has ended already."""
    row = (
        Assignment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person", "centre__area")
        .filter(uid=inputs.uid(assignment_uid))
        .first()
    )
    if row is None:
        raise DispatchError("not_found", object="assignment")
    _may_change(actor, row.person, row.centre)
    if row.valid_until and row.valid_until <= now():
        raise DispatchError("wrong_state", object="assignment", state="ended", verb="end", possible=[])
    row.valid_until = max(now(), row.valid_from)
    row.save()
    _rights_changed(row.person)
    if not _running(row.person).filter(role=Role.OFFICER).exists():
        push.forget_browsers(row.person, "role_ended")
        tracker_apps.end_apps_of(row.person, "role_ended")
    told = events.AssignmentEnded(person_uid=row.person.uid, role=row.role, centre_uid=row.centre.uid)
    collect(told, [*overseers_of(row.centre), f"person:{row.person_id}"], f"person:{row.person.uid}")
    return row


def _may_change(actor: Viewer, person: Person, centre: Centre) -> None:
    access.require(actor, "house.administer", lineage=centre.area.lineage)
    if person.pk == actor.person_id:
        raise DispatchError("own_rights")


def _running(person: Person) -> QuerySet[Assignment]:
    return person.assignments.filter(Q(valid_until=None) | Q(valid_until__gt=now()))


def _administers(person: Person) -> bool:
    return _running(person).filter(role=Role.ADMINISTRATOR).exists()


def _may_touch(actor: Viewer, person: Person) -> None:
    """Raise `forbidden` unless `actor` administers the person's home and every place where the person holds a role.

    A new password is everything the account may do: whoever administers less than that would take more than he has.
    """
    lineages = [row.centre.area.lineage for row in _running(person).select_related("centre__area")]
    if person.home:
        lineages.append(person.home.area.lineage)
    for lineage in lineages or [list(Area.objects.filter(parent=None).values_list("id", flat=True))]:
        access.require(actor, "house.administer", lineage=lineage)


def _rights_changed(person: Person) -> None:
    person.is_staff = _administers(person)
    person.rights_version += 1
    person.save(update_fields=["is_staff", "rights_version"])
