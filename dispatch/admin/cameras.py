"""Cameras. Addresses are only written: the page says "set", never what."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dispatch.actions import estate
from dispatch.admin.base import ActionForm, HouseAdmin
from dispatch.admin.shapes import PointField
from dispatch.admin.site import site
from geo import clock
from geo.estate import has_address
from geo.models import Camera

ADDRESS_HELP = _("Only written, never shown. Empty leaves it as it is; a login in it is kept encrypted.")
FACTS = ("name", "kind", "grade", "owner", "consent", "national_code", "pole_code", "heading_deg", "fov_deg", "range_m")


def address_field(label: Any) -> forms.CharField:
    """Return a field that is written but never filled in."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "size": 60})
    return forms.CharField(label=label, required=False, max_length=2000, widget=widget, help_text=ADDRESS_HELP)


class CameraForm(ActionForm):
    """A camera with its place, its view and its addresses."""

    point = PointField(label=_("Place"))
    snapshot = address_field(_("Snapshot address"))
    stream = address_field(_("Stream address"))
    forget_snapshot = forms.BooleanField(label=_("Forget the snapshot address"), required=False)
    forget_stream = forms.BooleanField(label=_("Forget the stream address"), required=False)

    class Meta:
        model = Camera
        fields = ("code", "area", "point", *FACTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.instance.area if self.instance.pk else None
        if area and area.boundary:
            self.fields["point"].widget.attrs["data-around"] = area.boundary.simplify(0.0003).geojson

    def act(self, row: Camera | None, data: dict[str, Any]) -> Camera:
        """Store the camera; what changed is journalled, addresses only as "changed"."""
        addresses = {kind: "" if data[f"forget_{kind}"] else data[kind] for kind in ("snapshot", "stream")
                     if data[kind] or data[f"forget_{kind}"]}  # fmt: skip
        return estate.put_camera(
            actor=self.viewer, camera=row, code=data["code"], area=data["area"], point=data["point"], at=clock.now(),
            addresses=addresses, **{name: data[name] for name in FACTS},
        )  # fmt: skip


@admin.register(Camera, site=site)
class CameraAdmin(HouseAdmin):
    """Cameras of the subtree."""

    form = CameraForm
    below = "area__"
    list_display = ("code", "name", "kind", "grade", "area", "consent", "status", "addresses")
    list_filter = ("kind", "grade", "consent", "status")
    search_fields = ("code", "name", "pole_code", "national_code")
    readonly_fields = ("status", "addresses")
    fieldsets = (
        (
            _("Where and what"),
            {"fields": ("code", "name", "area", "point", "kind", "grade", "owner", "consent", "status")},
        ),
        (_("View"), {"fields": ("heading_deg", "fov_deg", "range_m", "pole_code", "national_code")}),
        (_("Addresses"), {"fields": ("addresses", "snapshot", "forget_snapshot", "stream", "forget_stream")}),
    )

    @admin.display(description=_("Addresses"))
    def addresses(self, camera: Camera) -> str:
        """Return which addresses are set."""
        names = {"snapshot": gettext("Snapshot"), "stream": gettext("Stream")}
        kept = [names[kind] for kind in names if camera.pk and has_address(camera, kind)]
        return ", ".join(f"{name}: {gettext('set')}" for name in kept) or gettext("not set")
