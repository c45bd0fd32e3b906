"""Bring the database up to date and give the application's role exactly what it needs (run as the owner)."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from dispatch import access
from dispatch.actions.journal import begin_epoch
from geo.areas import refresh_grounds

APPEND_ONLY = ("dispatch_journalentry", "dispatch_journalpayload", "dispatch_epoch")


class Command(BaseCommand):
    """Migrate, widen grounds whose band was changed, grant, begin the first epoch."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it all; every part may be repeated."""
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        refresh_grounds()
        grant_rights(settings.DATABASE_ROLE)
        epoch = begin_epoch(actor=access.system("worker"), why="first start or another database server")
        self.stdout.write(f"Database ready, journal epoch {epoch.number}.")


def grant_rights(role: str) -> None:
    """Give `role` daily work on all tables, and only read and insert on the journal's."""
    quoted = connection.ops.quote_name(role)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            raise SystemExit(f"The database has no role {role}. Create it (LOGIN), then run this again.")
        cursor.execute("SELECT session_user = %s", [role])
        if cursor.fetchone()[0]:
            raise SystemExit(f"prepare_database must run as the owner, not as {role}. Set DATABASE_OWNER_URL.")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
        for table in APPEND_ONLY:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {quoted}")
        cursor.execute(f"REVOKE ALL ON spatial_ref_sys FROM {quoted}")
        cursor.execute(f"GRANT SELECT ON spatial_ref_sys TO {quoted}")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION nearcast_erase_payloads(text, timestamptz, text) TO {quoted}")
