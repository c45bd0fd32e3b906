"""The dispatch app."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """What happens: the domain and its law."""

    name = "dispatch"

    def ready(self) -> None:
        """Load the start-up checks."""
        from dispatch import checks  # noqa: F401
