"""Ready texts for messages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from dispatch.actions import messages
from dispatch.admin.base import ActionForm, HouseAdmin
from dispatch.admin.site import site
from dispatch.models import CannedText


class CannedForm(ActionForm):
    """A ready text; without a centre it is everybody's."""

    class Meta:
        model = CannedText
        fields = ("centre", "code", "way", "text", "text_en", "position", "active")

    def act(self, row: CannedText | None, data: dict[str, Any]) -> CannedText:
        """Store it."""
        of = {"centre": row.centre, "code": row.code} if row else {"centre": data["centre"], "code": data["code"]}
        given = {name: data[name] for name in ("way", "text", "text_en", "position", "active")}
        return messages.put_canned(actor=self.viewer, **of, **given)


@admin.register(CannedText, site=site)
class CannedAdmin(HouseAdmin):
    """Ready texts of all centres: everybody reads them."""

    form = CannedForm
    list_display = ("code", "way", "text", "text_en", "centre", "active")
    list_filter = ("active", "way")
    search_fields = ("code", "text", "text_en")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep whose it is and its code: messages name it."""
        return ("centre", "code") if obj else ()

    def subjects_of(self, obj: Any) -> list[str]:
        """Return its subject."""
        return [f"canned:{obj.uid}"]
