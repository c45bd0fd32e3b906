"""What is written into a face's page: enough for the first paint, and no secret."""

import json
import re

from django.conf import settings
from django.utils import timezone

from dispatch.models import Centre
from geo.models import ImportRun

BOOT = re.compile(r'<script id="boot" type="application/json">(.*?)</script>', re.S)


def boot_of(client, person, page, **headers):
    client.force_login(person)
    answer = client.get(page, headers=headers)
    return json.loads(BOOT.search(answer.content.decode()).group(1)), answer


def test_boot_has_what_the_screens_need(client, people, built):
    boot, answer = boot_of(client, people["dispatcher"], "/desk", **{"accept-language": "en"})
    assert set(boot) == {
        "csrf_header",
        "csrf_cookie",
        "language",
        "theme",
        "me",
        "ws",
        "api",
        "map",
        "timezone",
        "photo",
        "version",
        "clock",
    }
    assert (boot["csrf_header"], boot["language"], boot["theme"]) == ("X-CSRFTOKEN", "en", "dark")
    assert boot["timezone"] == "America/Santiago"
    assert boot["me"]["person"]["uid"] == str(people["dispatcher"].uid)
    assert [role for role, _ in boot["me"]["roles"]] == ["dispatcher"]
    assert set(boot["map"]) == {"bounds", "attribution", "made_up", "base", "pictures"}
    assert (boot["map"]["base"], boot["map"]["pictures"]) == (False, [])
    assert settings.CSRF_COOKIE_NAME in answer.cookies


def test_boot_says_what_is_made_up(client, people, built, settings):
    settings.DEMO = False
    assert boot_of(client, people["dispatcher"], "/desk")[0]["map"]["made_up"] == []
    ImportRun.objects.create(kind="cameras", file_name="c", made_up=True, started_at=timezone.now(), state="done")
    ImportRun.objects.create(kind="roads", file_name="r", made_up=False, started_at=timezone.now(), state="done")
    settings.DEMO = True
    assert boot_of(client, people["dispatcher"], "/desk")[0]["map"]["made_up"] == ["cameras", "units"]
    ImportRun.objects.create(kind="areas", file_name="", made_up=True, started_at=timezone.now(), state="done")
    listed = ImportRun.objects.create(kind="units", file_name="u", started_at=timezone.now(), state="done")
    assert boot_of(client, people["dispatcher"], "/desk")[0]["map"]["made_up"] == ["areas", "cameras"]
    ImportRun.objects.filter(pk=listed.pk).update(made_up=True)
    assert boot_of(client, people["dispatcher"], "/desk")[0]["map"]["made_up"] == ["areas", "cameras", "units"]


def test_boot_has_no_secret(client, people, built):
    boot, answer = boot_of(client, people["officer"], "/officer")
    text = json.dumps(boot) + answer.content.decode()
    secrets = [settings.SECRET_KEY, settings.CAMERA_KEY, settings.HEAD_KEY, client.session.session_key]
    secrets += [
        people["officer"].password,
        "PN-officer",
        "officer@example.test",
        answer.cookies[settings.CSRF_COOKIE_NAME].value,
    ]
    assert [secret for secret in secrets if secret in text] == []


def test_names_cannot_break_out_of_the_boot_block(client, people, built):
    person = people["dispatcher"]
    person.name = "</script><script>alert(1)</script>\u202eabc\u200b😀"
    person.save()
    boot, answer = boot_of(client, person, "/desk")
    assert boot["me"]["person"]["name"]["name"] == person.name
    assert "<script>alert" not in answer.content.decode()


def test_page_names_the_files_of_the_build(client, people, built):
    _, answer = boot_of(client, people["officer"], "/officer")
    page = answer.content.decode()
    assert '<script type="module" src="/static/assets/officer-1.js">' in page
    assert '<link rel="modulepreload" href="/static/assets/shared-1.js">' in page
    assert page.index("shared-1.css") < page.index("officer-1.css")
    assert "desk-1" not in page


def test_service_worker_lists_the_shell_of_this_build(client, people, built):
    answer = client.get("/officer-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    shell = json.loads(answer.content.decode().splitlines()[0].removeprefix("self.SHELL = ").rstrip(";"))
    assert set(shell["files"]) == {
        f"/static/assets/{name}-1.{kind}" for name in ("officer", "shared") for kind in ("js", "css")
    }
    assert shell["later"] == [f"/static/assets/map-1.{kind}" for kind in ("js", "css", "worker.js")]
    before = shell["version"]
    built.write_text(built.read_text().replace("officer-1", "officer-2"))
    assert before not in client.get("/officer-worker.js").content.decode()


def test_web_manifest_follows_language_and_theme(client, people):
    client.cookies["theme"] = "day"
    facts = client.get("/officer.webmanifest", headers={"accept-language": "zh-hans"}).json()
    assert (facts["start_url"], facts["scope"], facts["lang"]) == ("/officer", "/officer", "zh-Hans")
    assert facts["name"] == "Nearcast 民警端"
    assert facts["background_color"] == "#f4f5f6"


def test_account_without_home_is_in_utc(client, people, built):
    person = people["auditor"]
    person.home = None
    person.save()
    boot, _ = boot_of(client, person, "/auditor")
    assert (boot["timezone"], boot["me"]["home"]) == ("UTC", None)
    assert Centre.objects.count() == 1
