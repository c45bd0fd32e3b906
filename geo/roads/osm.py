"""OSM files (.osm.pbf, .osm, .osm.gz, .osm.bz2), sorted or not: one pass each over relations, nodes and ways.

Positions of all nodes are kept in osmium's own store, which is sorted before the first way is asked for, so a node may
stand anywhere in the file. Surfaces made of several ways are assembled here: osmium's assembler needs a sorted file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import osmium
import shapely
from osmium import osm
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.crs import check_lonlat
from geo.errors import GeoError
from geo.roads import tags as read
from geo.roads.rows import MapRows, plain
from geo.roads.tags import ROAD_CLASSES
from geo.runs import Tally

OSM_SUFFIXES = (".osm.pbf", ".osm", ".osm.gz", ".osm.bz2", ".pbf")
Coords = list[tuple[float, float]]


@dataclass
class Relation:
    """A surface whose rim is made of several ways."""

    number: int
    kind: str
    tags: dict[str, str]
    members: list[tuple[int, str]]


@dataclass
class Relations:
    """The surfaces to assemble, and the shapes of the ways they are made of."""

    wanted: list[Relation] = field(default_factory=list)
    rims: dict[int, Coords | None] = field(default_factory=dict)


def read_osm(path: Path, rows: MapRows, tally: Tally) -> None:
    """Read one OSM file into `rows`. Raises GeoError `file_unreadable` for what osmium cannot read."""
    try:
        relations = _read_relations(path)
        located = _read_nodes(path, rows, tally)
        _read_ways(path, rows, tally, relations, located)
    except RuntimeError as error:
        raise GeoError("file_unreadable", {"file": path.name, "why": str(error)[:200]}) from error
    _assemble(rows, tally, relations)


def _entities(path: Path, kind: osm.osm_entity_bits, *filters: Any) -> Iterator[Any]:
    """Yield the nodes, ways or relations of a file; each is gone when the next one is asked for."""
    reader = osmium.FileProcessor(str(path), kind)
    for wanted in filters:
        reader = reader.with_filter(wanted)
    yield from reader


def _read_relations(path: Path) -> Relations:
    found = Relations()
    for relation in _entities(path, osm.RELATION, osmium.filter.TagFilter(("type", "multipolygon"))):
        tags = plain(relation.tags)
        kind = read.surface_kind(tags, closed=True)
        if kind and kind != "rail":
            members = [(member.ref, member.role) for member in relation.members if member.type == "w"]
            found.wanted.append(Relation(relation.id, kind, tags, members))
            found.rims.update(dict.fromkeys((way for way, _ in members), None))
    return found


def _read_nodes(path: Path, rows: MapRows, tally: Tally) -> osmium.NodeLocationsForWays:
    keep = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
    keep.ignore_errors()
    for node in _entities(path, osm.NODE, keep, osmium.filter.EmptyTagFilter()):
        tally.step("nodes")
        tags = plain(node.tags)
        if node.location.valid() and read.place_kind(tags):
            rows.add_place(f"osm:node/{node.id}", tags, Point(node.location.lon, node.location.lat))
    return keep


def _read_ways(
    path: Path, rows: MapRows, tally: Tally, relations: Relations, located: osmium.NodeLocationsForWays
) -> None:
    for way in _entities(path, osm.WAY, located):
        tally.step("ways")
        tags = plain(way.tags)
        closed = len(way.nodes) > 3 and way.nodes[0].ref == way.nodes[-1].ref
        is_road = tags.get("highway") in ROAD_CLASSES and not (closed and tags.get("area") == "yes")
        kind = read.surface_kind(tags, closed=closed)
        if not (is_road or kind or way.id in relations.rims or (closed and read.place_kind(tags))):
            continue
        try:
            coords = _located([_position(node) for node in way.nodes], tally)
            if way.id in relations.rims:
                relations.rims[way.id] = coords
            _take_way(rows, f"osm:way/{way.id}", tags, coords, kind, is_road=is_road, closed=closed)
        except GeoError as error:
            tally.refuse(f"way {way.id}", error)


def _located(spots: list[tuple[float, float] | None], tally: Tally) -> Coords:
    """Return the longest unbroken run of positions: skipping a missing node would draw a road that is not there."""
    best: Coords = []
    current: Coords = []
    for spot in spots:
        if spot is not None and (not current or spot != current[-1]):
            current.append(spot)
        elif spot is None:
            best, current = max(best, current, key=len), []
            tally.counts["nodes_missing"] += 1
    best = max(best, current, key=len)
    if len(best) < 2:
        raise GeoError("too_few_points", {"points": len(best), "nodes": len(spots)}, field="geometry")
    return best


def _position(node: osm.NodeRef) -> tuple[float, float] | None:
    return (node.location.lon, node.location.lat) if node.location.valid() else None


def _take_way(
    rows: MapRows, key: str, tags: dict[str, str], coords: Coords, kind: str | None, *, is_road: bool, closed: bool
) -> None:
    check_lonlat(*coords[0])
    if is_road:
        rows.add_road(key, tags, LineString(coords))
        return
    whole = closed and len(coords) > 3 and coords[0] == coords[-1]
    shape: BaseGeometry | None = _clean(Polygon(coords)) if whole else None
    if kind == "rail":
        rows.add_feature(key, kind, tags, LineString(coords))
    elif kind and shape is not None:
        rows.add_feature(key, kind, tags, shape)
    if shape is not None:
        rows.add_place(key, tags, shape.representative_point())


def _clean(shape: BaseGeometry) -> BaseGeometry | None:
    """Return the polygons of a shape, mended where it crosses itself; None when nothing is left."""
    mended = shape if shape.is_valid else shapely.make_valid(shape)
    parts = [part for part in _parts(mended) if isinstance(part, Polygon) and part.area > 0]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _parts(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in getattr(shape, "geoms", [shape]):
        if hasattr(part, "geoms"):
            yield from _parts(part)
        else:
            yield part


def _assemble(rows: MapRows, tally: Tally, relations: Relations) -> None:
    for relation in relations.wanted:
        outer = _surface(relation, relations, {"outer", ""})
        inner = _surface(relation, relations, {"inner"})
        shape = _clean(outer.difference(inner)) if outer is not None and inner is not None else outer
        if shape is None:
            tally.refuse(f"relation {relation.number}", GeoError("rim_not_closed", field="geometry"))
            continue
        rows.add_feature(f"osm:relation/{relation.number}", relation.kind, relation.tags, shape)
        rows.add_place(f"osm:relation/{relation.number}", relation.tags, shape.representative_point())


def _surface(relation: Relation, relations: Relations, roles: set[str]) -> BaseGeometry | None:
    lines = [
        LineString(coords)
        for way, role in relation.members
        if role in roles and (coords := relations.rims.get(way)) is not None
    ]
    if not lines:
        return None
    polygons = list(shapely.get_parts(shapely.polygonize(lines)))
    return _clean(shapely.union_all(polygons)) if polygons else None
