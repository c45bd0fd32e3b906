"""Rows → cards of what goes between officers and desks beside orders: distress."""

from dispatch.cards import DistressCard
from dispatch.models import Distress
from dispatch.queries.present import lonlat, person_ref

DISTRESS_JOINS = ("unit", "centre", "person", "acknowledged_by", "ended_by", "incident")
COPIED = (
    "uid", "point_how", "fix_at", "accuracy_m", "device_at", "pressed_at", "received_at", "state", "acknowledged_at",
    "escalated_at", "cancelled_at", "ended_at", "outcome", "end_text", "version",
)  # fmt: skip


def distress_card(row: Distress) -> DistressCard:
    """Card of a distress; DISTRESS_JOINS says what to join for many."""
    return DistressCard(
        **{name: getattr(row, name) for name in COPIED},
        unit=row.unit.uid,
        call_sign=row.unit.call_sign,
        unit_kind=row.unit.kind,
        centre=row.centre.uid,
        person=person_ref(row.person),
        talk_group=row.unit.talk_group,
        point=lonlat(row.point),
        acknowledged_by=person_ref(row.acknowledged_by),
        incident=row.incident.uid if row.incident else None,
        ended_by=person_ref(row.ended_by),
    )
