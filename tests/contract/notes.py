"""What one viewer's browser got during a story, as a file for the front end's tests: before, events, after."""

import json
import os
import re
from pathlib import Path
from typing import Any

FOLDER = Path("frontend/src/contract/fixtures")
# Story → whose browser is written down. Few on purpose: the Python side compares everybody.
FIXTURES: dict[str, tuple[str, ...]] = {
    "story_calls": ("video",),
    "story_order": ("desk", "officer", "neighbour"),
    "story_transfers": ("desk", "outsider"),
    "story_requests": ("city_desk", "outsider"),
}
UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NIGHT = "2024-03-11T21:00:00Z"


class Notes:
    """Collects the boards and events of some viewers; `write_or_compare` at the end."""

    def __init__(self, story: str, names: tuple[str, ...]) -> None:
        self.story = story.removeprefix("story_")
        self.names = names
        self.kept: dict[str, dict[str, Any]] = {}

    def begin(self, boards: dict[str, dict[str, Any]]) -> None:
        """Keep the boards before the first step."""
        self.kept = {name: {"before": boards[name], "events": [], "after": {}} for name in self.names}

    def hear(self, name: str, events: list[dict[str, Any]]) -> None:
        """Keep what a viewer heard in one step."""
        if name in self.kept:
            self.kept[name]["events"] += events

    def end(self, boards: dict[str, dict[str, Any]]) -> None:
        """Keep the boards after the last step."""
        for name, kept in self.kept.items():
            kept["after"] = boards[name]

    def write_or_compare(self) -> None:
        """Write the files (NEARCAST_WRITE_FIXTURES=1), or fail when they are not what the server does today."""
        writing = os.environ.get("NEARCAST_WRITE_FIXTURES") == "1"
        for name, kept in self.kept.items():
            path = FOLDER / f"{self.story}-{name}.json"
            text = steady({"name": self.story, "viewer": name, **kept})
            if writing:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            same = path.exists() and path.read_text() == text
            assert same, f"{path} is out of date: run the contract tests with NEARCAST_WRITE_FIXTURES=1"


def steady(fixture: dict[str, Any]) -> str:
    """Return the fixture as JSON that is the same in every run: uids counted, times of reading fixed, a line an event."""
    boards = {part: {**fixture[part], "at": NIGHT} for part in ("before", "after")}
    parts = [f'"name":"{fixture["name"]}"', f'"viewer":"{fixture["viewer"]}"', f'"before":{_compact(boards["before"])}']
    events = ",\n".join(_compact(event) for event in fixture["events"])
    text = "{" + ",\n".join([*parts, f'"events":[\n{events}\n]', f'"after":{_compact(boards["after"])}']) + "}\n"
    known: dict[str, str] = {}
    return UID.sub(lambda found: known.setdefault(found[0], f"00000000-0000-7000-8000-{len(known):012x}"), text)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
