"""The hub: each beat one frame for everybody who sees the same units, encoded once, the same bytes to each of them.

Who sees what is decided here from `access` alone: a unit whose stored audience meets a viewer's keys, anywhere; any
other unit on duty while it stands on his ground or band, with its card trimmed to what ground may know. Sockets with
the same keys share a Scope. Only what moved is sent; a keyframe opens each subscription.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg

from geo import clock
from realtime import database, fleet, ground, protocol, snapshot
from realtime.feed import Feed, Item
from realtime.fleet import Fleet
from realtime.scopes import Keys, Place, Scope, keys_of
from realtime.sockets import Frame, Socket

BEAT_S = 1.0
RELOAD_S = 30.0
UNITS_CHANGED = ("unit.", "device.")
GROUND_CHANGED = ("area.", "centre.")


@dataclass
class Beat:
    """What one beat has found: rows with a newer fix, all places, whether everybody's view must be judged afresh."""

    moved: np.ndarray
    place: Place
    base_s: int
    recast: bool
    new_cards: set[str]


class Hub:
    """Reads fixes once a beat and tells the sockets."""

    def __init__(self, feed: Feed, sockets: set[Socket]) -> None:
        self.fleet = Fleet()
        self.scopes: dict[Keys, Scope] = {}
        self._sockets = sockets
        self._units_changed = True
        self._ground_changed = False
        self._new_cards: set[str] = set()
        self._loaded_s = 0.0
        feed.listeners.append(self.hear)
        feed.resets.append(self.forget)

    def hear(self, item: Item) -> None:
        """Take what an entry says of units and areas."""
        entry = item.entry
        if entry.kind.startswith(UNITS_CHANGED):
            self._units_changed = True
            card = entry.data.get("unit")
            if isinstance(card, dict) and self.fleet.take_card(card):
                self._new_cards.add(card["uid"])
        elif entry.kind.startswith(GROUND_CHANGED):
            self._ground_changed = True

    def forget(self) -> None:
        """Drop all cards: the journal is another one."""
        self.fleet.cards.clear()
        self._units_changed = True

    async def run(self) -> None:
        """Beat until cancelled."""
        await database.keep("positions", self._beats)

    async def _beats(self, connection: psycopg.AsyncConnection[Any]) -> None:
        while True:
            began = time.monotonic()
            if any(socket.live for socket in self._sockets):
                await self.beat(connection)
            await asyncio.sleep(max(0.05, BEAT_S - (time.monotonic() - began)))

    async def beat(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Read, then tell every scope what is new to it."""
        recast = await self._load(connection)
        moved = await self.fleet.load_fixes(connection)
        listeners = await self._listeners(connection)
        found = Beat(moved, Place(self.fleet), int(clock.time_s()), recast, self._new_cards)
        self._new_cards = set()
        for scope, sockets in listeners:
            self._tell(scope, sockets, found)

    async def _load(self, connection: psycopg.AsyncConnection[Any]) -> bool:
        """Read the units again when they changed; return whether everybody's view must be judged afresh."""
        if self._ground_changed:
            self._ground_changed = False
            self.scopes.clear()
            for socket in self._sockets:
                socket.needs_keyframe = True
        if not self._units_changed and time.monotonic() - self._loaded_s < RELOAD_S:
            return False
        self._units_changed = False
        self._loaded_s = time.monotonic()
        await self.fleet.load_units(connection)
        missing = self.fleet.missing_cards()
        if missing:
            for card in await snapshot.in_thread(fleet.cards_of, missing):
                if card["uid"] not in self.fleet.cards:
                    self.fleet.take_card(card)
        return True

    async def _listeners(self, connection: psycopg.AsyncConnection[Any]) -> list[tuple[Scope, list[Socket]]]:
        wanted: dict[Keys, list[Socket]] = {}
        for socket in self._sockets:
            if socket.live and socket.viewer is not None:
                wanted.setdefault(keys_of(socket.viewer), []).append(socket)
        for keys in [keys for keys in self.scopes if keys not in wanted]:
            del self.scopes[keys]
        for keys, sockets in wanted.items():
            if keys not in self.scopes:
                areas = [int(key.partition(":")[2]) for key, _ in keys if key.startswith("ground:")]
                self.scopes[keys] = Scope(keys, await ground.load(connection, areas))
                for socket in sockets:
                    socket.needs_keyframe = True
        return [(self.scopes[keys], sockets) for keys, sockets in wanted.items()]

    def _tell(self, scope: Scope, sockets: list[Socket], beat: Beat) -> None:
        """Send one scope's sockets what is new to them."""
        every = beat.recast or not scope.shown
        fresh, gone = scope.judge(self.fleet, beat.place.on_map if every else beat.moved, beat.place, all_rows=every)
        renewed = self._renewed(scope, beat.new_cards) if beat.new_cards else []
        slots = self._slot_texts(scope, dict.fromkeys([*fresh, *renewed]))
        news: list[Frame] = [protocol.slots_frame(slots, gone, whole=False)] if slots or gone else []
        news += self._frames(scope, np.union1d(beat.moved, self._rows(fresh)).astype(np.intp), beat.base_s)
        keyframe: list[Frame] = []
        for socket in sockets:
            if socket.behind:
                socket.needs_keyframe = True
            elif socket.needs_keyframe:
                keyframe = keyframe or self._keyframe(scope, beat)
                socket.needs_keyframe = False
                _send(socket, keyframe)
            else:
                _send(socket, news)

    def _rows(self, slots: list[int]) -> np.ndarray:
        return np.flatnonzero(np.isin(self.fleet.slots, np.array(slots, np.uint32))) if slots else np.zeros(0, np.intp)

    def _renewed(self, scope: Scope, changed: set[str]) -> list[int]:
        """Return neighbours' slots whose card changed: the journal tells only the unit's own audience."""
        return [
            slot for slot, view in scope.shown.items() if view == "ground" and self.fleet.uid_of_slot[slot] in changed
        ]

    def _slot_texts(self, scope: Scope, slots: Iterable[int]) -> list[str]:
        texts = (self.fleet.slot_text(slot, scope.shown[slot]) for slot in slots if slot in scope.shown)
        return [text for text in texts if text]

    def _frames(self, scope: Scope, rows: np.ndarray, base_s: int) -> list[Frame]:
        visible = scope.visible(self.fleet, rows)
        if not len(visible):
            return []
        records = self.fleet.records(visible, base_s)
        step = protocol.MAX_RECORDS
        return [protocol.positions_frame(records[at : at + step], base_s) for at in range(0, len(records), step)]

    def _keyframe(self, scope: Scope, beat: Beat) -> list[Frame]:
        table = protocol.slots_frame(self._slot_texts(scope, scope.shown), [], whole=True)
        return [table, *self._frames(scope, beat.place.on_map, beat.base_s)]


def _send(socket: Socket, frames: list[Frame]) -> None:
    for frame in frames:
        socket.put(frame)
