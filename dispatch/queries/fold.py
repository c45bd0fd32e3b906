"""Board before + entries = board after: the browser's reducer (frontend/src/core/board.ts) on the server, pure.

What is kept: noun → key → card, as plain JSON values. Suggestions by their incident, one packet each.
"""

from collections.abc import Iterable
from typing import Any

from dispatch.events import CATALOGUE

PLURAL = {
    "centre": "centres", "unit": "units", "post": "posts", "incident": "incidents", "call": "calls", "order": "orders",
    "note": "notes", "attachment": "attachments", "suggestion": "suggestions", "request": "requests", "distress": "distresses",
    "notice": "notices", "report": "reports", "aid": "aids",
    "message": "messages",
}  # fmt: skip
BELONGS = ("call", "order", "note", "attachment", "suggestion", "request", "notice", "report")
Cards = dict[str, dict[str, Any]]


def empty() -> dict[str, Cards]:
    """Return a board on which nothing stands."""
    return {noun: {} for noun in PLURAL}


def keyed(board: dict[str, Any]) -> dict[str, Cards]:
    """Return a board's cards by noun and key."""
    return {noun: {key_of(noun, card): card for card in board[plural]} for noun, plural in PLURAL.items()}


def reduce(state: dict[str, Cards], events: Iterable[dict[str, Any]]) -> dict[str, Cards]:
    """Return the state after the events ({kind, data} as the wire carries them); the state given stays as it is."""
    after = {noun: dict(cards) for noun, cards in state.items()}
    for event in events:
        kind = CATALOGUE.get(event["kind"])
        noun = kind.card_field() if kind else None
        card = event["data"].get(noun) if noun else None
        if kind and kind.REMOVES:
            uid = event["data"].get("removed_uid") or (card or {}).get("uid")
            if uid:
                _remove(after, kind.REMOVES, uid)
        elif noun and card:
            after[noun][key_of(noun, card)] = card
    return after


def key_of(noun: str, card: dict[str, Any]) -> str:
    """Return what a card is kept under."""
    return str(card["incident"] if noun == "suggestion" else card["uid"])


def kinds_about(*nouns: str) -> list[str]:
    """Return the kinds of events that put a card of one of these nouns on a board, or take it off."""
    return sorted(kind for kind, event in CATALOGUE.items() if event.card_field() in nouns or event.REMOVES in nouns)


def _remove(state: dict[str, Cards], noun: str, uid: str) -> None:
    if noun == "suggestion":
        state[noun] = {key: card for key, card in state[noun].items() if uid not in (card["uid"], key)}
    else:
        state[noun].pop(uid, None)
    if noun == "incident":
        for other in BELONGS:
            state[other] = {key: card for key, card in state[other].items() if card["incident"] != uid}
