"""Our own pages. Every face checks the role through dispatch.access; whoever has none is told so in words (403)."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from dispatch.access import viewer_for
from frontend.accounts import set_lasting_cookie
from frontend.boot import get_boot
from frontend.built import find_built
from frontend.choices import THEME_COOKIE, THEMES
from frontend.faces import FACES, Face, find_faces

NO_ROLE = "no_role"


@require_safe
@login_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Send the person to the face of his role; with several roles, let him choose."""
    faces = _faces_of(request)
    start = [face for face in faces if face.start]
    if len(start) == 1:
        return HttpResponseRedirect(start[0].path)
    return render(request, "frontend/choose.html", {"faces": faces})


def face_page(key: str) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view that serves the face `key` to those whose role opens it, and to nobody else."""
    face = next(face for face in FACES if face.key == key)

    @require_safe
    @login_required
    @never_cache
    @ensure_csrf_cookie
    def view(request: HttpRequest) -> HttpResponse:
        viewer = viewer_for(request.user)  # type: ignore[arg-type]
        if not face.roles & viewer.roles:
            raise PermissionDenied(face.key if find_faces(viewer.roles) else NO_ROLE)
        files = find_built(key)
        if files is None:
            return render(request, "frontend/not_built.html", status=503)
        return render(request, "frontend/face.html", {"face": face, "files": files, "boot": get_boot(request, viewer)})

    return view


@require_safe
@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Language, theme, password and second factor of the person himself; open to every account."""
    faces = find_faces(viewer_for(request.user).roles)  # type: ignore[arg-type]
    return render(request, "frontend/account.html", {"faces": faces})


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme for this browser and go back to the page."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = reverse("home")
    response = HttpResponseRedirect(target)
    if request.POST.get("theme") in THEMES:
        set_lasting_cookie(response, THEME_COOKIE, request.POST["theme"])
    return response


def _faces_of(request: HttpRequest) -> list[Face]:
    faces = find_faces(viewer_for(request.user).roles)  # type: ignore[arg-type]
    if not faces:
        raise PermissionDenied(NO_ROLE)
    return faces
