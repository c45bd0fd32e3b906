"""Rows → cards of what goes between officers and desks beside orders: distress, messages, ready texts."""

import msgspec

from dispatch.cards import CannedCard, DistressCard, MessageCard, Reached, Words
from dispatch.models import CannedText, Distress, Message
from dispatch.queries.present import lonlat, person_ref

DISTRESS_JOINS = ("unit", "centre", "person", "raised_by", "acknowledged_by", "ended_by", "incident")
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
        raised_by=person_ref(row.raised_by),
        talk_group=row.unit.talk_group,
        point=lonlat(row.point),
        acknowledged_by=person_ref(row.acknowledged_by),
        incident=row.incident.uid if row.incident else None,
        ended_by=person_ref(row.ended_by),
        reached=msgspec.convert(row.reached, list[Reached]),
    )


MESSAGE_JOINS = ("unit", "centre", "sender", "read_by", "incident")
MESSAGE_COPIED = (
    "uid", "batch", "way", "canned", "state", "device_at", "sent_at", "delivered_at", "read_at", "version",
)  # fmt: skip


def message_card(row: Message) -> MessageCard:
    """Card of a message; MESSAGE_JOINS says what to join for many."""
    return MessageCard(
        **{name: getattr(row, name) for name in MESSAGE_COPIED},
        unit=row.unit.uid,
        call_sign=row.unit.call_sign,
        centre=row.centre.uid,
        sender=person_ref(row.sender),
        incident=row.incident.uid if row.incident else None,
        words=Words(row.text, row.text if row.text_en else "", row.text_en) if row.text else None,
        read_by=person_ref(row.read_by),
    )


def canned_card(ready: CannedText) -> CannedCard:
    """Card of a ready text."""
    return CannedCard(
        code=ready.code, way=ready.way, centre=ready.centre.uid if ready.centre else None,
        words=Words(ready.text, ready.text, ready.text_en),
    )  # fmt: skip
