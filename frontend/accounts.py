"""Signing in: an administrator makes the accounts; the client's address is the word of our proxy."""

from ipaddress import ip_address
from typing import Any

from allauth.account import views as account_views
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

CHATTER = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")
NO_ADDRESS = "127.0.0.1"


class ClosedAdapter(DefaultAccountAdapter):
    """No sign-up; back to the account page after a change; the person's own language from the first page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: an administrator makes accounts."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's address (see `client_ip`)."""
        return client_ip(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return the account page."""
        return reverse("account")

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Keep messages that say what changed; drop the ones the page itself shows (signed in, signed out)."""
        if message_template not in CHATTER:
            super().add_message(request, level, message_template, *args, **kwargs)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Sign in, then speak the person's language unless this browser has chosen one."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        wanted = {"zh": "zh-hans", "en": "en"}.get(user.language)
        if wanted and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            set_lasting_cookie(response, settings.LANGUAGE_COOKIE_NAME, wanted)
        return response


def log_out(request: HttpRequest) -> HttpResponse:
    """End the session. The token that each sign-in makes anew goes too: a phone knows its kept order by it."""
    response: HttpResponse = account_views.logout(request)
    if request.method == "POST":
        response.delete_cookie(settings.CSRF_COOKIE_NAME)
    return response


def client_ip(request: HttpRequest, *_: Any) -> str:
    """Return the client's address: the last hop of X-Forwarded-For when our proxy speaks (unix socket or loopback)."""
    direct = request.META.get("REMOTE_ADDR") or ""
    through_proxy = not direct or direct in {"127.0.0.1", "::1"}
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip() if through_proxy else ""
    for candidate in (forwarded, direct):
        try:
            return str(ip_address(candidate))
        except ValueError:
            continue
    return NO_ADDRESS


def tried_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the account name somebody tries, in small letters: writing it otherwise walks round no lock."""
    tried = (credentials or {}).get("username") or request.POST.get("login") or ""
    return str(tried).strip().casefold()


def locked_out(request: HttpRequest, *_: Any) -> HttpResponse:
    """Return the page that says why signing in is closed for a while, and when it opens again."""
    minutes = round(float(settings.AXES_COOLOFF_TIME) * 60)
    facts = {"minutes": minutes, "limit": settings.AXES_FAILURE_LIMIT}
    return render(request, "frontend/locked_out.html", facts, status=429)


def set_lasting_cookie(response: HttpResponse, name: str, value: str) -> None:
    """Keep a choice (language, theme) in this browser for a year. Scripts may read it: it is no secret."""
    response.set_cookie(name, value, max_age=365 * 86400, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
