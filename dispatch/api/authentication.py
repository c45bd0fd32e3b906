"""Who asks: the session cookie of the pages, with CSRF enforced on everything that changes."""

from rest_framework import authentication
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    """DRF's session authentication that says 401 to strangers, so that a page knows to send them to the login."""

    def enforce_csrf(self, request: Request) -> None:
        """Check the token against Django's own request: DRF's would read the body, which is ours to judge."""
        super().enforce_csrf(request._request)  # type: ignore[arg-type]

    def authenticate_header(self, request: Request) -> str:
        """Return the WWW-Authenticate value; its presence makes the status 401."""
        return "Session"
