"""Append, read. Entries are numbered in commit order and chained; truth lives here, the live feed only hastens it.

hash(n) = SHA-256(hash(n-1) ‖ canonical JSON of epoch, n, kind, at, actor, subject, audience, digests);
digest of a part = SHA-256(salt ‖ exact payload bytes), so that a payload can be erased and the chain still holds.
Checking stands in dispatch.verifier, erasing in dispatch.actions.journal.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from dispatch.events import Event
from dispatch.events.base import merge
from dispatch.models import JournalEntry

CHANNEL = "nearcast_journal"
LOCK = 0x4E43_4A4F  # "NCJO": the one advisory lock, held from numbering to the end of the commit
ZERO = bytes(32)


@dataclass(frozen=True)
class Collected:
    """An event that waits for the end of its action."""

    event: Event
    audience: tuple[str, ...]
    subject: str = ""


@dataclass(frozen=True)
class Entry:
    """A journal row as readers get it. `data` lacks what was erased; `erased` names those retention classes."""

    n: int
    epoch: int
    kind: str
    at: datetime
    actor: dict[str, Any] | None
    subject: str
    audience: tuple[str, ...]
    data: dict[str, Any]
    erased: tuple[str, ...] = field(default=())

    def wire(self, data: dict[str, Any], *, named: bool = True) -> dict[str, Any]:
        """Return the event as sent to screens, with `data` already redacted; without `named` it does not say who acted."""
        return {"n": self.n, "kind": self.kind, "at": self.at, "actor": self.actor if named else None, "data": data}


def chain_hash(previous: bytes, row: JournalEntry) -> bytes:
    """Return the chained hash of `row` (its `hash` is not read)."""
    facts = [
        row.epoch, row.n, row.kind, row.at.isoformat(timespec="microseconds"), row.actor_id, row.actor, row.subject,
        list(row.audience), row.digests,
    ]  # fmt: skip
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(previous + text.encode()).digest()


def digest(salt: bytes, data: bytes) -> str:
    """Return the hex digest that stands in the chain for one part of a payload."""
    return hashlib.sha256(salt + data).hexdigest()


def flush(collected: list[Collected], *, actor_id: int | None, actor: dict[str, Any] | None, at: datetime) -> int:
    """Write the events of one action: lock, number, chain, insert, hint. Call it last in the transaction.

    Returns the number of the last entry written (0 when there was nothing to write).
    """
    if not collected:
        return 0
    payloads = [_payloads(item.event) for item in collected]
    rows = [
        _row(item, parts, actor_id=actor_id, actor=actor, at=at)
        for item, parts in zip(collected, payloads, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(HEAD_SQL)
        n, previous, epoch = cursor.fetchone() or (0, ZERO, 1)
        for row in rows:
            n += 1
            row.n, row.epoch = n, epoch
            previous = row.hash = chain_hash(bytes(previous), row)
        entries, stored = [_columns(row) for row in rows], _parts(rows, payloads)
        cursor.execute(ENTRY_SQL + ", ".join([ENTRY_ROW] * len(entries)), [value for row in entries for value in row])
        values = ", ".join(["(%s, %s, %s, %s, '')"] * len(stored))
        cursor.execute(PAYLOAD_SQL.format(values), [value for part in stored for value in part] + [CHANNEL, str(n)])
    return int(n)


# Plain statements, prepared as far as possible before the lock: what runs under it is what limits all writers together.
HEAD_SQL = """SELECT n, hash, (SELECT coalesce(max(number), 1) FROM dispatch_epoch)
 FROM dispatch_journalentry ORDER BY n DESC LIMIT 1"""
ENTRY_SQL = """INSERT INTO dispatch_journalentry
 (n, epoch, kind, at, actor_id, actor, subject, audience, digests, hash) VALUES """
ENTRY_ROW = "(%s, %s, %s, %s, %s, %s::jsonb, %s, %s::text[], %s::jsonb, %s)"
PAYLOAD_SQL = """WITH stored AS (INSERT INTO dispatch_journalpayload (n, retention, data, salt, erased_why) VALUES {}
 RETURNING n) SELECT pg_notify(%s, %s) FROM (SELECT count(*) FROM stored) done"""


def _columns(row: JournalEntry) -> tuple[Any, ...]:
    actor = None if row.actor is None else json.dumps(row.actor)
    return (
        row.n, row.epoch, row.kind, row.at, row.actor_id, actor, row.subject, row.audience, json.dumps(row.digests),
        row.hash,
    )  # fmt: skip


def _parts(rows: list[JournalEntry], payloads: list[dict[str, tuple[bytes, bytes]]]) -> list[tuple[Any, ...]]:
    return [
        (row.n, retention, data, salt)
        for row, parts in zip(rows, payloads, strict=True)
        for retention, (data, salt) in parts.items()
    ]


def _payloads(event: Event) -> dict[str, tuple[bytes, bytes]]:
    return {name: (msgspec.json.encode(part), secrets.token_bytes(16)) for name, part in event.parts().items()}


def _row(item: Collected, parts: dict[str, tuple[bytes, bytes]], **facts: Any) -> JournalEntry:
    return JournalEntry(
        kind=item.event.kind(),
        subject=item.subject,
        audience=sorted(set(item.audience)),
        digests={name: digest(salt, data) for name, (data, salt) in sorted(parts.items())},
        **facts,
    )


READ_SQL = """
SELECT e.n, e.epoch, e.kind, e.at, e.actor, e.subject, e.audience,
       array_agg(p.data ORDER BY p.retention), array_agg(p.retention ORDER BY p.retention)
FROM (SELECT * FROM dispatch_journalentry WHERE {where} ORDER BY n {order} LIMIT %(limit)s) e
JOIN dispatch_journalpayload p ON p.n = e.n
GROUP BY e.n, e.epoch, e.kind, e.at, e.actor, e.subject, e.audience ORDER BY e.n {order}
"""
AFTER_SQL = READ_SQL.format(where="n > %(after)s", order="")


def entry_from(row: tuple[Any, ...]) -> Entry:
    """Return the Entry of one row of READ_SQL (any psycopg connection, sync or async)."""
    n, epoch, kind, at, actor, subject, audience, parts, retentions = row
    if isinstance(actor, str):
        actor = json.loads(actor)
    data = merge([msgspec.json.decode(bytes(part)) for part in parts if part is not None])
    erased = tuple(name for name, part in zip(retentions, parts, strict=True) if part is None)
    return Entry(n, epoch, kind, at, actor, subject, tuple(audience), data, erased)


def read(
    *, after: int = 0, limit: int = 1000, subjects: Iterable[str] = (), kinds: Iterable[str] = (),
    before: int | None = None, newest_first: bool = False, audience: Iterable[str] = (), numbers: Iterable[int] = (),
) -> list[Entry]:  # fmt: skip
    """Return entries with number above `after` (and below `before`), oldest first unless `newest_first`.

    `audience` keeps entries that one of these keys hears, `numbers` those with one of these numbers.
    """
    where, values = ["n > %(after)s"], {"after": after, "limit": limit}
    for column, wanted in (("subject", list(subjects)), ("kind", list(kinds)), ("n", list(numbers))):
        if wanted:
            where.append(f"{column} = ANY(%({column})s)")
            values[column] = wanted  # type: ignore[assignment]
    if heard := list(audience):
        where.append("audience && %(audience)s::text[]")
        values["audience"] = heard  # type: ignore[assignment]
    if before is not None:
        where.append("n < %(before)s")
        values["before"] = before
    sql = READ_SQL.format(where=" AND ".join(where), order="DESC" if newest_first else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [entry_from(row) for row in cursor.fetchall()]


def head() -> tuple[int, int, bytes]:
    """Return (epoch, n, hash) of the newest entry; (1, 0, zeros) when the journal is empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT coalesce(max(number), 1) FROM dispatch_epoch), e.n, e.hash FROM"
            " (SELECT n, hash FROM dispatch_journalentry ORDER BY n DESC LIMIT 1) e"
        )
        row = cursor.fetchone()
        if row is None:
            cursor.execute("SELECT coalesce(max(number), 1) FROM dispatch_epoch")
            return int(cursor.fetchone()[0]), 0, ZERO
    return int(row[0]), int(row[1]), bytes(row[2])
