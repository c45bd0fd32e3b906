"""Points as integer columns for a screen: each column its own run of bytes, differences instead of values, so that an hour
of 500 units is about a megabyte. Pure. The browser's half is frontend/src/core/tracks.ts.

Columns: fix time (0.1 s), delay of its arrival (0.1 s), lon, lat (1e-6 degree), speed (0.5 m/s), heading (360/250 degree),
flags. The first four are zigzag varints of differences within one track; the last three are bytes, 255 = not known.
"""

from collections.abc import Sequence

import numpy as np

from geo.history import UNKNOWN

NOT_KNOWN = 255


def zigzag_varints(values: np.ndarray) -> bytes:
    """Return whole numbers as zigzag varints, seven bits a byte, lowest first."""
    left = ((values << 1) ^ (values >> 63)).astype(np.uint64)
    lengths = np.ones(len(left), np.intp)
    for bits in range(7, 64, 7):
        lengths += left >= (np.uint64(1) << np.uint64(bits))
    ends = np.cumsum(lengths)
    out = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    starts = ends - lengths
    for place in range(int(lengths.max()) if len(lengths) else 0):
        here = lengths > place
        more = (lengths[here] > place + 1).astype(np.uint8) << 7
        out[starts[here] + place] = (left[here] & np.uint64(0x7F)).astype(np.uint8) | more
        left >>= np.uint64(7)
    return out.tobytes()


def pack(tracks: Sequence[np.ndarray], base_ms: int) -> list[bytes]:
    """Return the seven columns of these tracks (geo.history.POINT) one after the other; times count from `base_ms`."""
    points = np.concatenate(tracks) if tracks else np.zeros(0, [("fix_ms", "i8")])
    if not len(points):
        return [b""] * 7
    first = np.cumsum([0, *(len(track) for track in tracks)])[:-1]
    first = first[[len(track) > 0 for track in tracks]]
    fix = np.rint((points["fix_ms"] - base_ms) / 100).astype(np.int64)
    lag = np.rint((points["received_ms"] - points["fix_ms"]) / 100).astype(np.int64)
    lon, lat = (np.rint(points[name] / 10).astype(np.int64) for name in ("lon_e7", "lat_e7"))
    speed = np.minimum(np.rint(points["speed_cms"] / 50), NOT_KNOWN - 1)
    heading = np.rint((points["heading_deg"] % 360) * 250 / 360) % 250
    return [
        *(zigzag_varints(_differences(column, first)) for column in (fix, lag, lon, lat)),
        *(_bytes(np.where(points[name] == UNKNOWN, NOT_KNOWN, column))
          for name, column in (("speed_cms", speed), ("heading_deg", heading))),
        _bytes(points["flags"] & 0xFF),
    ]  # fmt: skip


def _differences(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    steps = np.diff(values, prepend=0)
    steps[first] = values[first]
    return steps


def _bytes(values: np.ndarray) -> bytes:
    return values.astype(np.uint8).tobytes()
