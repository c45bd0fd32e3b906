"""What every action shares: one transaction, events collected while it works, flushed once as the last step.

    @action
    def verb_noun(*, actor: Viewer, ...) -> Row:   # lock → check → change → collect → return

An action called by another joins its transaction and its collection.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

import msgspec
from django.db import IntegrityError, transaction

from dispatch import journal
from dispatch.access import Viewer
from dispatch.errors import DispatchError
from dispatch.events import Event
from geo import clock

P = ParamSpec("P")
R = TypeVar("R")
UNIQUE_VIOLATION = "23505"


@dataclass
class Work:
    """One action under way."""

    actor: Viewer
    at: datetime
    collected: list[journal.Collected] = field(default_factory=list)


_work: ContextVar[Work | None] = ContextVar("work", default=None)
_clock: ContextVar[Callable[[], datetime]] = ContextVar("clock", default=clock.now)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make `function` an action: keyword-only, first of all `actor`; see the module's docstring."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _work.get() is not None:
            return function(*args, **kwargs)
        actor = kwargs["actor"]
        assert isinstance(actor, Viewer)
        with _told_apart(), transaction.atomic(), _begun(actor) as work:
            result = function(*args, **kwargs)
            journal.flush(work.collected, actor_id=actor.person_id, actor=actor_json(actor), at=work.at)
        return result

    return run


@contextmanager
def _told_apart() -> Iterator[None]:
    """Say `exists` when somebody else stored the same id or name between our look and our insert."""
    try:
        yield
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", None) != UNIQUE_VIOLATION:
            raise
        raise DispatchError("exists") from error


@contextmanager
def _begun(actor: Viewer) -> Iterator[Work]:
    work = Work(actor, _clock.get()())
    token = _work.set(work)
    try:
        yield work
    finally:
        _work.reset(token)


@contextmanager
def part() -> Iterator[None]:
    """Wrap a part of an action that may fail by itself: what it changed and what it collected go together."""
    work = _work.get()
    assert work is not None
    mark = len(work.collected)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del work.collected[mark:]
        raise


@contextmanager
def at_time(moment: datetime) -> Iterator[None]:
    """Run actions as if it were `moment` (scripted nights, drills, tests)."""
    token = _clock.set(lambda: moment)
    try:
        yield
    finally:
        _clock.reset(token)


def now() -> datetime:
    """Return the time of the action under way: every row and event of one action carries the same."""
    work = _work.get()
    return work.at if work else _clock.get()()


def collect(event: Event, audience: list[str], subject: str = "") -> None:
    """Note that `event` happened, for the keys in `audience`; written when the action ends well."""
    work = _work.get()
    if work is None:
        raise RuntimeError("events are collected inside actions only")
    work.collected.append(journal.Collected(event, tuple(audience), subject))


def actor_json(actor: Viewer) -> dict[str, Any] | None:
    """Return who acted, as the journal and the screens keep it."""
    if actor.system:
        return {"system": actor.system}
    return {"uid": str(actor.uid), "name": msgspec.to_builtins(actor.name)} if actor.uid else None
