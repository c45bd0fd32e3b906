"""manage.py outlets: sends pushes and SMS out of the outbox, until told to stop."""

import logging
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from realtime import database
from realtime.outlets.letters import Letters
from realtime.stopping import Stopping

log = logging.getLogger(__name__)
TICK_S = 0.5


class Command(BaseCommand):
    """Run the outlets process."""

    help = "Send web pushes and SMS that are due. Finishes what it sends on SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run: claim on this thread, send on others, so that a server that hangs holds up nobody else's letters."""
        stop = Stopping("outlets")
        letters = Letters()
        while not stop():
            try:
                letters.send_due(stop)
            except Exception as error:
                if not database.is_lost(error):
                    raise
                log.warning("outlets: database away (%s)", type(error).__name__)
            close_old_connections()
            stop.wait(TICK_S)
        letters.finish()
