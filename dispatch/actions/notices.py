"""知会: the copy a station gets of an order that went straight to its unit."""

from uuid import UUID

from uuid_utils.compat import uuid7

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions.audience import subject_of, wanted
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_seen
from dispatch.models import Notice, Order
from dispatch.queries.present_between import notice_card


def copy_station(order: Order) -> None:
    """Tell a unit's own station of an order that another desk sent to it. A station's own child orders need no copy."""
    unit = order.unit
    if unit is None or order.parent_id or order.from_centre_id == unit.centre_id:
        return
    notice = Notice(
        uid=uuid7(),
        incident=order.incident,
        order=order,
        centre=unit.centre,
        why=order.across or "below",
        sent_at=now(),
    )
    notice.audience = wanted(notice)
    notice.save()
    collect(events.NoticeSent(notice=notice_card(notice)), notice.audience, subject_of(notice))


@action
def acknowledge_notice(*, actor: Viewer, uid: UUID) -> Notice:
    """Say that the station has read it; the first who says so stands there. Raises `not_this_desk`."""
    notice = get_seen(Notice, uid, actor)
    access.require_at(actor, "notice.acknowledge", notice.centre.area_id)
    if notice.acknowledged_at is not None:
        return notice
    notice.acknowledged_by_id, notice.acknowledged_at = actor.person_id, now()
    notice.version += 1
    notice.save()
    notice.refresh_from_db(fields=["acknowledged_by"])
    collect(events.NoticeAcknowledged(notice=notice_card(notice)), notice.audience, subject_of(notice))
    return notice
