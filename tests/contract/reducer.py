"""Board before + events = board after, as the browser does it (frontend/src/core/board.ts); kept alike on purpose."""

from typing import Any

import msgspec

from dispatch import access
from dispatch.access import Viewer
from dispatch.events import CATALOGUE
from dispatch.journal import Entry
from dispatch.queries.board import get_board

PLURAL = {
    "centre": "centres", "unit": "units", "post": "posts", "incident": "incidents", "call": "calls", "order": "orders",
    "note": "notes", "suggestion": "suggestions", "request": "requests",
}  # fmt: skip
BELONGS = ("call", "order", "note", "suggestion", "request")
Cards = dict[str, dict[str, Any]]


def snapshot(viewer: Viewer) -> dict[str, Any]:
    """Return the viewer's board as the wire carries it."""
    return msgspec.json.decode(msgspec.json.encode(get_board(viewer)))


def keyed(board: dict[str, Any]) -> dict[str, Cards]:
    """Return the board's cards by noun and key; suggestions by their incident, one packet each."""
    return {noun: {_key(noun, card): card for card in board[plural]} for noun, plural in PLURAL.items()}


def heard(entries: list[Entry], viewer: Viewer) -> list[dict[str, Any]]:
    """Return the entries that the viewer hears, redacted to his view, as the wire carries them."""
    told = []
    for entry in entries:
        view = access.view_of(entry.audience, viewer)
        if view is not None:
            told.append(msgspec.json.decode(msgspec.json.encode(entry.wire(access.redact(entry.data, view)))))
    return told


def reduce(state: dict[str, Cards], events: list[dict[str, Any]]) -> dict[str, Cards]:
    """Return the state after the events; the state given stays as it is."""
    after = {noun: dict(cards) for noun, cards in state.items()}
    for event in events:
        kind = CATALOGUE[event["kind"]]
        noun = kind.card_field()
        card = event["data"].get(noun) if noun else None
        if kind.REMOVES:
            _remove(after, kind.REMOVES, event["data"].get("removed_uid") or card["uid"])
        elif noun and card:
            after[noun][_key(noun, card)] = card
    return after


def _key(noun: str, card: dict[str, Any]) -> str:
    return card["incident"] if noun == "suggestion" else card["uid"]


def _remove(state: dict[str, Cards], noun: str, uid: str) -> None:
    state[noun] = {key: card for key, card in state[noun].items() if card["uid"] != uid}
    if noun == "incident":
        for other in BELONGS:
            state[other] = {key: card for key, card in state[other].items() if card["incident"] != uid}
