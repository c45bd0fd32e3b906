"""Surfaces whose rim is made of several ways, put together here: osmium's own assembler needs a sorted file."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.errors import GeoError
from geo.roads.rows import MapRows
from geo.runs import Tally

Coords = list[tuple[float, float]]


@dataclass
class Surface:
    """One surface to assemble: its relation's number, kind, tags and (way, role) members."""

    number: int
    kind: str
    tags: dict[str, str]
    members: list[tuple[int, str]]


@dataclass
class Surfaces:
    """The surfaces to assemble, and the shapes of the ways they are made of."""

    wanted: list[Surface] = field(default_factory=list)
    rims: dict[int, Coords | None] = field(default_factory=dict)

    def want(self, surface: Surface) -> None:
        """Remember a surface and which ways it needs."""
        self.wanted.append(surface)
        self.rims.update(dict.fromkeys((way for way, _ in surface.members), None))

    def assemble(self, rows: MapRows, tally: Tally) -> None:
        """Hand every surface that closes to `rows`; refuse the others by name."""
        for surface in self.wanted:
            try:
                shape = self._shape(surface)
            except shapely.errors.GEOSException as error:
                tally.refuse(f"relation {surface.number}", GeoError("geometry_unreadable", {"why": str(error)[:120]}))
                continue
            if shape is None:
                self._refuse(surface, tally)
                continue
            rows.add_feature(f"osm:relation/{surface.number}", surface.kind, surface.tags, shape)
            rows.add_place(f"osm:relation/{surface.number}", surface.tags, shape.representative_point())

    def _refuse(self, surface: Surface, tally: Tally) -> None:
        if any(self.rims.get(way) is None for way, _ in surface.members):
            tally.counts["surfaces_cut_off"] += 1  # an extract's border runs through it: nothing is wrong with the file
            return
        tally.refuse(f"relation {surface.number}", GeoError("rim_not_closed", field="geometry"))

    def _shape(self, surface: Surface) -> BaseGeometry | None:
        outer = self._part(surface, {"outer", ""})
        inner = self._part(surface, {"inner"})
        return clean(outer.difference(inner)) if outer is not None and inner is not None else outer

    def _part(self, surface: Surface, roles: set[str]) -> BaseGeometry | None:
        lines = [
            LineString(coords)
            for way, role in surface.members
            if role in roles and (coords := self.rims.get(way)) is not None
        ]
        if not lines:
            return None
        polygons = list(shapely.get_parts(shapely.polygonize(lines)))
        return clean(shapely.union_all(polygons)) if polygons else None


def clean(shape: BaseGeometry) -> BaseGeometry | None:
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
