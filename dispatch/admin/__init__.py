"""The administrator's pages: Django's forms before our own actions. `site` is mounted by the URLs; no other site is."""

from dispatch.admin import cameras, fleet, ground, imports, people, profile, reach, units
from dispatch.admin.names import name_in_both_languages
from dispatch.admin.site import site

name_in_both_languages(site)

__all__ = ["cameras", "fleet", "ground", "imports", "people", "profile", "reach", "site", "units"]
