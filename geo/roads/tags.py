"""What the words of map data mean: pure readers of tags, shared by OSM files and other layers."""

import re
from collections.abc import Mapping, Set

ROAD_CLASSES = frozenset(
    {
        *("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"),
        *("tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service", "road", "busway"),
        *("track", "pedestrian", "footway", "path", "cycleway", "bridleway", "steps", "corridor"),
    }
)
ONEWAY_WORDS = {"yes": 1, "true": 1, "1": 1, "-1": -1, "reverse": -1, "no": 0, "false": 0, "0": 0}
ONEWAY_BY_NATURE = frozenset({"motorway", "motorway_link"})
KMH_PER_MPH = 1.609344
KMH_PER_KNOT = 1.852
SPEED_WORDS = {"walk": 6.0, "living_street": 20.0}
SPEED = re.compile(r"^(\d+(?:\.\d+)?)\s*(km/?h|kph|mph|knots)?$", re.IGNORECASE)

PARK_TAGS = {
    "leisure": {"park", "garden", "nature_reserve", "golf_course", "pitch", "playground"},
    "landuse": {"grass", "forest", "recreation_ground", "cemetery", "village_green", "meadow"},
    "natural": {"wood", "scrub", "heath", "grassland", "wetland"},
}
WATER_TAGS = {
    "natural": {"water", "bay"},
    "waterway": {"riverbank", "dock"},
    "landuse": {"reservoir", "basin"},
}
OTHER_SURFACES = {
    "sand": {"natural": {"beach", "sand", "shingle", "bare_rock", "scree"}},
    "square": {"highway": {"pedestrian", "footway"}, "place": {"square"}, "amenity": {"parking"}},
    "campus": {
        "amenity": {
            "school",
            "university",
            "college",
            "hospital",
            "kindergarten",
            "prison",
            "marketplace",
            "bus_station",
        },
        "landuse": {"military", "education", "religious"},
        "aeroway": {"aerodrome", "apron", "runway"},
        "leisure": {"stadium", "sports_centre"},
    },
    "built": {
        "landuse": {"residential", "commercial", "retail", "industrial", "construction", "port", "depot", "railway"}
    },
}
STREAMS = frozenset({"river", "canal", "stream", "drain", "ditch"})
RAILWAYS = frozenset({"rail", "light_rail", "tram", "subway", "narrow_gauge", "monorail", "funicular"})
POI_KEYS = ("amenity", "shop", "tourism", "office", "healthcare", "emergency", "historic", "leisure", "railway")
# Named things on or beside a street, and numbered posts by whose plate a caller can say where he stands.
STREET_SIDE = (("highway", "bus_stop"), ("barrier", "gate"), ("entrance", "main"))
POLES = (
    ("highway", "street_lamp"), ("highway", "milestone"), ("man_made", "utility_pole"), ("man_made", "mast"),
    ("power", "pole"), ("power", "tower"),
)  # fmt: skip
POI_WITHOUT_NAME = frozenset({"police", "fire_station", "hospital"})

CHINESE_NAMES = ("name:zh-Hans", "name:zh_CN", "name:zh-CN", "name:zh", "name:zh-Hant", "name:zh-HK", "name:zh-TW")
ENGLISH_NAMES = ("name:en", "int_name")
OTHER_NAMES = (
    "alt_name",
    "short_name",
    "official_name",
    "loc_name",
    "old_name",
    "nat_name",
    "reg_name",
    "bridge:name",
    "tunnel:name",
)

Tags = Mapping[str, str]


def names_of(tags: Tags) -> tuple[str, str, str]:
    """Return (name as it stands there, Chinese name, English name), each "" when not given."""
    local = tags.get("name") or (tags.get("ref") if is_pole(tags) else "")
    return short(local), _first(tags, CHINESE_NAMES), _first(tags, ENGLISH_NAMES)


def other_names_of(tags: Tags) -> str:
    """Return the other names somebody may say, ";" between: old, short, official, spoken."""
    known = set(names_of(tags))
    found = dict.fromkeys(
        short(one)
        for key in OTHER_NAMES
        for one in tags.get(key, "").split(";")
        if short(one) and short(one) not in known
    )
    return short(";".join(found), 400)


def _first(tags: Tags, keys: tuple[str, ...]) -> str:
    return next((short(tags[key]) for key in keys if short(tags.get(key))), "")


def is_pole(tags: Tags) -> bool:
    """Say whether tags make a numbered post: then its number is what people call it."""
    return bool(tags.get("ref")) and any(tags.get(key) == value for key, value in POLES)


def short(text: str | None, limit: int = 200) -> str:
    """Return the text without control characters, cut to what the column holds."""
    plain = str(text or "")
    clean = plain if plain.isprintable() else "".join(char for char in plain if char.isprintable())
    return clean.strip()[:limit].rstrip()


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
    """Return 1 along the line, -1 against it, 0 both. Motorways and roundabouts are one-way unless they say no.

    A road whose direction changes ("reversible", "alternating") is 0; its word stays in the tags that are kept.
    """
    given = tags.get("oneway", "").strip().lower()
    if given in ONEWAY_WORDS:
        return ONEWAY_WORDS[given]
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
    return (text or "no").strip().lower() not in {"", "no", "n", "f", "0", "0.0", "false", "否", "无"}


def access_of(tags: Tags) -> str:
    """Return the most particular access word for motor vehicles, "" when nothing is said."""
    for key in ("motor_vehicle", "motorcar", "vehicle", "access"):
        if tags.get(key):
            return short(tags[key], 30)
    return ""


def surface_kind(tags: Tags, *, closed: bool) -> str | None:
    """Return which base map feature (MapFeatureKind) the tags of a way or relation make, None for none."""
    if tags.get("railway") in RAILWAYS:
        return "rail"
    if not closed or tags.get("area") == "no":
        return "stream" if tags.get("waterway") in STREAMS else None
    if is_set(tags.get("building")):
        return "building"
    if tags.get("man_made") == "pier":
        return "pier"
    if _any(tags, WATER_TAGS):
        return "water"
    if _any(tags, PARK_TAGS):
        return "park"
    if tags.get("highway") and tags.get("area") != "yes" and tags.get("type") != "multipolygon":
        return None
    return next((kind for kind, wanted in OTHER_SURFACES.items() if _any(tags, wanted)), None)


def surface_detail(tags: Tags) -> str:
    """Return the source's own class of a surface or line: "natural=wood", "building=school", ""."""
    for key in (
        "building",
        "natural",
        "waterway",
        "water",
        "leisure",
        "landuse",
        "amenity",
        "railway",
        "man_made",
        "aeroway",
    ):
        if is_set(tags.get(key)):
            return short(f"{key}={tags[key]}", 60)
    return ""


def _any(tags: Tags, wanted: Mapping[str, Set[str]]) -> bool:
    return any(tags.get(key) in values for key, values in wanted.items())


def street_of(tags: Tags) -> str:
    """Return the street of an address, else the place it is numbered by."""
    return short(tags.get("addr:street") or tags.get("addr:place") or tags.get("addr:neighbourhood"))


def place_kind(tags: Tags) -> tuple[str, str] | None:
    """Return (kind, detail) of what tags at a point make: place, poi, pole or address, or None."""
    if tags.get("place") and tags.get("name"):
        return "place", short(tags["place"], 60)
    for key in POI_KEYS:
        value = tags.get(key)
        if value and (tags.get("name") or value in POI_WITHOUT_NAME):
            return "poi", short(f"{key}={value}", 60)
    for key, value in STREET_SIDE:
        if tags.get(key) == value and tags.get("name"):
            return "poi", f"{key}={value}"
    for key, value in POLES:
        if is_pole(tags) and tags.get(key) == value:
            return "pole", f"{key}={value}"
    return ("address", "") if tags.get("addr:housenumber") else None
