"""What goes between desks: copies for a station, mutual aid, reports upward, call-backs."""

from typing import Any
from uuid import UUID

from dispatch.access import Viewer
from dispatch.actions import aid, callbacks, notices, reports
from dispatch.api.base import Decision, Reading
from dispatch.api.bodies import Body, read_query, short_text
from dispatch.cards import AidInForce, NoteCard, NoticeCard, ReportCard
from dispatch.queries.closed import ClosedIncidents, list_closed
from dispatch.queries.reports import ReportDraft, get_draft
from dispatch.queries.shown import show


class NewAid(Body):
    """Who may order whose units (or the one unit), for how many minutes (at most a day), and why."""

    uid: UUID
    from_centre: UUID
    to_centre: UUID
    minutes: int
    reason: str
    unit: UUID | None = None


class NewReport(Body):
    """A report upward: stage is first, follow_up or final; the lines come from the journal, `summary` is the sender's."""

    uid: UUID
    stage: str
    summary: str = ""


class NewCallBack(Body):
    """What the caller said: satisfied, dissatisfied, no_answer, wrong_number, declined."""

    uid: UUID
    result: str
    text: str = ""


class AcknowledgeNotice(Decision):
    """Say that the station has read its copy of an order."""

    verb, shows = "notice.acknowledge", NoticeCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Acknowledge it."""
        return show(notices.acknowledge_notice(actor=viewer, uid=path["uid"]), viewer)


class GrantAid(Decision):
    """Let another centre order one's units until an end."""

    verb, body, shows, status = "aid.grant", NewAid, AidInForce, 201

    def decide(self, viewer: Viewer, body: NewAid, **path: Any) -> Any:
        """Grant it."""
        granted = aid.grant_aid(
            actor=viewer, uid=body.uid, from_centre=body.from_centre, to_centre=body.to_centre, minutes=body.minutes,
            reason=body.reason, unit_uid=body.unit,
        )  # fmt: skip
        return show(granted, viewer)


class EndAid(Decision):
    """End mutual aid before its time."""

    verb, shows = "aid.grant", AidInForce

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """End it."""
        return show(aid.end_aid(actor=viewer, uid=path["uid"]), viewer)


class ReadClosed(Reading):
    """Incidents of one's own desks that were closed lately, with whom to call back."""

    verb, shows = "incident.call_back", ClosedIncidents

    def read(self, viewer: Viewer, **path: Any) -> ClosedIncidents:
        """Return them."""
        return list_closed(viewer)


class CallBack(Decision):
    """Record that the caller was called back, and what came of it. Final."""

    verb, body, shows, status = "incident.call_back", NewCallBack, NoteCard, 201

    def decide(self, viewer: Viewer, body: NewCallBack, **path: Any) -> Any:
        """Record it."""
        note = callbacks.record_call_back(
            actor=viewer, uid=body.uid, incident_uid=path["uid"], result=body.result, text=body.text
        )
        return show(note, viewer)


class DraftReport(Reading):
    """What a report to the centre above would say now, line by line out of the journal."""

    verb, shows = "report.send", ReportDraft
    query = {"stage": "string"}

    def read(self, viewer: Viewer, **path: Any) -> ReportDraft:
        """Return the draft."""
        asked = read_query(self.request, stage=short_text)
        return get_draft(viewer, path["uid"], asked.get("stage", ""))


class SendReport(Decision):
    """Send a report to the centre above."""

    verb, body, shows, status = "report.send", NewReport, ReportCard, 201

    def decide(self, viewer: Viewer, body: NewReport, **path: Any) -> Any:
        """Send it."""
        report = reports.send_report(
            actor=viewer, uid=body.uid, incident_uid=path["uid"], stage=body.stage, summary=body.summary
        )
        return show(report, viewer)


class SignReport(Decision):
    """Sign for a report at the desk it went to."""

    verb, shows = "report.sign", ReportCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Sign."""
        return show(reports.sign_report(actor=viewer, uid=path["uid"]), viewer)
