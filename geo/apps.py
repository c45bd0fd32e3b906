"""Django app of the room that knows where things are."""

from django.apps import AppConfig


class GeoConfig(AppConfig):
    """Areas, cameras, trackers, roads and metres. Has never heard of incidents or people."""

    name = "geo"
    label = "geo"
    verbose_name = "Geo"
