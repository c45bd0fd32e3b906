"""What the words of map data mean: pure readers of tags, shared by OSM files and other layers."""

import re
from collections.abc import Mapping

ROAD_CLASSES = frozenset(
    {
        *("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"),
        *("tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service", "road", "busway"),
        *("track", "pedestrian", "footway", "path", "cycleway", "bridleway", "steps", "corridor"),
    }
)
ONEWAY_BY_NATURE = frozenset({"motorway", "motorway_link"})
KMH_PER_MPH = 1.609344
KMH_PER_KNOT = 1.852
SPEED_WORDS = {"walk": 6.0, "living_street": 20.0}
SPEED = re.compile(r"^(\d+(?:\.\d+)?)\s*(km/?h|kph|mph|knots)?$", re.IGNORECASE)

PARK_TAGS = {
    "leisure": {"park", "garden", "nature_reserve", "golf_course", "pitch", "playground"},
    "landuse": {"grass", "forest", "recreation_ground", "cemetery", "village_green", "meadow"},
    "natural": {"wood", "scrub", "heath", "grassland"},
}
WATER_TAGS = {
    "natural": {"water", "bay"},
    "waterway": {"riverbank", "dock"},
    "landuse": {"reservoir", "basin"},
}
RAILWAYS = frozenset({"rail", "light_rail", "tram", "subway", "narrow_gauge", "monorail", "funicular"})
POI_KEYS = ("amenity", "shop", "tourism", "office", "healthcare", "emergency", "historic", "leisure", "railway")
POI_WITHOUT_NAME = frozenset({"police", "fire_station", "hospital"})

Tags = Mapping[str, str]


def names_of(tags: Tags) -> tuple[str, str, str]:
    """Return (name, Chinese name, English name), each "" when not given."""
    chinese = tags.get("name:zh-Hans") or tags.get("name:zh") or ""
    return short(tags.get("name", "")), short(chinese), short(tags.get("name:en", ""))


def short(text: str | None, limit: int = 200) -> str:
    """Return the text without control characters, cut to what the column holds."""
    clean = "".join(char for char in str(text or "") if char.isprintable())
    return clean.strip()[:limit]


def speed_kmh(text: str | None) -> float | None:
    """Return a speed limit in km/h, None for words like "none", "signals" or a sign's own code."""
    plain = (text or "").strip()
    if plain in SPEED_WORDS:
        return SPEED_WORDS[plain]
    found = SPEED.match(plain)
    if not found:
        return None
    factor = {"mph": KMH_PER_MPH, "knots": KMH_PER_KNOT}.get((found[2] or "").lower(), 1.0)
    value = float(found[1]) * factor
    return round(value, 1) if 0 < value <= 300 else None


def oneway_of(tags: Tags) -> int:
    """Return 1 along the line, -1 against it, 0 both. Motorways and roundabouts are one-way unless they say no."""
    given = tags.get("oneway", "").strip().lower()
    if given in {"yes", "true", "1"}:
        return 1
    if given in {"-1", "reverse"}:
        return -1
    by_nature = tags.get("highway") in ONEWAY_BY_NATURE or tags.get("junction") in {"roundabout", "circular"}
    return 1 if by_nature and given == "" else 0


def lanes_of(text: str | None) -> int | None:
    """Return the number of lanes, None when it is not a plain number between 1 and 30."""
    found = re.match(r"^\s*(\d{1,2})(?:\.0+)?\s*$", str(text or ""))
    lanes = int(found[1]) if found else 0
    return lanes if 1 <= lanes <= 30 else None


def layer_of(text: str | None) -> int:
    """Return the level above or below ground, 0 when it is not a small whole number."""
    found = re.match(r"^\s*([+-]?\d{1,2})\s*$", str(text or ""))
    return int(found[1]) if found else 0


def is_set(text: str | None) -> bool:
    """Say whether a tag like bridge or tunnel is there and not "no"."""
    return (text or "no").strip().lower() not in {"", "no", "0", "false"}


def access_of(tags: Tags) -> str:
    """Return the most particular access word for motor vehicles, "" when nothing is said."""
    for key in ("motor_vehicle", "motorcar", "vehicle", "access"):
        if tags.get(key):
            return short(tags[key], 30)
    return ""


def surface_kind(tags: Tags, *, closed: bool) -> str | None:
    """Return which base map feature the tags of a way or relation make: water, park, building, pier, rail or None."""
    if tags.get("railway") in RAILWAYS:
        return "rail"
    if not closed:
        return None
    if is_set(tags.get("building")):
        return "building"
    if tags.get("man_made") == "pier":
        return "pier"
    if any(tags.get(key) in values for key, values in WATER_TAGS.items()):
        return "water"
    return "park" if any(tags.get(key) in values for key, values in PARK_TAGS.items()) else None


def place_kind(tags: Tags) -> tuple[str, str] | None:
    """Return (kind, detail) of what tags at a point make: place, poi or address, or None."""
    if tags.get("place") and tags.get("name"):
        return "place", short(tags["place"], 60)
    for key in POI_KEYS:
        value = tags.get(key)
        if value and (tags.get("name") or value in POI_WITHOUT_NAME):
            return "poi", short(f"{key}={value}", 60)
    return ("address", "") if tags.get("addr:housenumber") else None
