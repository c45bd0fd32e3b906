"""Write the JSON Schema of cards, events and board that the front end's types are generated from."""

import json
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandParser

from dispatch.api.replays import Recording
from dispatch.cards import Board
from dispatch.events import CATALOGUE
from dispatch.lifecycles import LAW, ORDER_ACTIVE, ORDER_ENDED
from dispatch.queries.closed import ClosedIncidents
from dispatch.queries.order_cameras import OrderCameras
from dispatch.queries.replay_tracks import PartHead
from dispatch.queries.replays import ReplayableIncidents, ReplaysPage

TARGET = Path("frontend/src/contract")


def contract_schema() -> dict[str, Any]:
    """Return one JSON Schema document with a definition for every card, event, the board and what a replay is made of."""
    roots = [
        Board,
        Recording,
        PartHead,
        ReplayableIncidents,
        ReplaysPage,
        OrderCameras,
        ClosedIncidents,
        *CATALOGUE.values(),
    ]
    _, definitions = msgspec.json.schema_components(roots, ref_template="#/$defs/{name}")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Contract", "$defs": definitions}


def catalogue() -> dict[str, Any]:
    """Return what reducers need: kind → which card it carries, what it removes; and the law's tables."""
    events = {
        kind: {"type": event.__name__, "card": event.card_field(), "removes": event.REMOVES or None}
        for kind, event in sorted(CATALOGUE.items())
    }
    law = {noun: sorted([at, verb, to] for (at, verb), to in table.items()) for noun, table in LAW.items()}
    return {"events": events, "law": law, "order_active": ORDER_ACTIVE, "order_ended": ORDER_ENDED}


class Command(BaseCommand):
    """`write_contract [--check]`: write, or fail when what is written is out of date."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --check."""
        parser.add_argument("--check", action="store_true", help="fail instead of writing when files differ")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write both files, or compare them."""
        files = {"schema.json": contract_schema(), "catalogue.json": catalogue()}
        stale = []
        for name, content in files.items():
            text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
            path = TARGET / name
            if options["check"]:
                stale += [name] if not path.exists() or path.read_text() != text else []
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        if stale:
            raise SystemExit(f"Out of date: {', '.join(stale)}. Run: manage.py write_contract, then npm run contract.")
