"""The OpenAPI description, made of the very shapes that are sent: cards and bodies are msgspec, so is their schema."""

import re
from typing import Any

import msgspec
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from dispatch.errors import CODES

REFERENCE = "#/components/schemas/{name}"
ALWAYS = (401, 403, 404, 405)
ON_DECISION = (400, 409, 413, 422, 429)
KEY = {
    "name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string", "format": "uuid"},
    "description": "Same key and body: same answer, marked Idempotent-Replay. Kept 7 days.",
}  # fmt: skip
VERSION = {
    "name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"},
    "description": 'The version being changed, as in the ETag: "3".',
}  # fmt: skip


class ErrorDetail(msgspec.Struct):
    """A stable code, facts for the screens' own words, and the field at fault, if one is."""

    code: str
    facts: dict[str, Any]
    field: str | None


class ErrorAnswer(msgspec.Struct):
    """The one error shape."""

    error: ErrorDetail


class SessionScheme(OpenApiAuthenticationExtension):
    """How one is known: the session cookie of the pages."""

    target_class = "dispatch.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the cookie's description."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


class CardSchema(AutoSchema):
    """Describes an Endpoint by its class attributes: body, shows, status, query, verb."""

    view: Any

    def get_operation_id(self) -> str:
        """Return the class's name in snake case, with the method before it when the class answers several."""
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(self.view).__name__).lower()
        return f"{self.method.lower()}_{name}" if len(self.view.methods()) > 1 else name

    def get_request_serializer(self) -> Any:
        """Return nothing: there are no serializers here, only shapes."""

    def get_response_serializers(self) -> Any:
        """Return nothing: there are no serializers here, only shapes."""

    def get_tags(self) -> list[str]:
        """Return the first word of the path."""
        return [self.path.removeprefix("/api/v1").strip("/").split("/")[0]]

    def get_description(self) -> str:  # type: ignore[override]
        """Return the class's own words and the right it asks."""
        verbs = " or ".join(f"`{verb}`" for verb in self.view.verbs_of(self.method))
        return f"{type(self.view).__doc__ or ''}\n\nRight: {verbs}."

    def _get_parameters(self) -> list[Any]:
        query = [
            {"name": name, "in": "query", "required": False, "schema": {"type": kind}}
            for name, kind in self.view.query.items()
        ]
        decides = self.method in {"POST", "PATCH"} and not hasattr(self.view, "sends")
        return [
            *super()._get_parameters(),
            *query,
            *([KEY] if decides else []),
            *([VERSION] if self.method == "PATCH" else []),
        ]

    def _get_request_body(self, direction: str = "request") -> dict[str, Any] | None:
        if self.method not in {"POST", "PATCH"}:
            return None
        if sent := getattr(self.view, "sends", None):
            return {"required": True, "content": {sent: {"schema": {"type": "string", "format": "binary"}}}}
        shape = self.view.edit_body if self.method == "PATCH" else self.view.body
        return {"required": True, "content": {"application/json": {"schema": self._shape(shape)}}}

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        status = getattr(self.view, "status", 200) if self.method == "POST" else 200
        good: dict[str, Any] = {"description": "Done."}
        if media := getattr(self.view, "media", None):
            good["content"] = {media: {"schema": {"type": "string", "format": "binary"}}}
        elif (shows := self._shows()) is not None:
            good["content"] = {"application/json": {"schema": self._shape(shows)}}
        if headers := self._headers():
            good["headers"] = headers
        error = {"application/json": {"schema": self._shape(ErrorAnswer)}}
        return {str(status): good} | {
            str(code): {"description": _codes(code), "content": error} for code in self._error_statuses()
        }

    def _error_statuses(self) -> list[int]:
        more = ON_DECISION if self.method in {"POST", "PATCH"} else (400,)
        own = getattr(self.view, "fails", ())
        return sorted({*ALWAYS, *more, *own, *((412, 428) if self.method == "PATCH" else ())})

    def _shows(self) -> Any:
        return self.view.edit_shows if self.method == "PATCH" else self.view.shows

    def _headers(self) -> dict[str, Any]:
        if self.method in {"POST", "PATCH"}:
            return {
                "Idempotent-Replay": {"schema": {"type": "string", "enum": ["true"]}, "description": "Given before."}
            }
        return {}

    def _shape(self, shape: Any) -> dict[str, Any]:
        (schema,), components = msgspec.json.schema_components([shape], ref_template=REFERENCE)
        for name, component in components.items():
            if component.get("required") == []:
                del component["required"]
            self.registry.register_on_missing(
                ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, schema=component, object=name)
            )
        return schema


def _codes(status: int) -> str:
    return ", ".join(sorted(code for code, (number, _) in CODES.items() if number == status)) or "refused"
