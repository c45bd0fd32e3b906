"""Units."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch.actions import estate
from dispatch.admin.base import ActionForm, HouseAdmin
from dispatch.admin.site import site
from dispatch.models import Unit


class UnitForm(ActionForm):
    """A unit. `token` holds the plain token of a new beacon until the page has shown it."""

    capabilities = forms.CharField(
        label=gettext_lazy("Capabilities"), required=False, help_text=gettext_lazy("Separated by commas.")
    )
    with_tracker = forms.BooleanField(
        label=gettext_lazy("Give it a beacon of its own"), required=False,
        help_text=gettext_lazy("The token is shown once, after saving. A crew's phone needs none: it enrols itself."),
    )  # fmt: skip
    token: str | None = None

    class Meta:
        model = Unit
        fields = ("centre", "call_sign", "kind", "capabilities", "talk_group", "radio_only", "active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["capabilities"] = ", ".join(self.instance.capabilities)

    def act(self, row: Unit | None, data: dict[str, Any]) -> Unit:
        """Store the unit."""
        given = {name: data[name] for name in ("centre", "call_sign", "kind", "talk_group", "radio_only", "active")}
        listed = [part.strip() for part in data["capabilities"].split(",") if part.strip()]
        unit, self.token = estate.put_unit(
            actor=self.viewer, unit=row, capabilities=listed, with_tracker=bool(data.get("with_tracker")), **given
        )
        return unit


@admin.register(Unit, site=site)
class UnitAdmin(HouseAdmin):
    """Units of the subtree. None is deleted: switch it off."""

    form = UnitForm
    below = "centre__area__"
    list_display = ("call_sign", "kind", "centre", "talk_group", "radio_only", "active")
    list_filter = ("active", "kind", "centre")
    search_fields = ("call_sign",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Show a new beacon's token this once."""
        if form.token:
            messages.warning(
                request, _("Beacon token of %(unit)s, shown only now: %(token)s") % {"unit": obj, "token": form.token}
            )
