"""Rows → cards of what goes between desks. The rest stands in dispatch.queries.present."""

import msgspec

from dispatch.cards import AidInForce, NoticeCard, ReportCard
from dispatch.cards_life import ReportLine
from dispatch.models import MutualAid, Notice, Report
from dispatch.queries.present import person_ref

NOTICE_JOINS = ("incident", "order__unit", "order__from_centre", "order__sent_by", "centre", "acknowledged_by")
REPORT_JOINS = ("incident", "from_centre", "to_centre", "sent_by", "signed_by")
AID_JOINS = ("from_centre", "to_centre", "unit", "granted_by")


def notice_card(notice: Notice) -> NoticeCard:
    """Card of a station's copy."""
    order = notice.order
    return NoticeCard(
        uid=notice.uid, incident=notice.incident.uid, order=order.uid, centre=notice.centre.uid,
        call_sign=order.unit.call_sign if order.unit else "", from_centre=order.from_centre.uid,
        sent_by=person_ref(order.sent_by), sent_at=notice.sent_at, why=notice.why,
        acknowledged_by=person_ref(notice.acknowledged_by), acknowledged_at=notice.acknowledged_at,
    )  # fmt: skip


def report_card(report: Report) -> ReportCard:
    """Card of a report upward; its lines were stored as they were sent."""
    return ReportCard(
        uid=report.uid, incident=report.incident.uid, number=report.number, stage=report.stage,
        from_centre=report.from_centre.uid, to_centre=report.to_centre.uid, summary=report.summary,
        lines=msgspec.convert(report.lines, list[ReportLine]), sent_by=person_ref(report.sent_by), sent_at=report.sent_at,
        signed_by=person_ref(report.signed_by), signed_at=report.signed_at,
    )  # fmt: skip


def aid_card(aid: MutualAid) -> AidInForce:
    """Card of mutual aid."""
    return AidInForce(
        uid=aid.uid, from_centre=aid.from_centre.uid, to_centre=aid.to_centre.uid,
        unit=aid.unit.uid if aid.unit else None, call_sign=aid.unit.call_sign if aid.unit else "",
        granted_by=person_ref(aid.granted_by), granted_at=aid.granted_at, ends_at=aid.ends_at, reason=aid.reason,
    )  # fmt: skip
