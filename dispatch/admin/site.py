"""The one admin site. Who may enter is asked of dispatch.access: the role of administrator; superuser means nothing."""

import functools
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dispatch import access
from dispatch.access import Viewer
from dispatch.models import Person
from dispatch.queries.ground import has_map

ADMINISTRATOR = {"administrator"}


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the viewer of this request, found once."""
    found: Viewer | None = getattr(request, "_viewer", None)
    if found is None:
        found = access.viewer_for(request.user) if isinstance(request.user, Person) else Viewer()
        request._viewer = found  # type: ignore[attr-defined]
    return found


def tops_of(request: HttpRequest) -> list[int]:
    """Return the ids of the areas that this administrator administers, with everything below them."""
    return sorted(viewer_of(request).areas_of(ADMINISTRATOR))


class House(AdminSite):
    """Signing in, out and passwords go the way of everybody else's pages."""

    site_header = "Nearcast"
    site_title = "Nearcast"
    index_title = _("The house")
    site_url = "/"
    index_template = "house/index.html"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the person holds the role of administrator anywhere."""
        return access.can(viewer_of(request), "house.administer")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Tell whoever is signed in without the role that this is not his, instead of asking him to sign in again."""
        inner = super().admin_view(view, cacheable)

        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied("admin")
            answer: HttpResponse = inner(request, *args, **kwargs)
            return answer

        return guarded

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show what there is to administer, and say so while there is nothing that a map could be drawn of."""
        return super().index(request, {**(extra_context or {}), "no_map": not has_map()})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send strangers to the login; tell whoever is signed in that this is not his."""
        if request.user.is_authenticated:
            raise PermissionDenied("admin")
        return redirect_to_login(request.get_full_path())

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Sign out where everybody does."""
        return HttpResponseRedirect(reverse("account_logout"))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Change the password where everybody does."""
        return HttpResponseRedirect(reverse("account_change_password"))


site = House(name="admin")
