"""The dispatch app."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """What happens: the domain and its law."""

    name = "dispatch"

    def ready(self) -> None:
        """Load the start-up checks; have imports of units and areas noted."""
        from dispatch import checks, traced  # noqa: F401
