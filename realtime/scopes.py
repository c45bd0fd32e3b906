"""What one set of keys sees of the fleet. Sockets with the same keys share a Scope, and so the same bytes."""

import numpy as np

from dispatch import access
from dispatch.access import Viewer
from realtime import ground
from realtime.fleet import Fleet
from realtime.ground import Ground

Keys = frozenset[tuple[str, str]]
OF_POSITIONS = ("area:", "ground:", "unit:", "near:")
NONE = len(access.BEST)


def keys_of(viewer: Viewer) -> Keys:
    """Return the keys that decide about positions: those of areas, ground, units and what is near them."""
    return frozenset((key, view) for key, view in viewer.keys.items() if key.startswith(OF_POSITIONS))


class Place:
    """Where every row of the fleet is at one beat: degrees, cell, and which rows stand on the map at all."""

    def __init__(self, fleet: Fleet) -> None:
        self.on_map = fleet.on_map()
        self.lons = fleet.fixes["lon_e7"] / 1e7
        self.lats = fleet.fixes["lat_e7"] / 1e7
        self.cells = ground.cells_of(self.lons, self.lats)


class Scope:
    """One set of keys with its ground. `shown` is slot → view, as the sockets have been told."""

    def __init__(self, keys: Keys, land: Ground) -> None:
        self.keys = keys
        self.land = land
        self.shown: dict[int, str] = {}
        self._by_audience = np.zeros(0, np.int8)
        self._generation = -1

    def judge(self, fleet: Fleet, rows: np.ndarray, place: Place, *, all_rows: bool) -> tuple[list[int], list[int]]:
        """Bring `shown` up to date for these rows (or for everything); return (slots new or seen otherwise, gone)."""
        views = self.views_of(fleet, rows, place)
        slots = fleet.slots[rows].tolist()
        before = self.shown
        seen = {slot: access.BEST[view] for slot, view in zip(slots, views.tolist(), strict=True) if view != NONE}
        if all_rows:
            self.shown = seen
        else:
            hidden = [slot for slot in slots if slot in before and slot not in seen]
            self.shown = {**before, **seen}
            for slot in hidden:
                del self.shown[slot]
        fresh = [slot for slot, view in seen.items() if before.get(slot) != view]
        return fresh, [slot for slot in before if slot not in self.shown]

    def views_of(self, fleet: Fleet, rows: np.ndarray, place: Place) -> np.ndarray:
        """Return each row's view as an index of access.BEST, or NONE: by its audience anywhere, else by ground."""
        if self._generation != fleet.generation:
            self._generation = fleet.generation
            self._by_audience = self._judge_audiences(fleet)
        views = self._by_audience[rows].copy()
        others = np.flatnonzero(views == NONE)
        if len(others) and self.land.shape is not None:
            asked = rows[others]
            here = self.land.covers(place.lons[asked], place.lats[asked], place.cells[asked])
            views[others[here]] = access.BEST.index("ground")
        return views

    def _judge_audiences(self, fleet: Fleet) -> np.ndarray:
        """Return access.view_of for every row, by way of the rows that each of our keys opens."""
        views = np.full(len(fleet.slots), NONE, np.int8)
        for key, view in self.keys:
            opened = fleet.rows_of_key.get(key)
            if opened is not None:
                views[opened] = np.minimum(views[opened], access.BEST.index(view))
        return views

    def visible(self, fleet: Fleet, rows: np.ndarray) -> np.ndarray:
        """Return those of `rows` that are shown."""
        keep = [index for index, slot in enumerate(fleet.slots[rows].tolist()) if slot in self.shown]
        return rows[keep]
