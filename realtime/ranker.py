"""The ranker: its own process. It hears what changed, ranks open incidents without locks, and records what it shows
as a second action. The policy is dispatch.suggest; here is only when, and with which facts.

A first packet is made at once. Later ones are recorded only when the shown list is another one, at most every
AGAIN_S seconds for an incident. What goes wrong is recorded as such and never stands in anybody's way.
"""

import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.db import close_old_connections

from dispatch import access, journal
from dispatch.actions import suggestions
from dispatch.journal import Entry
from dispatch.models import Incident, Suggestion
from dispatch.queries.board import thresholds
from dispatch.suggest import Limits, Packet, build_packet
from geo import clock
from realtime import candidates, database

log = logging.getLogger(__name__)
AGAIN_S = 5.0
LEAST_AGAIN_S, LEAST_MOVED_S = 1.0, 3.0  # real seconds: a demo at 20× must not rank twenty times as often
UNITS_KEPT_S = 1.0  # as old as a position on any screen
MOVED_S = 15.0  # positions change without an entry: incidents that still lack a unit are looked at again
LOCK = 0x4E43_5241  # "NCRA": one ranker works, others stand by
RERANKS = {"incident.changed", "incident.transferred", "incident.resumed", "incident.taken", "incident.yielded"}
SHOWN_FIELDS = {"kind", "level", "point"}
ALL_CHANGE = ("unit.", "order.", "camera.", "aid.", "request.", "import.")


@dataclass
class Watched:
    """One open incident: when it is due (monotonic seconds), when last recorded, and what was shown."""

    due_s: float
    made_s: float = float("-inf")
    shown: tuple[Any, ...] = ()
    first: bool = True


class Ranker:
    """What is open and when to rank it. Not thread-safe; one loop drives it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.watched: dict[UUID, Watched] = {}
        self.n = 0
        self._units: candidates.Units | None = None
        self._units_read_s = 0.0

    def begin(self) -> None:
        """Take up all open incidents; those without a packet are due now."""
        _, self.n, _ = journal.head()
        self.watched.clear()
        for uid, version in Incident.objects.exclude(state="closed").values_list("uid", "suggestion_version"):
            newest = Suggestion.objects.filter(incident__uid=uid, number=version).first() if version else None
            self.watched[uid] = Watched(self.clock())
            if newest is not None and not newest.failed_code:
                self.watched[uid].first = False
                self.watched[uid].shown = _packet(newest.body).shown_key()

    def read(self) -> None:
        """Take in what the journal has after our number."""
        while entries := journal.read(after=self.n, limit=500):
            for entry in entries:
                self.note(entry)
            self.n = entries[-1].n

    def note(self, entry: Entry) -> None:
        """Decide what one entry means for the ranking."""
        card = entry.data.get("incident")
        now_s = self.clock()
        if entry.kind in {"incident.opened", "incident.reopened"} and card:
            self.watched[UUID(card["uid"])] = Watched(now_s)
        elif entry.kind == "incident.closed" and card:
            self.watched.pop(UUID(card["uid"]), None)
        elif entry.kind in RERANKS and card and (
            entry.kind != "incident.changed" or SHOWN_FIELDS & set(entry.data.get("changed", ()))
        ):  # fmt: skip
            self._due(UUID(card["uid"]), now_s)
        elif entry.kind.startswith("area."):
            candidates.forget_grounds()
        elif entry.kind.startswith(ALL_CHANGE):
            self._units = None
            for uid in self.watched:
                self._due(uid, now_s)

    def asked(self, hint: str) -> None:
        """Take a hint that is not a number: somebody wants this incident looked at now."""
        if not hint.isdigit():
            with contextlib.suppress(ValueError):
                self._due(UUID(hint), self.clock())

    def _due(self, uid: UUID, now_s: float) -> None:
        watched = self.watched.get(uid)
        if watched is not None:
            watched.due_s = min(watched.due_s, max(now_s, watched.made_s + max(clock.wait_s(AGAIN_S), LEAST_AGAIN_S)))

    def wait_s(self) -> float:
        """Return how long nothing is due, at most a second."""
        soonest = min((watched.due_s for watched in self.watched.values()), default=float("inf"))
        return min(1.0, max(0.0, soonest - self.clock()))

    def work(self) -> int:
        """Rank what is due, first packets before others; return how many packets were recorded.

        Somebody waits for a first packet, so the journal is read after each of the others; when it told anything the
        rest stays due, for the rows in hand are no longer those of now.
        """
        due = {uid for uid, watched in self.watched.items() if watched.due_s <= self.clock()}
        if not due:
            return 0
        limits = read_limits()
        rows = Incident.objects.filter(uid__in=due).select_related("centre__area", "owner")
        ordered = sorted(rows, key=lambda row: (not self.watched[row.uid].first, row.level, row.received_at))
        for uid in due - {row.uid for row in ordered}:
            del self.watched[uid]
        made = 0
        for incident in ordered:
            first, n = self.watched[incident.uid].first, self.n
            made += self.rank(incident, self._units_now(limits), limits)
            if not first:
                self.read()
                if self.n != n:
                    break
        return made

    def _units_now(self, limits: Limits) -> candidates.Units:
        """Return the units as they are: read again after an entry said that one changed, else once a second."""
        now_s = self.clock()
        if self._units is None or now_s - self._units_read_s > UNITS_KEPT_S:
            self._units = candidates.Units(stale_s=limits.stale_s, now_s=clock.time_s())
            self._units_read_s = now_s
        return self._units

    def rank(self, incident: Incident, units: candidates.Units, limits: Limits) -> bool:
        """Rank one incident and record the packet if it is the first or shows something else."""
        watched = self.watched[incident.uid]
        watched.due_s = self.clock() + max(clock.wait_s(MOVED_S), LEAST_MOVED_S)
        try:
            packet = make_packet(incident, units, limits)
            key = packet.shown_key()
            if not watched.first and key == watched.shown:
                return False
            made = suggestions.record_suggestion(
                actor=access.system("ranker"), incident_uid=incident.uid, body=packet.as_json()
            )
        except Exception as error:
            if database.is_lost(error):
                raise
            log.exception("ranking %s failed", incident.number)
            self._failed(incident, watched)
            return False
        if made is None:
            self.watched.pop(incident.uid, None)
            return False
        watched.first, watched.shown, watched.made_s = False, key, self.clock()
        return True

    def _failed(self, incident: Incident, watched: Watched) -> None:
        """Tell the desks once that they must choose by hand; try again later."""
        if watched.first:
            actor = access.system("ranker")
            suggestions.record_failure(actor=actor, incident_uid=incident.uid, code="ranking_failed")
        watched.first, watched.shown, watched.made_s = False, (), self.clock()


def read_limits() -> Limits:
    """Return the ages of the active profile."""
    numbers = thresholds()
    return Limits(
        live_s=numbers.get("fix_live_s", 30), ageing_s=numbers.get("fix_ageing_s", 120),
        stale_s=numbers.get("fix_stale_s", 600),
    )  # fmt: skip


def make_packet(incident: Incident, units: candidates.Units, limits: Limits) -> Packet:
    """Return the packet of one incident from the facts of now."""
    found = candidates.units_for(incident, units, now_s=clock.time_s())
    cameras, counted = candidates.cameras_for(incident)
    return build_packet(found, cameras, level=incident.level, limits=limits, counted=counted)


def _packet(body: dict[str, Any]) -> Packet:
    return Packet(**{name: body[name] for name in Packet.__dataclass_fields__ if name in body})


def run(stop: Callable[[], bool]) -> None:
    """Work until `stop()`; come back when the database does."""
    wait_s = database.FIRST_WAIT_S
    while not stop():
        try:
            with psycopg.connect(autocommit=True, **database.parameters()) as listener:
                wait_s = database.FIRST_WAIT_S
                _work(listener, stop)
        except Exception as error:
            if not database.is_lost(error):
                raise
            log.warning("ranker: database away (%s), again in %.1f s", type(error).__name__, wait_s)
            close_old_connections()
            time.sleep(wait_s)
            wait_s = min(wait_s * 2, database.LONGEST_WAIT_S)


def _work(listener: psycopg.Connection[Any], stop: Callable[[], bool]) -> None:
    listener.execute(f"LISTEN {journal.CHANNEL}")
    listener.execute(f"LISTEN {suggestions.CHANNEL}")
    while not listener.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()[0]:  # type: ignore[index]
        if stop():
            return
        time.sleep(1)
    ranker = Ranker()
    ranker.begin()
    while not stop():
        ranker.read()
        ranker.work()
        for hint in listener.notifies(timeout=ranker.wait_s(), stop_after=1):
            ranker.asked(hint.payload)
        close_old_connections()
