"""The API under generated requests, well-formed and broken, against its own description: never a 5xx, never another shape.

Short here; NEARCAST_FUZZ_EXAMPLES sets how many per operation in the campaign.
"""

import json
import os
import random
from typing import Any

import msgspec
import pytest
import schemathesis
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode

from dispatch.api.base import DecisionRate
from dispatch.api.schema import ErrorAnswer
from dispatch.verifier import verify
from tests.dispatch.town import Page, Town, new_uid

EXAMPLES = int(os.environ.get("NEARCAST_FUZZ_EXAMPLES", "6"))
CAST = ("desk", "officer", "chief", "auditor")
QUIET = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The description as JSON."""
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True)))


def test_description_is_valid_and_complete(described: dict[str, Any]) -> None:
    from dispatch.api.registry import ROUTES

    validate_schema(described)
    operations = {(method.upper(), path) for path, item in described["paths"].items() for method in item}
    undescribed = {"Schema", "Docs"}
    for route in ROUTES:
        path = (
            route.path.replace("<uuid:", "{")
            .replace("<str:", "{")
            .replace("<int:", "{")
            .replace("<slug:", "{")
            .replace(">", "}")
        )
        assert (route.method, path) in operations or route.name in undescribed, route
    text = json.dumps(described)
    for secret in ("snapshot_url", "credentials", "police_number", "password"):
        assert secret not in text


def real_things(town: Town) -> dict[str, list[str]]:
    """Return uids that exist, by the word that names them in paths and bodies."""
    incident = town.open_incident()["uid"]
    call = town.page("desk").decide("calls", {"uid": new_uid()}).body["uid"]
    order = town.send_order(incident).body["uid"]
    return {
        "incidents": [incident], "incident": [incident], "calls": [call], "call": [call], "orders": [order],
        "parent": [order], "units": [town.uid("P-12"), town.uid("P-07")], "unit": [town.uid("P-31")],
        "centre": [town.uid("S1")], "to_centre": [town.uid("S2")], "post": [town.uid("K-1")], "kind": ["lost", "unit"],
        "crew": [town.uid("partner")], "point": [[-71.26, -29.9]], "reason": ["other"], "disposition": ["handled"],
        "verb": ["arrive"], "stage": ["final"],
    }  # fmt: skip


def made_real(value: Any, real: dict[str, list[Any]], dice: random.Random) -> Any:
    """Return a generated body in which half of the names point at things that exist."""
    if isinstance(value, dict):
        return {
            key: dice.choice(real[key]) if key in real and dice.random() < 0.6 else made_real(inner, real, dice)
            for key, inner in value.items()
        }
    return value


def send(page: Page, case: Any, real: dict[str, list[Any]], dice: random.Random) -> Any:
    """Send a generated case as the page would."""
    path = case.formatted_path
    noun = path.split("/")[3] if path.count("/") > 3 else ""
    if noun in real and dice.random() < 0.7:
        path = "/".join([*path.split("/")[:4], dice.choice(real[noun]), *path.split("/")[5:]])
    headers = {str(name): str(value) for name, value in (case.headers or {}).items()}
    headers = {
        name: value for name, value in headers.items() if value.isprintable() and value.isascii() and name != "Host"
    }
    headers["X-CSRFToken"] = "c" * 32
    body: Any = b""
    if case.method in {"POST", "PATCH"}:
        raw = case.body if isinstance(case.body, bytes) else None
        body = raw if raw is not None else json.dumps(made_real(_plain(case.body), real, dice))
    return page.generic(
        case.method, path, body, content_type="application/json", headers=headers, query_params=dict(case.query or {})
    )


def _in_shape(content: bytes) -> bool:
    try:
        msgspec.json.decode(content, type=ErrorAnswer)
    except msgspec.DecodeError:
        return False
    return True


def _plain(body: Any) -> Any:
    try:
        json.dumps(body)
    except (TypeError, ValueError):
        return {}
    return body


@pytest.mark.timeout(900)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_request_breaks_the_server(
    town: Town, described: dict[str, Any], mode: GenerationMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DecisionRate, "rate", "1000000/min")
    monkeypatch.setattr(Client, "raise_request_exception", False, raising=False)
    real, dice = real_things(town), random.Random(7)
    pages = [town.page(name) for name in CAST]
    broken: list[str] = []
    seen: set[int] = set()

    for found in schemathesis.openapi.from_dict(described).get_all_operations():
        operation = found.ok()
        try:
            strategy = operation.as_strategy(generation_mode=mode)
            strategy.validate()
        except Exception:
            continue

        @QUIET
        @given(case=strategy)
        def ask(case: Any) -> None:
            page = dice.choice(pages)
            page.raise_request_exception = False
            answer = send(page, case, real, dice)
            seen.add(answer.status_code)
            if answer.status_code >= 500 and answer.status_code != 502:
                broken.append(f"{case.method} {case.formatted_path} {case.body!r} → {answer.status_code}")
            elif answer.status_code >= 400 and not _in_shape(answer.content):
                broken.append(
                    f"{case.method} {case.formatted_path!r} {dict(case.headers or {})} → no error shape: {answer.content[:300]!r}"
                )

        try:
            ask()
        except Exception as error:
            if type(error).__name__ != "Unsatisfiable":
                raise
    assert broken == []
    assert seen >= {400, 403, 404} if mode is GenerationMode.NEGATIVE else seen >= {200, 201, 403, 404}
    assert list(verify()) == []
