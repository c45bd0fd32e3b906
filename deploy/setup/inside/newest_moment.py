"""Print the newest moment that the database knows of, in Unix seconds; 0 where nothing has happened yet."""

import sys

import django
from django.db import connection

TABLES = ("dispatch_journalentry", "geo_tracker_last")
SQL = """SELECT extract(epoch FROM greatest(
 (SELECT max(at) FROM (SELECT at FROM dispatch_journalentry ORDER BY n DESC LIMIT 100) newest),
 (SELECT max(greatest(fix_at, received_at)) FROM geo_tracker_last)))"""


def newest_s() -> float:
    """Return it."""
    if not set(TABLES) <= set(connection.introspection.table_names()):
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute(SQL)
        row = cursor.fetchone()
    return float(row[0] or 0) if row else 0.0


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(f"{newest_s():.3f}\n")
