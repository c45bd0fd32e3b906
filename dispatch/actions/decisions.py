"""Decide once: the same idempotency key with the same body gives the same answer, with another body a refusal."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from dispatch.access import Viewer
from dispatch.actions.base import action
from dispatch.errors import DispatchError
from dispatch.models import Decision
from geo import clock

KEPT = timedelta(days=7)


@action
def decide_once(
    *, actor: Viewer, key: UUID, verb: str, body: Any, run: Callable[[], tuple[int, Any]]
) -> tuple[int, Any, bool]:
    """Run a decision under its key, or return the stored answer: (HTTP status, JSON answer, was it a repeat).

    The key and the change commit together. A refused decision stores nothing: it may be tried again with the same key.
    Raises `key_reused` when the key belongs to another body or verb.
    """
    digest = hashlib.sha256(json.dumps([verb, body], sort_keys=True, ensure_ascii=False).encode()).digest()
    mine = Decision(key=key, person_id=actor.pk, verb=verb[:60], body_digest=digest, at=clock.now())
    Decision.objects.bulk_create([mine], ignore_conflicts=True)
    row = Decision.objects.select_for_update(no_key=True).get(key=key, person_id=actor.pk)
    if bytes(row.body_digest) != digest:
        raise DispatchError("key_reused", verb=row.verb)
    if row.status:
        return row.status, row.answer, True
    status, answer = run()
    row.status, row.answer = status, answer
    row.save(update_fields=["status", "answer"])
    return status, answer, False


def forget_old() -> int:
    """Delete keys older than seven days; returns how many."""
    return Decision.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
