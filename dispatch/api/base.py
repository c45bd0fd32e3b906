"""What every endpoint is: a verb of dispatch.access, parse → action or query → card. A decision is made once per key.

    class TakeIncident(Decision):
        \"\"\"Become the owner.\"\"\"
        verb, shows = "incident.take", IncidentCard
        def decide(self, viewer, body, uid): return incidents.take_incident(actor=viewer, uid=uid)

An endpoint without a verb gets no URL; one with a decision cannot forget its key.
"""

import time
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import msgspec
from django.db.utils import OperationalError
from django.http import HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from dispatch import access
from dispatch.access import Viewer
from dispatch.actions.decisions import decide_once
from dispatch.api import sealing
from dispatch.api.bodies import Body, Empty, find_key, find_version, read_body
from dispatch.api.schema import CardSchema
from dispatch.errors import DispatchError
from dispatch.models import Person

T = TypeVar("T")
SIGNED_IN, ANY_ROLE = "signed_in", "any_role"
TRY_AGAIN = {"40P01", "40001"}  # deadlock, serialisation: PostgreSQL rolled one of two back, it may go again
TRIES = 4


class AlwaysJson(BaseContentNegotiation):
    """There is one format; what a client says it accepts does not matter."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """Return the only parser."""
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """Return the only renderer."""
        return renderers[0], renderers[0].media_type


class DecisionRate(UserRateThrottle):
    """A person decides at most this often; far above what hands can do."""

    scope = "decisions"
    rate = "900/min"


class Endpoint(APIView):
    """Base of all. `verb`: what of dispatch.access.MAY it asks (several: any of them), SIGNED_IN or ANY_ROLE."""

    verb: ClassVar[str | tuple[str, ...]] = ""
    shows: ClassVar[Any] = None
    query: ClassVar[dict[str, str]] = {}
    content_negotiation_class = AlwaysJson
    schema: Any = CardSchema()
    viewer: Viewer

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Return the view for a URL; one that asks no right gets none."""
        verbs = {verb for method in cls.methods() for verb in cls.verbs_of(method)}
        unknown = verbs - set(access.MAY) - {SIGNED_IN, ANY_ROLE}
        if unknown or not verbs:
            raise TypeError(f"{cls.__name__} names no verb of dispatch.access: {sorted(unknown)}")
        return super().as_view(**initkwargs)

    @classmethod
    def methods(cls) -> list[str]:
        """Return the HTTP methods this endpoint answers."""
        return [name.upper() for name in ("get", "post", "patch") if hasattr(cls, name)]

    @classmethod
    def verbs_of(cls, method: str) -> tuple[str, ...]:
        """Return the verbs one of which the viewer must hold for `method`."""
        said = getattr(cls, "edit_verb", cls.verb) if method == "PATCH" else cls.verb
        return (said,) if isinstance(said, str) else said

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Know who asks, and whether he may ask this at all, before anything is read."""
        super().initial(request, *args, **kwargs)
        self.viewer = access.viewer_for(request.user) if isinstance(request.user, Person) else Viewer()
        if str(request.method) in {*self.methods(), "HEAD"}:
            self._check(self.verbs_of("GET" if request.method == "HEAD" else str(request.method)))

    def _check(self, verbs: tuple[str, ...]) -> None:
        if SIGNED_IN in verbs or (ANY_ROLE in verbs and self.viewer.held):
            return
        if not any(access.can(self.viewer, verb) for verb in verbs):
            roles = sorted({role for verb in verbs for role in access.MAY.get(verb, ())})
            raise DispatchError("forbidden", verb=verbs[0], roles=roles)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Refuse: the schema says what there is."""
        return self.http_method_not_allowed(request, *args, **kwargs)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep every answer out of caches unless the view said otherwise."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class Reading(Endpoint):
    """A GET: `read` returns a card (or any msgspec value) as this viewer may have it."""

    def get(self, request: Request, **path: Any) -> HttpResponse:
        """Answer with what `read` returns; the version is the ETag where there is one."""
        card = self.read(self.viewer, **path)
        answer = HttpResponse(msgspec.json.encode(card), content_type="application/json")
        version = self.version_of(card)
        if version is not None:
            answer["ETag"] = f'"{version}"'
        return answer

    def read(self, viewer: Viewer, **path: Any) -> Any:
        """Return what is asked for. Raises DispatchError."""
        raise NotImplementedError

    def version_of(self, card: Any) -> int | None:
        """Return the version that an edit must name."""
        return getattr(card, "version", None)


class Decided(Endpoint):
    """What POST and PATCH share: the key, the body, once."""

    body: ClassVar[type[Body]] = Empty
    status: ClassVar[int] = 200
    sealed: ClassVar[bool] = False

    def get_throttles(self) -> list[Any]:
        """Only decisions are counted."""
        return [DecisionRate()] if self.request.method != "GET" else []

    def once(
        self, request: Request, body: Body, path: dict[str, Any], run: Callable[[], Any], **more: Any
    ) -> HttpResponse:
        """Run under the request's key, or give the stored answer again."""
        verb = f"{self.verbs_of(str(request.method))[0]}:{type(self).__name__}"
        asked = [{name: str(value) for name, value in path.items()}, msgspec.to_builtins(body), more]

        def answered() -> tuple[int, Any]:
            status, answer = self.answer_of(run())
            return status, sealing.seal(answer) if self.sealed else answer

        key = find_key(request)
        status, answer, again = again_if_rolled_back(
            lambda: decide_once(actor=self.viewer, key=key, verb=verb, body=asked, run=answered)
        )
        return self._respond(status, sealing.unseal(answer) if self.sealed else answer, again)

    def _respond(self, status: int, answer: Any, again: bool) -> HttpResponse:
        response = HttpResponse(msgspec.json.encode(answer), status=status, content_type="application/json")
        if again:
            response["Idempotent-Replay"] = "true"
        if isinstance(answer, dict) and isinstance(answer.get("version"), int):
            response["ETag"] = f'"{answer["version"]}"'
        return response

    def answer_of(self, made: Any) -> tuple[int, Any]:
        """Return (status, JSON) of what was decided."""
        return self.status, msgspec.to_builtins(made)


class Decision(Decided):
    """A POST that changes something."""

    def post(self, request: Request, **path: Any) -> HttpResponse:
        """Decide once."""
        find_key(request)
        body = read_body(request, self.body)
        return self.once(request, body, path, lambda: self.decide(self.viewer, body, **path))

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Call the action; return the card as the viewer may have it. Raises DispatchError."""
        raise NotImplementedError


class Edit(Decided):
    """A PATCH: names the version it changes (If-Match) and the fields it gives."""

    edit_verb: ClassVar[str] = ""
    edit_body: ClassVar[type[Body]] = Empty
    edit_shows: ClassVar[Any] = None

    def patch(self, request: Request, **path: Any) -> HttpResponse:
        """Change once, only the version the client has seen."""
        find_key(request)
        version = find_version(request)
        if version is None:
            raise DispatchError("version_missing", header="If-Match")
        body = read_body(request, self.edit_body)
        return self.once(request, body, path, lambda: self.edit(self.viewer, body, version, **path), version=version)

    def edit(self, viewer: Viewer, body: Any, version: int, **path: Any) -> Any:
        """Call the action; return the card as the viewer may have it. Raises DispatchError."""
        raise NotImplementedError


def again_if_rolled_back(work: Callable[[], T]) -> T:
    """Run a transaction, once more when PostgreSQL rolled it back for another's sake."""
    for tried in range(1, TRIES + 1):
        try:
            return work()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in TRY_AGAIN or tried == TRIES:
                raise
            time.sleep(0.01 * tried)
    raise AssertionError("unreachable")
