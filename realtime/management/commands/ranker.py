"""manage.py ranker: rank open incidents until told to stop."""

from typing import Any

from django.core.management.base import BaseCommand

from realtime import ranker
from realtime.stopping import Stopping


class Command(BaseCommand):
    """Run the ranking process."""

    help = "Rank units and cameras for open incidents. Runs until SIGTERM; a second one stands by."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        ranker.run(Stopping("ranker"))
