"""Calls for help by officers: raised once however often it is sent, acknowledged by name, ended by a desk only."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import Point
from django.db.models import Q

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs, reach
from dispatch.actions.audience import recast, subject_of, wanted
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_any, get_seen, get_unit
from dispatch.actions.incidents import open_incident
from dispatch.actions.units import require_no_distress
from dispatch.errors import DispatchError
from dispatch.events import Event
from dispatch.lifecycles import DISTRESS_OPEN, DISTRESS_OUTCOMES, next_state
from dispatch.models import Distress, Incident, IncidentKind, Unit
from dispatch.queries.board import thresholds
from dispatch.queries.present_help import distress_card
from geo import around, clock
from geo.models import TrackerLast

PRESS_BELIEVED = timedelta(hours=24)
# Times outside are no clock's; the database would keep them, nothing could read them back.
ANY_CLOCK = (datetime(1970, 1, 2, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC))
MOST_ACCURACY_M = 1e6
CLOCK_SLACK = timedelta(seconds=inputs.FUTURE_S)
NEAR_M, ACK_S, FIX_STALE_S = 5000.0, 10.0, 600.0
KIND = "officer_distress"
Known = tuple[Point, str, datetime | None, float | None]  # where, how known, of when, within how many metres


@action
def raise_distress(
    *, actor: Viewer, uid: UUID, unit_uid: UUID, device_at: Any = None, point: Any = None, fix_at: Any = None,
    accuracy_m: float | None = None,
) -> Distress:  # fmt: skip
    """Call for help as a crew that was on duty when it pressed. The same press sent again makes nothing new.

    Nor does another press of one who calls already, by a second phone or again and again: the one that stands is
    returned. Without a place of the phone's own, or with one that cannot be, the unit's last known one is taken: whatever
    is wrong with a phone's clock or receiver, the call is heard. Raises `unit_off_duty`, `not_found`.
    """
    access.require(actor, "distress.raise")
    known = Distress.objects.select_related("unit", "centre__area", "person").filter(uid=inputs.uid(uid)).first()
    if known is not None:
        if known.person_id != actor.person_id:
            raise DispatchError("not_found", field="uid", object="distress")
        return known
    said = _moment(device_at)
    pressed = said if said and -PRESS_BELIEVED <= said - now() <= CLOCK_SLACK else None
    unit = get_any(Unit, unit_uid, field="unit", lock=True)
    _check_duty(actor, unit, pressed or now())
    if standing := _standing(actor, unit, pressed or now()):
        return standing
    at = _place(unit, _point(point), _moment(fix_at), _accuracy(accuracy_m))
    row = Distress(
        uid=inputs.uid(uid), unit=unit, centre=unit.centre, person_id=actor.pk, device_at=said,
        pressed_at=min(pressed or now(), now()), received_at=now(),
    )  # fmt: skip
    return _begin(row, at)


@action
def raise_by_voice(*, actor: Viewer, uid: UUID, unit_uid: UUID) -> Distress:
    """Enter a call for help that came by radio, for a unit on duty of one's own line; it lives like a pressed one.

    Sent again it makes nothing new. Raises `unit_off_duty`, `distress_stands`, `not_found`.
    """
    known = Distress.objects.select_related("unit", "centre__area").filter(uid=inputs.uid(uid)).first()
    if known is not None:
        if known.raised_by_id != actor.person_id:
            raise DispatchError("not_found", field="uid", object="distress")
        return known
    unit = get_seen(Unit, unit_uid, actor)
    access.require(actor, "distress.raise_by_voice", lineage=unit.centre.area.lineage)
    if not unit.on_duty:
        since = unit.status_at.isoformat() if unit.status_at else None
        raise DispatchError("unit_off_duty", field="unit", unit=unit.call_sign, since=since)
    require_no_distress(unit, field="unit")
    row = Distress(
        uid=inputs.uid(uid), unit=unit, centre=unit.centre, raised_by_id=actor.pk, pressed_at=now(), received_at=now()
    )
    return _begin(row, _place(unit, None, None, None))


def _begin(row: Distress, at: Known | None) -> Distress:
    """Store a call for help at the place known, and tell it: its audience, closed phones near by, who follows the unit now."""
    row.point, row.point_how, row.fix_at, row.accuracy_m = at or (None, "none", None, None)
    row.near = _near(row.unit, row.point) if row.point else []
    row.audience = wanted(row)
    row.save()
    reach.reach_near(row)
    _tell(events.DistressRaised, row)
    recast(row.unit)
    return row


@action
def acknowledge_distress(*, actor: Viewer, uid: UUID) -> Distress:
    """Say as a named person at a desk of the unit's own line that one has it. The first one stands."""
    row = _get(actor, uid, "distress.acknowledge")
    if row.state == "acknowledged":
        return row
    row.state = next_state("distress", row.state, "acknowledge")
    row.acknowledged_by_id, row.acknowledged_at = actor.pk, now()
    return _store(row, events.DistressAcknowledged)


@action
def escalate_distress(*, actor: Viewer, uid: UUID) -> Distress:
    """Nobody acknowledged it in time: say so to everybody who has it, the shift commanders first (worker)."""
    access.require(actor, "distress.escalate")
    row = get_any(Distress, uid, lock=True)
    row.state = next_state("distress", row.state, "escalate")
    row.escalated_at = now()
    return _store(row, events.DistressEscalated, after_s=round((now() - row.received_at).total_seconds(), 1))


@action
def follow_distress(*, actor: Viewer, uid: UUID) -> Distress | None:
    """Let who has come within reach since hear it too (worker); None when nobody has. Who heard it once keeps it."""
    access.require(actor, "distress.follow")
    row = get_any(Distress, uid, lock=True)
    at = _whereabouts(row)
    near = sorted({*row.near, *_near(row.unit, at[0])}) if at and row.state in DISTRESS_OPEN else row.near
    if near == row.near:
        return None
    row.near = near
    row.save(update_fields=["near"])
    if not row.cancelled_at:
        reach.reach_near(row)
    recast(row)
    recast(get_unit(row.unit_id))
    return row


@action
def cancel_distress(*, actor: Viewer, uid: UUID) -> Distress:
    """Take one's own press back. It stands on every board until a desk has ended it."""
    row = get_seen(Distress, uid, actor)
    access.require(actor, "distress.cancel")
    if row.person_id != actor.person_id:
        raise DispatchError("forbidden", verb="distress.cancel", why="not_yours")
    if row.cancelled_at:
        return row
    row.state = next_state("distress", row.state, "cancel")
    row.cancelled_at = now()
    reach.call_off_near(row)
    return _store(row, events.DistressCancelled)


@action
def end_distress(*, actor: Viewer, uid: UUID, outcome: str, text: str = "") -> Distress:
    """End an acknowledged distress with what it was: real, drill or false_press."""
    row = _get(actor, uid, "distress.end")
    row.state = next_state("distress", row.state, "end")
    row.outcome = inputs.one_of(outcome, "outcome", DISTRESS_OUTCOMES)
    row.end_text = inputs.text(text, "text", limit=200)
    row.ended_by_id, row.ended_at = actor.pk, now()
    reach.call_off_near(row)
    _store(row, events.DistressEnded)
    recast(get_unit(row.unit_id))
    return row


@action
def open_from_distress(*, actor: Viewer, uid: UUID, incident_uid: UUID) -> Distress:
    """Open a level-1 incident where the officer is now known to be; it acknowledges the distress too."""
    row = _get(actor, uid, "distress.open_incident")
    if row.incident_id:
        raise DispatchError("exists", field="incident", number=row.incident.number if row.incident else "")
    if row.state not in DISTRESS_OPEN:
        raise DispatchError("wrong_state", object="distress", state=row.state, verb="open", possible=[])
    at = _whereabouts(row)
    if at is None:
        raise DispatchError("bad_position", field="point", why="form")
    pressed = row.pressed_at.astimezone(ZoneInfo(row.centre.timezone))
    incident = open_incident(
        actor=actor, uid=incident_uid, kind=_kind(), level=1, point=[at[0].x, at[0].y], circle_m=min(at[3], 1000.0) if at[3] else None,
        place=row.unit.call_sign, remark=f"{row.unit.call_sign} {pressed:%H:%M:%S}",
    )  # fmt: skip
    if row.state == "raised":
        acknowledge_distress(actor=actor, uid=uid)
        row = get_any(Distress, uid, lock=True)
    row.incident = Incident.objects.get(pk=incident.pk)
    return _store(row, events.DistressLinked, incident_uid=incident.uid)


def _get(actor: Viewer, uid: UUID, verb: str) -> Distress:
    """Return the distress, locked. A neighbour's desk hears it and may do nothing to it."""
    row = get_seen(Distress, uid, actor)
    access.require(actor, verb, lineage=row.centre.area.lineage)
    return row


def _store(row: Distress, event: type[Event], **facts: Any) -> Distress:
    row.version += 1
    row.save()
    row.refresh_from_db(fields=["acknowledged_by", "ended_by"])
    _tell(event, row, **facts)
    return row


def _tell(event: type[Event], row: Distress, **facts: Any) -> None:
    collect(event(distress=distress_card(row), **facts), row.audience, subject_of(row))


def _moment(value: Any) -> datetime | None:
    """Return a time a phone said; None for none, and for what no clock says."""
    try:
        said = inputs.moment(value, "device_at", oldest_h=None) if value else None
    except DispatchError:
        return None
    return clock.of_device(said) if said and ANY_CLOCK[0] <= said <= ANY_CLOCK[1] else None


def _point(value: Any) -> Point | None:
    """Return where a phone says it is; None for nothing, and for where nobody is (a receiver without a fix says 0, 0)."""
    try:
        return inputs.place(value) if value is not None else None
    except DispatchError:
        return None


def _accuracy(value: Any) -> float | None:
    try:
        return inputs.metres(value, "accuracy_m", high=MOST_ACCURACY_M)
    except DispatchError:
        return None


def _check_duty(actor: Viewer, unit: Unit, pressed: datetime) -> None:
    """Raise `not_found` for a unit one was never of, `unit_off_duty` when one was off it at the moment of the press."""
    mine = unit.crew.filter(person_id=actor.pk)
    if not mine.exists():
        raise DispatchError("not_found", field="unit", object="unit")
    began = Q(signed_on_at__lte=pressed + CLOCK_SLACK)
    if not mine.filter(began, Q(signed_off_at=None) | Q(signed_off_at__gte=pressed)).exists():
        since = unit.status_at.isoformat() if unit.status_at else None
        raise DispatchError("unit_off_duty", field="unit", unit=unit.call_sign, since=since)


def _standing(actor: Viewer, unit: Unit, pressed: datetime) -> Distress | None:
    """Return the call of the same officer that stands, whatever his clock says, or stood when he pressed: he called once.

    The latter, so that a press whose answer was lost, sent again after the end, is no new call for help.
    """
    stands = Q(ended_at=None, cancelled_at=None)
    open_then = Q(ended_at=None) | Q(ended_at__gt=pressed)
    stood = open_then & Q(Q(cancelled_at=None) | Q(cancelled_at__gt=pressed), pressed_at__lte=pressed)
    mine = Distress.objects.filter(stands | stood, unit=unit, person_id=actor.pk)
    return mine.select_related("unit", "centre__area", "person").first()


def _place(unit: Unit, point: Point | None, fix_at: datetime | None, accuracy_m: float | None) -> Known | None:
    """Return the newest place known: the phone's own, the tracker's last fix, what was said, the post."""
    known: list[Known] = []
    if point is not None:
        known.append((point, "phone", min(fix_at, now()) if fix_at else None, accuracy_m))
    if last := _last_fix(unit):
        known.append(last)
    if unit.reported_point and unit.reported_at:
        known.append((unit.reported_point, "voice", unit.reported_at, None))
    if known:
        # A phone that does not say when it was there says it of the press.
        return max(known, key=lambda place: place[2] or now())
    return (unit.post.point, "post", None, None) if unit.post else None


def _whereabouts(row: Distress) -> Known | None:
    """Return the newest place known now: the unit's own since the press, else that of the press."""
    known = _place(row.unit, None, None, None)
    if row.point and not (known and known[2] and known[2] > (row.fix_at or row.pressed_at)):
        return row.point, row.point_how, row.fix_at, row.accuracy_m
    return known


def _last_fix(unit: Unit) -> Known | None:
    last = TrackerLast.objects.filter(tracker_id=unit.tracker_id or 0).first()
    if last is None or not unit.on_duty or (unit.duty_since and last.fix_at < unit.duty_since):
        return None
    return Point(last.lon_e7 / 1e7, last.lat_e7 / 1e7, srid=4326), "tracker", last.fix_at, last.accuracy_m


def _near(unit: Unit, point: Point) -> list[str]:
    """Return the keys of the desks whose ground, and of the units on duty whose place, is near enough to help."""
    limits = thresholds()
    here, metres = (point.x, point.y), limits.get("distress_near_m", NEAR_M)
    fresh = now() - timedelta(seconds=limits.get("fix_stale_s", FIX_STALE_S))
    trackers = around.trackers_within(here, metres, fix_after=fresh)
    said = Q(reported_point__dwithin=(point, metres))
    units = Unit.objects.filter(Q(tracker_id__in=trackers) | said, on_duty=True, active=True).exclude(pk=unit.pk)
    keys = [f"near:{pk}" for pk in units.values_list("pk", flat=True)]
    return sorted({*keys, *access.ground_keys(around.areas_within(here, metres))})


def _kind() -> str:
    """Return the kind for an officer in distress, or the first of level 1 where a house has none."""
    kinds = IncidentKind.objects.filter(active=True)
    return (
        KIND
        if kinds.filter(code=KIND).exists()
        else kinds.order_by("level", "position").values_list("code", flat=True)[0]
    )
