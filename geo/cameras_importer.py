"""Import of camera lists. All or nothing; the same file again changes what changed, never doubles, and keeps history."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import shapely

from geo import camera_words as words
from geo.addresses import split_login
from geo.crs import datum_of, to_wgs84
from geo.errors import GeoError
from geo.estate import LIMITS, put_address, put_camera, secret_login
from geo.estate_bulk import NewCamera, add_cameras
from geo.list_files import read_rows
from geo.list_words import by_header, number_of, word_of
from geo.models import Area, AreaLine, Camera, CameraAddress, ImportRun
from geo.roads.tags import short
from geo.runs import DEFAULT, Tally, Terms, importing
from geo.shift import looks_shifted


def import_cameras(
    path: Path,
    *,
    area: Area | None = None,
    fields: Mapping[str, str] | None = None,
    datum: str = "",
    how: Terms = DEFAULT,
) -> ImportRun:
    """Read a CSV or GeoJSON list of cameras; return the finished run, whose `refused` names rows that were not taken.

    Without `area` each camera goes to the row's own area code, else to the deepest territorial area it stands in.
    `fields` is our word (geo.camera_words.HEADERS) → header; `datum` what the positions are in, WGS-84 when "".
    Raises GeoError for what makes the whole file unusable, also `nothing_found` when not one row could be taken.
    """
    unknown = set(fields or {}) - set(words.HEADERS)
    if unknown:
        raise GeoError("field_unknown", {"word": min(unknown), "words": sorted(words.HEADERS)}, field="map")
    rows, own_attribution = read_rows(path)
    credit = how.attribution or own_attribution
    with importing("cameras", path, replace(how, attribution=credit)) as tally:
        work = _Work(tally=tally, stem=path.stem, area=area, fields=fields or {}, datum=datum_of(datum))
        work.look_around()
        for name, row in rows:
            tally.step("cameras")
            try:
                work.take(name, by_header(row, work.fields, words.HEADERS), row.get("feature id", ""))
            except GeoError as error:
                tally.refuse(name, error)
        work.write()
        if shifted := looks_shifted(work.points):
            tally.note("looks_shifted", shifted)
        if rows and not (tally.counts["added"] or tally.counts["changed"] or tally.counts["unchanged"]):
            raise GeoError("nothing_found", {"file": path.name, "refused": tally.refused_total})
    how.say(tally.summary())
    return tally.run


@dataclass
class _Work:
    """One import under way."""

    tally: Tally
    stem: str
    area: Area | None
    fields: Mapping[str, str]
    datum: str
    new: list[NewCamera] = field(default_factory=list)
    rows_by_key: dict[str, str] = field(default_factory=dict)
    rows_by_address: dict[str, str] = field(default_factory=dict, repr=False)
    by_key: dict[str, Camera] = field(default_factory=dict)
    by_code: dict[str, Camera] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    grounds: list[tuple[Area, Any]] = field(default_factory=list)
    unnumbered: list[NewCamera] = field(default_factory=list)
    addresses: dict[tuple[int, str], CameraAddress] = field(default_factory=dict, repr=False)
    met: dict[int, str] = field(default_factory=dict)
    points: list[tuple[float, float]] = field(default_factory=list)

    def look_around(self) -> None:
        """Load what is there: cameras by source key and code, areas by code and ground, the deepest first."""
        for camera in Camera.objects.select_related("area"):
            self.by_code[camera.code] = camera
            if camera.source_key:
                self.by_key[camera.source_key] = camera
        self.addresses = {(row.camera_id, row.kind): row for row in CameraAddress.objects.all()}
        self.areas = {area.code: area for area in Area.objects.all()}
        deepest = sorted(self.areas.values(), key=lambda area: (-len(area.lineage), area.pk))
        for area in deepest:
            if area.boundary and area.line == AreaLine.TERRITORIAL:
                shape = shapely.from_wkb(bytes(area.boundary.wkb))
                shapely.prepare(shape)
                self.grounds.append((area, shape))

    def take(self, name: str, found: dict[str, str], feature_id: str) -> None:
        """Take one row: refuse it, add it, or change the camera it means."""
        given = self._read(found, feature_id)
        known = self.by_key.get(given.source_key or "") or self.by_code.get(given.code)
        if known is not None:
            self._change(known, given)
        elif given.code:
            self.new.append(given)
        else:
            self.unnumbered.append(given)
        self._remember(name, given)

    def _read(self, found: dict[str, str], feature_id: str) -> NewCamera:
        point = self._point(found)
        heading, span, understood = words.heading_of(found.get("heading"))
        self.tally.counts["heading_not_understood"] += not understood
        fov = number_of(found.get("fov"), "fov", *LIMITS["fov_deg"])
        code = short(found.get("code"), 80)
        fields = {
            "name": short(found.get("name")) or code or feature_id,
            "kind": word_of(found.get("kind"), words.KINDS, "fixed", "kind"),
            "grade": word_of(found.get("grade"), words.GRADES, "general", "grade"),
            "consent": word_of(found.get("consent"), words.CONSENTS, "none", "consent"),
            "owner": short(found.get("owner")),
            "national_code": short(found.get("national_code"), 40),
            "pole_code": short(found.get("pole_code"), 80),
            "heading_deg": heading,
            "fov_deg": fov if fov is not None else span,
            "range_m": number_of(found.get("range"), "range", *LIMITS["range_m"]),
        }
        if found.get("status"):
            fields["status"] = word_of(found["status"], words.STATUSES, "unknown", "status")
        addresses = words.addresses_of(found)
        for url in addresses.values():
            split_login(url)
        key = self._source_key(found, code, feature_id, point)
        height = number_of(found.get("height"), "height", -100, 1000)
        if key in self.rows_by_key:
            raise GeoError("duplicate_row", {"first": self.rows_by_key[key]})
        return NewCamera(code, self._area(found, point), point, key, height, fields, addresses)

    def _point(self, found: dict[str, str]) -> tuple[float, float]:
        pair = [found.get(word, "") for word in ("lon", "lat")]
        try:
            x, y = (float(text) for text in pair)
        except ValueError as error:
            facts = {"lon": pair[0][:40], "lat": pair[1][:40]}
            raise GeoError("position_not_a_number", facts, field="point") from error
        return to_wgs84(x, y, self.datum)

    def _source_key(self, found: dict[str, str], code: str, feature_id: str, point: tuple[float, float]) -> str:
        """Return what identifies the row over several imports: its code, its feature's id, else what it says of itself."""
        if code:
            return f"{self.stem}:{code}"[:190]
        if feature_id:
            return f"{'osm' if '/' in feature_id else self.stem}:{feature_id}"[:190]
        said = (
            f"{point[0]:.6f}",
            f"{point[1]:.6f}",
            found.get("name", ""),
            found.get("heading", ""),
            found.get("url", ""),
        )
        return f"{self.stem}:{hashlib.sha256('|'.join(said).encode()).hexdigest()[:20]}"[:190]

    def _area(self, found: dict[str, str], point: tuple[float, float]) -> Area:
        if self.area is not None:
            return self.area
        named = found.get("area")
        if named:
            if named not in self.areas:
                raise GeoError("area_unknown", {"code": named[:40]}, field="area")
            return self.areas[named]
        for area, shape in self.grounds:
            if shapely.intersects_xy(shape, *point):
                return area
        raise GeoError("no_area_here", {"lon": round(point[0], 6), "lat": round(point[1], 6)}, field="area")

    def _remember(self, name: str, given: NewCamera) -> None:
        self.points.append(given.point)
        self.rows_by_key[given.source_key or ""] = name
        for url in given.addresses.values():
            first = self.rows_by_address.setdefault(hashlib.sha256(url.encode()).hexdigest(), name)
            if first != name:
                self.tally.counts["address_shared"] += 1
                self.tally.say(f"{name}: same address as {first}; both kept")

    def _change(self, known: Camera, given: NewCamera) -> None:
        self.met[known.pk] = given.source_key or ""
        moved = not _same(known, given)
        if moved:
            put_camera(
                code=given.code or known.code, area=given.area, point=given.point, at=self.tally.run.started_at,
                camera=known, **given.fields,
            )  # fmt: skip
        new_addresses = {kind: url for kind, url in given.addresses.items() if not self._kept(known, kind, url)}
        for kind, url in new_addresses.items():
            put_address(known, kind, url)
        self.tally.counts["changed" if moved or new_addresses else "unchanged"] += 1

    def _kept(self, camera: Camera, kind: str, url: str) -> bool:
        where, login = split_login(url)
        kept = self.addresses.get((camera.pk, kind))
        if kept is None or kept.url != where:
            return False
        return not login or secret_login(kept) == login

    def write(self) -> None:
        """Give numbers to cameras that came without a code, write all new ones, and say which run saw the others."""
        taken = set(self.by_code) | {given.code for given in self.new}
        counters: dict[str, int] = {}
        for given in self.unnumbered:
            prefix = f"{given.area.code}-C"
            number = counters.get(prefix, 0) + 1
            while f"{prefix}{number:04d}" in taken:
                number += 1
            counters[prefix], given.code = number, f"{prefix}{number:04d}"
            taken.add(given.code)
            given.fields["name"] = given.fields["name"] or given.code
        self.new += self.unnumbered
        add_cameras(self.new, at=self.tally.run.started_at, run=self.tally.run)
        adopted = [
            camera
            for camera in self.by_code.values()
            if self.met.get(camera.pk, camera.source_key) != camera.source_key
        ]
        for camera in adopted:
            Camera.objects.filter(pk=camera.pk).update(source_key=self.met[camera.pk])
        Camera.objects.filter(pk__in=list(self.met)).update(run=self.tally.run)
        self.tally.counts["added"] = len(self.new)
        self.tally.counts["with_address"] = sum(bool(given.addresses) for given in self.new)
        self.tally.counts["without_heading"] = sum(given.fields["heading_deg"] is None for given in self.new)


def _same(known: Camera, given: NewCamera) -> bool:
    """Say whether a row tells nothing new of the camera it means."""
    if given.area.pk != known.area_id or (given.code or known.code) != known.code:
        return False
    if any(abs(a - b) > 1e-7 for a, b in zip(given.point, known.point.coords, strict=True)):
        return False
    return all(getattr(known, name) == value for name, value in given.fields.items())
