"""A camera list a batch at a time: where each row lies, which camera it means, what is new. Memory stays flat."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.db import connection
from django.db.models.functions import Substr

from geo.camera_known import KnownCamera, find_known
from geo.camera_rows import GivenCamera, key_of
from geo.crs import check_lonlat, fits_lonlat, to_wgs84_many
from geo.errors import GeoError
from geo.estate_bulk import Change, NewCamera, add_cameras, change_cameras
from geo.models import Area, AreaLine, Camera
from geo.runs import Tally

ROWS = 4000
DEGREES = frozenset({"wgs84", "gcj02", "bd09"})
SAID_ALOUD = 20
NUMBER_SQL = """UPDATE geo_camera c SET code = given.code, name = CASE WHEN c.name = '' THEN given.code ELSE c.name END
 FROM unnest(%s::bigint[], %s::text[]) AS given (id, code) WHERE c.id = given.id"""
ADOPT_SQL = """UPDATE geo_camera c SET source_key = given.key FROM unnest(%s::bigint[], %s::text[]) AS given (id, key)
 WHERE c.id = given.id"""


@dataclass(slots=True)
class Entry:
    """One row under way: its name in the file, what it says or why it is not taken, and its own words to be masked."""

    name: str
    given: GivenCamera | None = None
    error: GeoError | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass
class Batches:
    """One import under way. Remembered of the whole file: hashes of keys and addresses, positions, ids met."""

    tally: Tally
    stem: str
    area: Area | None
    datum: str
    areas: dict[str, Area] = field(default_factory=dict)
    grounds: list[tuple[Area, Any]] = field(default_factory=list)
    rows_by_key: dict[int, str] = field(default_factory=dict)
    rows_by_national: dict[int, str] = field(default_factory=dict)
    rows_by_address: dict[int, str] = field(default_factory=dict, repr=False)
    met: dict[int, str] = field(default_factory=dict)
    unnumbered: dict[str, list[int]] = field(default_factory=dict)
    points: array[float] = field(default_factory=lambda: array("d"))
    not_understood: list[dict[str, str]] = field(default_factory=list)

    def look_around(self) -> None:
        """Load the areas by code and, deepest first, by ground. Raises GeoError `areas_first` where there are none."""
        self.areas = {area.code: area for area in Area.objects.all()}
        if not self.areas:
            raise GeoError("areas_first", field="area")
        for area in sorted(self.areas.values(), key=lambda area: (-len(area.lineage), area.pk)):
            if area.boundary and area.line == AreaLine.TERRITORIAL:
                shape = shapely.from_wkb(bytes(area.boundary.wkb))
                shapely.prepare(shape)
                self.grounds.append((area, shape))

    def take(self, entries: list[Entry]) -> None:
        """Take one batch: add what is new, change what is known, refuse the rest by name in the file's order."""
        self._convert(entries)
        self._find_areas(entries)
        usable = [entry.given for entry in entries if entry.given and entry.error is None]
        for given in usable:
            given.source_key = key_of(self.stem, given)
        by_key, by_code = find_known(
            [given.source_key for given in usable if given.source_key], [given.code for given in usable if given.code]
        )
        new: list[NewCamera] = []
        changes: list[Change] = []
        adopted: list[tuple[int, str]] = []
        for entry in entries:
            try:
                given = self._usable(entry)
                known = by_key.get(given.source_key or "") or by_code.get(given.code)
                self._once(entry.name, given, known, by_code)
            except GeoError as error:
                self._refuse(entry, error)
                continue
            self._remember(entry.name, given)
            if known is None:
                new.append(_new(given))
            else:
                self._change(known, given, changes, adopted)
        self._write(new, changes, adopted)

    def _usable(self, entry: Entry) -> GivenCamera:
        if entry.error is not None:
            raise entry.error
        if entry.given is None or entry.given.area is None:
            raise GeoError("no_area_here", field="area")
        return entry.given

    def _refuse(self, entry: Entry, error: GeoError) -> None:
        facts = error.facts
        for secret in entry.secrets:
            facts = {
                name: value.replace(secret, "***") if isinstance(value, str) else value for name, value in facts.items()
            }
        self.tally.refuse(entry.name, GeoError(error.code, facts, field=error.field))

    def _convert(self, entries: list[Entry]) -> None:
        rows = [(entry, entry.given) for entry in entries if entry.given]
        if not rows:
            return
        raw = np.array([given.point for _, given in rows], dtype=float)
        lons, lats = to_wgs84_many(raw[:, 0], raw[:, 1], self.datum)
        placed = np.column_stack([lons, lats])
        fine = fits_lonlat(placed) & (fits_lonlat(raw) if self.datum in DEGREES else True)
        for (entry, given), point, (x, y), good in zip(rows, placed.tolist(), raw.tolist(), fine.tolist(), strict=True):
            given.point = (point[0], point[1])
            if good:
                continue
            try:
                if self.datum in DEGREES:
                    check_lonlat(x, y)
                check_lonlat(*given.point)
            except GeoError as error:
                entry.error = entry.error or error

    def _find_areas(self, entries: list[Entry]) -> None:
        open_rows: list[tuple[Entry, GivenCamera]] = []
        for entry in entries:
            given = entry.given
            if given is None or entry.error is not None:
                continue
            if self.area is not None:
                given.area = self.area
            elif given.area_code:
                given.area = self.areas.get(given.area_code)
                if given.area is None:
                    entry.error = GeoError("area_unknown", {"code": given.area_code[:40]}, field="area")
            else:
                open_rows.append((entry, given))
        if not open_rows:
            return
        spots = np.array([given.point for _, given in open_rows])
        for (entry, given), area in zip(open_rows, self._standing(spots), strict=True):
            given.area = area
            if area is None:
                lon, lat = given.point
                facts = {"lon": round(lon, 6), "lat": round(lat, 6)}
                if abs(lon) <= 90 and self._standing(np.array([[lat, lon]]))[0]:
                    facts["swapped"] = True
                entry.error = GeoError("no_area_here", facts, field="area")

    def _standing(self, spots: np.ndarray[Any, np.dtype[np.float64]]) -> list[Area | None]:
        """Return the deepest territorial area that each lon/lat row stands in."""
        found: list[Area | None] = [None] * len(spots)
        left = np.arange(len(spots))
        for area, shape in self.grounds:
            if not len(left):
                break
            inside = shapely.intersects_xy(shape, spots[left, 0], spots[left, 1])
            for place in left[inside]:
                found[place] = area
            left = left[~inside]
        return found

    def _once(self, name: str, given: GivenCamera, known: KnownCamera | None, by_code: dict[str, KnownCamera]) -> None:
        first = self.rows_by_key.get(hash(given.source_key)) or (known and self.met.get(known.id))
        if first:
            raise GeoError("duplicate_row", {"first": first, "code": given.code})
        national = given.fields.get("national_code")
        if national and hash(national) in self.rows_by_national:
            first = self.rows_by_national[hash(national)]
            raise GeoError("duplicate_national_code", {"first": first}, field="national_code")
        owner = by_code.get(given.code) if given.code else None
        if known and owner and owner.id != known.id:
            raise GeoError("camera_exists", {"code": given.code}, field="code")
        if national:
            self.rows_by_national[hash(national)] = name
        if known:
            self.met[known.id] = name

    def _remember(self, name: str, given: GivenCamera) -> None:
        self.points.extend(given.point)
        self.rows_by_key[hash(given.source_key)] = name
        if given.heading_said:
            self.tally.counts["heading_not_understood"] += 1
            if len(self.not_understood) < SAID_ALOUD:
                self.not_understood.append({"row": name, "value": given.heading_said})
        for said in given.addresses.values():
            first = self.rows_by_address.setdefault(hash(said), name)
            if first != name:
                self.tally.counts["address_shared"] += 1
                if self.tally.counts["address_shared"] <= SAID_ALOUD:
                    self.tally.say(f"{name}: same address as {first}; both kept")

    def _change(
        self, known: KnownCamera, given: GivenCamera, changes: list[Change], adopted: list[tuple[int, str]]
    ) -> None:
        assert given.area is not None
        change = known.changed_by(given, given.area)
        if change:
            changes.append(change)
        elif given.source_key and given.source_key != known.source_key:
            adopted.append((known.id, given.source_key))
        self.tally.counts["changed" if change else "unchanged"] += 1

    def _write(self, new: list[NewCamera], changes: list[Change], adopted: list[tuple[int, str]]) -> None:
        run, at = self.tally.run, self.tally.run.started_at
        ids = add_cameras(new, at=at, run=run)
        for camera_id, one in zip(ids, new, strict=True):
            if one.code.startswith(WAITING):
                self.unnumbered.setdefault(f"{one.area.code}-C", []).append(camera_id)
        change_cameras(changes, at=at, run=run)
        if adopted:
            with connection.cursor() as cursor:
                cursor.execute(ADOPT_SQL, [list(column) for column in zip(*adopted, strict=True)])
        self.tally.counts["added"] += len(new)
        self.tally.counts["with_address"] += sum(bool(one.addresses) for one in new)
        self.tally.counts["without_heading"] += sum(one.fields.get("heading_deg") is None for one in new)

    def number(self) -> None:
        """Give cameras that came without a code the free numbers of their area, in the file's order."""
        for prefix, ids in self.unnumbered.items():
            taken = set(
                Camera.objects.filter(code__startswith=prefix)
                .values_list(Substr("code", len(prefix) + 1), flat=True)
                .iterator()
            )
            codes: list[str] = []
            number = 0
            while len(codes) < len(ids):
                number += 1
                if f"{number:04d}" not in taken:
                    codes.append(f"{prefix}{number:04d}")
            with connection.cursor() as cursor:
                cursor.execute(NUMBER_SQL, [ids, codes])


WAITING = "\x7fwaiting-"  # no code that a list can bring: its unprintable first character is cut


def _new(given: GivenCamera) -> NewCamera:
    assert given.area is not None
    code = given.code or f"{WAITING}{given.source_key}"[:80]
    return NewCamera(code, given.area, given.point, given.source_key, given.height_m, given.fields, given.addresses)
