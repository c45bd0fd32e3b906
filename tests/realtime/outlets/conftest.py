"""Fixtures of the outlets' tests: the cast, a push service, an SMS gateway, a phone that is registered; sending one by one."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore

from dispatch.actions import base, people, push, reach, reach_house
from realtime.outlets.letters import Letters
from tests.browser_keys import Browser
from tests.cast import OUTLETS, SETUP, Cast, built, cast  # noqa: F401
from tests.realtime.outlets.servers import Foreign, make_certificate, serving


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls") / "server.pem")


@pytest.fixture
def service(certificate: Path, settings: Any) -> Iterator[Foreign]:
    """A push service that is listed and whose address is allowed."""
    with serving(Foreign(), certificate) as foreign:
        settings.OUTLET_CA_FILE = str(certificate)
        settings.PUSH_HOSTS = [f"localhost:{foreign.port}"]
        settings.PUSH_NETWORKS = [f"127.0.0.1:{foreign.port}", f"[::1]:{foreign.port}"]
        yield foreign


@pytest.fixture
def gateway(cast: Cast, settings: Any) -> Iterator[Foreign]:  # noqa: F811
    """An SMS gateway of S1; the officer has a duty phone."""
    with serving(Foreign(status=200, words=b'{"result": "OK"}')) as foreign:
        settings.SMS_NETWORKS = [f"127.0.0.1:{foreign.port}"]
        put_gateway(cast, foreign.port)
        give_phone(cast)
        yield foreign


def put_gateway(cast: Cast, port: int, **more: Any) -> None:  # noqa: F811
    """Set S1's gateway."""
    given: dict[str, Any] = {
        "method": "POST", "body_form": "json", "success_text": '"OK"', "per_minute": 60, "active": True,
        "url": f"http://127.0.0.1:{port}/send?to={{phone}}", "headers": "X-Key: s3cret-word",
        "body": '{"to": "{phone}", "text": "{text}", "id": "{id}"}',
    }  # fmt: skip
    reach_house.put_sms_gateway(actor=SETUP, centre=cast.centres["S1"], **{**given, **more})


def give_phone(cast: Cast, name: str = "officer", number: str = "+56 9 1234-5678") -> None:  # noqa: F811
    """Give somebody a duty phone."""
    people.put_person(actor=SETUP, username=name, home=cast.uid("S1"), duty_phone=number)


def register(cast: Cast, endpoint: str, name: str = "officer") -> Browser:  # noqa: F811
    """Register a browser of somebody who is signed in."""
    browser, session = Browser(), SessionStore()
    session["of"] = name
    session.save()
    push.add_subscription(
        actor=cast.viewer(name), endpoint=endpoint, p256dh=browser.p256dh, auth=browser.auth,
        session_key=session.session_key or "",
    )  # fmt: skip
    return browser


@pytest.fixture
def phone(cast: Cast, service: Foreign) -> Browser:  # noqa: F811
    """The officer's phone, registered."""
    return register(cast, f"https://localhost:{service.port}/wpush/one")


@pytest.fixture
def letters() -> Letters:
    return Letters()


def send_one(letters: Letters) -> bool:
    """Claim and send what is due next, here and now; return whether there was anything."""
    letter = reach.take_reach(actor=OUTLETS)
    if letter and letter.attempt:
        letters.deliver(letter)
    return letter is not None


def later(letters: Letters, seconds: float) -> int:
    """Send all that is due so much later; return how many letters were looked at."""
    with base.at_time(base.now() + timedelta(seconds=seconds)):
        return sum(1 for _ in iter(lambda: send_one(letters), False))
