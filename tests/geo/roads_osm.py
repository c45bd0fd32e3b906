"""A handful of streets as an OSM file, written by hand: a bridge, turns, one-ways, house numbers and dirt."""

from pathlib import Path

NODES = """
 <node id="1" lon="116.390" lat="39.900"/> <node id="2" lon="116.395" lat="39.900"/> <node id="3" lon="116.400" lat="39.900"/>
 <node id="4" lon="116.395" lat="39.905"/> <node id="5" lon="116.395" lat="39.895"/>
 <node id="6" lon="116.3975" lat="39.895"/> <node id="7" lon="116.3975" lat="39.905"/>
 <node id="8" lon="116.400" lat="39.905"/>
 <node id="10" lon="116.390" lat="39.9001"><tag k="addr:housenumber" v="1"/><tag k="addr:street" v="长安街"/></node>
 <node id="11" lon="116.394" lat="39.9001"><tag k="addr:housenumber" v="9"/></node>
 <node id="12" lon="116.391" lat="39.9002"><tag k="addr:housenumber" v="2"/></node>
 <node id="20" lon="116.3925" lat="39.900"><tag k="highway" v="traffic_signals"/></node>
 <node id="21" lon="116.3985" lat="39.900"><tag k="barrier" v="gate"/><tag k="access" v="private"/></node>
 <node id="22" lon="116.30" lat="39.8"><tag k="barrier" v="gate"/></node>
"""
WAYS = """
 <way id="1"><nd ref="1"/><nd ref="20"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="长安街"/>
  <tag k="name:zh_CN" v="长安街"/><tag k="int_name" v="Chang'an Street"/><tag k="alt_name" v="十里长街;神州第一街"/>
  <tag k="ref" v="G1"/><tag k="maxspeed" v="60"/><tag k="maxspeed:backward" v="40"/><tag k="oneway:bus" v="no"/>
  <tag k="oneway" v="yes"/><tag k="lanes" v="4"/><tag k="bus:lanes" v="|||designated"/>
  <tag k="motor_vehicle:conditional" v="no @ (22:00-06:00)"/></way>
 <way id="2"><nd ref="2"/><nd ref="21"/><nd ref="3"/><tag k="highway" v="primary"/></way>
 <way id="3"><nd ref="2"/><nd ref="4"/><tag k="highway" v="residential"/><tag k="oneway" v="reversible"/></way>
 <way id="4"><nd ref="5"/><nd ref="2"/><tag k="highway" v="service"/><tag k="service" v="alley"/></way>
 <way id="5"><nd ref="6"/><nd ref="7"/><tag k="highway" v="trunk"/><tag k="bridge" v="viaduct"/><tag k="layer" v="1"/></way>
 <way id="6"><nd ref="3"/><nd ref="8"/><tag k="highway" v="residential"/></way>
 <way id="7"><nd ref="10"/><nd ref="11"/><tag k="addr:interpolation" v="odd"/></way>
 <way id="8"><nd ref="998"/><nd ref="999"/><tag k="highway" v="residential"/></way>
 <way id="9"><nd ref="10"/><nd ref="11"/><tag k="addr:interpolation" v="alphabetic"/></way>
"""


def _turn(number: int, tags: dict[str, str], *members: tuple[str, int, str]) -> str:
    inside = "".join(f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members)
    words = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in {"type": "restriction", **tags}.items())
    return f'<relation id="{number}">{inside}{words}</relation>'


def _at_two(begin: int, end: int) -> tuple[tuple[str, int, str], ...]:
    return ("way", begin, "from"), ("node", 2, "via"), ("way", end, "to")


RELATIONS = "\n".join(
    [
        _turn(1, {"restriction": "no_left_turn", "except": "psv;bicycle"}, *_at_two(1, 3)),
        _turn(2, {"restriction": "no_u_turn"}, ("way", 6, "to"), ("way", 2, "via"), ("way", 1, "from")),
        _turn(3, {"restriction:conditional": "no_right_turn @ (07:00-09:00)"}, *_at_two(1, 4)),
        _turn(4, {"restriction": "no_entry"}, ("way", 777, "from"), ("node", 2, "via"), ("way", 1, "to")),
        _turn(5, {"restriction": "only_straight_on"}, ("way", 1, "from"), ("node", 2, "via"), ("way", 5, "to")),
        _turn(6, {"restriction": "no_right_turn_on_red"}, *_at_two(1, 4)),
        _turn(7, {"restriction:hgv": "no_straight_on"}, *_at_two(1, 2)),
        _turn(8, {"restriction": "no_dancing"}, *_at_two(1, 2)),
        _turn(9, {"restriction": "no_left_turn"}, ("way", 1, "from"), ("way", 3, "to")),
        '<relation id="20"><member type="node" ref="12" role="house"/><tag k="type" v="associatedStreet"/>'
        '<tag k="name" v="长安街"/></relation>',
    ]
)


def streets(path: Path) -> Path:
    """Write the file: relations first, nodes last, as no tool would."""
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{RELATIONS}{WAYS}{NODES}</osm>', encoding="utf-8")
    return path
