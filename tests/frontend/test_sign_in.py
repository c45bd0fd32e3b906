"""Signing in: by user name, closed after five wrong passwords, a second factor, no sign-up, back to the page."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.urls import reverse

from frontend.accounts import client_ip
from tests.frontend.conftest import PASSWORD

LOGIN = "/accounts/login/"
EN = {"accept-language": "en"}


def sign_in(client, name="dispatcher", password=PASSWORD, path=LOGIN, **facts):
    return client.post(path, {"login": name, "password": password, **facts}, headers=EN)


def test_sign_in_goes_to_the_start_page_or_back(client, people):
    assert sign_in(client)["Location"] == "/"
    client.logout()
    assert sign_in(client, next="/desk")["Location"] == "/desk"


def test_sign_in_never_leads_to_another_host(client, people):
    assert sign_in(client, next="https://evil.example/x")["Location"] == "/"


def test_wrong_password_says_so_without_saying_which(client, people):
    wrong, unknown = sign_in(client, password="no"), sign_in(client, name="nobody", password="no")
    assert wrong.status_code == unknown.status_code == 200
    assert "errorlist" in wrong.content.decode()
    said = [page.content.decode().split("errorlist")[1][:120] for page in (wrong, unknown)]
    assert said[0] == said[1]


def test_five_wrong_passwords_close_the_door_in_words_also_for_the_right_one(client, people):
    answers = [sign_in(client, password="no") for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    locked = sign_in(client)
    page = locked.content.decode()
    assert locked.status_code == 429
    assert "Signing in is closed for a while." in page
    assert "15 minutes" in page
    assert "_auth_user_id" not in client.session
    assert sign_in(client, name=" DISPATCHER ").status_code == 429
    assert sign_in(client, name="officer").status_code == 302


def test_client_address_is_the_proxys_word(rf):
    assert client_ip(rf.get("/", REMOTE_ADDR="", headers={"x-forwarded-for": "10.9.9.9, 203.0.113.7"})) == "203.0.113.7"
    assert client_ip(rf.get("/", REMOTE_ADDR="198.51.100.4", headers={"x-forwarded-for": "10.9.9.9"})) == "198.51.100.4"
    assert client_ip(rf.get("/", REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": "rubbish"})) == "127.0.0.1"


def test_there_is_no_sign_up_and_no_reset_by_mail(client, people):
    assert client.get("/accounts/signup/")["Location"] == LOGIN
    assert client.post("/accounts/signup/", {"username": "x", "password1": PASSWORD})["Location"] == LOGIN
    assert client.get("/accounts/password/reset/").status_code == 404
    assert client.get("/accounts/email/").status_code == 404


def test_person_chooses_the_language_of_his_pages_unless_the_browser_has(client, people):
    people["dispatcher"].language = "en"
    people["dispatcher"].save()
    assert sign_in(client).cookies["django_language"].value == "en"
    client.logout()
    client.cookies["django_language"] = "zh-hans"
    assert "django_language" not in sign_in(client).cookies


def test_signing_out_takes_away_the_token_that_each_sign_in_makes_anew(client, people):
    sign_in(client)
    client.get(reverse("account_logout"))
    answer = client.post(reverse("account_logout"))
    assert (answer.cookies["csrftoken"].value, answer.status_code) == ("", 302)
    assert client.get("/account/").status_code == 302


def test_ended_session_is_told(client, people):
    assert "Your session has ended." in client.get(LOGIN + "?ended=1", headers=EN).content.decode()


@pytest.mark.parametrize(("demo", "shown"), [(True, True), (False, False)])
def test_demo_note_only_in_the_demo(client, people, settings, demo, shown):
    settings.DEMO = demo
    assert ("printed the logins" in client.get(LOGIN, headers=EN).content.decode()) is shown


def _code(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_second_factor_is_asked_for_and_recovery_codes_work(client, people):
    person = people["dispatcher"]
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(person)
    assert sign_in(client)["Location"] == reverse("mfa_authenticate")
    assert client.get("/desk").status_code == 302
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}, headers=EN).status_code == 200
    code = codes.get_unused_codes()[0]
    assert client.post(reverse("mfa_authenticate"), {"code": code}, headers=EN)["Location"] == "/"
    client.logout()
    sign_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": code}, headers=EN).status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": _code("JBSWY3DPEHPK3PXP")}, headers=EN)["Location"] == "/"


def test_password_change_takes_the_old_one_and_ends_on_the_account_page(client, people):
    sign_in(client)
    facts = {"oldpassword": PASSWORD, "password1": "quite-another-word-7", "password2": "quite-another-word-7"}
    assert client.post("/accounts/password/change/", {**facts, "oldpassword": "no"}, headers=EN).status_code == 200
    assert client.post("/accounts/password/change/", facts, headers=EN)["Location"] == "/account/"
    people["dispatcher"].refresh_from_db()
    assert people["dispatcher"].check_password("quite-another-word-7")
