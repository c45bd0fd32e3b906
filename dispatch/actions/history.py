"""Reading an incident's history leaves a trace of its own."""

from uuid import UUID

from dispatch import access, events
from dispatch.access import Viewer, role_keys
from dispatch.actions.base import action, collect
from dispatch.actions.find import get_any, get_seen
from dispatch.errors import DispatchError
from dispatch.models import Incident


@action
def open_history(*, actor: Viewer, uid: UUID) -> bool:
    """Journal that `actor` reads this incident's history; returns whether he reads as its auditor.

    Raises `not_found` alike for what he may not see and what is not there, `forbidden`.
    """
    access.require(actor, "history.read")
    incident = get_any(Incident, uid)
    lineage = incident.centre.area.lineage
    auditor = bool(actor.areas_of({"auditor"}) & set(lineage))
    if not auditor:
        get_seen(Incident, uid, actor, lock=False)
    if actor.person_id is None or actor.uid is None:
        raise DispatchError("forbidden", verb="history.read")
    told = events.HistoryRead(incident_number=incident.number, person_uid=actor.uid)
    keys = [*role_keys("auditor", lineage), *role_keys("supervisor", lineage), f"person:{actor.person_id}"]
    collect(told, keys, f"incident:{incident.uid}")
    return auditor
