"""Every page we render: the policy header, nothing of another host, no script in the page, both languages, words."""

import ast
import gettext
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import SuspiciousOperation
from django.template.loader import render_to_string
from django.test import Client
from django.urls import path
from django.views.defaults import bad_request, server_error

import frontend

ROOM = Path(frontend.__file__).parent
OPEN = ("/accounts/login/", "/accounts/login/?ended=1", "/officer.webmanifest")
SIGNED_IN = (
    "/", "/desk", "/officer", "/account/", "/accounts/logout/", "/accounts/password/change/", "/accounts/2fa/",
    "/accounts/2fa/totp/activate/", "/accounts/reauthenticate/", "/nowhere", "/auditor", "/replay",
)  # fmt: skip
ADDRESSES = {"src", "href", "action", "poster", "data", "srcset", "formaction"}


class Page(HTMLParser):
    """Collects what a page loads or leads to, and scripts and handlers that stand in it."""

    def __init__(self, text):
        super().__init__()
        self.addresses, self.inline, self._script = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        self.addresses += [value for name, value in attrs if name in ADDRESSES and value]
        self.inline += [name for name in facts if name.startswith("on") or name == "style"]
        self._script = tag == "script" and "src" not in facts and facts.get("type") != "application/json"

    def handle_data(self, data):
        if self._script and data.strip():
            self.inline.append(data.strip()[:40])

    def handle_endtag(self, tag):
        self._script = False


def check(answer):
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "http" not in policy
    assert not answer["Content-Type"].startswith("text/html") or answer.content.startswith(b"<!doctype html>")
    page = Page(answer.content.decode())
    foreign = [at for at in page.addresses if urlsplit(at).netloc or urlsplit(at).scheme not in {"", "data"}]
    assert foreign == []
    assert [at for at in page.addresses if at.startswith("data:") and not at.startswith("data:image/")] == []
    assert page.inline == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("address", OPEN)
def test_open_pages_are_clean(client, people, address, language):
    check(client.get(address, headers={"accept-language": language}))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("address", SIGNED_IN)
def test_signed_in_pages_are_clean(client, people, built, address, language):
    client.force_login(people["two"])
    client.post("/accounts/reauthenticate/", {"password": "a-long-enough-test-word"})
    answer = client.get(address, headers={"accept-language": language})
    check(answer)
    assert answer.status_code in {200, 302, 403, 404}
    if answer.status_code != 302:
        assert f'<html lang="{ {"zh-hans": "zh-Hans", "en": "en"}[language] }"' in answer.content.decode()


def test_language_switch_holds_and_goes_back_to_the_page(client, people):
    answer = client.post("/language", {"language": "en", "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert "Sign in" in client.get("/accounts/login/").content.decode()
    client.post("/language", {"language": "zh-hans", "next": "/accounts/login/"})
    assert "登录" in client.get("/accounts/login/").content.decode()


def test_theme_switch_holds_and_stays_on_this_host(client, people):
    answer = client.post("/theme", {"theme": "day", "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    assert 'data-theme="day"' in client.get("/accounts/login/").content.decode()
    client.post("/theme", {"theme": "<script>"})
    assert 'data-theme="day"' in client.get("/accounts/login/").content.decode()


def test_forgery_is_refused_in_words(people):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/theme", {"theme": "day"}, headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert "open too long" in answer.content.decode()


def test_errors_have_words_also_without_a_request(rf, people):
    assert "server made a mistake" in server_error(rf.get("/")).content.decode().replace(
        "服务器出错", "server made a mistake"
    )
    assert bad_request(rf.get("/"), SuspiciousOperation("x")).status_code == 400
    assert "<h1>" in render_to_string("500.html")


def test_every_page_but_the_open_ones_asks_for_a_login(client, people):
    from frontend.urls import OPEN as NAMES
    from frontend.urls import urlpatterns

    plain = [one for one in urlpatterns if type(one) is type(path("x", lambda request: None)) and one.name not in NAMES]
    assert len(plain) >= 7
    for one in plain:
        assert client.get("/" + str(one.pattern))["Location"].startswith("/accounts/login/")


def _strings():
    """Return every sentence our pages ask gettext for; the administrator's pages have words of their own (dispatch)."""
    found = set()
    ours = [file for file in (ROOM / "templates").rglob("*.html") if "admin" not in file.parts]
    for file in ours:
        text = file.read_text(encoding="utf-8")
        found |= set(re.findall(r'{%\s*translate\s+"([^"]+)"', text))
        for block in re.findall(r"{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate", text, re.S):
            found.add(re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", block))
    for file in ROOM.glob("*.py"):
        found |= set(re.findall(r'\b_\("([^"]+)"\)', file.read_text(encoding="utf-8")))
    return found


def test_chinese_is_complete_and_the_compiled_words_are_the_written_ones():
    folder = ROOM / "locale" / "zh_Hans" / "LC_MESSAGES"
    with (folder / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    pairs = re.findall(r'^msgid (".+")\nmsgstr (".*")$', (folder / "django.po").read_text(encoding="utf-8"), re.M)
    written = {ast.literal_eval(key): ast.literal_eval(words) for key, words in pairs}
    assert _strings() == set(written)
    assert {key: compiled.gettext(key) for key in written} == written
    assert all(written.values())
