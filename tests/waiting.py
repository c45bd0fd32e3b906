"""Several at once on real connections, and waiting for what the database says instead of for seconds."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

WITHIN_S = 20.0
# Within a transaction PostgreSQL goes on showing the activity of its first look.
LOOK_AGAIN_SQL = "SELECT pg_stat_clear_snapshot()"
WAITING_SQL = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'"""


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run jobs in threads from one start line; return their results in order."""
    line, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        line.wait()
        try:
            results[place] = job()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def wait_for_lock() -> None:
    """Return once another connection to this database waits for a lock."""
    by = time.monotonic() + WITHIN_S
    with connection.cursor() as cursor:
        while True:
            cursor.execute(LOOK_AGAIN_SQL)
            cursor.execute(WAITING_SQL)
            if cursor.fetchone() != (0,):
                return
            assert time.monotonic() < by, "nobody waits for a lock"
            time.sleep(0.01)
