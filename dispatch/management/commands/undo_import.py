"""manage.py undo_import RUN: put everything back as it was before an import run; without RUN, list the runs."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from dispatch import access
from dispatch.actions.imports import look_at_undo, undo_import
from dispatch.errors import DispatchError
from dispatch.management.import_words import note_words, sentence
from dispatch.management.importing import said_of_undo
from geo.live_runs import INTERRUPTED, was_interrupted
from geo.models import ImportRun

LISTED = 20


class Command(BaseCommand):
    """Undo one run, all or nothing; the summary goes to stdout."""

    help = (
        "Undo an import run: what it added goes, what it changed is again as it was. Without RUN the newest are listed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what the operator may say."""
        parser.add_argument("run", nargs="?", default="", help="number or uid of the run")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Undo and say what became of it."""
        if not options["run"]:
            for run in ImportRun.objects.all()[:LISTED]:
                said = "can be undone" if run.traced else ""
                if was_interrupted(run):
                    said = note_words(INTERRUPTED, {})
                self.stdout.write(f"{run.pk:>6}  {run.started_at:%Y-%m-%d %H:%M}  {run} {said}".rstrip())
            return
        run = _find(options["run"])
        act = look_at_undo if options["dry_run"] else undo_import
        try:
            done = act(actor=access.system("setup"), run=run)
        except DispatchError as error:
            words = sentence(error.code, error.field, error.facts)
            raise CommandError(f"run {run.pk}, {run.file_name}: {words} Nothing was changed. [{error.code}]") from error
        self.stdout.write(
            f"{run.file_name}: {said_of_undo(done)}{'. Nothing was changed.' if options['dry_run'] else ''}"
        )


def _find(said: str) -> ImportRun:
    found = ImportRun.objects.filter(pk=int(said)).first() if said.isdigit() and len(said) < 18 else None
    if found is None:
        try:
            found = ImportRun.objects.filter(uid=UUID(said)).first()
        except ValueError:
            found = None
    if found is None:
        raise CommandError(f"There is no import run {said[:40]}.")
    return found
