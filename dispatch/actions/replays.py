"""Opening a replay leaves a trace first; what is served later is served under that trace."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from dispatch import access, events, journal
from dispatch.access import Viewer, role_keys
from dispatch.actions import inputs
from dispatch.actions.base import action, actor_json, collect, now
from dispatch.actions.find import get_any
from dispatch.cards import Words
from dispatch.errors import DispatchError
from dispatch.models import Incident
from dispatch.queries.replay_world import begins_at, number_at
from dispatch.queries.replays import HEARS, Replay, has_heard_of
from geo.models import Area

LONGEST = timedelta(hours=6)
AHEAD = timedelta(seconds=30)
AROUND = timedelta(seconds=60)
EARLIEST = timedelta(hours=1)
MOST_ENTRIES = 200_000
SHORTEST_REASON = 8


@action
def open_replay(
    *, actor: Viewer, incident_uid: UUID | None = None, begins: datetime | None = None, ends: datetime | None = None,
    reason: str = "",
) -> Replay:  # fmt: skip
    """Open a replay of one incident (its own time unless another is given) or of a time, for a reason in words.

    Raises `not_found` (also for an incident that these keys never heard of), `forbidden`, `no_purpose` (a time without an
    incident needs a reason), `replay_window` with why: order, too_long, future, before_journal, missing; `replay_too_big`.
    """
    access.require(actor, "replay.open")
    looker = access.over(actor, "replay.open")
    incident = get_any(Incident, incident_uid, field="incident") if incident_uid else None
    if incident and not has_heard_of(looker, incident):
        raise DispatchError("not_found", field="incident", object="incident")
    words = inputs.text(reason, "reason", limit=300)
    if incident is None and len(words) < SHORTEST_REASON:
        raise DispatchError("no_purpose", field="reason", shortest=SHORTEST_REASON)
    begins, ends = _window(incident, begins, ends)
    after_n, last_n = _numbers(begins, ends)
    return _tell(actor, looker, incident, words, begins=begins, ends=ends, after_n=after_n, last_n=last_n)


def _window(incident: Incident | None, begins: datetime | None, ends: datetime | None) -> tuple[datetime, datetime]:
    if incident is not None:
        first = min([incident.received_at, *incident.calls.values_list("received_at", flat=True)])
        # A call may be written down long after it was received; six hours from then would miss the incident.
        begins = begins or max(first, incident.opened_at - EARLIEST) - AROUND
        ends = ends or min((incident.closed_at or now()) + AROUND, begins + LONGEST, now())
    if begins is None or ends is None:
        raise DispatchError("replay_window", field="begins" if begins is None else "ends", why="missing")
    begins, ends = (inputs.moment(one, "window", oldest_h=None) for one in (begins, ends))
    if ends > now() + AHEAD:
        raise DispatchError("replay_window", field="ends", why="future", now=now().isoformat())
    if begins >= ends:
        raise DispatchError("replay_window", field="ends", why="order")
    if ends - begins > LONGEST:
        raise DispatchError("replay_window", field="ends", why="too_long", longest_s=int(LONGEST.total_seconds()))
    first_at = begins_at()
    if first_at is None or ends <= first_at:
        raise DispatchError(
            "replay_window", field="ends", why="before_journal", begins_at=first_at.isoformat() if first_at else None
        )
    return begins, min(ends, now())


def _numbers(begins: datetime, ends: datetime) -> tuple[int, int]:
    after_n = number_at(begins)
    last_n = max(after_n, number_at(ends))
    if last_n - after_n > MOST_ENTRIES:
        raise DispatchError("replay_too_big", entries=last_n - after_n, most=MOST_ENTRIES)
    return after_n, last_n


def _tell(actor: Viewer, looker: Viewer, incident: Incident | None, reason: str, **window: Any) -> Replay:
    uid, person = uuid7(), actor.uid
    assert person is not None
    epoch = journal.head()[0]
    told = events.ReplayOpened(
        replay_uid=uid, person_uid=person, epoch=epoch, reason=reason, **window,
        incident_uid=incident.uid if incident else None, incident_number=incident.number if incident else "",
    )  # fmt: skip
    collect(told, _hearers(actor, looker, incident), f"replay:{uid}")
    name = (actor_json(actor) or {}).get("name")
    return Replay(
        uid=uid, n=0, opened_at=now(), person=Words(**name) if name else None, mine=True, epoch=epoch, reason=reason,
        incident=told.incident_uid, incident_number=told.incident_number, **window,
    )  # fmt: skip


def _hearers(actor: Viewer, looker: Viewer, incident: Incident | None) -> list[str]:
    """Return the keys of auditors and supervisors above every centre whose time is looked at, and of the person."""
    areas = Area.objects.filter(pk__in={at.area_id for at in looker.held})
    lineages = [area.lineage for area in areas] + ([incident.centre.area.lineage] if incident else [])
    return [f"person:{actor.pk}", *(key for line in lineages for role in HEARS for key in role_keys(role, line))]
