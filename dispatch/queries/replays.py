"""Replays that were opened, and what can be. A replay is its own journal entry and nothing besides: without it none is served."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import Q

from dispatch import access, journal
from dispatch.access import Viewer
from dispatch.cards import Point, Words
from dispatch.errors import DispatchError
from dispatch.journal import Entry
from dispatch.models import Incident, JournalEntry
from dispatch.queries.ground import find_timezone
from dispatch.queries.present import lonlat
from geo import clock

KIND = "replay.opened"
LIFE = timedelta(hours=12)
HEARS = ("auditor", "supervisor")


class Replay(msgspec.Struct, kw_only=True, frozen=True):
    """One opened replay: the entries after `after_n` up to `last_n`. Its words are empty where a rule erased them."""

    uid: UUID
    n: int
    opened_at: datetime
    person: Words | None
    mine: bool
    begins: datetime | None = None
    ends: datetime | None = None
    epoch: int = 0
    after_n: int = 0
    last_n: int = 0
    incident: UUID | None = None
    incident_number: str = ""
    reason: str = ""
    erased: bool = False

    def window(self) -> tuple[datetime, datetime]:
        """Return (begins, ends). Raises `replay_over` when a rule has erased them."""
        if self.begins is None or self.ends is None:
            raise DispatchError("replay_over", opened_at=self.opened_at.isoformat())
        return self.begins, self.ends


class ReplaysPage(msgspec.Struct, kw_only=True, frozen=True):
    """Replays, newest first. `next` goes into `before` for older ones, null at the end."""

    replays: list[Replay]
    next: int | None


class Replayable(msgspec.Struct, kw_only=True, frozen=True):
    """An incident to choose from. `own`: seen whole, else by ground only."""

    uid: UUID
    number: str
    centre: UUID
    kind: str
    level: int
    point: Point
    place: str
    state: str
    received_at: datetime
    closed_at: datetime | None
    own: bool


class ReplayableIncidents(msgspec.Struct, kw_only=True, frozen=True):
    """Incidents, newest first. `next` goes into `before` for older ones, null at the end."""

    incidents: list[Replayable]
    next: datetime | None


def find_replay(viewer: Viewer, uid: UUID) -> Replay:
    """Return the replay that this person opened. Raises `not_found` for anybody else's.

    Raises `replay_over` after LIFE, or when he may replay somewhere now whose supervisors did not hear of its opening.
    """
    access.require(viewer, "replay.open")
    entries = journal.read(subjects=[f"replay:{uid}"], kinds=[KIND], limit=1)
    found = replay_from(entries[0], viewer) if entries else None
    if found is None or not found.mine:
        raise DispatchError("not_found", object="replay")
    heard = set(entries[0].audience)
    told_all = all(f"role:supervisor@{at.area_id}" in heard for at in access.over(viewer, "replay.open").held)
    if found.erased or not told_all or clock.now() - found.opened_at > LIFE:
        raise DispatchError("replay_over", opened_at=found.opened_at.isoformat())
    return found


def replay_from(entry: Entry, viewer: Viewer) -> Replay:
    """Return what an entry of KIND says, as this viewer reads it."""
    actor = entry.actor or {}
    said: dict[str, Any] = dict(entry.data)
    uid = UUID(entry.subject.partition(":")[2])
    facts = {name: said[name] for name in ("epoch", "after_n", "last_n", "incident_number", "reason") if name in said}
    return Replay(
        uid=uid, n=entry.n, opened_at=entry.at, person=Words(**actor["name"]) if "name" in actor else None,
        mine=actor.get("uid") == str(viewer.uid), erased=bool(entry.erased),
        begins=_moment(said.get("begins")), ends=_moment(said.get("ends")),
        incident=UUID(said["incident_uid"]) if said.get("incident_uid") else None, **facts,
    )  # fmt: skip


def list_replays(viewer: Viewer, *, before: int | None = None, limit: int) -> ReplaysPage:
    """Return replays that `viewer` may know of: his own, and as auditor or supervisor those of his areas."""
    access.require(viewer, "replays.read")
    keys = [f"person:{viewer.pk}", *(key for role in HEARS for key in viewer.role_keys_of(role))]
    found = journal.read(kinds=[KIND], audience=keys, before=before, newest_first=True, limit=limit)
    replays = [replay_from(entry, viewer) for entry in found]
    return ReplaysPage(replays=replays, next=found[-1].n if len(found) == limit else None)


def list_replayable(
    viewer: Viewer, *, number: str = "", kind: str = "", day: date | None = None, before: datetime | None = None,
    limit: int,
) -> ReplayableIncidents:  # fmt: skip
    """Return incidents of the viewer's own subtree and ground, newest first; `day` is one of his own centre."""
    access.require(viewer, "replay.open")
    looker = access.over(viewer, "replay.open")
    wanted = Q(audience__overlap=list(looker.keys))
    if number:
        wanted &= Q(number__icontains=number.strip())
    if kind:
        wanted &= Q(kind_id=kind)
    if day:
        zone = ZoneInfo(find_timezone(viewer))
        begins, ends = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
        wanted &= Q(received_at__gte=begins, received_at__lt=ends)
    if before:
        wanted &= Q(received_at__lt=before)
    rows = list(Incident.objects.filter(wanted).select_related("centre").order_by("-received_at", "-pk")[:limit])
    return ReplayableIncidents(
        incidents=[_replayable(row, looker) for row in rows],
        next=rows[-1].received_at if len(rows) == limit else None,
    )


def has_heard_of(looker: Viewer, incident: Incident) -> bool:
    """Return whether these keys ever heard of the incident, whoever has it now."""
    heard = JournalEntry.objects.filter(subject=f"incident:{incident.uid}", audience__overlap=list(looker.keys))
    return heard.exclude(kind__in=[KIND, "history.read"]).exists()


def _replayable(row: Incident, looker: Viewer) -> Replayable:
    point = lonlat(row.point)
    assert point is not None
    return Replayable(
        uid=row.uid, number=row.number, centre=row.centre.uid, kind=row.kind_id, level=row.level, point=point,
        place=row.place, state=row.state, received_at=row.received_at, closed_at=row.closed_at,
        own=access.view_of(row.audience, looker) != "ground",
    )  # fmt: skip


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
