"""What a router must know of a road or of a point on it, out of the source's words. Pure."""

import re
from collections.abc import Mapping

from geo.roads.tags import ONEWAY_WORDS, Tags, short, speed_kmh

# A road's own words that are kept whole; a key counts by what stands before its first colon.
KEPT = frozenset(
    {
        *("access", "vehicle", "motor_vehicle", "motorcar", "motorcycle", "moped", "bicycle", "foot", "emergency"),
        *("bus", "psv", "taxi", "hgv", "busway", "cycleway", "oneway", "maxspeed", "lanes", "service", "junction"),
        *("toll", "width", "maxwidth", "maxheight", "maxweight", "tracktype", "smoothness", "incline", "covered"),
        *("ford", "motorroad", "reversible", "placement", "turn", "construction", "embedded_rails", "sidewalk"),
    }
)
MOST_TAGS, LONGEST_TAG = 40, 120
CONDITIONAL = ":conditional"
NODE_KEPT = frozenset(
    {*KEPT, "crossing", "barrier", "bollard", "direction", "ref", "name", "button_operated", "stop", "locked", "width"}
)
NODE_KINDS = {
    ("highway", "traffic_signals"): "signals",
    ("highway", "crossing"): "crossing",
    ("highway", "stop"): "stop",
    ("highway", "give_way"): "give_way",
    ("highway", "mini_roundabout"): "roundabout",
    ("highway", "motorway_junction"): "exit",
    ("railway", "level_crossing"): "level",
    ("railway", "crossing"): "level",
}
NOT_BARRIERS = frozenset({"kerb", "height_restrictor", "no", "entrance"})


def speeds_of(tags: Tags) -> tuple[float | None, float | None]:
    """Return (limit along the line in km/h, limit against it where it is another one)."""
    both = speed_kmh(tags.get("maxspeed"))
    along = speed_kmh(tags.get("maxspeed:forward")) or both
    against = speed_kmh(tags.get("maxspeed:backward")) or both
    return along, against if against != along else None


def routing_tags(tags: Tags) -> dict[str, str]:
    """Return the words on access, lanes, speed and use that no column says, at most MOST_TAGS of them."""
    found = {}
    for key in sorted(tags):
        value = tags[key]
        if key.split(":", 1)[0] in KEPT and not _plain(key, value):
            found[short(key, 60)] = short(value, LONGEST_TAG)
    return dict(list(found.items())[:MOST_TAGS])


def _plain(key: str, value: str) -> bool:
    if key == "maxspeed":
        return speed_kmh(value) is not None
    if key == "lanes":
        return value.isdigit()
    return key == "oneway" and value.strip().lower() in ONEWAY_WORDS


def node_kind(tags: Tags) -> str | None:
    """Return what stands at a point, a RoadNodeKind, or None. A toll booth and a gate are barriers."""
    for (key, value), kind in NODE_KINDS.items():
        if tags.get(key) == value:
            return kind
    if tags.get("barrier") and tags["barrier"] not in NOT_BARRIERS:
        return "barrier"
    if tags.get("traffic_calming") and tags["traffic_calming"] != "no":
        return "calming"
    return "ford" if tags.get("ford", "no") not in {"no", ""} else None


def node_tags(tags: Tags) -> dict[str, str]:
    """Return the words that say whom a point on a road lets pass."""
    found = {short(key, 60): short(tags[key], LONGEST_TAG) for key in sorted(tags) if key.split(":")[0] in NODE_KEPT}
    return dict(list(found.items())[:MOST_TAGS])


def is_conditional(tags: Mapping[str, str]) -> bool:
    """Say whether something about a road holds at certain hours or for certain weights only: kept, but not understood."""
    return any(key.endswith(CONDITIONAL) for key in tags)


TURN_KINDS = frozenset(
    {
        *("no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit"),
        *("only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn"),
    }
)
ON_RED = frozenset({"no_right_turn_on_red", "no_left_turn_on_red"})
SEVERAL_FROM, SEVERAL_TO = frozenset({"no_entry"}), frozenset({"no_exit"})


def turns_of(tags: Tags) -> tuple[list[tuple[str, str]], bool]:
    """Return ([(kind, mode it applies to or "" for all)], whether a part holds at certain hours only and is not read)."""
    hours = any(key.endswith(CONDITIONAL) or key in {"hour_on", "day_on"} for key in tags if tags[key])
    if tags.get("hour_on") or tags.get("day_on"):
        return [], True
    found = [(tags["restriction"], "")] if tags.get("restriction") else []
    if tags.get("type", "").startswith("restriction:") and found:
        found = [(tags["restriction"], tags["type"].split(":", 1)[1])]
    for key in sorted(tags):
        if key.startswith("restriction:") and not key.endswith(CONDITIONAL):
            found.append((tags[key], key.split(":", 1)[1]))
    return [(short(kind, 30), short(mode, 30)) for kind, mode in found], hours


def modes_of(text: str | None) -> list[str]:
    """Return the modes of transport of an `except` tag: "psv;bicycle" → psv, bicycle."""
    return sorted({short(word, 30) for word in re.split(r"[;,]", text or "") if short(word, 30)})[:20]
