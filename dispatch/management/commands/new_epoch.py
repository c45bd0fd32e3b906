"""Begin a new journal epoch by hand, after a restore: every client takes a fresh snapshot."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dispatch import access
from dispatch.actions.journal import begin_epoch


class Command(BaseCommand):
    """`new_epoch --why "restored to 14:05"`."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the reason."""
        parser.add_argument("--why", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Begin it and say its number."""
        epoch = begin_epoch(actor=access.system("worker"), why=options["why"], only_if_changed=False)
        self.stdout.write(f"Epoch {epoch.number} has begun.")
