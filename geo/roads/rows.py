"""Rows on their way into the three map tables, the same whatever file they came from."""

from collections.abc import Iterable
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.bulk import Staging
from geo.models import MapFeature, Place, Road
from geo.roads import tags as read
from geo.roads.tags import Tags
from geo.runs import Tally

NAMES = ("name", "name_zh", "name_en")
ROAD_COLUMNS = (
    *("source_key", *NAMES, "highway", "oneway", "maxspeed_kmh", "lanes", "access"),
    *("surface", "bridge", "tunnel", "layer", "geometry", "run_id"),
)
FEATURE_COLUMNS = ("source_key", "kind", *NAMES, "geometry", "run_id")
PLACE_COLUMNS = ("source_key", "kind", "detail", *NAMES, "street", "house_number", "point", "run_id")


class MapRows:
    """Collects roads, features and places and writes them at the end, inside the caller's transaction."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.run_id = tally.run.pk
        self.roads = Staging(Road, ROAD_COLUMNS)
        self.features = Staging(MapFeature, FEATURE_COLUMNS)
        self.places = Staging(Place, PLACE_COLUMNS)

    def add_road(self, key: str, tags: Tags, line: BaseGeometry) -> None:
        """Take one road: OSM tags and a WGS-84 line string."""
        self.roads.add(
            (
                key,
                *read.names_of(tags),
                tags["highway"],
                read.oneway_of(tags),
                read.speed_kmh(tags.get("maxspeed")),
                read.lanes_of(tags.get("lanes")),
                read.access_of(tags),
                read.short(tags.get("surface"), 40),
                read.is_set(tags.get("bridge")),
                read.is_set(tags.get("tunnel")),
                read.layer_of(tags.get("layer")),
                ewkb(line),
                self.run_id,
            )
        )

    def add_feature(self, key: str, kind: str, tags: Tags, shape: BaseGeometry) -> None:
        """Take one surface or line of the base map."""
        self.features.add((key, kind, *read.names_of(tags), ewkb(shape), self.run_id))

    def add_place(self, key: str, tags: Tags, point: BaseGeometry) -> None:
        """Take what the tags make of a point, if anything."""
        found = read.place_kind(tags)
        if found is not None:
            street, number = read.short(tags.get("addr:street")), read.short(tags.get("addr:housenumber"), 40)
            self.places.add((key, *found, *read.names_of(tags), street, number, ewkb(point), self.run_id))

    def write(self) -> None:
        """Write everything and count it."""
        for name, staging in (("roads", self.roads), ("features", self.features), ("places", self.places)):
            for outcome, number in staging.merge()._asdict().items():
                self.tally.counts[f"{name}_{outcome}"] = number


def ewkb(shape: BaseGeometry) -> str:
    """Return a WGS-84 shape as the hex that PostGIS reads."""
    return str(shapely.to_wkb(shapely.set_srid(shape, 4326), hex=True, include_srid=True, output_dimension=2))


def plain(tags: Iterable[Any]) -> dict[str, str]:
    """Return an osmium tag list as a dict that outlives its buffer."""
    return {tag.k: tag.v for tag in tags}
