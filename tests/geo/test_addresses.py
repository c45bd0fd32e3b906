"""Addresses with logins in every place that cameras put them: nothing secret stays in the open part, all comes back."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.addresses import HIDDEN, join_login, split_login, with_login, without_logins
from geo.errors import GeoError

PASSWORD = "Hunter2"


@pytest.mark.parametrize(
    ("url", "kept", "login"),
    [
        (f"http://root:{PASSWORD}@h:81/a.jpg", "http://h:81/a.jpg", ("root", PASSWORD)),
        (f"rtsp://u%40b:p%3A{PASSWORD}@h/live", "rtsp://h/live", ("u@b", f"p:{PASSWORD}")),
        (f"http://{PASSWORD}@h/", "http://h/", (PASSWORD, "")),
        (f"http://a@b:{PASSWORD}@h/x", "http://h/x", ("a@b", PASSWORD)),
        (f"rtsp://admin:{PASSWORD}@[fe80::1]:554/1", "rtsp://[fe80::1]:554/1", ("admin", PASSWORD)),
    ],
)
def test_a_login_before_the_host(url: str, kept: str, login: tuple[str, str]) -> None:
    where, secrets = split_login(url)
    assert where == kept
    assert join_login(where, secrets) == (kept, login)


@pytest.mark.parametrize(
    "url",
    [
        f"http://h/snap.cgi?user=admin&pwd={PASSWORD}&chn=1",
        f"http://h/snap.cgi?loginuse=a&loginpas={PASSWORD}",
        f"http://h/x?chn=1;Pass_Word={PASSWORD}",
        f"rtsp://h:554/user=admin_password={PASSWORD}_channel=1_stream=0.sdp?real_stream",
        f"rtsp://h:554/user=admin&password={PASSWORD}&channel=1&stream=0.sdp",
        f"http://h/proxy?src=rtsp://root:{PASSWORD}@10.1.2.3/live",
        f"http://h/proxy?src=rtsp%3A%2F%2Froot%3A{PASSWORD}%4010.1.2.3%2Flive",
        f"http://h/proxy?src=rtsp%253A%252F%252Froot%253A{PASSWORD}%254010.1.2.3",
        f"http://h/a.jpg#token={PASSWORD}",
        f"http://h/a.jpg?authbasic={PASSWORD}",
        f"http://h/a.jpg?adminpwd={PASSWORD}&x=1",
        f"http://h/a.jpg?user_password={PASSWORD}",
        f"http://h/a.jpg?authToken={PASSWORD}",
        f"http://h/a?%75ser=x&pass%77ord={PASSWORD}",
    ],
)
def test_a_login_in_path_or_query(url: str) -> None:
    where, secrets = split_login(url)
    assert PASSWORD not in where
    assert HIDDEN in where
    assert join_login(where, secrets)[0] == url


def test_login_and_query_together_come_back() -> None:
    where, secrets = split_login(f"http://root:a@h/x?ch=1&token={PASSWORD}")
    assert where == f"http://h/x?ch=1&token={HIDDEN}"
    assert join_login(where, secrets) == (f"http://h/x?ch=1&token={PASSWORD}", ("root", "a"))


def test_an_open_address_is_left_as_it_is() -> None:
    url = "https://h/a/b.jpg?ch=1&size=640x480"
    assert split_login(url) == (url, "")
    assert join_login(url, "") == (url, None)


@pytest.mark.parametrize(
    "url",
    [
        f"rtsp://admin:12/{PASSWORD}@1.2.3.4/live",
        f"rtsp://admin:12?{PASSWORD}@1.2.3.4/live",
        f"rtsp://admin:12#{PASSWORD}@1.2.3.4/live",
        f"rtsp://admin:{PASSWORD}/x@1.2.3.4/live",
        f"ftp://x:{PASSWORD}@h/", "file:///etc/passwd", "h/a.jpg", "", "http://", "http://h:99999/", "http://h/\x00",
        "http://[::1/", "http://h/" + "a" * 2000,
    ],
)  # fmt: skip
def test_an_unusable_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(GeoError) as caught:
        split_login(url)
    assert caught.value.code == "address_unusable"
    assert PASSWORD not in str(caught.value)


def test_a_login_of_its_own_columns_goes_in_unless_there_is_one() -> None:
    assert split_login(with_login("rtsp://h/1", "ad:m", "p@/?")) == ("rtsp://h/1", "ad:m:p@/?")
    assert with_login("rtsp://a:b@h/1", "x", "y") == "rtsp://a:b@h/1"
    assert with_login("rtsp://h/1", "", "y") == "rtsp://h/1"


@pytest.mark.parametrize(
    "text",
    [
        f"东门 rtsp://admin:{PASSWORD}@10.1.2.3/live 备用", f"//x:{PASSWORD}@h", f"user=admin&password={PASSWORD}",
        f"http://h/?pwd={PASSWORD}", f"Passwd: {PASSWORD}", f"rtsp://admin:12/{PASSWORD}@h", f"HTTP://{PASSWORD}@h",
        f"rtsp://administrator:{PASSWORD}-cut-off-b", f"rtsp://admin:8899{PASSWORD}",
    ],
)  # fmt: skip
def test_text_is_masked(text: str) -> None:
    assert PASSWORD not in without_logins(text)
    assert PASSWORD not in json.dumps(without_logins({"value": [text], "n": 3}))


@pytest.mark.parametrize(
    "text", ["http://h:8080/a.jpg", "rtsp://10.1.2.3:554", "rtsp://[fe80::1]:554/1", "http://h:80?x=1", "at 12:30 // see"]
)  # fmt: skip
def test_text_without_a_login_is_left_as_it_is(text: str) -> None:
    assert without_logins(text) == text


def test_text_loses_what_no_column_takes() -> None:
    assert without_logins("a\x00b\ud800c\u202ed") == "abcd"
    assert without_logins({"n": 1.5, "swapped": True}) == {"n": 1.5, "swapped": True}


SAFE = st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=30)


@given(user=SAFE, password=SAFE)
def test_any_login_comes_back_whole(user: str, password: str) -> None:
    where, secrets = split_login(with_login("rtsp://10.0.0.1:554/ch1?sub=1", user, password))
    assert where == "rtsp://10.0.0.1:554/ch1?sub=1"
    if ":" not in user:
        assert join_login(where, secrets) == (where, (user, password))


@given(st.text(max_size=200))
def test_whatever_comes_is_split_or_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"rtsp://a:b@h/{text}?{text}"):
        with suppress(GeoError):
            where, secrets = split_login(url)
            join_login(where, secrets)
            assert "@" not in where.split("?")[0]
    without_logins(text)
