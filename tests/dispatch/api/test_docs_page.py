"""The page of the description: our own files only, nothing inline that the policy would stop."""

import re

from django.contrib.staticfiles import finders

from tests.dispatch.town import Town


def test_page_keeps_the_policy(town: Town) -> None:
    answer = town.page("desk").get("/api/v1/docs/")
    words = answer.content.decode()
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", words))
    for source in re.findall(r'(?:src|href)="([^"]+)"', words):
        assert source.startswith("/")
        if source.startswith("/static/"):
            assert finders.find(source.removeprefix("/static/"))
    script = town.page("desk").get("/api/v1/docs/?script=")
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert "/api/v1/schema" in script.content.decode()


def test_description_is_for_signed_in_people(town: Town) -> None:
    answer = town.page("desk").read("schema")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
