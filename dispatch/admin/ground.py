"""Areas with their boundaries, centres, posts."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dispatch.actions import estate, house
from dispatch.admin.base import ActionForm, HouseAdmin
from dispatch.admin.shapes import BoundaryField, PointField
from dispatch.admin.site import site, tops_of
from dispatch.errors import DispatchError
from dispatch.models import Centre, Post
from geo.models import Area


class AreaForm(ActionForm):
    """An area: its place in the tree and its boundary."""

    boundary = BoundaryField(label=_("Boundary"), required=False, help_text=_("Empty leaves it as it is."))

    class Meta:
        model = Area
        fields = ("code", "name", "name_zh", "name_en", "level", "line", "parent", "boundary")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.instance.parent if self.instance.pk else None
        if parent and parent.boundary:
            self.fields["boundary"].widget.attrs["data-around"] = parent.boundary.simplify(0.0003).geojson

    def act(self, row: Area | None, data: dict[str, Any]) -> Area:
        """Store the area; everything that lies in it follows."""
        named = {name: data[name] for name in ("name", "name_zh", "name_en", "level", "line")}
        code = row.code if row else data["code"]
        if row is None and Area.objects.filter(code=code).exists():
            raise DispatchError("exists", field="code")
        parent = row.parent if row and "parent" not in data else data["parent"]
        return house.put_area(actor=self.viewer, code=code, parent=parent, boundary=data["boundary"], **named)


@admin.register(Area, site=site)
class AreaAdmin(HouseAdmin):
    """The tree of areas."""

    form = AreaForm
    list_display = ("code", "name", "name_en", "level", "line", "parent")
    list_filter = ("level", "line")
    search_fields = ("code", "name", "name_en")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the administrator's subtrees."""
        return super().get_queryset(request).filter(lineage__overlap=tops_of(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep an area's code; the top of the tree keeps its place."""
        if obj is None:
            return ()
        return ("code",) if obj.parent_id else ("code", "parent")


class CentreForm(ActionForm):
    """A centre: the desk room of an area."""

    class Meta:
        model = Centre
        fields = ("area", "timezone", "joining", "active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["joining"].required = False

    def act(self, row: Centre | None, data: dict[str, Any]) -> Centre:
        """Store the centre."""
        area = row.area if row else data["area"]
        if row is None and Centre.objects.filter(area=area).exists():
            raise DispatchError("exists", field="area")
        return house.put_centre(
            actor=self.viewer,
            area=area,
            zone=data["timezone"],
            active=data["active"],
            joining=data["joining"] or None,
        )


@admin.register(Centre, site=site)
class CentreAdmin(HouseAdmin):
    """Command centres."""

    form = CentreForm
    below = "area__"
    list_display = ("area", "timezone", "active")
    list_filter = ("active",)
    search_fields = ("area__code", "area__name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep a centre's area."""
        return ("area",) if obj else ()


class PostForm(ActionForm):
    """A staffed post."""

    point = PointField(label=_("Place"))

    class Meta:
        model = Post
        fields = ("centre", "code", "name", "name_en", "point", "active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.instance.centre.area if self.instance.pk else None
        if area and area.boundary:
            self.fields["point"].widget.attrs["data-around"] = area.boundary.simplify(0.0003).geojson

    def act(self, row: Post | None, data: dict[str, Any]) -> Post:
        """Store the post."""
        given = {name: data[name] for name in ("centre", "code", "name", "name_en", "point", "active")}
        return estate.put_post(actor=self.viewer, post=row, **given)


@admin.register(Post, site=site)
class PostAdmin(HouseAdmin):
    """Staffed posts."""

    form = PostForm
    below = "centre__area__"
    list_display = ("code", "name", "name_en", "centre", "active")
    list_filter = ("active", "centre")
    search_fields = ("code", "name", "name_en")
