"""Vehicles of the force, and planned shifts."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch.actions import fleet
from dispatch.admin.base import ActionForm, HouseAdmin
from dispatch.admin.names import EQUIPMENT
from dispatch.admin.site import site, tops_of, viewer_of
from dispatch.models import Person, PlannedShift, ServiceVehicle, Unit
from dispatch.queries.ground import find_timezone


class VehicleForm(ActionForm):
    """A vehicle."""

    class Meta:
        model = ServiceVehicle
        fields = ("centre", "code", "kind", "active")

    def act(self, row: ServiceVehicle | None, data: dict[str, Any]) -> ServiceVehicle:
        """Store the vehicle."""
        given = {name: data[name] for name in ("centre", "code", "kind", "active")}
        return fleet.put_vehicle(actor=self.viewer, vehicle=row, **given)


@admin.register(ServiceVehicle, site=site)
class VehicleAdmin(HouseAdmin):
    """Vehicles of the subtree. None is deleted: switch it off."""

    form = VehicleForm
    below = "centre__area__"
    list_display = ("code", "kind", "centre", "active")
    list_filter = ("active", "kind", "centre")
    search_fields = ("code",)

    def subjects_of(self, obj: Any) -> list[str]:
        """Return the journal's subject of a vehicle."""
        return [f"vehicle:{obj.uid}"]


class PlannedShiftForm(ActionForm):
    """Who is to ride on a unit, from when until when, on what."""

    people = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(), label=_("people"), widget=FilteredSelectMultiple(_("people"), is_stacked=False)
    )
    equipment = forms.MultipleChoiceField(
        choices=EQUIPMENT, required=False, label=_("equipment"), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = PlannedShift
        fields = ("unit", "begins_at", "ends_at", "people", "vehicle", "equipment")

    def act(self, row: PlannedShift | None, data: dict[str, Any]) -> PlannedShift:
        """Store the plan."""
        given = {name: data[name] for name in ("unit", "begins_at", "ends_at", "vehicle", "equipment")}
        return fleet.plan_shift(actor=self.viewer, plan=row, people=list(data["people"]), **given)


@admin.register(PlannedShift, site=site)
class PlannedShiftAdmin(HouseAdmin):
    """Planned shifts of the subtree, in the time of the administrator's own centre. A plan binds nobody."""

    form = PlannedShiftForm
    below = "unit__centre__area__"
    list_display = ("unit", "begins_at", "ends_at", "vehicle")
    list_filter = ("unit__centre", "begins_at")
    date_hierarchy = "begins_at"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Offer people, units and vehicles of the administrator's subtrees only."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        tops = tops_of(request)
        of_tree = {
            "people": Person.objects.filter(is_active=True, home__area__lineage__overlap=tops),
            "unit": Unit.objects.filter(active=True, centre__area__lineage__overlap=tops),
            "vehicle": ServiceVehicle.objects.filter(active=True, centre__area__lineage__overlap=tops),
        }
        for name, rows in of_tree.items():
            form.base_fields[name].queryset = rows
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show and read times as the centre's clocks have them."""
        with timezone.override(ZoneInfo(find_timezone(viewer_of(request)))):
            return _rendered(super().changeform_view(request, *args, **kwargs))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show times as the centre's clocks have them."""
        with timezone.override(ZoneInfo(find_timezone(viewer_of(request)))):
            return _rendered(super().changelist_view(request, extra_context))


def _rendered(answer: Any) -> HttpResponse:
    """Return the page with its times written: a template's answer would be rendered in another zone later."""
    if isinstance(answer, TemplateResponse):
        answer.render()
    done: HttpResponse = answer
    return done
