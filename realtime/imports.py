"""Files that administrators sent: one at a time, each in a process of its own, begun again when that process dies."""

import logging
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings

from dispatch import access
from dispatch.actions import import_jobs

log = logging.getLogger(__name__)
LOOK_EVERY_S = 5.0
UNDECIDED = timedelta(hours=24)
WORKER = access.system("worker")


class Imports:
    """The child at work, if there is one. A worker that was killed leaves its child: that one ends its file alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._child: subprocess.Popen[bytes] | None = None
        self._looked_s = float("-inf")

    def start_one(self) -> bool:
        """Begin the oldest waiting file when none is being worked on; every few seconds look for orphans."""
        if self._child is not None:
            if self._child.poll() is None:
                return False
            if self._child.returncode:
                log.warning("import: its process ended with %s", self._child.returncode)
            self._child = None
        self._look_for_orphans()
        job = import_jobs.take_import(actor=WORKER)
        if job is None:
            return False
        self._child = subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_import", str(job.uid)]
        )
        return True

    def _look_for_orphans(self) -> None:
        if self._clock() - self._looked_s < LOOK_EVERY_S:
            return
        self._looked_s = self._clock()
        import_jobs.requeue_imports(actor=WORKER)

    def sweep(self) -> None:
        """Forget files that nobody decided about for a day."""
        import_jobs.sweep_imports(actor=WORKER, older_than=UNDECIDED)
