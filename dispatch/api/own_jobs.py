"""What a crew begins by itself: a job where it stands, joining an incident, stepping back."""

from typing import Any
from uuid import UUID

import msgspec

from dispatch.access import Viewer
from dispatch.actions import own_jobs
from dispatch.api.base import Decision, Reading
from dispatch.api.bodies import Body, LonLat
from dispatch.cards import IncidentCard, OrderCard
from dispatch.queries.datums import Datums, get_datums
from dispatch.queries.nearby import NearIncident, list_near
from dispatch.queries.shown import show


class NewJob(Body):
    """What it is. `uid` and `order` are made by the client; without `point` the unit's last place counts."""

    uid: UUID
    order: UUID
    kind: str
    point: LonLat | None = None
    place: str = ""
    note: str = ""


class Joining(Body):
    """The order's uid, made by the client."""

    uid: UUID


class StartedJob(msgspec.Struct, kw_only=True, frozen=True):
    """The incident that was opened and the unit's order on it."""

    incident: IncidentCard
    order: OrderCard


class StartJob(Decision):
    """Open an incident where one's unit stands; the unit is on scene at once. A desk may take it."""

    verb, body, shows, status = "incident.start", NewJob, StartedJob, 201

    def decide(self, viewer: Viewer, body: NewJob, **path: Any) -> StartedJob:
        """Start it."""
        order = own_jobs.start_job(
            actor=viewer, uid=body.uid, order_uid=body.order, kind=body.kind, point=body.point, place=body.place,
            note=body.note,
        )  # fmt: skip
        return StartedJob(incident=show(order.incident, viewer), order=show(order, viewer))


class ReadNear(Reading):
    """Incidents near one's unit that it may join, trimmed."""

    verb, shows = "incident.join", list[NearIncident]

    def read(self, viewer: Viewer, **path: Any) -> list[NearIncident]:
        """List them."""
        return list_near(viewer)


class ReadDatums(Reading):
    """An incident's place for a phone's own map app."""

    verb, shows = "board.read", Datums

    def read(self, viewer: Viewer, **path: Any) -> Datums:
        """Return it."""
        return get_datums(viewer, path["uid"])


class JoinIncident(Decision):
    """Put one's unit on an incident that its centre lets crews join."""

    verb, body, shows, status = "incident.join", Joining, OrderCard, 201

    def decide(self, viewer: Viewer, body: Joining, **path: Any) -> Any:
        """Join it."""
        return show(own_jobs.join_incident(actor=viewer, uid=body.uid, incident_uid=path["uid"]), viewer)


class StepBack(Decision):
    """Leave an incident one's crew joined by itself, before being there."""

    verb, shows = "order.step_back", OrderCard

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Step back."""
        return show(own_jobs.step_back(actor=viewer, uid=path["uid"]), viewer)
