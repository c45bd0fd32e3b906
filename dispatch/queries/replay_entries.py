"""The journal entries of a replay's time, each as its viewer may have it, a page at a time.

A supervisor also hears what people looked at through other centres' cameras while they were his own: live only they, the
camera's owner and the auditor did (architecture §4).
"""

from typing import Any

import msgspec
from django.db import connection

from dispatch import journal
from dispatch.access import Viewer
from dispatch.journal import READ_SQL, Entry
from dispatch.models import Assignment, Epoch
from dispatch.queries.replay_world import told
from dispatch.queries.replays import Replay

PAGE = 1000
LOOKS = ["camera.viewed"]
PAGE_SQL = READ_SQL.format(
    where="n > %(after)s AND n <= %(last)s AND (audience && %(keys)s::text[]"
    " OR (kind = ANY(%(looks)s) AND actor_id = ANY(%(people)s) AND EXISTS (SELECT 1 FROM dispatch_assignment a"
    " JOIN dispatch_centre c ON c.id = a.centre_id JOIN geo_area g ON g.id = c.area_id"
    " WHERE a.person_id = dispatch_journalentry.actor_id AND g.lineage && %(areas)s::bigint[]"
    " AND a.valid_from <= dispatch_journalentry.at"
    " AND (a.valid_until IS NULL OR a.valid_until > dispatch_journalentry.at))))",
    order="",
)


class EntriesPage(msgspec.Struct, kw_only=True, frozen=True):
    """Entries as the live feed sends them, oldest first, with `erased` where a rule took a part.

    `next` goes into `after` for more, null at the end.
    """

    entries: list[dict[str, Any]]
    next: int | None


class EpochMark(msgspec.Struct, kw_only=True, frozen=True):
    """The journal went on under another epoch within the replay's time: the database was another one than before."""

    number: int
    begun_at: Any
    first_n: int


def list_entries(looker: Viewer, replay: Replay, *, after: int, limit: int = PAGE) -> EntriesPage:
    """Return a page of the replay's entries after number `after`. `looker`: see access.over."""
    after = max(after, replay.after_n)
    asked: dict[str, Any] = {
        "after": after, "last": replay.last_n, "limit": limit, "keys": list(looker.keys), "looks": LOOKS,
        "people": _people_under(looker), "areas": sorted(looker.areas_of({"supervisor"})),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(PAGE_SQL, asked)
        read = [journal.entry_from(row) for row in cursor.fetchall()]
    entries = [told(entry, looker) or _overseen(entry) for entry in read]
    return EntriesPage(entries=entries, next=read[-1].n if len(read) == limit else None)


def list_epochs(replay: Replay) -> list[EpochMark]:
    """Return the epochs that began within the replay's entries."""
    rows = Epoch.objects.filter(first_n__gt=replay.after_n + 1, first_n__lte=replay.last_n).order_by("number")
    return [EpochMark(number=row.number, begun_at=row.begun_at, first_n=row.first_n) for row in rows]


def _overseen(entry: Entry) -> dict[str, Any]:
    return entry.wire(entry.data) | ({"erased": list(entry.erased)} if entry.erased else {})


def _people_under(looker: Viewer) -> list[int]:
    """Return who ever held a role in the subtrees that the looker supervises, himself included; when is asked by entry."""
    areas = list(looker.areas_of({"supervisor"}))
    held = Assignment.objects.filter(centre__area__lineage__overlap=areas) if areas else Assignment.objects.none()
    return sorted({*held.values_list("person_id", flat=True)})
