"""Undo of an import run: what it added goes, what it changed is again as it was. All or nothing.

Refused when a later run or a person touched the same rows since. Cameras and units that were used since stay and are
named; a used area stops the whole undo, for what hangs below it would hang in the air.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, connection, transaction

from geo import clock, trackers
from geo.errors import GeoError
from geo.models import ImportMark, ImportRun, ImportState
from geo.traces import TABLES, Traced, columns_of, drop, ids_of, mark_sql, take_lock, touched_tables

NAMED_AT_MOST = 20

LATER_SQL = """SELECT DISTINCT later.run_id FROM (
 SELECT x.run_id, x.table_name, x.ids FROM geo_importtrace x WHERE x.run_id > %(run)s
 UNION ALL SELECT b.run_id, b.table_name, range_agg(int8range(b.row_id, b.row_id, '[]')) FROM geo_importbefore b
 WHERE b.run_id > %(run)s GROUP BY 1, 2) later
JOIN (SELECT m.table_name, range_agg(int8range(i, i, '[]')) AS ids FROM geo_importmark m, unnest(m.ids) i
 WHERE m.run_id = %(run)s GROUP BY 1) mine ON mine.table_name = later.table_name AND mine.ids && later.ids
ORDER BY 1"""
ADDED_SQL = """CREATE TEMP TABLE undo_added ON COMMIT DROP AS SELECT x.table_name::text AS table_name,
 generate_series(lower(r), upper(r) - 1) AS id, false AS stays FROM geo_importtrace x, unnest(x.ids) r
 WHERE x.run_id = %s AND x.added"""
REFERENCES_SQL = """SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.confrelid = %s::regclass AND c.conparentid = 0 ORDER BY 1, 2"""


@dataclass
class Undone:
    """What an undo did, or would do: rows by noun, and what stays: noun, name and the table that uses it."""

    removed: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    kept: list[dict[str, str]] = field(default_factory=list)
    kept_total: int = 0


def prepare(run_id: int) -> ImportRun:
    """Lock a run for its undo, inside a transaction, and find out what must stay; return it.

    Raises GeoError `import_running`, `run_state`, `undo_not_kept`, `run_overtaken`, `rows_changed`, `rows_in_use`.
    """
    if not take_lock(wait=False):
        raise GeoError("import_running")
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if run.state != ImportState.DONE:
        raise GeoError("run_state", {"state": run.state})
    if not run.traced:
        raise GeoError("undo_not_kept")
    _refuse_later(run)
    _refuse_changed(run)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS undo_added")
        cursor.execute(ADDED_SQL, [run.pk])
        cursor.execute("CREATE INDEX ON undo_added (table_name, id)")
        cursor.execute("ANALYZE undo_added")
    _keep_used(run)
    return run


def staying(table: str) -> list[int]:
    """Return the ids of the rows of one table that the prepared undo leaves in place."""
    return [row[0] for row in _rows("SELECT id FROM undo_added WHERE table_name = %s AND stays ORDER BY id", [table])]


def carry_out(run: ImportRun) -> Undone:
    """Undo a prepared run and say what was done. Raises GeoError `undo_blocked` when a row's place was taken since."""
    done = Undone()
    tables = touched_tables(run)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in reversed(tables):
                done.removed[table.noun] += _remove(cursor, table)
            for table in tables:
                _restore(cursor, run, table)
                done.restored[table.noun] += len(ids_of(run, table.table, added=False))
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        raise GeoError("undo_blocked", {"constraint": str(getattr(diagnosis, "constraint_name", ""))}) from error
    done.kept, done.kept_total = _kept(tables)
    done.removed, done.restored = +done.removed, +done.restored
    if done.removed["tracker"]:
        trackers.tell()
    drop([run.pk])
    run.state, run.undone_at, run.traced, run.kept = ImportState.UNDONE, clock.now(), False, done.kept
    run.save()
    return done


def _rows(sql: str, values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _refuse_later(run: ImportRun) -> None:
    later = [row[0] for row in _rows(LATER_SQL, {"run": run.pk})]
    if later:
        files = dict(ImportRun.objects.filter(pk__in=later).values_list("pk", "file_name"))
        raise GeoError("run_overtaken", {"runs": [{"run": pk, "file": files.get(pk, "")} for pk in reversed(later)]})


def _refuse_changed(run: ImportRun) -> None:
    by_name = {table.table: table for table in TABLES}
    found: list[dict[str, str]] = []
    total = 0
    for kept in ImportMark.objects.filter(run=run).values("id", "table_name", "columns"):
        table = by_name[kept["table_name"]]
        present = {name for name, _ in columns_of(table)}
        if not present.issuperset(kept["columns"]):
            raise GeoError("undo_not_kept", {"table": table.table})
        rows = _rows(
            f"""SELECT m.id, {table.label} FROM geo_importmark k, unnest(k.ids, k.marks) m (id, mark)
            LEFT JOIN {table.table} t ON t.{table.key} = m.id
            WHERE k.id = %s AND (t.{table.key} IS NULL OR {mark_sql(kept["columns"])} <> m.mark) ORDER BY m.id""",  # noqa: S608
            [kept["id"]],
        )
        total += len(rows)
        found += [{"noun": table.noun, "name": str(label or pk)} for pk, label in rows]
    if found:
        raise GeoError("rows_changed", {"total": total, "rows": found[:NAMED_AT_MOST]})


def _keep_used(run: ImportRun) -> None:
    """Mark what was used since as staying, and what hangs on it; raise `rows_in_use` where a row must not stay alone."""
    tables = touched_tables(run)
    while True:
        found = sum(_keep_referenced(table) + _keep_following(table) for table in tables)
        if not found:
            return


def _keep_referenced(table: Traced) -> int:
    count = 0
    for source, column in _rows(REFERENCES_SQL, [table.table]):
        own = next((known for known in TABLES if known.table == source), None)
        if own and own.part and (column, table.table) in own.follows:
            continue
        leaves = f"o.id = r.{own.key}" if own else "false"
        used = f"""SELECT DISTINCT u.id FROM undo_added u JOIN {source} r ON r.{column} = u.id
            WHERE u.table_name = %(name)s AND NOT u.stays AND NOT EXISTS (SELECT 1 FROM undo_added o
             WHERE o.table_name = %(source)s AND {leaves} AND NOT o.stays)"""  # noqa: S608
        rows = [row[0] for row in _rows(used, {"name": table.table, "source": source})]
        if rows and not table.may_stay:
            by = [{"noun": table.noun, "name": label, "by": source} for label in _labels(table, rows[:NAMED_AT_MOST])]
            raise GeoError("rows_in_use", {"total": len(rows), "rows": by})
        count += len(rows)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE undo_added SET stays = true WHERE table_name = %s AND id = ANY(%s)", [table.table, rows]
            )
    return count


def _keep_following(table: Traced) -> int:
    count = 0
    for column, leader in table.follows:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""UPDATE undo_added u SET stays = true FROM {table.table} t, undo_added o
                WHERE u.table_name = %s AND NOT u.stays AND t.{table.key} = u.id
                 AND o.table_name = %s AND o.id = t.{column} AND o.stays""",  # noqa: S608
                [table.table, leader],
            )
            count += cursor.rowcount
    return count


def _labels(table: Traced, ids: list[int]) -> list[str]:
    sql = f"SELECT {table.label} FROM {table.table} t WHERE t.{table.key} = ANY(%s) ORDER BY 1"  # noqa: S608
    return [str(row[0]) for row in _rows(sql, [ids])]


def _kept(tables: list[Traced]) -> tuple[list[dict[str, str]], int]:
    """Return what stays, by name; what only belongs to it is not named beside it."""
    found = [(table, staying(table.table)) for table in tables if not table.part]
    named = [{"noun": table.noun, "name": label} for table, ids in found for label in _labels(table, ids)]
    return named[: NAMED_AT_MOST * 10], len(named)


def _remove(cursor: Any, table: Traced) -> int:
    cursor.execute(
        f"""DELETE FROM {table.table} t USING undo_added u
        WHERE u.table_name = %s AND u.id = t.{table.key} AND NOT u.stays""",  # noqa: S608
        [table.table],
    )
    return int(cursor.rowcount)


def _restore(cursor: Any, run: ImportRun, table: Traced) -> None:
    """Put back which run wrote each row, what the run removed, and the columns that it changed."""
    names = {"run": run.pk, "name": table.table}
    columns = columns_of(table)
    if any(name == "run_id" for name, _ in columns):
        cursor.execute(
            f"""UPDATE {table.table} t SET run_id = x.was_run_id FROM geo_importtrace x, unnest(x.ids) r
            WHERE x.run_id = %(run)s AND x.table_name = %(name)s AND NOT x.added
             AND t.{table.key} >= lower(r) AND t.{table.key} < upper(r)""",  # noqa: S608
            names,
        )
    cursor.execute(
        """SELECT DISTINCT jsonb_object_keys(was) FROM geo_importbefore
        WHERE run_id = %(run)s AND table_name = %(name)s""",
        names,
    )
    kept = {row[0] for row in cursor.fetchall()}
    types = [(name, kind) for name, kind in columns if name in kept]
    if types:
        _put_back(cursor, table, types, names)


def _put_back(cursor: Any, table: Traced, types: list[tuple[str, str]], names: dict[str, Any]) -> None:
    listed = ", ".join(f'"{name}"' for name, _ in types)
    values = ", ".join(f"(b.was->>'{name}')::{kind}" for name, kind in types)
    mine = "b.run_id = %(run)s AND b.table_name = %(name)s"
    cursor.execute(
        f"""INSERT INTO {table.table} ({table.key}, {listed}) OVERRIDING SYSTEM VALUE
        SELECT b.row_id, {values} FROM geo_importbefore b WHERE {mine} AND b.gone ORDER BY b.row_id""",  # noqa: S608
        names,
    )
    sets = ", ".join(
        f"""\"{name}" = CASE WHEN b.was ? '{name}' THEN (b.was->>'{name}')::{kind} ELSE t."{name}" END"""
        for name, kind in types
        if name not in table.living
    )
    if sets:
        cursor.execute(
            f"""UPDATE {table.table} t SET {sets} FROM geo_importbefore b
            WHERE {mine} AND NOT b.gone AND t.{table.key} = b.row_id""",  # noqa: S608
            names,
        )
