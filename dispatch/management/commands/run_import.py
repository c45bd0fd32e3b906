"""manage.py run_import UID: what the worker starts for one file that an administrator sent."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from dispatch.actions.import_jobs import hold
from dispatch.import_work import limit_process, work_on
from dispatch.models import ImportJob, JobState


class Command(BaseCommand):
    """Work on one file, in a process of its own with its own limits; the worker goes on meanwhile."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare which."""
        parser.add_argument("uid", type=UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        """Work on it, unless another process does."""
        job = ImportJob.objects.select_related("made_by").get(uid=options["uid"])
        if not hold(job):
            return
        job.refresh_from_db()
        if job.state == JobState.WORKING:
            limit_process()
            work_on(job)
