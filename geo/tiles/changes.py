"""What a kept tile is good for: a version of the cameras' places and one of their states, told by whoever changes them."""

from django.db import connection

from geo.models import TileChange

CAMERAS, STATUS = "cameras", "status"
KEPT_DAYS = 7
# Old rows go with the next change; one that another transaction holds goes later.
PRUNE_SQL = """DELETE FROM geo_tilechange WHERE id IN (SELECT id FROM geo_tilechange
 WHERE at < now() - make_interval(days => %s) FOR UPDATE SKIP LOCKED)"""

# Newest, number and sum: of two changes the one begun first may be committed last, and clear away as many old ones as it
# brings. One statement: it is asked for every tile.
VERSION_SQL = """SELECT coalesce(max(t.id), 0), count(t.id), coalesce(sum(t.id), 0), coalesce(max(r.id), 0), count(r.id),
 count(r.id) FILTER (WHERE r.state = 'undone') FROM (SELECT id FROM geo_tilechange WHERE layer = ANY(%s)) t
 FULL JOIN (SELECT id, state FROM geo_importrun WHERE state IN ('done', 'undone')) r ON false"""


def tell_changed(*layers: str) -> None:
    """Note inside the caller's transaction that tiles of these layers are other ones when it commits.

    A row each instead of a number counted up: no two writers wait for one another.
    """
    with connection.cursor() as cursor:
        cursor.execute(PRUNE_SQL, [KEPT_DAYS])
    TileChange.objects.bulk_create(TileChange(layer=layer) for layer in layers)


def camera_version() -> str:
    """Return what changes when a camera was made, moved, turned, re-graded or removed, or an area's ground or place in the tree."""
    return _version(CAMERAS)


def status_version() -> str:
    """Return what changes when a camera stopped or began to answer, too."""
    return _version(CAMERAS, STATUS)


def base_version() -> str:
    """Return what changes when an import run was done or undone."""
    return _version()


def _version(*layers: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(VERSION_SQL, [list(layers)])
        return ".".join(str(number) for number in cursor.fetchone())
