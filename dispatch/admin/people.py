"""People and their roles."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dispatch.actions import people
from dispatch.admin.base import ActionForm, HouseAdmin
from dispatch.admin.site import site
from dispatch.errors import DispatchError
from dispatch.models import Assignment, Person
from geo import clock


class PersonForm(ActionForm):
    """A person. The password is only written, never shown."""

    new_password = forms.CharField(
        label=_("New password"), required=False, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Empty leaves it as it is."),
    )  # fmt: skip

    new_duty_phone = forms.CharField(
        label=_("Duty phone"), required=False, max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("For SMS only. Only written, never shown; kept encrypted. Empty leaves it as it is."),
    )  # fmt: skip
    forget_duty_phone = forms.BooleanField(label=_("Forget the duty phone"), required=False)

    class Meta:
        model = Person
        fields = ("username", "name", "name_en", "police_number", "email", "sworn", "language", "home", "is_active")

    def act(self, row: Person | None, data: dict[str, Any]) -> Person:
        """Store the person."""
        given = {
            name: data[name] for name in ("name", "name_en", "police_number", "email", "sworn", "language", "is_active")
        }
        if data["forget_duty_phone"] or data["new_duty_phone"]:
            given["duty_phone"] = "" if data["forget_duty_phone"] else data["new_duty_phone"]
        home: Any = data["home"].uid if data["home"] else ""
        username = row.username if row else data["username"]
        if row is None and Person.objects.filter(username=username).exists():
            raise DispatchError("exists", field="username")
        return people.put_person(
            actor=self.viewer, username=username, home=home, password=data["new_password"] or None, **given
        )


@admin.register(Person, site=site)
class PersonAdmin(HouseAdmin):
    """People of the subtree. Nobody is deleted: switch him off."""

    form = PersonForm
    below = "home__area__"
    list_display = ("username", "name", "name_en", "home", "sworn", "is_active", "roles_now")
    list_filter = ("is_active", "sworn", "home")
    search_fields = ("username", "name", "name_en")
    fieldsets = (
        (None, {"fields": ("username", "new_password", "is_active")}),
        (_("Person"), {"fields": ("name", "name_en", "police_number", "sworn", "email", "language", "home")}),
        (_("Duty phone"), {"fields": ("duty_phone_set", "new_duty_phone", "forget_duty_phone")}),
        (_("Roles"), {"fields": ("roles_now",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the login name of an existing person."""
        return ("roles_now", "duty_phone_set", "username") if obj else ("roles_now", "duty_phone_set")

    @admin.display(description=_("Duty phone"))
    def duty_phone_set(self, person: Person) -> str:
        """Return whether there is one, never which."""
        return gettext("set") if person.duty_phone else gettext("not set")

    @admin.display(description=_("Roles"))
    def roles_now(self, person: Person) -> SafeString | str:
        """Return the roles held now."""
        if person.pk is None:
            return "–"
        rows = person.assignments.exclude(valid_until__lte=clock.now()).select_related("centre__area")
        lines = ((gettext(row.get_role_display()), row.centre.area.code) for row in rows)
        return format_html_join(", ", "{} @ {}", lines) or "–"


class AssignmentForm(ActionForm):
    """A role at a centre. Once given it can only be ended."""

    end_now = forms.BooleanField(label=_("End this role now"), required=False)

    class Meta:
        model = Assignment
        fields = ("person", "role", "centre", "valid_until")

    def act(self, row: Assignment | None, data: dict[str, Any]) -> Assignment:
        """Give the role, or end it."""
        if row is None:
            return people.grant_role(
                actor=self.viewer, person_uid=data["person"].uid, role=data["role"], centre_uid=data["centre"].uid,
                until=data["valid_until"],
            )  # fmt: skip
        return people.end_role(actor=self.viewer, assignment_uid=row.uid) if data.get("end_now") else row


@admin.register(Assignment, site=site)
class AssignmentAdmin(HouseAdmin):
    """Who holds which role where."""

    form = AssignmentForm
    below = "centre__area__"
    list_display = ("person", "role_name", "centre", "valid_from", "valid_until", "granted_by")
    list_filter = ("role", "centre")
    search_fields = ("person__username", "person__name")

    @admin.display(description=_("Role"), ordering="role")
    def role_name(self, row: Assignment) -> str:
        """Return the role in the page's language."""
        return gettext(row.get_role_display())

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return the fields of giving, or of ending."""
        facts = ("person", "role", "centre")
        return (*facts, "valid_from", "valid_until", "granted_by", "end_now") if obj else (*facts, "valid_until")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep everything of a given role."""
        return ("person", "role", "centre", "valid_from", "valid_until", "granted_by") if obj else ()

    def subjects_of(self, obj: Any) -> list[str]:
        """Return the person's subject: roles are filed under it."""
        return [f"person:{obj.person.uid}"]
