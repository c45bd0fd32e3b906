"""House numbers that a map gives by the first and the last only, reckoned between: OSM's addr:interpolation ways."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shapely.geometry import LineString

from geo.errors import GeoError
from geo.roads.rows import MapRows
from geo.roads.tags import street_of
from geo.runs import Tally

STEPS = {"odd": 2, "even": 2, "all": 1}
MOST = 500  # between two given numbers
Spot = tuple[int, float, float]  # node, lon, lat


@dataclass(frozen=True)
class Interpolation:
    """One way between numbered nodes."""

    number: int
    tags: Mapping[str, str]
    spots: Sequence[Spot]


def write_between(ways: Sequence[Interpolation], rows: MapRows, tally: Tally) -> None:
    """Add the addresses that lie between; a way whose ends have no plain numbers is refused by name."""
    known = rows.addresses_of([node for way in ways for node, _, _ in way.spots])
    for way in ways:
        try:
            step = int(STEPS.get(way.tags["addr:interpolation"]) or way.tags["addr:interpolation"])
            found = list(_between(way, known, step)) if 0 < step <= 100 else None
        except ValueError:
            found = None
        if found is None:
            facts = {"value": way.tags["addr:interpolation"][:40]}
            tally.refuse(f"way {way.number}", GeoError("interpolation_unusable", facts, field="addr:interpolation"))
            continue
        for house, street, lon, lat in found:
            rows.add_address(f"osm:way/{way.number}#{house}", street, str(house), (lon, lat))
        tally.counts["addresses_interpolated"] += len(found)


def _between(
    way: Interpolation, known: Mapping[int, tuple[str, str]], step: int
) -> Iterator[tuple[int, str, float, float]]:
    """Yield (house, street, lon, lat). Raises ValueError when two numbers have none or too many between them."""
    given = [index for index, (node, _, _) in enumerate(way.spots) if node in known]
    if len(given) < 2:
        return
    for first, last in pairwise(given):
        line = LineString([(lon, lat) for _, lon, lat in way.spots[first : last + 1]])
        (low, street), (high, other) = known[way.spots[first][0]], known[way.spots[last][0]]
        begin, end = int(low), int(high)
        if abs(end - begin) > MOST * step:
            raise ValueError(low)
        for house in range(begin + step, end, step) if begin < end else range(begin - step, end, -step):
            spot = line.interpolate((house - begin) / (end - begin), normalized=True)
            yield house, street or other or street_of(way.tags), spot.x, spot.y
