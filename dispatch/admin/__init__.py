"""The administrator's pages: Django's forms before our own actions. `site` is mounted by the URLs; no other site is."""

from dispatch.admin import cameras, fleet, ground, imports, messages, people, profile, reach, tracker_apps, units
from dispatch.admin.names import name_in_both_languages
from dispatch.admin.site import site

name_in_both_languages(site)

__all__ = [
    "cameras",
    "fleet",
    "ground",
    "imports",
    "messages",
    "people",
    "profile",
    "reach",
    "site",
    "tracker_apps",
    "units",
]
