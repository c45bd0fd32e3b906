"""Bulk writing: rows go by COPY into a temporary twin of a table, then in one statement into the table itself."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

FLUSH_ROWS = 20_000


class Staging:
    """A temporary twin of one model's table, to be used inside a transaction.

    `columns` are database columns in the order of the rows; `key` is the unique column by which a row already there is
    changed instead of added. Geometry is given as hex EWKB. Of several rows with one key the last is kept.
    """

    def __init__(self, model: type[Model], columns: Sequence[str], key: str = "source_key") -> None:
        self.table = model._meta.db_table
        self.twin = f"staging_{self.table}"
        self.columns = list(columns)
        self.key = key
        self.rows: list[Sequence[Any]] = []
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {self.twin}")
            cursor.execute(
                f"CREATE TEMP TABLE {self.twin} ON COMMIT DROP AS SELECT {self._names()} FROM {self.table}"  # noqa: S608
                " WITH NO DATA"
            )
            cursor.execute(f"ALTER TABLE {self.twin} ADD COLUMN row_number bigserial")

    def add(self, row: Sequence[Any]) -> None:
        """Take one row, in the order of `columns`."""
        self.rows.append(row)
        if len(self.rows) >= FLUSH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Send what was taken so far to the server."""
        with connection.cursor() as cursor, cursor.copy(f"COPY {self.twin} ({self._names()}) FROM STDIN") as copy:
            for row in self.rows:
                copy.write_row(row)
        self.rows.clear()

    def merge(self) -> tuple[int, int]:
        """Write everything into the table; return (added, changed or confirmed)."""
        self.flush()
        changes = ", ".join(f"{name} = excluded.{name}" for name in self.columns if name not in {self.key, "uid"})
        statement = f"""WITH done AS (
            INSERT INTO {self.table} ({self._names()})
            SELECT {self._names()} FROM (
                SELECT DISTINCT ON ({self.key}) * FROM {self.twin} ORDER BY {self.key}, row_number DESC) newest
            ORDER BY row_number
            ON CONFLICT ({self.key}) DO UPDATE SET {changes} RETURNING xmax = 0 AS added)
            SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM done"""  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(statement)
            added, changed = cursor.fetchone()
            cursor.execute(f"DROP TABLE {self.twin}")
        return added, changed

    def _names(self) -> str:
        return ", ".join(self.columns)
