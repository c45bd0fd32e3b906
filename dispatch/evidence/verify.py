"""Checking the files of evidence: each photo's bytes against its row, and its row against the journal."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from dispatch import journal
from dispatch.evidence import store
from dispatch.models import Attachment

KINDS = ["attachment.added", "attachment.filed"]


@dataclass(frozen=True)
class Finding:
    """One thing about a photo. Codes: missing, altered (file and what), not_journalled, other_hash; with `ok`: erased, stray."""

    code: str
    uid: UUID | None
    detail: str = ""
    ok: bool = False


def verify_attachments() -> Iterator[Finding]:
    """Yield everything that does not hold, oldest photo first, then files that no photo names."""
    named: set[Path] = set()
    for photo in Attachment.objects.select_related("incident").order_by("pk").iterator():
        yield from _journalled(photo)
        if photo.erased_at:
            yield Finding("erased", photo.uid, photo.erased_at.isoformat(), ok=True)
            continue
        files = {
            "original": (store.original_path(photo.sha256), photo.sha256),
            "shared": (store.copy_path(photo.shared_sha256), photo.shared_sha256),
            "thumb": (store.copy_path(photo.thumb_sha256), photo.thumb_sha256),
        }
        for what, (path, sha256) in files.items():
            named.add(path)
            if not path.is_file():
                yield Finding("missing", photo.uid, what)
            elif store.hash_of(path) != sha256:
                yield Finding("altered", photo.uid, what)
    yield from _strays(named)


def _journalled(photo: Attachment) -> Iterator[Finding]:
    entries = journal.read(subjects=[f"incident:{photo.incident.uid}"], kinds=KINDS, limit=10_000)
    said = [entry.data.get("attachment") or entry.data for entry in entries]
    of_it = [one for one in said if str(photo.uid) in {one.get("uid"), one.get("attachment_uid")}]
    if not of_it:
        yield Finding("not_journalled", photo.uid)
    elif any(one["sha256"] != photo.sha256 for one in of_it):
        yield Finding("other_hash", photo.uid)


def _strays(named: set[Path]) -> Iterator[Finding]:
    for folder in ("originals", "shared"):
        for path in sorted((Path(settings.EVIDENCE_FOLDER) / folder).glob("*/*")):
            if path not in named:
                yield Finding("stray", None, f"{folder}/{path.name}", ok=True)
