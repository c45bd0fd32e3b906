"""Every endpoint with its method, address and the verbs it asks: for the test that walks them with every cast member."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern

from dispatch.api.base import Endpoint
from dispatch.api.urls import API, MEDIA


@dataclass(frozen=True)
class Route:
    """One method of one address. `path` is Django's pattern, `verbs` what it asks (any of them)."""

    name: str
    method: str
    path: str
    verbs: tuple[str, ...]
    view: type[Endpoint]


def _routes(prefix: str, patterns: list[URLPattern]) -> Iterator[Route]:
    for pattern in patterns:
        view = getattr(pattern.callback, "view_class", None)
        if view is None or not issubclass(view, Endpoint):
            raise TypeError(f"{pattern.pattern} is no Endpoint: it would ask no right")
        for method in view.methods():
            yield Route(view.__name__, method, f"{prefix}{pattern.pattern}", view.verbs_of(method), view)


ROUTES: list[Route] = [*_routes("/api/v1/", API), *_routes("/media/", MEDIA)]
