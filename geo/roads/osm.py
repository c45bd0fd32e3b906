"""OSM files (.osm.pbf, .osm, .osm.gz, .osm.bz2 …), sorted or not: one pass each over relations, nodes and ways.

Positions of all nodes are kept in osmium's own store, which is sorted before the first way is asked for, so a node may
stand anywhere in the file. What relations speak of is remembered first and put together at the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import osmium
from osmium import osm
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.crs import check_lonlat
from geo.errors import GeoError
from geo.roads import routing
from geo.roads import tags as read
from geo.roads.numbers import Interpolation, Spot, write_between
from geo.roads.rows import MapRows, plain
from geo.roads.surfaces import Coords, Surface, Surfaces, clean
from geo.roads.tags import ROAD_CLASSES
from geo.roads.turns import Turn, Turns
from geo.runs import Tally

LINES = frozenset({"rail", "stream"})
Mark = tuple[str, dict[str, str], tuple[float, float]]  # what stands at a node, its words, lon/lat


@dataclass
class _Work:
    """One file under way."""

    path: Path
    rows: MapRows
    tally: Tally
    surfaces: Surfaces = field(default_factory=Surfaces)
    turns: Turns = field(default_factory=Turns)
    marks: dict[int, Mark] = field(default_factory=dict)
    between: list[Interpolation] = field(default_factory=list)

    def relations(self) -> None:
        """Note which ways belong to surfaces, turn restrictions and streets."""
        for relation in self._entities(osm.RELATION, osmium.filter.KeyFilter("type")):
            tags = plain(relation.tags)
            kind = tags.get("type", "")
            if kind in {"multipolygon", "associatedStreet"} or kind.startswith("restriction"):
                members = [(member.type, member.ref, member.role) for member in relation.members]
                self._remember(relation.id, kind, tags, members)

    def _remember(self, number: int, kind: str, tags: dict[str, str], members: list[tuple[str, int, str]]) -> None:
        if kind.startswith("restriction"):
            self.turns.want(Turn(number, tags, members))
        elif kind == "associatedStreet":
            name = read.short(tags.get("name"))
            for member, ref, role in members:
                if role == "house" and name and member in {"n", "w"}:
                    self.rows.streets[f"osm:{'node' if member == 'n' else 'way'}/{ref}"] = name
        elif (surface := read.surface_kind(tags, closed=True)) and surface not in LINES:
            ways = [(ref, role) for member, ref, role in members if member == "w"]
            self.surfaces.want(Surface(number, surface, tags, ways))

    def nodes(self) -> osmium.NodeLocationsForWays:
        """Take places and addresses, note what may stand on a road; return the positions of all nodes."""
        keep = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
        keep.ignore_errors()
        self.tally.begin()
        for node in self._entities(osm.NODE, keep, osmium.filter.EmptyTagFilter()):
            self.tally.step("tagged nodes")
            if not node.location.valid():
                continue
            tags, lon, lat = plain(node.tags), node.location.lon, node.location.lat
            if read.place_kind(tags):
                self.rows.add_place(f"osm:node/{node.id}", tags, Point(lon, lat))
            if kind := routing.node_kind(tags):
                self.marks[node.id] = (kind, routing.node_tags(tags), (lon, lat))
        return keep

    def ways(self, located: osmium.NodeLocationsForWays) -> None:
        """Take roads, surfaces and addresses; refuse by name what has no shape."""
        self.tally.begin()
        for way in self._entities(osm.WAY, located):
            self.tally.step("ways")
            tags = plain(way.tags)
            try:
                self._way(way, tags)
            except GeoError as error:
                self.tally.refuse(f"way {way.id}", error)

    def _way(self, way: Any, tags: dict[str, str]) -> None:
        closed = len(way.nodes) > 3 and way.nodes[0].ref == way.nodes[-1].ref
        is_road = tags.get("highway") in ROAD_CLASSES and not (closed and tags.get("area") == "yes")
        kind = read.surface_kind(tags, closed=closed)
        between = tags.get("addr:interpolation")
        if not (is_road or kind or between or way.id in self.surfaces.rims or (closed and read.place_kind(tags))):
            return
        spots = _run([_spot(node) for node in way.nodes], self.tally)
        coords = [(lon, lat) for _, lon, lat in spots]
        check_lonlat(*coords[0])
        if way.id in self.surfaces.rims:
            self.surfaces.rims[way.id] = coords
        if between:
            self.between.append(Interpolation(way.id, tags, spots))
        if is_road:
            self._road(way.id, tags, spots)
        if not is_road or kind in LINES:
            self._surface(f"osm:way/{way.id}", tags, coords, kind, closed=closed)

    def _road(self, number: int, tags: dict[str, str], spots: list[Spot]) -> None:
        nodes = [node for node, _, _ in spots]
        self.rows.add_road(f"osm:way/{number}", tags, LineString([(lon, lat) for _, lon, lat in spots]), nodes)
        if number in self.turns.roads:
            self.turns.roads[number] = frozenset(nodes)
        for node in nodes:
            if mark := self.marks.pop(node, None):
                kind, words, point = mark
                self.rows.add_node(node, kind, words, point)

    def _surface(self, key: str, tags: dict[str, str], coords: Coords, kind: str | None, *, closed: bool) -> None:
        if kind in LINES:
            self.rows.add_feature(key, kind, tags, LineString(coords))
            return
        shape: BaseGeometry | None = (
            clean(Polygon(coords)) if closed and len(coords) > 3 and coords[0] == coords[-1] else None
        )
        if shape is None:
            return
        if kind:
            self.rows.add_feature(key, kind, tags, shape)
        self.rows.add_place(key, tags, shape.representative_point())

    def finish(self) -> None:
        """Put together what relations spoke of."""
        self.surfaces.assemble(self.rows, self.tally)
        self.turns.write(self.rows, self.tally)
        write_between(self.between, self.rows, self.tally)
        if self.turns.conditional:
            self.tally.note("turns_by_hours_not_read", {"count": self.turns.conditional})

    def _entities(self, kind: osm.osm_entity_bits, *filters: Any) -> Iterator[Any]:
        """Yield the nodes, ways or relations of a file; each is gone when the next one is asked for."""
        reader = osmium.FileProcessor(str(self.path), kind)
        for wanted in filters:
            reader = reader.with_filter(wanted)
        yield from reader


def read_osm(path: Path, rows: MapRows, tally: Tally) -> None:
    """Read one OSM file into `rows`. Raises GeoError `file_damaged` for what osmium cannot read to the end."""
    work = _Work(path, rows, tally)
    try:
        work.relations()
        work.ways(work.nodes())
    except (RuntimeError, ValueError, OverflowError, MemoryError, osmium.InvalidLocationError) as error:
        if isinstance(error, GeoError):
            raise
        raise GeoError("file_damaged", {"file": path.name, "why": str(error)[:200]}, field="file") from error
    work.finish()


def _spot(node: osm.NodeRef) -> Spot | None:
    return (node.ref, node.location.lon, node.location.lat) if node.location.valid() else None


def _run(spots: list[Spot | None], tally: Tally) -> list[Spot]:
    """Return the longest unbroken run of positions: skipping a missing node would draw a road that is not there."""
    best: list[Spot] = []
    current: list[Spot] = []
    for spot in spots:
        if spot is not None and (not current or spot[0] != current[-1][0]):
            current.append(spot)
        elif spot is None:
            best, current = max(best, current, key=len), []
            tally.counts["nodes_missing"] += 1
    best = max(best, current, key=len)
    if len({spot[1:] for spot in best}) < 2:
        raise GeoError("too_few_points", {"points": len(best), "nodes": len(spots)}, field="geometry")
    return best
