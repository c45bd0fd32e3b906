"""Which of several devices speaks for a tracker: one at a time, judged at the time of its fixes. Pure.

A unit may be followed by its phone's page and by tracker apps at once. Two receivers differ by metres and by seconds: taken in
turn they make the marker jump and the track a zigzag. So one device has the word, from its first fix until it has been
silent for longer than its own rhythm explains; what the others say meanwhile is spare. The word passes at once to a device
that is much more exact (half the metres of one worse than POOR_M) or much denser (a third of the rhythm). Spans are kept,
so that a queue which comes an hour late is judged by who had the word then; a hole in one device's span is another's to fill.
"""

from datetime import datetime, timedelta

import msgspec

RHYTHM_S, LONGEST_RHYTHM_S = 6.0, 60.0  # supposed of a device of which one fix is known; the slowest that counts
HOLD_RHYTHMS, SHORTEST_HOLD_S = 2.5, 5.0
POOR_M, EXACTER, DENSER = 50.0, 2.0, 3.0
MOST_SPANS, MOST_HEARD = 48, 8


class Span(msgspec.Struct, frozen=True):
    """From when to when one device had the word, by its fixes; its rhythm (usual seconds between two) and newest accuracy."""

    voice: int
    first: datetime
    last: datetime
    rhythm_s: float = RHYTHM_S
    accuracy_m: float | None = None

    @property
    def held_until(self) -> datetime:
        """Return until when its silence is no silence."""
        return self.last + timedelta(seconds=max(SHORTEST_HOLD_S, HOLD_RHYTHMS * self.rhythm_s))


class Spare(msgspec.Struct, frozen=True):
    """A device that had not the word: its newest fix time and its rhythm."""

    voice: int
    last: datetime
    rhythm_s: float = RHYTHM_S


class Talk(msgspec.Struct, frozen=True):
    """Who spoke for one tracker when: spans by their beginning, and who else was heard."""

    spans: tuple[Span, ...] = ()
    heard: tuple[Spare, ...] = ()


def has_word(talk: Talk, voice: int, at: datetime, accuracy_m: float | None) -> bool:
    """Return whether a fix of this device at this time counts."""
    if any(span.voice == voice and span.first <= at <= span.last for span in talk.spans):
        return True
    # Spans stand by their beginning: the last one that is not over yet is the one that holds the word.
    holder = next((span for span in reversed(talk.spans) if span.first <= at <= span.held_until), None)
    if holder is None or holder.voice == voice:
        return True
    return at > holder.last and (_exacter(accuracy_m, holder) or _denser(talk, voice, at, holder))


def after_word(talk: Talk, voice: int, at: datetime, accuracy_m: float | None) -> Talk:
    """Return the talk after a fix that counted."""
    spans = list(talk.spans)
    index = next(
        (i for i in range(len(spans) - 1, -1, -1) if spans[i].voice == voice and _joins(spans[i], at, spans)), None
    )
    if index is None:
        known = next((one.rhythm_s for one in talk.heard if one.voice == voice), RHYTHM_S)
        spans.append(Span(voice, at, at, known, accuracy_m))
    else:
        spans[index] = _longer(spans[index], at, accuracy_m)
    spans.sort(key=lambda span: span.first)
    heard = tuple(one for one in talk.heard if one.voice != voice)
    return Talk(tuple(spans[-MOST_SPANS:]), heard)


def after_spare(talk: Talk, voice: int, at: datetime) -> Talk:
    """Return the talk after a fix that did not count: of its device one knows now how often it speaks."""
    before = next((one for one in talk.heard if one.voice == voice), None)
    if before is not None and at <= before.last:
        return talk
    rhythm_s = _rhythm(before.rhythm_s, before.last, at) if before else RHYTHM_S
    others = tuple(one for one in talk.heard if one.voice != voice)
    return Talk(talk.spans, (*others[-MOST_HEARD + 1 :], Spare(voice, at, rhythm_s)))


def _joins(span: Span, at: datetime, spans: list[Span]) -> bool:
    """Say whether a fix lengthens this span: within it, or shortly before or after it with nobody between."""
    if at <= span.last:
        return at >= span.first - (span.held_until - span.last)
    between = any(other.voice != span.voice and span.last < other.first <= at for other in spans)
    return at <= span.held_until and not between


def _longer(span: Span, at: datetime, accuracy_m: float | None) -> Span:
    if at <= span.last:
        return msgspec.structs.replace(span, first=min(span.first, at))
    rhythm_s = _rhythm(span.rhythm_s, span.last, at)
    return msgspec.structs.replace(span, last=at, rhythm_s=rhythm_s, accuracy_m=accuracy_m)


def _rhythm(before_s: float, last: datetime, at: datetime) -> float:
    return 0.6 * before_s + 0.4 * min((at - last).total_seconds(), LONGEST_RHYTHM_S)


def _exacter(accuracy_m: float | None, other: Span) -> bool:
    theirs = other.accuracy_m
    return accuracy_m is not None and theirs is not None and theirs > POOR_M and accuracy_m * EXACTER <= theirs


def _denser(talk: Talk, voice: int, at: datetime, other: Span) -> bool:
    own = next((one for one in talk.heard if one.voice == voice), None)
    if own is None:
        return False
    return own.rhythm_s * DENSER <= other.rhythm_s and (at - other.last).total_seconds() > own.rhythm_s
