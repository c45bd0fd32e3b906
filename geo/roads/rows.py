"""Rows on their way into the map tables, the same whatever file they came from."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.db import connection
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.bulk import Staging
from geo.models import MapFeature, Place, Road, RoadNode, TurnRestriction
from geo.roads import routing
from geo.roads import tags as read
from geo.roads.tags import Tags
from geo.runs import Tally

NAMES = ("name", "name_zh", "name_en")
ROAD_COLUMNS = (
    *("source_key", *NAMES, "other_names", "ref", "highway", "oneway", "maxspeed_kmh", "maxspeed_back_kmh", "lanes"),
    *("access", "surface", "bridge", "tunnel", "layer", "nodes", "tags", "geometry", "run_id"),
)
NODE_COLUMNS = ("source_key", "node", "kind", "tags", "point", "run_id")
TURN_COLUMNS = (
    *("source_key", "kind", "from_keys", "via_node", "via_keys", "to_keys", "applies_to", "except_for", "run_id"),
)
FEATURE_COLUMNS = ("source_key", "kind", "detail", *NAMES, "geometry", "run_id")
PLACE_COLUMNS = ("source_key", "kind", "detail", *NAMES, "other_names", "street", "house_number", "point", "run_id")


@dataclass(frozen=True)
class TurnRow:
    """One restriction between ways, at a node or across other ways; `mode` is whom it binds, "" everybody."""

    relation: int
    kind: str
    mode: str
    begin: Sequence[int]
    node: int | None
    across: Sequence[int]
    end: Sequence[int]
    except_for: Sequence[str] = ()


class MapRows:
    """Collects roads, what stands on them, turns, features and places; writes them inside the caller's transaction.

    `streets` is source key → street, for addresses whose street a relation names.
    """

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.run_id = tally.run.pk
        self.streets: dict[str, str] = {}
        self.roads = Staging(Road, ROAD_COLUMNS)
        self.nodes = Staging(RoadNode, NODE_COLUMNS)
        self.turns = Staging(TurnRestriction, TURN_COLUMNS)
        self.features = Staging(MapFeature, FEATURE_COLUMNS)
        self.places = Staging(Place, PLACE_COLUMNS)

    def add_road(self, key: str, tags: Tags, line: BaseGeometry, nodes: Sequence[int] = ()) -> None:
        """Take one road: OSM tags, a WGS-84 line string and the ids of its points, if the source has any."""
        self.tally.counts["conditional_kept"] += routing.is_conditional(tags)
        along, against = routing.speeds_of(tags)
        self.roads.add(
            (
                key,
                *read.names_of(tags),
                read.other_names_of(tags),
                read.short(tags.get("ref"), 60),
                tags["highway"],
                read.oneway_of(tags),
                along,
                against,
                read.lanes_of(tags.get("lanes")),
                read.access_of(tags),
                read.short(tags.get("surface"), 40),
                read.is_set(tags.get("bridge")),
                read.is_set(tags.get("tunnel")),
                read.layer_of(tags.get("layer")),
                list(nodes),
                in_json(routing.routing_tags(tags)),
                ewkb(line),
                self.run_id,
            )
        )

    def add_node(self, node: int, kind: str, tags: Mapping[str, str], point: tuple[float, float]) -> None:
        """Take one point of a road with something on it."""
        self.nodes.add((f"osm:node/{node}", node, kind, in_json(tags), ewkb(Point(point)), self.run_id))

    def add_turn(self, turn: TurnRow) -> None:
        """Take one turn restriction."""
        self.turns.add(
            (
                f"osm:relation/{turn.relation}" + (f":{turn.mode}" if turn.mode else ""),
                turn.kind,
                _keys(turn.begin),
                turn.node,
                _keys(turn.across),
                _keys(turn.end),
                turn.mode,
                list(turn.except_for),
                self.run_id,
            )
        )

    def add_feature(self, key: str, kind: str, tags: Tags, shape: BaseGeometry) -> None:
        """Take one surface or line of the base map."""
        detail = read.surface_detail(tags)
        self.features.add((key, kind, detail, *read.names_of(tags), ewkb(shape), self.run_id))

    def add_place(self, key: str, tags: Tags, point: BaseGeometry) -> None:
        """Take what the tags make of a point, if anything."""
        found = read.place_kind(tags)
        if found is not None:
            number = read.short(tags.get("addr:housenumber"), 40)
            street = read.street_of(tags) or (self.streets.get(key, "") if number else "")
            self.places.add(
                (key, *found, *read.names_of(tags), read.other_names_of(tags), street, number, ewkb(point), self.run_id)
            )

    def add_address(self, key: str, street: str, number: str, point: tuple[float, float]) -> None:
        """Take one address that was reckoned between two others."""
        row = (key, "address", "interpolated", "", "", "", "", street, number, ewkb(Point(point)), self.run_id)
        self.places.add(row)

    def addresses_of(self, nodes: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Return node → (house number, street) of those nodes that were taken as addresses."""
        if not nodes:
            return {}
        self.places.flush()
        keys = [f"osm:node/{node}" for node in nodes]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT substr(source_key, 10)::bigint, house_number, street FROM {self.places.twin}"  # noqa: S608
                " WHERE source_key = ANY(%s) AND house_number <> ''",
                [keys],
            )
            return {node: (number, street) for node, number, street in cursor.fetchall()}

    def write(self) -> None:
        """Write everything and count it."""
        kinds = {"roads": self.roads, "road_points": self.nodes, "turns": self.turns, "features": self.features}
        for name, staging in {**kinds, "places": self.places}.items():
            for outcome, number in staging.merge()._asdict().items():
                self.tally.counts[f"{name}_{outcome}"] = number


def _keys(ways: Sequence[int]) -> list[str]:
    return [f"osm:way/{way}" for way in ways]


def in_json(tags: Mapping[str, str]) -> str:
    """Return tags as the text of a JSON column."""
    return json.dumps(tags, ensure_ascii=False)


def ewkb(shape: BaseGeometry) -> str:
    """Return a WGS-84 shape as the hex that PostGIS reads."""
    return str(shapely.to_wkb(shapely.set_srid(shape, 4326), hex=True, include_srid=True, output_dimension=2))


def plain(tags: Iterable[Any]) -> dict[str, str]:
    """Return an osmium tag list as a dict that outlives its buffer; words that are no text at all are left out."""
    found = {}
    for tag in tags:
        try:
            found[tag.k] = tag.v
        except UnicodeDecodeError:
            continue
    return found
