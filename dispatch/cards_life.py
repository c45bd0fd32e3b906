"""Cards of what goes between desks: child orders in sum, copies for a station, mutual aid, reports to the upper centre."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dispatch.card_base import Card, PersonRef


class Children(msgspec.Struct, frozen=True):
    """How the child orders of a desk order stand: how many are under way, how many ended, the furthest state under way."""

    open: int
    ended: int
    best: str


class NoticeCard(Card, kw_only=True, frozen=True):
    """知会: a station's copy of an order that went straight to its unit. To be read, never a duty.

    `why`: below (the station lies under the sender), direct (level 1 across), aid, request.
    """

    incident: UUID
    order: UUID
    centre: UUID
    call_sign: str
    from_centre: UUID
    sent_by: PersonRef | None
    sent_at: datetime
    why: str
    acknowledged_by: PersonRef | None
    acknowledged_at: datetime | None


class AidInForce(Card, kw_only=True, frozen=True):
    """Mutual aid that is in force: `to_centre` may order the units of `from_centre`, or the one unit, until its end."""

    from_centre: UUID
    to_centre: UUID
    unit: UUID | None
    call_sign: str
    granted_by: PersonRef | None
    granted_at: datetime
    ends_at: datetime
    reason: str


class ReportLine(msgspec.Struct, kw_only=True, frozen=True):
    """One fact out of the journal: when, which (a code of the screens' catalogue), and its facts."""

    at: datetime
    code: str
    facts: dict[str, Any]


class ReportCard(Card, kw_only=True, frozen=True):
    """首报/续报/终报: a report to the centre above. `stage`: first, follow_up, final. The receipt is a person's signature."""

    incident: UUID
    number: int
    stage: str
    from_centre: UUID
    to_centre: UUID
    summary: str
    lines: list[ReportLine]
    sent_by: PersonRef | None
    sent_at: datetime
    signed_by: PersonRef | None
    signed_at: datetime | None
