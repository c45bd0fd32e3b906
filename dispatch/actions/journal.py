"""Keeping the journal: epochs, the head that goes out of reach, erasing by rule."""

import hashlib
import hmac
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from dispatch import access, events, journal
from dispatch.access import Viewer
from dispatch.actions.base import action, collect, now
from dispatch.events.base import RETENTION_CLASSES
from dispatch.models import Epoch


def control_facts() -> tuple[str, int]:
    """Return PostgreSQL's system identifier and timeline: they change on restore to elsewhere and on promotion."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT system_identifier FROM pg_control_system()), (SELECT timeline_id FROM pg_control_checkpoint())"
        )
        identifier, timeline = cursor.fetchone()
    return str(identifier), int(timeline)


@action
def begin_epoch(*, actor: Viewer, why: str, only_if_changed: bool = True) -> Epoch:
    """Begin a new epoch when the database is another one than before (or because `why` says so)."""
    access.require(actor, "journal.keep")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [journal.LOCK])
    identifier, timeline = control_facts()
    newest = Epoch.objects.order_by("-number").first()
    same = newest and (newest.system_identifier, newest.timeline) == (identifier, timeline)
    if newest and same and only_if_changed:
        return newest
    _, n, _ = journal.head()
    epoch = Epoch.objects.create(
        number=newest.number + 1 if newest else 1, begun_at=now(), first_n=n + 1, system_identifier=identifier,
        timeline=timeline, why=why[:100],
    )  # fmt: skip
    told = events.EpochBegun(number=epoch.number, why=epoch.why)
    collect(told, _keepers(), "journal")
    return epoch


def _keepers() -> list[str]:
    from geo.models import Area

    tops = list(Area.objects.filter(parent=None).values_list("id", flat=True))
    return [*access.role_keys("auditor", tops), *access.role_keys("administrator", tops)]


def sign(n: int, hash_hex: str) -> str:
    """Return the signature of a head under the instance's head key (HMAC-SHA-256, hex)."""
    return hmac.new(settings.HEAD_KEY.encode(), f"{n}:{hash_hex}".encode(), hashlib.sha256).hexdigest()


@action
def write_head(*, actor: Viewer, folder: Path | None = None) -> dict[str, Any]:
    """Write the signed head of the chain to a file out of the database's reach; returns what was written."""
    access.require(actor, "journal.keep")
    epoch, n, hash_ = journal.head()
    at: datetime = now()
    line = {"epoch": epoch, "n": n, "hash": hash_.hex(), "at": at.isoformat(), "signature": sign(n, hash_.hex())}
    target = (folder or settings.HEAD_FOLDER) / f"head-{at:%Y-%m-%d}.jsonl"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    collect(events.ChainHeadWritten(head_n=n, head_hash=hash_.hex(), where=target.name), _keepers(), "journal")
    return line


@action
def erase_payloads(*, actor: Viewer, retention: str, before: datetime, rule: str) -> int:
    """Erase the payload parts of one retention class written before a time, under a named rule; returns how many.

    The chain keeps their digests. Entries of incidents that are not closed are left alone.
    """
    access.require(actor, "journal.keep")
    if retention not in RETENTION_CLASSES:
        raise ValueError(f"no retention class {retention}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count, up_to FROM nearcast_erase_payloads(%s, %s, %s)", [retention, before, rule])
        count, up_to = cursor.fetchone()
    if count:
        collect(events.PayloadErased(rule=rule, count=count, up_to_n=up_to or 0), _keepers(), "journal")
    return int(count)
