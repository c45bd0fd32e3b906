"""Where units were during a replay, for one viewer: half an hour a part, as integer columns.

Whose card stood on his board came with it, wherever it was; any other unit only while it stood on his ground or band, with
its card trimmed to what ground may know (as realtime.positions does it live, over the ground of now). Points outside of
what he might see then never leave the server. Gaps stay gaps: nothing is filled in.
"""

import struct
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import numpy as np

from dispatch import access, journal
from dispatch.access import Viewer
from dispatch.errors import DispatchError
from dispatch.journal import Entry
from dispatch.models import Unit
from dispatch.queries import fold
from dispatch.queries.replay_world import ALL, get_units_at, newest_of, told
from dispatch.queries.replays import Replay
from geo import columns, history

PART = timedelta(minutes=30)
MOST_POINTS = 1_500_000
VERSION = 1
UNIT_KINDS = fold.kinds_about("unit")
Span = tuple[int, int]


class TrackHead(msgspec.Struct, kw_only=True):
    """One unit of a part: how many points, when it was in sight, when on duty, and the cards of one seen by ground only.

    Times are Unix ms. `cards`: [from when, card], oldest first; empty when the board itself has the card.
    """

    unit: UUID
    slot: int
    count: int
    spans: list[Span]
    duty: list[Span]
    cards: list[tuple[int, dict[str, Any]]] = []


class PartHead(msgspec.Struct, kw_only=True, frozen=True):
    """What stands before a part's columns: [begins, ends) in Unix ms, the base of its times, sizes of the columns in bytes."""

    begins_ms: int
    ends_ms: int
    base_ms: int
    units: list[TrackHead]
    sizes: list[int]


@dataclass
class _Seen:
    """One unit while it is judged."""

    unit: Unit
    spans: list[Span]
    points: np.ndarray
    cards: list[tuple[int, dict[str, Any]]] = field(default_factory=list)


def count_parts(replay: Replay) -> int:
    """Return how many parts the replay has."""
    begins, ends = replay.window()
    return max(1, -int((begins - ends) // PART))


def get_tracks(looker: Viewer, replay: Replay, part: int) -> bytes:
    """Return one part: length of its head (4 bytes, little-endian), the head as JSON, the columns of geo.columns.

    Raises `not_found` for a part that there is not, `replay_too_big`.
    """
    if not 0 <= part < count_parts(replay):
        raise DispatchError("not_found", object="part")
    first, last = replay.window()
    begins = first + part * PART
    ends = min(begins + PART, last)
    own = _own(looker, replay, begins, ends, with_last=part == 0)
    near = _near(looker, replay, own, begins, ends)
    listed = sorted(own + near, key=lambda seen: seen.unit.pk)
    duty = history.read_duty([seen.unit.tracker_id or 0 for seen in listed], begins, ends)
    base_ms = _ms(begins)
    heads = [
        TrackHead(
            unit=seen.unit.uid, slot=seen.unit.pk, count=len(seen.points), spans=seen.spans, cards=seen.cards,
            duty=[(_ms(a), _ms(b) if b else _ms(last) + 1) for a, b in duty.get(seen.unit.tracker_id or 0, [])],
        )
        for seen in listed
    ]  # fmt: skip
    packed = columns.pack([seen.points for seen in listed], base_ms)
    head = PartHead(
        begins_ms=base_ms, ends_ms=_ms(ends), base_ms=base_ms, units=heads, sizes=[len(one) for one in packed]
    )
    text = msgspec.json.encode(head)
    return b"".join([struct.pack("<I", len(text)), text, *packed])


def _own(looker: Viewer, replay: Replay, begins: datetime, ends: datetime, *, with_last: bool) -> list[_Seen]:
    spans = _board_spans(looker, replay)
    units = Unit.objects.filter(uid__in=spans, tracker__isnull=False)
    trackers = [unit.tracker_id for unit in units if unit.tracker_id]
    _check_size(trackers, begins, ends)
    tracks = history.read_tracks(trackers, begins, ends)
    last = history.read_last_before(trackers, begins) if with_last else {}
    found = []
    for unit in units:
        tracker = unit.tracker_id or 0
        mine = spans[str(unit.uid)]
        points = _within(tracks.get(tracker), mine)
        if tracker in last and any(a <= _ms(begins) < b for a, b in mine):
            points = np.concatenate([last[tracker], points])
        within = [(a, b) for a, b in mine if a < _ms(ends) and b > _ms(begins)]
        if within:
            found.append(_Seen(unit, within, points))
    return found


def _board_spans(looker: Viewer, replay: Replay) -> dict[str, list[Span]]:
    """Return uid of unit → when its card stood on the board, over the replay's whole time."""
    begins, ends = replay.window()
    first, end = _ms(begins), _ms(ends) + 1
    since = dict.fromkeys(get_units_at(looker, replay.after_n), first)
    spans: dict[str, list[Span]] = {}
    entries = journal.read(
        kinds=UNIT_KINDS, audience=looker.keys, after=replay.after_n, before=replay.last_n + 1, limit=ALL
    )
    for entry in entries:
        event = told(entry, looker)
        uid = entry.subject.partition(":")[2]
        if event is None:
            continue
        if fold.CATALOGUE[entry.kind].REMOVES:
            if uid in since:
                spans.setdefault(uid, []).append((since.pop(uid), max(first, _ms(entry.at))))
        else:
            since.setdefault(uid, max(first, _ms(entry.at)))
    for uid, begun in since.items():
        spans.setdefault(uid, []).append((begun, end))
    return spans


def _near(looker: Viewer, replay: Replay, own: list[_Seen], begins: datetime, ends: datetime) -> list[_Seen]:
    """Return other centres' units while they stood on the viewer's ground, each with the cards it had then."""
    whole = [(_ms(begins), _ms(ends))]
    mine = {seen.unit.tracker_id or 0: seen for seen in own}
    always = [
        tracker
        for tracker, seen in mine.items()
        if seen.spans[0][0] <= whole[0][0] and seen.spans[-1][1] >= whole[0][1]
    ]
    if not Unit.objects.filter(tracker__isnull=False).exclude(tracker__in=always).exists():
        return []
    shape = history.find_ground_shape(access.ground_ids(looker))
    if shape is None:
        return []
    trackers = history.trackers_near(shape, begins, ends, without=always)
    _check_size(trackers, begins, ends)
    tracks = history.read_tracks(trackers, begins, ends)
    units = {unit.tracker_id: unit for unit in Unit.objects.filter(tracker__in=tracks)}
    found = []
    for tracker, track in tracks.items():
        hidden = mine[tracker].spans if tracker in mine else []
        spans = _ground_spans(track, history.stands_on(shape, track) & ~_mask(track, hidden), _ms(ends))
        if spans and tracker in units:
            found.append(_Seen(units[tracker], spans, _within(track, spans)))
    _put_cards(found, replay)
    return [seen for seen in found if seen.cards]


def _ground_spans(track: np.ndarray, here: np.ndarray, ends_ms: int) -> list[Span]:
    """Return the runs of points on the ground as times: from the first's own to that of the one which left it again."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], here.astype(np.int8), [0]])))
    return [
        (int(track["fix_ms"][a]), int(track["fix_ms"][b]) if b < len(track) else ends_ms)
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]


def _put_cards(found: list[_Seen], replay: Replay) -> None:
    """Give each its card as ground may have it: the newest before its first point, and every change after."""
    subjects = {f"unit:{seen.unit.uid}": seen for seen in found}
    if not subjects:
        return
    before = journal.read(numbers=newest_of(subjects, UNIT_KINDS, replay.after_n) or [0], limit=ALL)
    since = journal.read(subjects=subjects, kinds=UNIT_KINDS, after=replay.after_n, before=replay.last_n + 1, limit=ALL)
    for entry in [*before, *since]:
        card = entry.data.get("unit")
        if isinstance(card, dict) and "call_sign" in card:
            _put_card(subjects[entry.subject], entry, card)


def _put_card(seen: _Seen, entry: Entry, card: dict[str, Any]) -> None:
    at, last_ms = _ms(entry.at), seen.spans[-1][1]
    trimmed = access.redact_card("unit", card, "ground")
    if at <= seen.spans[0][0] or not seen.cards:
        seen.cards = [(min(at, seen.spans[0][0]), trimmed)]
    elif at <= last_ms:
        seen.cards.append((at, trimmed))


def _check_size(trackers: list[int], begins: datetime, ends: datetime) -> None:
    points = history.count_points(trackers, begins, ends) if trackers else 0
    if points > MOST_POINTS:
        raise DispatchError("replay_too_big", points=points, most=MOST_POINTS)


def _mask(track: np.ndarray, spans: list[Span]) -> np.ndarray:
    inside = np.zeros(len(track), bool)
    for begun, ended in spans:
        inside |= (track["fix_ms"] >= begun) & (track["fix_ms"] < ended)
    return inside


def _within(track: np.ndarray | None, spans: list[Span]) -> np.ndarray:
    return np.zeros(0, history.POINT) if track is None else track[_mask(track, spans)]


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
