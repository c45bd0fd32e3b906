"""Each person gets the face of his role and no other; whoever has none is told so in words."""

import pytest

DESK_ROLES = ("call_taker", "dispatcher", "video_watcher", "shift_commander", "supervisor")
HOME = {**dict.fromkeys(DESK_ROLES, "/desk"), "officer": "/officer", "auditor": "/auditor", "administrator": "/admin/"}
ALSO = {"shift_commander": {"/replay"}, "supervisor": {"/replay"}}
PAGES = ("/desk", "/officer", "/auditor", "/replay")


@pytest.mark.parametrize(("name", "page"), HOME.items())
def test_start_page_sends_each_role_to_its_face(client, people, name, page):
    client.force_login(people[name])
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, page)


@pytest.mark.parametrize("name", HOME)
@pytest.mark.parametrize("page", PAGES)
def test_face_opens_only_for_its_role(client, people, built, name, page):
    client.force_login(people[name])
    assert client.get(page).status_code == (200 if page in {HOME[name]} | ALSO.get(name, set()) else 403)


@pytest.mark.parametrize("name", ["outsider", "former"])
@pytest.mark.parametrize("page", ["/", *PAGES])
def test_without_a_role_in_force_every_page_says_so(client, people, built, name, page):
    client.force_login(people[name])
    answer = client.get(page, headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert "This account has no role yet." in answer.content.decode()
    assert "application/json" not in answer.content.decode()


@pytest.mark.parametrize("page", ["/", *PAGES, "/account/", "/accounts/2fa/", "/accounts/password/change/"])
def test_strangers_are_sent_to_sign_in_and_come_back(client, people, page):
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


def test_two_roles_choose(client, people):
    client.force_login(people["two"])
    page = client.get("/").content.decode()
    assert 'href="/desk"' in page
    assert 'href="/officer"' in page
    assert 'href="/auditor"' not in page


def test_superuser_without_role_is_an_outsider(client, people):
    person = people["outsider"]
    person.is_superuser = person.is_staff = True
    person.save()
    client.force_login(person)
    assert [client.get(page).status_code for page in ("/", *PAGES)] == [403] * 5


def test_inactive_person_loses_the_pages(client, people, built):
    client.force_login(people["dispatcher"])
    people["dispatcher"].is_active = False
    people["dispatcher"].save()
    assert client.get("/desk").status_code in {302, 403}


def test_face_that_is_not_built_says_so(client, people, monkeypatch, tmp_path):
    from frontend import built as module

    monkeypatch.setattr(module, "MANIFEST", tmp_path / "none.json")
    client.force_login(people["officer"])
    answer = client.get("/officer", headers={"accept-language": "en"})
    assert answer.status_code == 503
    assert "not built yet" in answer.content.decode()
