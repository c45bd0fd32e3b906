"""Recording the packet that the ranker made. A second action, after the incident is committed; it never blocks a call."""

from typing import Any
from uuid import UUID

from django.db import connection
from uuid_utils.compat import uuid7

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions.audience import subject_of, wanted
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_any, get_seen
from dispatch.errors import DispatchError
from dispatch.models import Incident, Suggestion
from dispatch.queries.present import suggestion_card

CHANNEL = "nearcast_rank"  # NOTIFY: an incident's uid that a desk wants ranked again
EMPTY: dict[str, Any] = {
    "method": "straight_line", "units": [], "refused": [], "refused_more": 0, "cameras": [], "cameras_counted": {},
    "empty_hint": "",
}  # fmt: skip


@action
def ask_again(*, actor: Viewer, uid: UUID) -> Incident:
    """Wake the ranker for an incident that `actor` sees; changes nothing itself."""
    incident = get_seen(Incident, uid, actor, lock=False)
    access.require(actor, "incident.suggest", lineage=incident.centre.area.lineage)
    if incident.state == "closed":
        raise DispatchError("wrong_state", object="incident", state="closed", verb="suggest", possible=["reopen"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(incident.uid)])
    return incident


@action
def record_suggestion(*, actor: Viewer, incident_uid: UUID, body: dict[str, Any]) -> Suggestion | None:
    """Store the next version of an incident's packet; None when the incident was closed meanwhile.

    `body` holds SuggestionCard's fields from `method` on, JSON-ready (dispatch.suggest.Packet.as_json).
    """
    return _record(actor, incident_uid, body, "")


@action
def record_failure(*, actor: Viewer, incident_uid: UUID, code: str) -> Suggestion | None:
    """Say that ranking did not work, so that the desk chooses by hand."""
    return _record(actor, incident_uid, {**EMPTY, "empty_hint": "ranking_failed"}, code[:40])


def _record(actor: Viewer, incident_uid: UUID, body: dict[str, Any], failed: str) -> Suggestion | None:
    incident = get_any(Incident, incident_uid, lock=True)
    access.require(actor, "incident.suggest", lineage=incident.centre.area.lineage)
    if incident.state == "closed":
        return None
    incident.suggestion_version += 1
    Incident.objects.filter(pk=incident.pk).update(suggestion_version=incident.suggestion_version)
    suggestion = Suggestion(
        uid=uuid7(), incident=incident, number=incident.suggestion_version, made_at=now(), body=body, failed_code=failed
    )
    suggestion.audience = wanted(suggestion)
    suggestion.save()
    card = suggestion_card(suggestion)
    made = events.SuggestionFailed(suggestion=card) if failed else events.IncidentSuggested(suggestion=card)
    collect(made, suggestion.audience, subject_of(suggestion))
    return suggestion
