"""What every vector tile is made with: its address, its box, and one statement per layer."""

from typing import Any

from django.db import connection

from geo.errors import GeoError

DEEPEST = 18
EXTENT, BUFFER = 4096, 64
WORLD_M = 40_075_016.7

# The box is a little wider than the tile, as its buffer is; `env` is the tile itself in Web Mercator.
BOX = """WITH b AS MATERIALIZED (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS env,
 ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 0.016), 4326) AS box)"""


def layer(name: str, select: str) -> str:
    """Return the statement that makes one layer of rows with a column `geom`; rows without one are left out."""
    return f"SELECT ST_AsMVT(t, '{name}', {EXTENT}, 'geom') FROM ({select}) t WHERE geom IS NOT NULL"  # noqa: S608


def drawn(shape: str, buffer: int = BUFFER) -> str:
    """Return the expression that clips a Web Mercator shape to the tile."""
    return f"ST_AsMVTGeom({shape}, b.env, {EXTENT}, {buffer}) AS geom"


def check(z: int, x: int, y: int) -> None:
    """Raise GeoError `tile_out_of_range` unless there is such a tile."""
    if not (0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z):
        raise GeoError("tile_out_of_range", {"z": z, "x": x, "y": y, "deepest": DEEPEST}, field="z/x/y")


def draw(select: str, z: int, x: int, y: int, **values: Any) -> bytes:
    """Run one statement for a tile; b"" when it found nothing."""
    with connection.cursor() as cursor:
        cursor.execute(f"{BOX} {select}", {"z": z, "x": x, "y": y, **values})
        return bytes(cursor.fetchone()[0] or b"")
