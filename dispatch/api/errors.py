"""Every way a request can fail, in the one error shape: {"error": {"code", "facts", "field"}}. No stack traces, no prose."""

import logging
import re
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db.utils import OperationalError
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from psycopg_pool import PoolTimeout
from rest_framework import exceptions
from rest_framework.response import Response

from dispatch.errors import DispatchError
from geo.errors import GeoError

log = logging.getLogger(__name__)


def answer(failure: Exception, context: dict[str, Any]) -> Response:
    """Return the answer to whatever a view raised (DRF's exception handler)."""
    refusal = as_refusal(failure)
    if refusal is None:
        log.exception("unexpected failure in %s", type(context.get("view")).__name__, exc_info=failure)
        refusal = DispatchError("server_failed")
    headers = {}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Session"
    if refusal.code == "too_fast":
        headers["Retry-After"] = str(refusal.facts.get("wait_s", 1))
    if isinstance(failure, exceptions.MethodNotAllowed):
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    return Response(refusal.as_json(), status=refusal.status, headers=headers)


def as_refusal(failure: Exception) -> DispatchError | None:
    """Return a failure as one of our codes; None when it is a mistake of ours."""
    match failure:
        case DispatchError():
            return failure
        case GeoError():
            return DispatchError("bad_input", field=failure.field, why=failure.code, **failure.facts)
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return DispatchError("not_signed_in")
        case exceptions.PermissionDenied() | PermissionDenied():
            return DispatchError("forbidden", why=_why(failure))
        case exceptions.NotFound() | Http404():
            return DispatchError("not_found")
        case exceptions.MethodNotAllowed():
            return DispatchError("method_not_allowed")
        case exceptions.Throttled():
            return DispatchError("too_fast", wait_s=round(getattr(failure, "wait", None) or 1))
        case OperationalError() if isinstance(failure.__cause__, PoolTimeout):
            return DispatchError("unavailable")
        case RequestDataTooBig():
            return DispatchError("too_big")
        case (
            BadRequest()
            | SuspiciousOperation()
            | UnreadablePostError()
            | MultiPartParserError()
            | exceptions.ParseError()
        ):
            return DispatchError("bad_input", why="unreadable")
    return None


def _why(failure: Exception) -> str:
    return "csrf" if re.search("CSRF", str(failure)) else "rights"


def not_found(request: HttpRequest, **_: Any) -> JsonResponse:
    """Answer for an address under the API root that leads nowhere."""
    return JsonResponse(DispatchError("not_found").as_json(), status=404, headers={"Cache-Control": "no-store"})
