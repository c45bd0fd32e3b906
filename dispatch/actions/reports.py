"""首报、续报、终报: a report to the centre above, made from the journal, sent as an object whose receipt is a signature."""

from uuid import UUID

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import subject_of, wanted
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_seen
from dispatch.actions.incidents import get_for
from dispatch.errors import DispatchError
from dispatch.models import Report
from dispatch.queries.present_between import report_card
from dispatch.queries.reports import find_upper, make_lines, stages_of


@action
def send_report(*, actor: Viewer, uid: UUID, incident_uid: UUID, stage: str, summary: str = "") -> Report:
    """Send what the journal says, with one line of one's own, to the centre above.

    Raises `no_upper_desk`, `report_order` with what may follow now, `wrong_state` for a closed incident, `exists`.
    """
    incident = get_for(actor, incident_uid, "report.send")
    if incident.state == "closed":
        raise DispatchError("wrong_state", object="incident", state="closed", verb="report", possible=["reopen"])
    upper = find_upper(incident.centre)
    if upper is None:
        raise DispatchError("no_upper_desk", centre=incident.centre.area.code)
    allowed = stages_of(incident)
    if stage not in allowed:
        raise DispatchError("report_order", field="stage", stage=str(stage)[:20], possible=list(allowed))
    if Report.objects.filter(uid=inputs.uid(uid)).exists():
        raise DispatchError("exists", field="uid")
    lines, up_to = make_lines(incident, stage)
    report = Report(
        uid=inputs.uid(uid), incident=incident, number=incident.reports.count() + 1, stage=stage,
        from_centre=incident.centre, to_centre=upper, summary=inputs.text(summary, "summary", limit=500),
        lines=lines, up_to=up_to, sent_by_id=actor.pk, sent_at=now(),
    )  # fmt: skip
    report.audience = wanted(report)
    report.save()
    collect(events.ReportSent(report=report_card(report)), report.audience, subject_of(report))
    return report


@action
def sign_report(*, actor: Viewer, uid: UUID) -> Report:
    """Sign for a report at the desk it went to; the first signature stands. Raises `not_this_desk`."""
    report = get_seen(Report, uid, actor)
    access.require_at(actor, "report.sign", report.to_centre.area_id)
    if report.signed_at is not None:
        return report
    report.signed_by_id, report.signed_at = actor.pk, now()
    report.version += 1
    report.save()
    report.refresh_from_db(fields=["signed_by"])
    collect(events.ReportSigned(report=report_card(report)), report.audience, subject_of(report))
    return report
