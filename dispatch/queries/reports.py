"""What a report to the centre above would say now: to whom, which stage, and its lines. Reads only."""

from uuid import UUID

import msgspec

from dispatch import access, journal
from dispatch.access import Viewer
from dispatch.cards_life import ReportLine
from dispatch.errors import DispatchError
from dispatch.lifecycles import REPORT_AFTER
from dispatch.models import Centre, Incident, Report
from dispatch.queries.report_lines import KINDS, Line, lines_of

MOST_ENTRIES = 5000


class ReportDraft(msgspec.Struct, kw_only=True, frozen=True):
    """What would be sent: `stages` may be chosen now, `lines` are those of the first of them; null `to_centre`: nobody above."""

    incident: UUID
    to_centre: UUID | None
    stages: list[str]
    lines: list[ReportLine]


def find_upper(centre: Centre) -> Centre | None:
    """Return the nearest active centre above."""
    above = Centre.objects.filter(area_id__in=centre.area.lineage[:-1], active=True).select_related("area")
    return max(above, key=lambda one: len(one.area.lineage), default=None)


def stages_of(incident: Incident) -> tuple[str, ...]:
    """Return the stages that may follow what was sent; a report to another centre than the present one above counts too."""
    last = incident.reports.order_by("-number").first()
    return REPORT_AFTER[last.stage if last else ""]


def make_lines(incident: Incident, stage: str) -> tuple[list[Line], int]:
    """Return (lines, newest journal number looked at): a follow-up tells what came after the last report, others all."""
    last: Report | None = incident.reports.order_by("-number").first()
    after = last.up_to if last and stage == "follow_up" else 0
    entries = journal.read(subjects=[f"incident:{incident.uid}"], kinds=KINDS, after=after, limit=MOST_ENTRIES)
    return lines_of(entries), entries[-1].n if entries else after


def get_draft(viewer: Viewer, uid: UUID, stage: str = "") -> ReportDraft:
    """Return what a report of `stage` would say now. Raises `not_found`, `forbidden`, `bad_input`."""
    incident = Incident.objects.select_related("centre__area").filter(uid=uid).first()
    if incident is None or access.view_of(incident.audience, viewer) is None:
        raise DispatchError("not_found", object="incident")
    access.require(viewer, "report.send", lineage=incident.centre.area.lineage)
    stages = stages_of(incident)
    if stage and stage not in stages:
        raise DispatchError("report_order", field="stage", stage=stage, possible=list(stages))
    upper = find_upper(incident.centre)
    lines = make_lines(incident, stage or stages[0])[0] if stages else []
    return ReportDraft(
        incident=incident.uid, to_centre=upper.uid if upper else None, stages=list(stages),
        lines=msgspec.convert(lines, list[ReportLine]),
    )  # fmt: skip
