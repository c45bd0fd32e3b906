"""What belongs to the whole house: thresholds and incident kinds."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from dispatch.actions import house
from dispatch.admin.base import ActionForm, HouseAdmin
from dispatch.admin.site import site
from dispatch.models import IncidentKind, Threshold


class ThresholdForm(ActionForm):
    """A number of a profile, with the source it comes from."""

    class Meta:
        model = Threshold
        fields = ("profile", "key", "value", "unit", "source")

    def act(self, row: Threshold | None, data: dict[str, Any]) -> Threshold:
        """Set it; the former value stands in the journal."""
        profile, key = (row.profile, row.key) if row else (data["profile"], data["key"])
        return house.set_threshold(
            actor=self.viewer, profile=profile, key=key, value=data["value"], unit=data["unit"], source=data["source"]
        )


@admin.register(Threshold, site=site)
class ThresholdAdmin(HouseAdmin):
    """Thresholds by profile."""

    form = ThresholdForm
    list_display = ("profile", "key", "value", "unit", "source")
    list_filter = ("profile",)
    search_fields = ("key", "source")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep which number it is."""
        return ("profile", "key") if obj else ()

    def subjects_of(self, obj: Any) -> list[str]:
        """Return its subject."""
        return [f"threshold:{obj.profile}:{obj.key}"]


class KindForm(ActionForm):
    """An incident kind."""

    class Meta:
        model = IncidentKind
        fields = ("code", "name", "name_en", "level", "group", "position", "desk_from_level", "active")

    def act(self, row: IncidentKind | None, data: dict[str, Any]) -> IncidentKind:
        """Store it."""
        names = ("name", "name_en", "level", "group", "position", "desk_from_level", "active")
        given = {name: data[name] for name in names}
        return house.put_kind(actor=self.viewer, code=row.code if row else data["code"], **given)


@admin.register(IncidentKind, site=site)
class KindAdmin(HouseAdmin):
    """Incident kinds."""

    form = KindForm
    list_display = ("code", "name", "name_en", "level", "desk_from_level", "group", "active")
    list_filter = ("active", "group", "level")
    search_fields = ("code", "name", "name_en")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep its code: incidents name it."""
        return ("code",) if obj else ()

    def subjects_of(self, obj: Any) -> list[str]:
        """Return its subject."""
        return [f"kind:{obj.code}"]
