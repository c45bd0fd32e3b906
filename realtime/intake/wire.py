"""What /intake takes and answers. One bad fix never spoils the others: each is read, judged and answered by itself."""

from datetime import datetime
from typing import Any

import msgspec

from geo import clock
from geo.fixes import FLAG_LATE, Fix, Rejected
from geo.sources.sent import Place

MAX_FIXES = 1_000
MAX_BYTES = 1_000_000
# Not kept, and nothing is wrong with it: known already, or another device speaks for the unit.
NO_REFUSAL = {"duplicate": "duplicate", "other_device": "spare"}


class RefusedError(Exception):
    """The request as a whole is refused: HTTP status, stable code, facts."""

    def __init__(self, status: int, code: str, *, retry_after_s: int = 0, **facts: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.facts = status, code, facts
        self.retry_after_s = retry_after_s

    def body(self) -> bytes:
        """Return the one API error shape."""
        return msgspec.json.encode({"error": {"code": self.code, "facts": self.facts, "field": None}})


class Batch(msgspec.Struct):
    """A request's body: fixes still undecoded."""

    fixes: list[msgspec.Raw]


class SentFix(msgspec.Struct):
    """One fix as a device sends it: WGS-84 degrees, a time with its zone, metres, m/s, degrees from true north."""

    lon: float
    lat: float
    fix_at: datetime
    accuracy_m: float | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None


_batches = msgspec.json.Decoder(Batch)
_fixes = msgspec.json.Decoder(SentFix)


def read_batch(body: bytes) -> list[msgspec.Raw]:
    """Return the raw fixes of a request; raise RefusedError `bad_input` or `too_big`."""
    try:
        batch = _batches.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError(400, "bad_input", why=str(error)[:120]) from error
    if len(batch.fixes) > MAX_FIXES:
        raise RefusedError(413, "too_big", fixes=len(batch.fixes), limit=MAX_FIXES)
    return batch.fixes


def read_fix(raw: msgspec.Raw, received_at: datetime) -> Fix | Rejected:
    """Return one fix, of no tracker yet, or why it cannot be read."""
    try:
        sent = _fixes.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError):
        return Rejected("bad_input")
    return Fix(
        tracker_id=0,
        lon=sent.lon,
        lat=sent.lat,
        fix_at=clock.of_device(sent.fix_at),
        received_at=received_at,
        speed_mps=sent.speed_mps,
        heading_deg=sent.heading_deg,
        accuracy_m=sent.accuracy_m,
    )


def fix_of(place: Place, received_at: datetime) -> Fix:
    """Return a place of another protocol as a fix, of no tracker yet."""
    return Fix(
        tracker_id=0, lon=place.lon, lat=place.lat, fix_at=clock.of_device(place.fix_at), received_at=received_at,
        speed_mps=place.speed_mps, heading_deg=place.heading_deg, accuracy_m=place.accuracy_m,
    )  # fmt: skip


def answer(results: list[Fix | Rejected]) -> bytes:
    """Return the per-item results: stored, duplicate, flagged, spare or refused, with the reason."""
    return msgspec.json.encode({"results": [_line(index, result) for index, result in enumerate(results)]})


def _line(index: int, result: Fix | Rejected) -> dict[str, Any]:
    if isinstance(result, Rejected):
        outcome = NO_REFUSAL.get(result.reason, "refused")
        return {"i": index, "result": outcome, "reason": result.detail or result.reason}
    if result.flags:
        return {"i": index, "result": "flagged", "reason": "late" if result.flags & FLAG_LATE else "doubtful"}
    return {"i": index, "result": "stored", "reason": ""}
