"""What a kept tile is good for: a version of the cameras' places and one of their states, told by whoever changes them."""

from django.db import connection
from django.db.models import Count, Max, Q

from geo.models import ImportRun, ImportState, TileChange

CAMERAS, STATUS = "cameras", "status"
KEPT_DAYS = 7
# Old rows go with the next change; one that another transaction holds goes later.
PRUNE_SQL = """DELETE FROM geo_tilechange WHERE id IN (SELECT id FROM geo_tilechange
 WHERE at < now() - make_interval(days => %s) FOR UPDATE SKIP LOCKED)"""


def tell_changed(*layers: str) -> None:
    """Note inside the caller's transaction that tiles of these layers are other ones when it commits.

    A row each instead of a number counted up: no two writers wait for one another.
    """
    with connection.cursor() as cursor:
        cursor.execute(PRUNE_SQL, [KEPT_DAYS])
    TileChange.objects.bulk_create(TileChange(layer=layer) for layer in layers)


def camera_version() -> str:
    """Return what changes when a camera was made, moved, turned, re-graded or removed, or an area's ground changed."""
    return _version(CAMERAS)


def status_version() -> str:
    """Return what changes when a camera stopped or began to answer, too."""
    return _version(CAMERAS, STATUS)


def _version(*layers: str) -> str:
    # Newest and number: of two changes the one begun first may be committed last.
    told = TileChange.objects.filter(layer__in=layers).aggregate(newest=Max("id"), rows=Count("id"))
    return f"{told['newest'] or 0}.{told['rows']}.{runs_version()}"


def runs_version() -> str:
    """Return what changes when an import run was done or undone."""
    runs = ImportRun.objects.filter(state__in=(ImportState.DONE, ImportState.UNDONE))
    found = runs.aggregate(newest=Max("id"), rows=Count("id"), undone=Count("id", filter=Q(state=ImportState.UNDONE)))
    return f"{found['newest'] or 0}.{found['rows']}.{found['undone']}"
