"""Bulk writing: rows go by COPY into a temporary twin of a table, then in one statement into the table itself."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model

FLUSH_ROWS = 20_000


class Merged(NamedTuple):
    """How many rows a merge added, changed and found as they were."""

    added: int
    changed: int
    unchanged: int


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

    def merge(self) -> Merged:
        """Write everything into the table. A row that says nothing new is left alone: it keeps the run that wrote it."""
        self.flush()
        changes = [name for name in self.columns if name not in {self.key, "uid"}]
        told = [name for name in changes if name != "run_id"]
        newest = (
            f"SELECT DISTINCT ON ({self.key}) {self._names()}, row_number FROM {self.twin}"  # noqa: S608
            f" ORDER BY {self.key}, row_number DESC"
        )
        statement = f"""WITH done AS (
            INSERT INTO {self.table} AS kept ({self._names()}) SELECT {self._names()} FROM ({newest}) newest
            ORDER BY row_number
            ON CONFLICT ({self.key}) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in changes)}
            WHERE ({", ".join(f"kept.{name}" for name in told)})
            IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in told)}) RETURNING xmax = 0 AS added)
            SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added),
            (SELECT count(DISTINCT {self.key}) FROM {self.twin}) FROM done"""  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(statement)
            added, changed, given = cursor.fetchone()
            cursor.execute(f"DROP TABLE {self.twin}")
        return Merged(added, changed, given - added - changed)

    def _names(self) -> str:
        return ", ".join(self.columns)
