"""The units on duty as arrays: who carries which tracker, who may see whom, and where each was last.

Rows are read from the database when an entry said that units changed; fixes each beat. Cards come with the journal's
own entries, so that a beat never has to build one.
"""

from typing import Any

import msgspec
import numpy as np
import psycopg

from dispatch import access
from dispatch.models import Unit
from dispatch.queries import present
from geo import clock
from realtime import protocol

UNITS_SQL = """SELECT u.id, u.uid::text, u.tracker_id, u.audience, extract(epoch FROM u.duty_since)::float8
FROM dispatch_unit u WHERE u.on_duty AND u.active AND u.tracker_id IS NOT NULL ORDER BY u.id"""
FIXES_SQL = """SELECT tracker_id, lon_e7, lat_e7, coalesce(speed_mps, -1), coalesce(heading_deg, -1),
 extract(epoch FROM fix_at)::float8, flags, extract(epoch FROM received_at)::float8
FROM geo_tracker_last WHERE received_at > to_timestamp(%s)"""
OVERLAP_S = 5.0  # a batch may commit this long after the moment it was received
DOUBTFUL_FIX = 1 | 2  # geo.fixes: implausible speed, poor accuracy

FIX = np.dtype(
    [("lon_e7", "i4"), ("lat_e7", "i4"), ("speed", "f4"), ("heading", "f4"), ("fix_s", "f8"), ("flags", "i2")]
)


class Fleet:
    """Rows of units on duty with a tracker, side by side: `slots`, `duty_s` and `fixes` (fix_s 0: none).

    A unit keeps its slot for the life of the process. `rows_of_key` lists the rows whose stored audience has a key;
    `generation` counts the times that rows were read.
    """

    def __init__(self) -> None:
        self.slot_of: dict[int, int] = {}
        self.uid_of_slot: dict[int, str] = {}
        self.row_of_tracker: dict[int, int] = {}
        self.rows_of_key: dict[str, list[int]] = {}
        self.generation = 0
        self.slots = np.zeros(0, np.uint32)
        self.duty_s = np.zeros(0)
        self.fixes = np.zeros(0, FIX)
        self.cards: dict[str, dict[str, Any]] = {}
        self._texts: dict[tuple[str, str], str] = {}
        self._read_s = 0.0

    async def load_units(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Read who is on duty afresh; known fixes stay, unknown ones are read with the next beat."""
        rows = await (await connection.execute(UNITS_SQL)).fetchall()
        was = {int(slot): self.fixes[row].copy() for row, slot in enumerate(self.slots)}
        for unit_id, uid, *_ in rows:
            slot = self.slot_of.setdefault(unit_id, len(self.slot_of) + 1)
            self.uid_of_slot[slot] = uid
        self.slots = np.array([self.slot_of[row[0]] for row in rows], np.uint32)
        self.row_of_tracker = {row[2]: index for index, row in enumerate(rows)}
        self.rows_of_key = {}
        for index, row in enumerate(rows):
            for key in row[3]:
                self.rows_of_key.setdefault(key, []).append(index)
        self.duty_s = np.array([row[4] or 0.0 for row in rows])
        self.fixes = np.zeros(len(rows), FIX)
        for index, slot in enumerate(self.slots.tolist()):
            if slot in was:
                self.fixes[index] = was[slot]
        self.generation += 1
        self._read_s = 0.0

    async def load_fixes(self, connection: psycopg.AsyncConnection[Any]) -> np.ndarray:
        """Read what came since the last beat; return the rows that have a newer fix."""
        cursor = await connection.execute(FIXES_SQL, [self._read_s - clock.span_s(OVERLAP_S)])
        found = await cursor.fetchall()
        moved = []
        for tracker, lon, lat, speed, heading, fix_s, flags, received_s in found:
            self._read_s = max(self._read_s, received_s)
            row = self.row_of_tracker.get(tracker)
            if row is not None and fix_s > self.fixes[row]["fix_s"] and fix_s >= self.duty_s[row]:
                self.fixes[row] = (lon, lat, speed, heading, fix_s, flags)
                moved.append(row)
        return np.array(sorted(moved), np.intp)

    def on_map(self) -> np.ndarray:
        """Return the rows that have a fix of the present duty."""
        return np.flatnonzero((self.fixes["fix_s"] > 0) & (self.fixes["fix_s"] >= self.duty_s))

    def records(self, rows: np.ndarray, base_s: int) -> np.ndarray:
        """Return the wire records of these rows; ages count back from `base_s`."""
        fixes = self.fixes[rows]
        made = np.zeros(len(rows), protocol.RECORD)
        made["slot"] = self.slots[rows]
        made["lon_e7"], made["lat_e7"] = fixes["lon_e7"], fixes["lat_e7"]
        known = fixes["speed"] >= 0
        made["speed"] = np.where(known, np.minimum(np.rint(fixes["speed"] * 2), 254), protocol.UNKNOWN)
        known = fixes["heading"] >= 0
        made["heading"] = np.where(known, np.rint((fixes["heading"] % 360) * 250 / 360) % 250, protocol.UNKNOWN)
        made["flags"] = np.where(fixes["flags"] & DOUBTFUL_FIX, protocol.DOUBTFUL, 0)
        made["age"] = protocol.age_bytes(base_s - fixes["fix_s"])
        return made

    # --- cards ---

    def take_card(self, card: dict[str, Any]) -> bool:
        """Take a unit's card from an entry; return whether it changed what was known."""
        uid = card["uid"]
        known = self.cards.get(uid)
        if known == card:
            return False
        self.cards[uid] = card
        for view in access.BEST:
            self._texts.pop((uid, view), None)
        return True

    def missing_cards(self) -> list[str]:
        """Return the uids of rows whose card has not been seen yet."""
        listed = (self.uid_of_slot[int(slot)] for slot in self.slots)
        return [uid for uid in listed if uid not in self.cards]

    def slot_text(self, slot: int, view: str) -> str | None:
        """Return {slot, unit} as JSON in this view, encoded once; None while the card is not known."""
        uid = self.uid_of_slot[slot]
        if uid not in self.cards:
            return None
        text = self._texts.get((uid, view))
        if text is None:
            card = access.redact_card("unit", self.cards[uid], view)
            text = self._texts[(uid, view)] = msgspec.json.encode({"slot": slot, "unit": card}).decode()
        return text


def cards_of(uids: list[str]) -> list[dict[str, Any]]:
    """Return the cards of these units as plain values. Asks the database through Django."""
    rows = Unit.objects.filter(uid__in=uids).select_related("centre", "post")
    cards: list[dict[str, Any]] = [msgspec.to_builtins(card) for card in present.unit_cards(rows)]
    return cards
