"""A viewer's board as it stood at one journal number, folded from the journal: the tables know only now.

Rights of now over audiences of then: an entry counts when the keys that the viewer holds today met the audience that was
stored with it. What stood on a board at number n is either on it still, or was taken off later and the journal says so;
so only the entries of these objects are read, never the journal from its beginning.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.db import connection

from dispatch import access, journal
from dispatch.access import Viewer
from dispatch.cards import Board
from dispatch.journal import Entry
from dispatch.models import JournalEntry, Post, Unit
from dispatch.queries import fold
from dispatch.queries.board import MESSAGES_SHOWN, get_me, list_canned, list_centres, list_kinds, thresholds

ALL = 2**31
# Rows are dated when their action began, entries numbered when it ended.
SLACK = timedelta(hours=1)
OF_INCIDENTS = fold.kinds_about("incident", "call", "order", "note", "attachment", "request", "notice", "report")
OF_SUGGESTIONS = fold.kinds_about("suggestion")
OF_CALLS = fold.kinds_about("call")
ENDING = sorted(kind for kind in fold.kinds_about("incident") if fold.CATALOGUE[kind].REMOVES)
INCIDENTS_SQL = """SELECT 'incident:' || uid FROM dispatch_incident
 WHERE opened_at <= %(latest)s AND (closed_at IS NULL OR closed_at >= %(earliest)s)"""
CALLS_SQL = """SELECT 'call:' || c.uid FROM dispatch_call c LEFT JOIN dispatch_incident i ON i.id = c.incident_id
 WHERE c.received_at <= %(latest)s AND (c.closed_at IS NULL OR c.closed_at >= %(earliest)s)
 AND (i.closed_at IS NULL OR i.closed_at >= %(earliest)s)"""
DISTRESS_SQL = """SELECT 'distress:' || uid FROM dispatch_distress
 WHERE received_at <= %(latest)s AND (ended_at IS NULL OR ended_at >= %(earliest)s)"""
AIDS_SQL = """SELECT 'aid:' || uid FROM dispatch_mutualaid
 WHERE granted_at <= %(latest)s AND (ended_at IS NULL OR ended_at >= %(earliest)s)"""
MESSAGES_SQL = "SELECT 'message:' || uid FROM dispatch_message WHERE sent_at BETWEEN %(talk)s AND %(latest)s"
# A call that was taken off an incident again says so under that incident, which may be closed since.
LEFT_SQL = """SELECT DISTINCT subject FROM dispatch_journalentry
 WHERE kind = 'call.left' AND n <= %(n)s AND at >= %(lately)s"""
LATELY = timedelta(days=1)
# Each subject by its own index, whatever the planner thinks of a long list of them.
NUMBERS_SQL = """SELECT found.n FROM unnest(%(subjects)s::text[]) AS one(subject) CROSS JOIN LATERAL (
 SELECT n FROM dispatch_journalentry e WHERE e.subject = one.subject AND e.n <= %(n)s AND e.kind = ANY(%(kinds)s)
 AND e.audience && %(keys)s::text[] OFFSET 0) AS found"""
ALIVE_SQL = """SELECT one.subject FROM unnest(%(subjects)s::text[]) AS one(subject) CROSS JOIN LATERAL (
 SELECT kind FROM dispatch_journalentry e WHERE e.subject = one.subject AND e.n <= %(n)s AND e.kind = ANY(%(kinds)s)
 AND e.audience && %(keys)s::text[] ORDER BY n DESC LIMIT 1) AS newest WHERE newest.kind <> ALL(%(ending)s)"""
NEWEST_SQL = """SELECT newest.n FROM unnest(%(subjects)s::text[]) AS one(subject) CROSS JOIN LATERAL (
 SELECT n FROM dispatch_journalentry e WHERE e.subject = one.subject AND e.n <= %(n)s AND e.kind = ANY(%(kinds)s)
 AND (%(keys)s::text[] IS NULL OR e.audience && %(keys)s::text[]) ORDER BY n DESC LIMIT 1) AS newest"""
State = dict[str, fold.Cards]


def number_at(at: datetime) -> int:
    """Return the number of the last entry before `at`, 0 when there is none: halving, since numbers follow time."""
    low, high = 0, JournalEntry.objects.order_by("-n").values_list("n", flat=True).first() or 0
    while low < high:
        middle = (low + high + 1) // 2
        found = JournalEntry.objects.filter(n__gte=middle).order_by("n").values_list("n", "at").first()
        if found is None or found[1] >= at:
            high = middle - 1
        else:
            low = found[0]
    return low


def begins_at() -> datetime | None:
    """Return when the journal begins, None while it is empty."""
    return JournalEntry.objects.order_by("n").values_list("at", flat=True).first()


def told(entry: Entry, looker: Viewer) -> dict[str, Any] | None:
    """Return an entry as this viewer may have it, None when it is not for him. `erased` names what a rule took."""
    view = access.view_of(entry.audience, looker)
    if view is None:
        return None
    wire = entry.wire(access.redact(entry.data, view), named=view not in access.NAMELESS)
    return {**wire, "erased": list(entry.erased), "data": _named(entry, wire["data"])} if entry.erased else wire


def _named(entry: Entry, data: dict[str, Any]) -> dict[str, Any]:
    """Say which object an erased entry took off the board: its subject knows."""
    noun, _, uid = entry.subject.partition(":")
    event = fold.CATALOGUE.get(entry.kind)
    return {**data, "removed_uid": uid} if event and noun == event.REMOVES and noun not in data else data


def get_world(looker: Viewer, n: int, at: datetime) -> tuple[State, dict[str, list[str]]]:
    """Return the cards on the looker's board at number `n` (about `at`), and uid of card → erased retention classes."""
    asked = {"latest": at + SLACK, "earliest": at - SLACK, "lately": at - LATELY, "talk": at - MESSAGES_SHOWN, "n": n}
    keys = list(looker.keys)
    incidents = sorted({*_column(INCIDENTS_SQL, asked), *_column(LEFT_SQL, asked)})
    about = {"n": n, "keys": keys, "kinds": fold.kinds_about("incident"), "ending": ENDING}
    alive = _column(ALIVE_SQL, {**about, "subjects": incidents})
    # Of an incident that is over only its end counts, and which calls it took with it.
    over = sorted(set(incidents) - set(alive))
    numbers = _numbers(alive, OF_INCIDENTS, n, keys) + _numbers(over, [*OF_CALLS, *ENDING], n, keys)
    numbers += _numbers(_column(CALLS_SQL, asked), OF_CALLS, n, keys) + newest_of(alive, OF_SUGGESTIONS, n, keys)
    for noun, found in (("distress", DISTRESS_SQL), ("aid", AIDS_SQL), ("message", MESSAGES_SQL)):
        numbers += newest_of(_column(found, asked), fold.kinds_about(noun), n, keys)
    for noun, model in (("unit", Unit), ("post", Post)):
        numbers += newest_of(_ever_seen(noun, model, keys, n), fold.kinds_about(noun), n, keys)
    return _folded(journal.read(numbers=numbers, limit=ALL) if numbers else [], looker)


def get_units_at(looker: Viewer, n: int) -> set[str]:
    """Return the uids of the units on the looker's board at number `n`."""
    keys = list(looker.keys)
    numbers = newest_of(_ever_seen("unit", Unit, keys, n), fold.kinds_about("unit"), n, keys)
    state, _ = _folded(journal.read(numbers=numbers, limit=ALL) if numbers else [], looker)
    return set(state["unit"])


def get_board_at(
    viewer: Viewer, looker: Viewer, n: int, at: datetime, epoch: int
) -> tuple[Board, dict[str, list[str]]]:
    """Return the board at number `n` in the shape of a snapshot. It allows nothing. Names of centres and kinds are of now."""
    state, erased = get_world(looker, n, at)
    cards = {fold.PLURAL[noun]: list(cards.values()) for noun, cards in state.items()}
    me = msgspec.structs.replace(get_me(viewer), may=[], unit=None)
    board = Board(
        epoch=epoch, n=n, at=at, me=me, kinds=list_kinds(), canned=list_canned(), thresholds=thresholds_at(n),
        **{**cards, "centres": list_centres()},
    )  # fmt: skip
    return board, erased


def thresholds_at(n: int) -> dict[str, float]:
    """Return the active profile's numbers as they were at number `n`: today's, with later changes taken back."""
    numbers = thresholds()
    for entry in journal.read(kinds=["threshold.changed"], after=n, newest_first=True, limit=ALL):
        said = entry.data
        if said.get("profile") == settings.THRESHOLD_PROFILE:
            if said.get("was") is None:
                numbers.pop(said["key"], None)
            else:
                numbers[said["key"]] = said["was"]
    return numbers


def _folded(entries: Iterable[Entry], looker: Viewer) -> tuple[State, dict[str, list[str]]]:
    heard, erased = [], {}
    for entry in entries:
        event = told(entry, looker)
        if event is None:
            continue
        heard.append(event)
        noun = fold.CATALOGUE[entry.kind].card_field() if entry.kind in fold.CATALOGUE else None
        uid = (event["data"].get(noun) or {}).get("uid") if noun else None
        if uid:
            erased[uid] = list(entry.erased)
    state = fold.reduce(fold.empty(), heard)
    on_board = {card["uid"] for cards in state.values() for card in cards.values()}
    return state, {uid: classes for uid, classes in erased.items() if classes and uid in on_board}


def _ever_seen(noun: str, model: type[Unit] | type[Post], keys: list[str], n: int) -> list[str]:
    """Return the subjects that these keys see now or have lost sight of since `n`."""
    now = model.objects.filter(audience__overlap=keys).values_list("uid", flat=True)
    lost = JournalEntry.objects.filter(kind=f"{noun}.concealed", n__gt=n, audience__overlap=keys)
    return sorted({*(f"{noun}:{uid}" for uid in now), *lost.values_list("subject", flat=True)})


def newest_of(subjects: Iterable[str], kinds: list[str], n: int, keys: list[str] | None = None) -> list[int]:
    """Return for each subject the number of its newest entry of these kinds up to `n` that one of `keys` hears (None: any)."""
    subjects = list(subjects)
    return _column(NEWEST_SQL, {"subjects": subjects, "kinds": kinds, "keys": keys, "n": n}) if subjects else []


def _numbers(subjects: list[str], kinds: list[str], n: int, keys: list[str]) -> list[int]:
    return _column(NUMBERS_SQL, {"subjects": subjects, "kinds": kinds, "n": n, "keys": keys}) if subjects else []


def _column(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]
