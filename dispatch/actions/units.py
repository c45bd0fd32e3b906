"""Units and their crews: sign on and off, status, place by voice; and the phone as the unit's tracker."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from msgspec import UNSET, UnsetType

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import (
    overseers_of,
    recast_messages_to,
    recast_orders_to,
    recast_unanswered_by,
    subject_of,
)
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_any, get_seen
from dispatch.actions.outfit import Outfit, wanted_outfit
from dispatch.actions.tracker_apps import give_beacon, has_apps
from dispatch.errors import DispatchError
from dispatch.lifecycles import DISTRESS_OPEN, ORDER_ACTIVE, UNIT_REASONS, next_state
from dispatch.models import CrewMember, Person, Post, Unit
from dispatch.queries.present import post_card, unit_card
from geo import trackers


def tell_unit(unit: Unit, why: str) -> None:
    """Collect the unit's card as it is now; `why` is a code (order, status, place, master)."""
    collect(events.UnitChanged(unit=unit_card(unit), why=why), unit.audience, subject_of(unit))


def duty(unit: Unit) -> str:
    """Return the unit's lifecycle state."""
    return "on_duty" if unit.on_duty else "off_duty"


@action
def sign_on(
    *, actor: Viewer, unit_uid: UUID, crew: list[UUID], post_uid: UUID | None = None,
    vehicle_uid: UUID | UnsetType | None = UNSET, equipment: list[str] | UnsetType = UNSET,
) -> Unit:  # fmt: skip
    """Begin duty with this crew (or change it, the vehicle or the equipment; what is unset stays as it is).

    An officer signs on himself and partners, a desk anybody; another crew's unit is changed by its own crew or a desk
    only. Raises `person_on_unit`, `target_inactive`, `unit_taken`, `vehicle_taken`, `distress_stands`, `forbidden`.
    """
    unit = get_any(Unit, unit_uid, lock=True)
    access.require(actor, "unit.sign_on", lineage=unit.centre.area.lineage)
    if not unit.active:
        raise DispatchError("target_inactive", target=unit.call_sign)
    members = _crew(crew, unit)
    if not access.can(actor, "order.send", lineage=unit.centre.area.lineage) and not actor.system:
        if actor.person_id not in {person.pk for person in members}:
            raise DispatchError("forbidden", verb="unit.sign_on", why="not_in_crew")
        if unit.on_duty and unit.pk not in actor.unit_ids:
            raise DispatchError("unit_taken", unit=unit.call_sign)
    next_state("unit", duty(unit), "sign_on")
    outfit = wanted_outfit(unit, vehicle_uid, equipment)
    at, was = now(), unit.post
    anew = _put_crew(unit, members, outfit, at)
    _begin(actor, unit, at, post_uid, anew=anew)
    if has_apps(members):
        give_beacon(unit)
    trackers.tell()
    signed = events.UnitSignedOn(unit=unit_card(unit), persons=[person.uid for person in members])
    collect(signed, [*unit.audience, *(f"person:{person.pk}" for person in members)], subject_of(unit))
    _tell_posts(was, unit.post)
    return unit


def _put_crew(unit: Unit, members: list[Person], outfit: Outfit, at: Any) -> bool:
    """Sign off who is not of the crew any more, write down what the others have with them, sign on who is new.

    Returns whether nobody stayed: the first crew of a duty, or another one altogether.
    """
    aboard = CrewMember.objects.filter(unit=unit, signed_off_at=None)
    leaving = aboard.exclude(person__in=members)
    if leaving.exists():
        require_no_distress(unit)
        leaving.update(signed_off_at=at)
    aboard.update(vehicle=outfit.vehicle, equipment=outfit.equipment)
    present = set(aboard.values_list("person_id", flat=True))
    CrewMember.objects.bulk_create(
        CrewMember(
            unit=unit, person=person, sworn=person.sworn, signed_on_at=at, vehicle=outfit.vehicle,
            equipment=outfit.equipment,
        )
        for person in members
        if person.pk not in present
    )  # fmt: skip
    return not present


def _crew(uids: list[UUID], unit: Unit) -> list[Person]:
    wanted = list(dict.fromkeys(inputs.uid(uid, "crew") for uid in uids))
    if not 1 <= len(wanted) <= 8:
        raise DispatchError("bad_input", field="crew", low=1, high=8)
    # Locked in one order: two units that take the same person at once must not both look first and insert then.
    locked = Person.objects.select_for_update(of=("self",), no_key=True).select_related("home__area").order_by("pk")
    found = list(locked.filter(uid__in=wanted, is_active=True))
    if len(found) != len(wanted):
        raise DispatchError("not_found", field="crew", object="person")
    top = unit.centre.area.lineage[0]
    strangers = [person for person in found if not person.home or top not in person.home.area.lineage]
    if strangers:
        raise DispatchError("not_found", field="crew", object="person")
    elsewhere = CrewMember.objects.filter(person__in=found, signed_off_at=None).exclude(unit=unit)
    taken = elsewhere.select_related("person", "unit").first()
    if taken:
        raise DispatchError("person_on_unit", field="crew", person=taken.person.name, unit=taken.unit.call_sign)
    return found


def _begin(actor: Viewer, unit: Unit, at: Any, post_uid: UUID | None, *, anew: bool) -> None:
    """Put the unit on duty. A crew that was exchanged whole begins a duty of its own, as if the last had signed off."""
    if post_uid is not None:
        unit.post = _post_for(unit, post_uid, actor)
    exchanged = unit.on_duty and anew
    if anew or not unit.on_duty:
        unit.on_duty, unit.duty_since, unit.status_at, unit.unavailable_reason = True, at, at, ""
        if unit.tracker:
            trackers.begin_duty(unit.tracker, at=at)
    unit.version += 1
    unit.save()
    if exchanged:
        recast_messages_to(unit)
        recast_unanswered_by(unit)


def _post_for(unit: Unit, post_uid: UUID, actor: Viewer) -> Post:
    """Return a post of the unit's own line, or one of a desk that puts it there.

    A crew sees no register of posts, but may say where it stands. Whoever stands at a post hears and answers what is
    ordered there, so nobody puts himself at a neighbour's.
    """
    post = get_any(Post, post_uid, field="post")
    theirs, mine = post.centre.area, unit.centre.area
    of_its_line = theirs.pk in mine.lineage or mine.pk in theirs.lineage
    if not of_its_line and not access.can(actor, "order.send", lineage=theirs.lineage):
        raise DispatchError("not_found", field="post", object="post")
    return post


@action
def sign_off(*, actor: Viewer, unit_uid: UUID) -> Unit:
    """End duty: from now on the unit has no position. Raises `orders_active`, `distress_stands` while either does."""
    unit = get_seen(Unit, unit_uid, actor)
    access.require(actor, "unit.sign_off", lineage=unit.centre.area.lineage, unit_id=unit.pk)
    next_state("unit", duty(unit), "sign_off")
    active = unit.orders.filter(state__in=ORDER_ACTIVE).select_related("incident")
    if active:
        raise DispatchError("orders_active", unit=unit.call_sign, incidents=[order.incident.number for order in active])
    require_no_distress(unit)
    at = now()
    persons = list(CrewMember.objects.filter(unit=unit, signed_off_at=None).values_list("person_id", flat=True))
    CrewMember.objects.filter(unit=unit, signed_off_at=None).update(signed_off_at=at)
    unit.on_duty, unit.status_at, unit.unavailable_reason = False, at, ""
    unit.reported_point = unit.reported_at = None
    unit.version += 1
    unit.save()
    if unit.tracker:
        trackers.end_duty(unit.tracker, at=at)
    keys = [*unit.audience, *(f"person:{person}" for person in persons)]
    collect(events.UnitSignedOff(unit=unit_card(unit)), keys, subject_of(unit))
    recast_messages_to(unit)
    recast_unanswered_by(unit)
    _tell_posts(unit.post)
    return unit


def require_no_distress(unit: Unit, field: str | None = None) -> None:
    """Raise `distress_stands` while its crew calls for help: it keeps its crew and its position until a desk has ended that."""
    if unit.distresses.filter(state__in=DISTRESS_OPEN, cancelled_at=None).exists():
        raise DispatchError("distress_stands", field=field, unit=unit.call_sign)


@action
def set_status(*, actor: Viewer, unit_uid: UUID, reason: str = "") -> Unit:
    """Say why the unit is not simply available (a code of UNIT_REASONS), or "" for available again."""
    unit = _on_duty_unit(actor, unit_uid, "unit.set_status")
    if reason:
        inputs.one_of(reason, "reason", UNIT_REASONS)
    unit.unavailable_reason = reason
    unit.status_at = now()
    unit.version += 1
    unit.save()
    tell_unit(unit, "status")
    return unit


@action
def set_place(*, actor: Viewer, unit_uid: UUID, point: Any = None, post_uid: UUID | None = None) -> Unit:
    """Note where a unit says it is (by voice), as a point or at a post; neither forgets it again."""
    unit = _on_duty_unit(actor, unit_uid, "unit.set_place")
    old_post = unit.post
    unit.reported_point = inputs.place_in_city(point) if point is not None else None
    unit.reported_at = now() if point is not None else None
    unit.reported_how = "voice" if point is not None else ""
    unit.post = _post_for(unit, post_uid, actor) if post_uid else None if point is None else unit.post
    unit.version += 1
    unit.save()
    tell_unit(unit, "place")
    _tell_posts(old_post, unit.post)
    return unit


def _on_duty_unit(actor: Viewer, unit_uid: UUID, verb: str) -> Unit:
    unit = get_seen(Unit, unit_uid, actor)
    access.require(actor, verb, lineage=unit.centre.area.lineage, unit_id=unit.pk)
    if not unit.on_duty:
        since = unit.status_at.isoformat() if unit.status_at else None
        raise DispatchError("unit_off_duty", unit=unit.call_sign, since=since)
    return unit


def _tell_posts(*posts: Post | None) -> None:
    """Tell how posts are staffed now; whoever stands there sees what was ordered there, whoever left does not."""
    for pk in {post.pk for post in posts if post}:
        post = Post.objects.select_related("centre__area").get(pk=pk)
        collect(events.PostChanged(post=post_card(post), why="staff"), post.audience, subject_of(post))
        recast_orders_to(post)


@action
def enrol_device(*, actor: Viewer) -> tuple[Unit, str]:
    """Make the caller's phone the tracker of the unit he is signed on to; returns the plain token, shown this once."""
    access.require(actor, "device.enrol")
    unit = (
        Unit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("centre__area", "tracker", "post")
        .filter(Q(pk__in=actor.unit_ids), on_duty=True)
        .first()
    )
    if unit is None:
        raise DispatchError("unit_off_duty", unit=None)
    if unit.tracker:
        token = trackers.renew_token(unit.tracker)
    else:
        unit.tracker, token = trackers.enrol(label=unit.call_sign, area=unit.centre.area, at=now())
        unit.version += 1
        unit.save()
        tell_unit(unit, "master")
    trackers.begin_duty(unit.tracker, at=now())
    told = events.DeviceEnrolled(unit_uid=unit.uid, tracker_uid=unit.tracker.uid)
    collect(told, overseers_of(unit.centre), subject_of(unit))
    return unit, token
