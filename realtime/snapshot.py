"""The board at exactly number n, made in a few threads of our own: fifty desks that come back at once wait in line
there, while the loop goes on serving everybody else."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, TypeVar

import msgspec
from django.db import close_old_connections

from dispatch.access import Viewer
from dispatch.queries.board import get_board
from realtime import protocol, rights

P = ParamSpec("P")
R = TypeVar("R")
AT_ONCE = 2
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="board")


@dataclass(frozen=True)
class Snapshot:
    """A viewer and his board, encoded. `viewer` None: he may see none. `changes_at`: see rights.load_viewer."""

    viewer: Viewer | None
    changes_at: datetime | None
    epoch: int = 0
    n: int = 0
    frame: str = ""


async def in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a function that asks the database through Django, off the loop, at most AT_ONCE at a time."""

    def run() -> R:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_threads, run)


def take(person_id: int) -> Snapshot:
    """Return the person's snapshot with the rights he has now."""
    viewer, changes_at = rights.load_viewer(person_id)
    if viewer is None:
        return Snapshot(None, changes_at)
    board = get_board(viewer)
    return Snapshot(viewer, changes_at, board.epoch, board.n, protocol.snapshot_frame(msgspec.json.encode(board)))
