"""The frontend app: the pages people open, and the screens built into them."""

from django.apps import AppConfig


class FrontendConfig(AppConfig):
    """What people see: pages, role check, boot data."""

    name = "frontend"
    label = "frontend"
