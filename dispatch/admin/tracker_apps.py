"""Tracker apps of the house's officers: that they exist and when they were heard. Secrets are kept by nobody, places not shown."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dispatch.actions import tracker_apps
from dispatch.admin.base import ActionForm, HouseAdmin
from dispatch.admin.site import site
from dispatch.models import TrackerApp


class TrackerAppForm(ActionForm):
    """One can only be ended."""

    end_now = forms.BooleanField(label=_("End this app now"), required=False)

    class Meta:
        model = TrackerApp
        fields: tuple[str, ...] = ()

    def act(self, row: TrackerApp | None, data: dict[str, Any]) -> TrackerApp:
        """End it where that is asked."""
        assert row is not None
        return tracker_apps.end_tracker_app(actor=self.viewer, uid=row.uid) if data.get("end_now") else row


@admin.register(TrackerApp, site=site)
class TrackerAppAdmin(HouseAdmin):
    """Tracker apps of the people of the subtree. Officers make them on their own phones; here they are seen and ended."""

    form = TrackerAppForm
    below = "person__home__area__"
    list_display = ("person", "app", "unit", "made_at", "heard_at", "fix_at", "ended_at")
    list_filter = ("app", "person__home")
    list_select_related = ("person", "unit", "device")
    search_fields = ("person__username", "person__name", "person__name_en", "unit__call_sign")
    fields = ("person", "app", "unit", "made_at", "heard_at", "fix_at", "ended_at", "end_now")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: an officer makes one on his own phone."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep everything."""
        return ("person", "app", "unit", "made_at", "heard_at", "fix_at", "ended_at")

    @admin.display(description=_("last heard"), ordering="device__heard_at")
    def heard_at(self, row: TrackerApp) -> Any:
        """Return when the server last heard of it."""
        return row.device.heard_at

    @admin.display(description=_("last position counted"), ordering="device__fix_at")
    def fix_at(self, row: TrackerApp) -> Any:
        """Return the time, never the place, of its newest position that counted."""
        return row.device.fix_at

    def subjects_of(self, obj: Any) -> list[str]:
        """Return the person's subject: apps are filed under it."""
        return [f"person:{obj.person.uid}"]
