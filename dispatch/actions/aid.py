"""Mutual aid: a grant with an end, by which one centre may order another's units. Ended by who gave it, or by its time."""

from datetime import datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import subject_of, wanted
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_any, get_seen
from dispatch.errors import DispatchError
from dispatch.models import Centre, MutualAid, Unit
from dispatch.queries.present_between import aid_card

LONGEST = timedelta(hours=24)


@action
def grant_aid(
    *, actor: Viewer, from_centre: UUID, to_centre: UUID, ends_at: datetime | None = None, reason: str,
    unit_uid: UUID | None = None, minutes: int | None = None, uid: UUID | None = None,
) -> MutualAid:  # fmt: skip
    """Let another centre order one's units (or one unit) until `ends_at`, or for so many minutes; at most 24 hours."""
    giver, taker = get_any(Centre, from_centre, field="from_centre"), get_any(Centre, to_centre, field="to_centre")
    access.require(actor, "aid.grant", lineage=giver.area.lineage)
    _check_sides(giver, taker)
    if ends_at is None:
        ends_at = now() + timedelta(minutes=inputs.whole(minutes, "minutes", low=1, high=24 * 60))
    if not now() < ends_at <= now() + LONGEST:
        raise DispatchError("bad_input", field="ends_at", low=0, high=24)
    unit = get_any(Unit, unit_uid, field="unit") if unit_uid else None
    if unit and giver.area_id not in unit.centre.area.lineage:
        raise DispatchError("not_found", field="unit", object="unit")
    aid = MutualAid(
        uid=inputs.uid(uid) if uid else uuid7(), from_centre=giver, to_centre=taker, unit=unit, granted_by_id=actor.person_id,  # type: ignore[misc]
        granted_at=now(), ends_at=ends_at, reason=inputs.text(reason, "reason", limit=200, required=True),
    )  # fmt: skip
    aid.audience = wanted(aid)
    aid.save()
    told = events.AidGranted(
        aid=aid_card(aid), aid_uid=aid.uid, from_centre=giver.uid, to_centre=taker.uid, unit_uid=unit.uid if unit else None,
        ends_at=ends_at, reason=aid.reason,
    )  # fmt: skip
    collect(told, aid.audience, subject_of(aid))
    return aid


def _check_sides(giver: Centre, taker: Centre) -> None:
    if giver.pk == taker.pk:
        raise DispatchError("already_there", field="to_centre", centre=taker.area.code)
    for name, centre in (("from_centre", giver), ("to_centre", taker)):
        if not centre.active:
            raise DispatchError("target_inactive", field=name, target=centre.area.code)


@action
def end_aid(*, actor: Viewer, uid: UUID) -> MutualAid:
    """End mutual aid before its time, by the side that gave it."""
    aid = get_seen(MutualAid, uid, actor)
    access.require(actor, "aid.grant", lineage=aid.from_centre.area.lineage)
    return _end(aid)


@action
def expire_aid(*, actor: Viewer, uid: UUID) -> MutualAid:
    """End mutual aid whose time is over (worker)."""
    access.require(actor, "aid.expire")
    aid = get_any(MutualAid, uid, lock=True)
    if aid.ends_at > now():
        raise DispatchError("wrong_state", object="aid", state="in_force", verb="expire", possible=["end"])
    return _end(aid)


def _end(aid: MutualAid) -> MutualAid:
    if aid.ended_at is not None:
        raise DispatchError("not_found", object="aid")
    aid.ended_at = now()
    aid.version += 1
    aid.save()
    collect(events.AidEnded(aid=aid_card(aid), aid_uid=aid.uid), aid.audience, subject_of(aid))
    return aid
