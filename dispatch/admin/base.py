"""What the administrator's pages share: a form whose saving is an action, lists of his own subtree, history out of the journal."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from dispatch import access, journal
from dispatch.access import Viewer
from dispatch.admin.site import site, tops_of, viewer_of
from dispatch.admin.words import say
from dispatch.errors import DispatchError
from dispatch.models import Centre, Person
from geo.models import Area

HOUSE_KINDS = {
    "threshold.changed",
    "kind.changed",
    "area.changed",
    "centre.changed",
    "assignment.granted",
    "assignment.ended",
}
HISTORY_LINES = 200


class ActionForm(forms.ModelForm):
    """A form that is saved by `act`. The action judges the values; its refusal appears at the field it names.

    The model's own checks are left out: they would judge a row that the action is about to lock and change itself.
    """

    viewer: ClassVar[Viewer]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.TypedChoiceField):
                listed: Any = field.choices
                field.choices = [(value, _(str(label))) for value, label in listed]

    def act(self, row: Any, data: dict[str, Any]) -> Model:
        """Call the action and return the row. `row` is fresh from the database, None for a new one."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        if self.errors:
            return
        row = type(self.instance)._default_manager.get(pk=self.instance.pk) if self.instance.pk else None
        try:
            self.instance = self.act(row, self.cleaned_data)
        except DispatchError as error:
            field = (error.field or "").split(".")[-1]
            self.add_error(field if field in self.fields else None, say(error))

    def save(self, commit: bool = True) -> Any:
        """Return the row: it is stored already."""
        self.save_m2m = lambda: None  # type: ignore[method-assign]
        return self.instance


class HouseAdmin(admin.ModelAdmin):
    """Nothing is deleted here: what is over is ended or switched off. Nothing is saved but through the form's action."""

    form: type[ActionForm]
    actions = None
    list_per_page = 50
    below = ""  # lookup from this model to the area it belongs to; "" for what belongs to the whole house

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return whether an administrator asks."""
        return site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether an administrator asks."""
        return site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether an administrator asks; the action asks again about the place."""
        return site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether an administrator asks; the action asks again about the place."""
        return site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: rows are ended or switched off."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return what lies in the administrator's subtrees."""
        rows = super().get_queryset(request)
        return rows.filter(**{f"{self.below}lineage__overlap": tops_of(request)}) if self.below else rows

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Return whether a list may be narrowed so: by what the page itself offers and nothing else.

        Django lets every column of the row through: a password's hash could be read letter by letter.
        """
        return lookup.split("__", maxsplit=1)[0] in self.list_filter and super().lookup_allowed(lookup, value, request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form, knowing who saves."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.viewer = viewer_of(request)
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only what lies in the administrator's subtrees."""
        tops = tops_of(request)
        choices: dict[Any, QuerySet[Any]] = {
            Area: Area.objects.filter(lineage__overlap=tops),
            Centre: Centre.objects.filter(area__lineage__overlap=tops).select_related("area"),
            Person: Person.objects.filter(home__area__lineage__overlap=tops),
        }
        if db_field.related_model in choices:
            kwargs["queryset"] = choices[db_field.related_model]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Do nothing: the form's action has stored it."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Do nothing: the journal has it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Do nothing: the journal has it."""

    def subjects_of(self, obj: Any) -> list[str]:
        """Return the journal's subjects of a row."""
        return [f"{type(obj).__name__.lower()}:{obj.uid}"]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show who changed it, when, and what, out of the journal."""
        obj = self.get_object(request, object_id)
        if obj is None or not site.has_permission(request):
            raise PermissionDenied
        entries = journal.read(subjects=self.subjects_of(obj), newest_first=True, limit=HISTORY_LINES)
        context = {
            **site.each_context(request),
            "title": _("Journal of %(name)s") % {"name": obj},
            "opts": self.opts,
            "object": obj,
            "lines": [_line(entry) for entry in entries if _readable(entry, viewer_of(request))],
        }
        return TemplateResponse(request, "house/history.html", context)


def _readable(entry: journal.Entry, viewer: Viewer) -> bool:
    """Return whether an administrator may read this: what is told to him, and changes of the register. No operations."""
    told = access.view_of(entry.audience, viewer) is not None
    return told or entry.kind in HOUSE_KINDS or entry.data.get("why") == "master"


def _line(entry: journal.Entry) -> dict[str, Any]:
    actor = entry.actor or {}
    changed = {
        **entry.data.get("changed", {}),
        **{key: entry.data[key] for key in ("role", "value", "was") if key in entry.data},
    }
    return {
        "n": entry.n, "at": entry.at, "kind": entry.kind,
        "actor": (actor.get("name") or {}).get("name") or actor.get("system", ""),
        "changed": [f"{key} = {value}" for key, value in changed.items()],
    }  # fmt: skip
