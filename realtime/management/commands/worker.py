"""manage.py worker: timers, escalation, housekeeping, until told to stop."""

import logging
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from realtime import database
from realtime.stopping import Stopping
from realtime.timers import Timers

log = logging.getLogger(__name__)
TICK_S = 1.0


class Command(BaseCommand):
    """Run the worker process."""

    help = "Time out orders, escalate requests, write the journal's head, tidy up. Finishes its item on SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        stop = Stopping("worker")
        timers = Timers()
        while not stop():
            try:
                for job in timers.jobs:
                    while not stop() and job():
                        pass
            except Exception as error:
                if not database.is_lost(error):
                    raise
                log.warning("worker: database away (%s)", type(error).__name__)
            close_old_connections()
            stop.wait(TICK_S)
