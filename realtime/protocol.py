"""Frames of /ws, close codes and the binary layout of positions. JSON text frames; positions are binary.

Client: start · resume · pong (one for each beat, in order: it is the socket's acknowledgement) · showed.
Server: snapshot · events · beat · slots · error, and binary position frames.
"""

from typing import Any

import msgspec
import numpy as np

from geo import clock

VERSION = 1
MAX_CLIENT_BYTES = 64 * 1024
MAX_SHOWN = 100


class Close:
    """Close codes. A client that gets 4401 or 4403 stops; any other code means: come again, jittered."""

    BAD_FRAME = 4400
    SIGNED_OUT = 4401
    FORBIDDEN = 4403
    RESYNC = 4408
    TOO_BIG = 4413
    TOO_FAST = 4429


# error code sent in the last frame → close code
CLOSE_FOR = {
    "bad_input": Close.BAD_FRAME,
    "not_signed_in": Close.SIGNED_OUT,
    "forbidden": Close.FORBIDDEN,
    "resync": Close.RESYNC,
    "too_big": Close.TOO_BIG,
    "too_fast": Close.TOO_FAST,
}

# Everything that travels over the socket, and who may have it. Each topic is decided by dispatch.access, never by the
# client: there is no frame that names a topic.
TOPICS = {
    "journal": "entries whose stored audience meets the viewer's keys, redacted to his view",
    "positions": "on-duty units whose stored audience meets the viewer's keys, and others on his ground and band",
}


class Start(msgspec.Struct, tag_field="t", tag="start", forbid_unknown_fields=True):
    """Ask for a snapshot."""


class Resume(msgspec.Struct, tag_field="t", tag="resume", forbid_unknown_fields=True):
    """Ask for everything after `n` of `epoch`."""

    epoch: int
    n: int


class Pong(msgspec.Struct, tag_field="t", tag="pong"):
    """Answer the oldest beat not yet answered."""


class Showed(msgspec.Struct, tag_field="t", tag="showed"):
    """What this desk really has on its screen: list versions, tiles."""

    shown: list[dict[str, Any]]


ClientFrame = Start | Resume | Pong | Showed
_decoder = msgspec.json.Decoder(ClientFrame)


def decode(text: str) -> ClientFrame:
    """Return the client's frame; raise ValueError when it is none (msgspec's errors are ValueErrors)."""
    return _decoder.decode(text)


def snapshot_frame(board: bytes) -> str:
    """Return the snapshot frame around an encoded Board."""
    return '{"t":"snapshot","board":' + board.decode() + "}"


def events_frame(events: list[str]) -> str:
    """Return the events frame around encoded events, in order."""
    return '{"t":"events","events":[' + ",".join(events) + "]}"


def beat_frame(n: int, at: str) -> str:
    """Return a heartbeat: every visible event up to `n` was sent before it; `at` is the server's clock, ISO 8601,
    `rate` how many of its seconds pass in a real one (1 outside a demo)."""
    return f'{{"t":"beat","n":{n},"at":"{at}","rate":{clock.rate():g}}}'


def slots_frame(slots: list[str], gone: list[int], *, whole: bool) -> str:
    """Return the slot table: encoded {slot, unit} pairs that are new or changed, and slots to forget.

    `whole` marks a keyframe: everything known of positions before it is void.
    """
    listed = ",".join(str(slot) for slot in gone)
    flag = "true" if whole else "false"
    return '{"t":"slots","whole":' + flag + ',"slots":[' + ",".join(slots) + '],"gone":[' + listed + "]}"


def error_frame(code: str, **facts: Any) -> str:
    """Return an error frame; the socket is closed with CLOSE_FOR[code] after it."""
    return msgspec.json.encode({"t": "error", "code": code, "facts": facts}).decode()


# --- positions, little-endian: 8 bytes header, then 16 bytes a unit ---

HEADER = np.dtype([("version", "u1"), ("kind", "u1"), ("count", "<u2"), ("base_s", "<u4")])
RECORD = np.dtype(
    [("slot", "<u4"), ("lon_e7", "<i4"), ("lat_e7", "<i4"), ("speed", "u1"), ("heading", "u1"), ("flags", "u1"),
     ("age", "u1")]
)  # fmt: skip
KIND_POSITIONS = 1
UNKNOWN = 255
INFERRED, VOICE, GONE, DOUBTFUL = 1, 2, 4, 8
HALF_SECONDS = 100  # ages up to 50 s in half seconds, above that 100 + minutes, 255 from 155 minutes on
MAX_RECORDS = 65_535


def age_bytes(age_s: np.ndarray) -> np.ndarray:
    """Return the age byte of each age in seconds (negative ages count as 0)."""
    age = np.clip(age_s, 0, 24 * 3600)
    fine = np.rint(age * 2)
    coarse = np.minimum(HALF_SECONDS + np.maximum(np.floor(age / 60), 1), UNKNOWN)
    return np.where(fine <= HALF_SECONDS, fine, coarse).astype(np.uint8)


def positions_frame(records: np.ndarray, base_s: int) -> bytes:
    """Return one binary frame of up to MAX_RECORDS records; ages count back from `base_s` (Unix seconds)."""
    header = np.array([(VERSION, KIND_POSITIONS, len(records), base_s)], dtype=HEADER)
    return header.tobytes() + records.tobytes()


def read_positions(frame: bytes) -> tuple[int, np.ndarray]:
    """Return (base_s, records) of a frame, for tests and clients in Python."""
    header = np.frombuffer(frame[: HEADER.itemsize], dtype=HEADER)[0]
    return int(header["base_s"]), np.frombuffer(frame[HEADER.itemsize :], dtype=RECORD)
