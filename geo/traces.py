"""What an import run does to each row, kept while it works so that it can be undone: the database writes it itself.

While `nearcast.import_run` holds a run's number, triggers (migration 0008) note every row of a traced table that is added,
changed or removed, whichever code does it. `seal` then marks what the rows look like, to see later who touched them since.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from geo.models import ImportBefore, ImportMark, ImportRun, ImportTrace

LOCK = 7_301_557  # one import or undo at a time: two would wait for each other's rows anyway


@dataclass(frozen=True)
class Traced:
    """A table whose rows imports write. `label` and `area` are SQL over its row `t`; "" where a row belongs to no area.

    `passing` columns change by themselves and say nothing of a person's work; `living` ones are not even put back.
    `follows`: (column, table): the row stays when the one it names stays; a `part` of that one is no use of it and is not
    named beside it. `may_stay`: used rows stay and are named, instead of stopping the whole undo.
    """

    table: str
    noun: str
    label: str
    key: str = "id"
    area: str = ""
    follows: tuple[tuple[str, str], ...] = ()
    passing: frozenset[str] = frozenset()
    living: frozenset[str] = frozenset()
    may_stay: bool = False
    part: bool = False


NAMED = "coalesce(nullif(t.name, ''), t.source_key)"
CODE_OF_AREA = "(SELECT a.code FROM geo_area a WHERE a.id = t.area_id)"
CODE_OF_CAMERA = "(SELECT c.code FROM geo_camera c WHERE c.id = t.camera_id)"
OF_CAMERA = (("camera_id", "geo_camera"),)
# Parents before children. Other rooms add theirs with `trace`.
TABLES: list[Traced] = [
    Traced("geo_area", "area", "t.code", area="t.id"),
    Traced(
        "geo_ground",
        "ground",
        CODE_OF_AREA,
        key="area_id",
        follows=(("area_id", "geo_area"),),
        part=True,
        passing=frozenset({"shape", "band_m"}),
    ),
    Traced(
        "geo_tracker",
        "tracker",
        "t.label",
        area="t.area_id",
        passing=frozenset({"active", "token_hash"}),
        may_stay=True,
    ),
    Traced(
        "geo_camera", "camera", "t.code", area="t.area_id", passing=frozenset({"status", "status_at"}), may_stay=True
    ),
    Traced("geo_cameraplacement", "placement", CODE_OF_CAMERA, follows=OF_CAMERA, may_stay=True, part=True),
    Traced("geo_cameraaddress", "address", CODE_OF_CAMERA, follows=OF_CAMERA, may_stay=True, part=True),
    Traced("geo_road", "road", NAMED),
    Traced("geo_roadnode", "road_point", "t.source_key"),
    Traced("geo_turnrestriction", "turn", "t.source_key"),
    Traced("geo_mapfeature", "feature", NAMED),
    Traced("geo_place", "place", NAMED),
]


def trace(table: Traced, *, after: str) -> None:
    """Add another room's table behind `after`; its own migration calls `geo_trace_table`."""
    if table not in TABLES:
        TABLES.insert([known.table for known in TABLES].index(after) + 1, table)


def take_lock(*, wait: bool) -> bool:
    """Take the one lock of imports until the transaction ends; without `wait` return whether it was free."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def begin(run: ImportRun) -> None:
    """From here on, until `seal` or the end of the transaction, changes are noted as this run's."""
    _set_run(str(run.pk))


def seal(run: ImportRun) -> None:
    """End the noting: sum it up, mark what the rows look like now, and write down whose areas were touched."""
    _set_run("")
    areas: set[int] = set()
    for table in touched_tables(run):
        _sum_up(run, table)
        _mark(run, table)
        areas |= set(_areas(run, table))
    run.area_ids, run.traced = sorted(areas), True


def touched_tables(run: ImportRun) -> list[Traced]:
    """Return the tables that a run wrote to, parents before children."""
    rows = ImportTrace.objects.filter(run=run).values_list("table_name", flat=True).distinct()
    changed = ImportBefore.objects.filter(run=run).values_list("table_name", flat=True).distinct()
    names = {*rows, *changed}
    return [table for table in TABLES if table.table in names]


def ids_of(run: ImportRun, table: str, *, added: bool) -> list[int]:
    """Return the ids of the rows that a run added, or changed and confirmed, in one table; sorted."""
    with connection.cursor() as cursor:
        cursor.execute(IDS_SQL + ("" if added else BEFORE_IDS_SQL), {"run": run.pk, "name": table, "added": added})
        return sorted({row[0] for row in cursor.fetchall()})


def forget(before: datetime) -> int:
    """Drop what is kept for the undo of runs that ended before this time; return of how many runs."""
    over = list(ImportRun.objects.filter(traced=True, finished_at__lt=before).values_list("pk", flat=True))
    drop(over)
    ImportRun.objects.filter(pk__in=over).update(traced=False)
    return len(over)


def drop(run_ids: list[int]) -> None:
    """Delete what is kept of these runs."""
    for model in (ImportMark, ImportBefore, ImportTrace):
        model._default_manager.filter(run_id__in=run_ids).delete()


IDS_SQL = """SELECT generate_series(lower(r), upper(r) - 1) FROM geo_importtrace x, unnest(x.ids) r
 WHERE x.run_id = %(run)s AND x.table_name = %(name)s AND x.added = %(added)s"""
BEFORE_IDS_SQL = " UNION SELECT row_id FROM geo_importbefore WHERE run_id = %(run)s AND table_name = %(name)s"
ALL_IDS_SQL = IDS_SQL.removesuffix(" AND x.added = %(added)s") + BEFORE_IDS_SQL + " AND NOT gone"
SUM_SQL = """WITH old AS (DELETE FROM geo_importtrace WHERE run_id = %(run)s AND table_name = %(name)s
 RETURNING added, was_run_id, ids)
INSERT INTO geo_importtrace (run_id, table_name, added, was_run_id, ids)
SELECT %(run)s, %(name)s, added, was_run_id, range_agg(r) FROM old, unnest(ids) r GROUP BY added, was_run_id"""
# A row that the run both added and changed or removed again was simply added, or never was.
OWN_SQL = """DELETE FROM geo_importbefore b USING geo_importtrace x
WHERE b.run_id = %(run)s AND b.table_name = %(name)s AND x.run_id = b.run_id AND x.table_name = b.table_name AND x.added
 AND x.ids @> b.row_id"""


def _set_run(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('nearcast.import_run', %s, true)", [value])


def _sum_up(run: ImportRun, table: Traced) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SUM_SQL, {"run": run.pk, "name": table.table})
        cursor.execute(OWN_SQL, {"run": run.pk, "name": table.table})


def _mark(run: ImportRun, table: Traced) -> None:
    columns = [name for name, _ in columns_of(table) if name not in table.passing | table.living]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO geo_importmark (run_id, table_name, columns, ids, marks)
            SELECT %(run)s, %(name)s, %(columns)s, array_agg(id ORDER BY id), array_agg(mark ORDER BY id)
            FROM (SELECT t.{table.key} AS id, {mark_sql(columns)} AS mark
                  FROM ({ALL_IDS_SQL}) ids (id) JOIN {table.table} t ON t.{table.key} = ids.id) m
            HAVING count(*) > 0""",  # noqa: S608
            {"run": run.pk, "name": table.table, "columns": columns},
        )


def mark_sql(columns: list[str]) -> str:
    """Return the hash of a row `t` over these columns as SQL."""
    return f"hashtextextended(ROW({', '.join(f't.{name}' for name in columns)})::text, 0)"


def columns_of(table: Traced) -> list[tuple[str, str]]:
    """Return (name, type) of a table's columns but its key."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = %s::regclass
            AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> %s ORDER BY attnum""",
            [table.table, table.key],
        )
        return list(cursor.fetchall())


def _areas(run: ImportRun, table: Traced) -> Iterator[int]:
    """Yield the areas that the touched rows belong to, and those that they belonged to before."""
    if not table.area:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT DISTINCT {table.area} FROM ({ALL_IDS_SQL}) ids (id)
            JOIN {table.table} t ON t.{table.key} = ids.id
            UNION SELECT (was->>'area_id')::bigint FROM geo_importbefore
            WHERE run_id = %(run)s AND table_name = %(name)s AND was ? 'area_id'""",  # noqa: S608
            {"run": run.pk, "name": table.table},
        )
        yield from (row[0] for row in cursor.fetchall() if row[0] is not None)
