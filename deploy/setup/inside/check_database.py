"""Look at the database before anything is changed in it: is it reachable, is PostGIS there, was it made by a newer Nearcast.

Prints one sentence and ends with status 3 when it cannot be used. Runs with Django, as the owner role.
"""

import os
import sys

import django
import psycopg
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.migrations.loader import MigrationLoader

OURS = {"geo", "dispatch", "realtime", "frontend", "fixtures"}
OLDEST_POSTGRES = 140000


def objection() -> str:
    """Return why this database cannot be used, "" when it can."""
    connection = connections[DEFAULT_DB_ALIAS]
    told = connection.settings_dict
    where = "{HOST}:{PORT} database {NAME} as {USER}".format(**told)
    try:
        # Once without the pool, which would only say that it got no connection.
        psycopg.connect(
            host=told["HOST"] or None,
            port=told["PORT"] or None,
            dbname=told["NAME"],
            user=told["USER"] or None,
            password=told["PASSWORD"] or None,
            connect_timeout=10,
        ).close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int")
            version = cursor.fetchone()[0]
            cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")
            has_postgis = cursor.fetchone() is not None
    except (Error, psycopg.Error) as error:
        reason = " ".join(str(error).split()).rstrip(".")
        return f"The database cannot be reached ({where}): {reason}. Check DATABASE_URL and that the server runs."
    if version < OLDEST_POSTGRES:
        return f"The database is PostgreSQL {version // 10000}; Nearcast needs 14 or newer."
    if not has_postgis and not _can_add_postgis(connection):
        return "The database has no PostGIS and this role may not add it: let its superuser run CREATE EXTENSION postgis there."
    return _from_the_future(connection)


def _can_add_postgis(connection) -> bool:  # type: ignore[no-untyped-def]
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    except Error:
        return False
    return True


def _from_the_future(connection) -> str:  # type: ignore[no-untyped-def]
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations) | {key for found in loader.disk_migrations.values() for key in found.replaces}
    ahead = sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations if app in OURS and (app, name) not in known
    )
    if not ahead:
        return ""
    return (
        f"This database was changed by another version of Nearcast ({', '.join(ahead[:3])} is not in this checkout): "
        "use that version or a newer one, another INSTANCE=, or make reset."
    )


if __name__ == "__main__":
    os.environ["NEARCAST_DB_AS_OWNER"] = "1"
    django.setup()
    text = objection()
    if text:
        print(text)
        sys.exit(3)
