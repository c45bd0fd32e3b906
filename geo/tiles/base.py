"""Tiles of the base map as it was imported. Less is drawn and more is smoothed the farther out."""

from typing import Any

from geo.tiles.drawing import EXTENT, WORLD_M, check, draw, drawn, layer

ROADS_FROM_ZOOM = {
    0: ("motorway", "trunk", "primary"),
    8: ("motorway_link", "trunk_link", "primary_link", "secondary"),
    10: ("secondary_link", "tertiary", "tertiary_link", "busway"),
    11: ("residential", "unclassified", "living_street", "road"),
    14: ("pedestrian", "track"),
    15: ("service", "footway", "path", "cycleway", "bridleway", "steps", "corridor"),
}
# A name comes with the zoom at which the map begins to write it: what has none yet joins its neighbours, for fewer bytes.
ROAD_NAMES_FROM_ZOOM = {
    12: ("motorway", "trunk", "primary", "motorway_link", "trunk_link", "primary_link"),
    13: ("secondary", "tertiary", "secondary_link", "tertiary_link", "busway"),
    14: ("residential", "unclassified", "living_street", "road"),
    16: ("pedestrian", "track", "service", "footway", "path", "cycleway", "bridleway", "steps", "corridor"),
}
NAMES_FROM_ZOOM = min(ROAD_NAMES_FROM_ZOOM)
# Who calls from a motorway says its number: it stands on a plate, two at most where several roads are one.
REFS_FROM_ZOOM, REF_CLASSES = 9, "'motorway', 'trunk', 'primary'"
ONE_WAYS_FROM_ZOOM = 15
SURFACES_FROM_ZOOM = {
    **{"park": 8, "water": 0, "sand": 11, "pier": 12, "campus": 13, "square": 14, "stream": 12, "rail": 12},
    "building": 14,
}
SURFACE_LAYERS = {"building": "build"}
# A surface smaller than this many tile units across is no more than a speck: sixteen are two pixels.
SPECK_UNITS = {"building": 28, "park": 16, "water": 12, "campus": 40, "square": 40, "sand": 16}
EVERY_SURFACE_FROM_ZOOM = 15
# Which places are worth a name how far out: the first zoom of each word, and its rank on the map.
PLACE_RANKS = {
    **{"city": (0, 4), "town": (1, 7), "county": (1, 7), "municipality": (1, 7), "borough": (2, 9)},
    **{"district": (2, 9), "suburb": (3, 10), "village": (3, 11), "quarter": (4, 12), "island": (4, 12)},
    **{"neighbourhood": (5, 12), "hamlet": (5, 13), "square": (6, 15), "locality": (6, 14), "city_block": (7, 16)},
}
OTHER_PLACE = (6, 13)
POIS_FROM_ZOOM, EVERY_POI_FROM_ZOOM = 14, 17
# What is looked for first: the source's own word → what the map calls it. The rest come as "other".
POI_CLASSES = {
    "police": ("amenity=police",),
    "fire": ("amenity=fire_station",),
    "hospital": ("amenity=hospital", "healthcare=hospital", "amenity=clinic"),
    "school": ("amenity=school", "amenity=university", "amenity=college", "amenity=kindergarten"),
    "station": ("railway=station", "railway=halt", "amenity=bus_station"),
    "government": ("amenity=townhall", "amenity=courthouse", "office=government"),
    "fuel": ("amenity=fuel",),
    "bank": ("amenity=bank",),
}
# Named as the ground that it is, not as a point on it.
NO_POIS = (
    "leisure=park",
    "leisure=garden",
    "leisure=pitch",
    "leisure=playground",
    "leisure=nature_reserve",
    "leisure=golf_course",
)
AREA_NAMES_FROM_ZOOM, BUILDING_NAMES_FROM_ZOOM, EVERY_NAME_FROM_ZOOM = 13, 16, 16
HOUSE_NUMBERS_FROM_ZOOM = 17
GATES_FROM_ZOOM, MILESTONES_FROM_ZOOM = 16, 14
MOST_LABELS = {14: 150, 15: 250, 16: 400}
MOST_CLOSE_LABELS = 600

REF = f"""CASE WHEN r.highway IN ({REF_CLASSES}) AND %(refs)s THEN nullif(array_to_string(
 (regexp_split_to_array(r.ref, '\\s*;\\s*'))[1:2], ' · '), '') END AS ref"""
# Of several names in one the first: the rest would fill the street.
ROAD_NAMES = ", ".join(
    f"CASE WHEN r.highway = ANY(%(named)s) THEN nullif(trim(split_part(r.{field}, ';', 1)), '') END AS {field}"
    for field in ("name", "name_zh", "name_en")
)
NAMES = "nullif({0}.name, '') AS name, nullif({0}.name_zh, '') AS name_zh, nullif({0}.name_en, '') AS name_en"
# One street is one shape, however many pieces it was imported in: fewer bytes, and its name has room. The direction of
# one-way streets is along the line, so only lines that run the same way are joined.
ROAD_SQL = layer(
    "road",
    f"""SELECT h, name, name_zh, name_en, tunnel, bridge, lvl, ow, ref,
 {drawn("ST_Simplify(ST_Transform(shape, 3857), %(fine_m)s)")}
 FROM (SELECT r.highway AS h, {ROAD_NAMES}, CASE WHEN r.tunnel THEN 1 END AS tunnel,
 CASE WHEN r.bridge THEN 1 END AS bridge, nullif(r.layer, 0) AS lvl,
 CASE WHEN %(one_ways)s AND r.oneway <> 0 THEN 1 END AS ow, {REF},
 ST_LineMerge(ST_Collect(CASE WHEN r.oneway < 0 THEN ST_Reverse(r.geometry) ELSE r.geometry END),
 bool_or(%(one_ways)s AND r.oneway <> 0)) AS shape
 FROM geo_road r, b WHERE r.geometry && b.box AND r.highway = ANY(%(classes)s)
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9) j, b""",  # noqa: S608
)
# Far out nobody reads a name, so all streets of one class are one shape: a third of the bytes.
OVERVIEW_SQL = layer(
    "road",
    f"""SELECT r.highway AS h, CASE WHEN r.tunnel THEN 1 END AS tunnel, {REF},
 {drawn("ST_Simplify(ST_Transform(ST_LineMerge(ST_Collect(r.geometry)), 3857), %(fine_m)s)")}
 FROM geo_road r, b WHERE r.geometry && b.box AND r.highway = ANY(%(classes)s) GROUP BY 1, 2, 3, b.env""",  # noqa: S608
)
SURFACE_SQL = f"""SELECT ST_AsMVT(t, %(layer)s, {EXTENT}, 'geom') FROM (SELECT
 {drawn("ST_SimplifyPreserveTopology(ST_Transform(f.geometry, 3857), %(fine_m)s)")}
 FROM geo_mapfeature f, b WHERE f.kind = %(kind)s AND f.geometry && b.box
 AND (%(speck_deg)s = 0 OR ST_XMax(f.geometry) - ST_XMin(f.geometry) >= %(speck_deg)s
 OR ST_YMax(f.geometry) - ST_YMin(f.geometry) >= %(speck_deg)s)) t WHERE geom IS NOT NULL"""  # noqa: S608
# A label stands at one point, and only in the tile that holds it: a surface's inside the surface.
POINT = drawn("ST_Transform({0}, 3857)", 0)
# A quarter, its square and the green on it often share one name: until there is room it is written once, for the most
# important of them.
PLACE_SQL = layer(
    "place",
    f"""WITH told AS MATERIALIZED (SELECT DISTINCT ON (p.name, CASE WHEN %(once)s THEN 0 ELSE p.id END) p.*, w.rank
 FROM geo_place p JOIN unnest(%(words)s::text[], %(ranks)s::int[], %(zooms)s::int[]) w(word, rank, zoom)
 ON w.word = CASE WHEN p.detail = ANY(%(words)s) THEN p.detail ELSE '' END, b
 WHERE p.kind = 'place' AND w.zoom <= %(z)s AND p.point && b.box AND p.name <> ''
 ORDER BY p.name, CASE WHEN %(once)s THEN 0 ELSE p.id END, w.rank, p.id)
 (SELECT 'place' AS k, p.detail AS d, (p.rank)::int AS r, {NAMES.format("p")}, {POINT.format("p.point")}
 FROM told p, b ORDER BY p.rank, p.id LIMIT %(most)s)
 UNION ALL (SELECT f.kind, NULL, CASE f.kind WHEN 'building' THEN 9 ELSE 8 END, {NAMES.format("f")},
 {POINT.format("ST_PointOnSurface(f.geometry)")} FROM
 (SELECT f.*, row_number() OVER (PARTITION BY f.kind, f.name ORDER BY ST_Area(f.geometry) DESC) AS nth
 FROM geo_mapfeature f, b WHERE f.kind = ANY(%(grounds)s) AND f.geometry && b.box AND f.name <> ''
 AND ST_XMax(f.geometry) - ST_XMin(f.geometry) >= %(label_deg)s
 AND (NOT %(once)s OR f.kind = 'building' OR f.name NOT IN (SELECT name FROM told))
 AND (f.kind <> 'building' OR NOT EXISTS (SELECT 1 FROM geo_place p WHERE p.source_key = f.source_key AND p.kind = 'poi'))
 ) f, b WHERE f.nth = 1 OR NOT %(once)s OR f.kind = 'building' ORDER BY ST_Area(f.geometry) DESC LIMIT %(most)s)""",  # noqa: S608
)
POI_SQL = layer(
    "poi",
    f"""SELECT coalesce(w.class, 'other') AS c, w.rank AS r, {NAMES.format("p")}, {POINT.format("p.point")}
 FROM geo_place p LEFT JOIN unnest(%(words)s::text[], %(classes)s::text[], %(ranks)s::int[]) w(word, class, rank)
 ON w.word = p.detail, b WHERE p.kind = 'poi' AND p.point && b.box AND (%(every)s OR w.class IS NOT NULL)
 AND p.detail <> ALL(%(left_out)s) ORDER BY w.rank NULLS LAST, p.id LIMIT %(most)s""",  # noqa: S608
)
# Numbers of houses and poles, gates of compounds, posts along a road: what a caller reads off a wall.
HOUSE_SQL = layer(
    "house",
    f"""SELECT p.kind AS k, replace(coalesce(nullif(p.house_number, ''), nullif(p.name, '')), ';', ', ') AS n,
 nullif(p.name_zh, '') AS name_zh, nullif(p.name_en, '') AS name_en, {POINT.format("p.point")}
 FROM geo_place p, b WHERE p.point && b.box AND (p.kind = ANY(%(kinds)s) OR (%(houses)s AND p.house_number <> ''))
 AND (p.house_number <> '' OR p.name <> '') LIMIT 3000""",  # noqa: S608
)


def base_tile(z: int, x: int, y: int) -> bytes:
    """Return the base map's tile, empty where nothing was imported. Raises GeoError `tile_out_of_range`.

    Layers: road (h, tunnel; from zoom 9 ref: the number on a plate; from 12 bridge, lvl: the level, and, by class, from 12
    to 16 name, name_zh, name_en; from 15 ow: one-way along the line), park, water, pier, rail, build; place (k: place,
    park, water, building; r: rank, 0 is most important; d: the source's word), poi (c: one of POI_CLASSES or other, r),
    house (k: address, pole, gate, milestone …; n: its number).
    """
    check(z, x, y)
    fine_m = WORLD_M / 2**z / EXTENT * (2 if z <= 14 else 1)
    parts = [_roads(z, x, y, fine_m)]
    for kind, zoom in SURFACES_FROM_ZOOM.items():
        if z >= zoom:
            parts.append(_surface(kind, z, x, y, fine_m))
    parts.append(_places(z, x, y))
    if z >= POIS_FROM_ZOOM:
        parts.append(_pois(z, x, y))
    if z >= MILESTONES_FROM_ZOOM:
        parts.append(_numbers(z, x, y))
    return b"".join(parts)


def _roads(z: int, x: int, y: int, fine_m: float) -> bytes:
    classes = [name for zoom, names in ROADS_FROM_ZOOM.items() if z >= zoom for name in names]
    close: dict[str, Any] = {}
    if z >= NAMES_FROM_ZOOM:
        named = [name for zoom, names in ROAD_NAMES_FROM_ZOOM.items() if z >= zoom for name in names]
        close = {"one_ways": z >= ONE_WAYS_FROM_ZOOM, "named": named}
    sql = ROAD_SQL if close else OVERVIEW_SQL
    return draw(sql, z, x, y, classes=classes, fine_m=fine_m, refs=z >= REFS_FROM_ZOOM, **close)


def _surface(kind: str, z: int, x: int, y: int, fine_m: float) -> bytes:
    speck = SPECK_UNITS.get(kind, 0) if z < EVERY_SURFACE_FROM_ZOOM else 0
    return draw(
        SURFACE_SQL, z, x, y, kind=kind, layer=SURFACE_LAYERS.get(kind, kind), fine_m=fine_m,
        speck_deg=speck * _unit_deg(z),
    )  # fmt: skip


def _unit_deg(z: int) -> float:
    return 360 / 2**z / EXTENT


def _places(z: int, x: int, y: int) -> bytes:
    grounds = ["park", "water"] if z >= AREA_NAMES_FROM_ZOOM else []
    if z >= BUILDING_NAMES_FROM_ZOOM:
        grounds.append("building")
    ranks = [*PLACE_RANKS.values(), OTHER_PLACE]
    return draw(
        PLACE_SQL, z, x, y, words=[*PLACE_RANKS, ""], ranks=[rank for rank, _ in ranks],
        zooms=[zoom for _, zoom in ranks], grounds=grounds, label_deg=120 * _unit_deg(z) if z < 17 else 0, most=_most(z),
        once=z < EVERY_NAME_FROM_ZOOM,
    )  # fmt: skip


def _pois(z: int, x: int, y: int) -> bytes:
    rows = [(word, name, rank) for rank, (name, words) in enumerate(POI_CLASSES.items()) for word in words]
    words, classes, ranks = (list(column) for column in zip(*rows, strict=True))
    if z < EVERY_POI_FROM_ZOOM - 1:  # what is on every corner comes closer in
        words, classes, ranks = ([row[i] for row in rows if row[1] not in {"bank", "fuel"}] for i in range(3))
    return draw(
        POI_SQL, z, x, y, words=words, classes=classes, ranks=ranks, every=z >= EVERY_POI_FROM_ZOOM,
        left_out=list(NO_POIS), most=_most(z),
    )  # fmt: skip


def _numbers(z: int, x: int, y: int) -> bytes:
    kinds = ["milestone"]
    if z >= GATES_FROM_ZOOM:
        kinds.append("gate")
    houses = z >= HOUSE_NUMBERS_FROM_ZOOM
    if houses:
        kinds.append("pole")
    return draw(HOUSE_SQL, z, x, y, kinds=kinds, houses=houses)


def _most(z: int) -> int:
    return MOST_LABELS.get(z, MOST_LABELS[14] if z < 14 else MOST_CLOSE_LABELS)
