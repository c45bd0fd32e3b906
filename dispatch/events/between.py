"""What goes between desks: child orders followed, copies for a station, reports upward, call-backs, aid on the board."""

from typing import ClassVar
from uuid import UUID

from dispatch.cards import AidInForce, IncidentCard, NoticeCard, OrderCard, ReportCard
from dispatch.events.base import Event
from dispatch.events.board import Concealed, Revealed


class OrderFollowed(Event, kw_only=True, frozen=True):
    """A desk's order stands otherwise, because a child order of it was sent, moved or ended."""

    KIND: ClassVar[str] = "order.followed"
    order: OrderCard


class IncidentDue(Event, kw_only=True, frozen=True):
    """The time to look again has come: it is off hold. `reason` says why it was held."""

    KIND: ClassVar[str] = "incident.due"
    incident: IncidentCard
    reason: str


class IncidentCalledBack(Event, kw_only=True, frozen=True):
    """The caller of a closed incident was called back. On an open one the note itself says so."""

    KIND: ClassVar[str] = "incident.called_back"
    HEARD_BY: ClassVar[str] = "desks of the incident's centre and above"
    RETENTION: ClassVar[str] = "message"
    incident_uid: UUID
    note_uid: UUID
    result: str
    text: str


class NoticeSent(Event, kw_only=True, frozen=True):
    """A station was told of an order that went straight to its unit."""

    KIND: ClassVar[str] = "notice.sent"
    notice: NoticeCard


class NoticeAcknowledged(Event, kw_only=True, frozen=True):
    """Somebody of the station has read it."""

    KIND: ClassVar[str] = "notice.acknowledged"
    notice: NoticeCard


class NoticeRevealed(Revealed, kw_only=True, frozen=True):
    """A notice came into sight."""

    KIND: ClassVar[str] = "notice.revealed"
    notice: NoticeCard


class NoticeConcealed(Concealed, kw_only=True, frozen=True):
    """A notice went out of sight."""

    KIND: ClassVar[str] = "notice.concealed"
    REMOVES: ClassVar[str] = "notice"


class ReportSent(Event, kw_only=True, frozen=True):
    """A report went to the centre above."""

    KIND: ClassVar[str] = "report.sent"
    report: ReportCard


class ReportSigned(Event, kw_only=True, frozen=True):
    """A person of the upper desk signed for it."""

    KIND: ClassVar[str] = "report.signed"
    report: ReportCard


class ReportRevealed(Revealed, kw_only=True, frozen=True):
    """A report came into sight."""

    KIND: ClassVar[str] = "report.revealed"
    report: ReportCard


class ReportConcealed(Concealed, kw_only=True, frozen=True):
    """A report went out of sight."""

    KIND: ClassVar[str] = "report.concealed"
    REMOVES: ClassVar[str] = "report"


class AidRevealed(Revealed, kw_only=True, frozen=True):
    """Mutual aid came into sight."""

    KIND: ClassVar[str] = "aid.revealed"
    aid: AidInForce


class AidConcealed(Concealed, kw_only=True, frozen=True):
    """Mutual aid went out of sight."""

    KIND: ClassVar[str] = "aid.concealed"
    REMOVES: ClassVar[str] = "aid"
