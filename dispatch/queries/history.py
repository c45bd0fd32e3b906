"""What happened to one incident, entry by entry, as the viewer may read it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dispatch import access, journal
from dispatch.access import Viewer

AUDITOR_VIEW = "watch"
PAGE = 200


class HistoryEntry(msgspec.Struct, kw_only=True, frozen=True):
    """One journal entry. `erased` names the retention classes whose payload is gone by rule."""

    n: int
    kind: str
    at: datetime
    actor: dict[str, Any] | None
    data: dict[str, Any]
    erased: list[str]


class HistoryPage(msgspec.Struct, kw_only=True, frozen=True):
    """Entries, oldest first. `next` goes into `after` for more, null at the end."""

    entries: list[HistoryEntry]
    next: int | None


def list_history(
    viewer: Viewer, incident_uid: UUID, *, auditor: bool, after: int = 0, limit: int = PAGE
) -> HistoryPage:
    """Return a page of the incident's entries that `viewer` may read, redacted. An auditor reads every trace."""
    read = journal.read(subjects=[f"incident:{incident_uid}"], after=after, limit=limit)
    seen = [(entry, access.view_of(entry.audience, viewer) or (AUDITOR_VIEW if auditor else None)) for entry in read]
    entries = [_entry(entry, view) for entry, view in seen if view]
    return HistoryPage(entries=entries, next=read[-1].n if len(read) == limit else None)


def _entry(entry: journal.Entry, view: str) -> HistoryEntry:
    return HistoryEntry(
        n=entry.n, kind=entry.kind, at=entry.at, actor=None if view in access.NAMELESS else entry.actor,
        data=access.redact(entry.data, view), erased=list(entry.erased),
    )  # fmt: skip
