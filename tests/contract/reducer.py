"""What the law of the feed needs: a viewer's snapshot, and what he hears. The fold itself is dispatch.queries.fold."""

from typing import Any

import msgspec

from dispatch import access
from dispatch.access import Viewer
from dispatch.journal import Entry
from dispatch.queries.board import get_board
from dispatch.queries.fold import PLURAL, keyed, reduce

__all__ = ["PLURAL", "heard", "keyed", "reduce", "snapshot"]


def snapshot(viewer: Viewer) -> dict[str, Any]:
    """Return the viewer's board as the wire carries it."""
    return msgspec.json.decode(msgspec.json.encode(get_board(viewer)))


def heard(entries: list[Entry], viewer: Viewer) -> list[dict[str, Any]]:
    """Return the entries that the viewer hears, redacted to his view, as the wire carries them."""
    told = []
    for entry in entries:
        view = access.view_of(entry.audience, viewer)
        if view is not None:
            told.append(msgspec.json.decode(msgspec.json.encode(entry.wire(access.redact(entry.data, view)))))
    return told
