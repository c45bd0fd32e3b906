"""Checking the journal: numbers without gaps, digests of what is left, the chain, and an outside head."""

from collections.abc import Iterator
from dataclasses import dataclass

from dispatch.journal import ZERO, chain_hash, digest
from dispatch.models import JournalEntry, JournalPayload

PAGE = 5000


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong (or, with `ok`, worth knowing) at entry `n`. Codes: gap, hash, digest, payload_missing,
    cut_tail, other_chain, erased."""

    code: str
    n: int
    detail: str = ""
    ok: bool = False


def verify(*, head_n: int | None = None, head_hash: str | None = None) -> Iterator[Finding]:
    """Yield everything that does not hold, oldest first; with a head kept elsewhere also cut tails and rewritten chains."""
    previous, expected, at_head = ZERO, 1, None
    for row, parts in _rows():
        if row.n != expected:
            yield Finding("gap", row.n, f"expected {expected}")
        if chain_hash(previous, row) != bytes(row.hash):
            yield Finding("hash", row.n)
        yield from _payload_findings(row, parts)
        previous, expected = bytes(row.hash), row.n + 1
        if row.n == head_n:
            at_head = previous.hex()
    if head_n is not None and head_n > 0:
        if at_head is None:
            yield Finding("cut_tail", expected - 1, f"the kept head is {head_n}")
        elif head_hash and at_head != head_hash:
            yield Finding("other_chain", head_n)


def _rows() -> Iterator[tuple[JournalEntry, dict[str, JournalPayload]]]:
    after = 0
    while page := list(JournalEntry.objects.filter(n__gt=after).order_by("n")[:PAGE]):
        parts: dict[int, dict[str, JournalPayload]] = {}
        for part in JournalPayload.objects.filter(n__gte=page[0].n, n__lte=page[-1].n):
            parts.setdefault(part.n, {})[part.retention] = part
        for row in page:
            yield row, parts.get(row.n, {})
        after = page[-1].n


def _payload_findings(row: JournalEntry, parts: dict[str, JournalPayload]) -> Iterator[Finding]:
    for retention, expected in row.digests.items():
        part = parts.get(retention)
        if part is None:
            yield Finding("payload_missing", row.n, retention)
        elif part.erased_at:
            yield Finding("erased", row.n, f"{retention}: {part.erased_why}", ok=True)
        elif digest(bytes(part.salt or b""), bytes(part.data or b"")) != expected:
            yield Finding("digest", row.n, retention)
