"""Camera addresses carry logins: what is secret in one is cut out, put back only to fetch, and masked in any text. Pure."""

import json
import re
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from geo.errors import GeoError

SCHEMES = frozenset({"http", "https", "rtsp", "rtsps"})
LONGEST = 2000
# Stands in a kept address where something secret was; braces are no part of a valid address.
HIDDEN = "{secret}"
SECRET_NAMES = frozenset(
    {
        *("user", "usr", "username", "userid", "loginuse", "login", "account", "uname", "un", "u"),
        *("password", "passwd", "passwort", "pass", "pwd", "psw", "pw", "p", "loginpas", "passphrase", "pin", "senha"),
        *("token", "accesstoken", "auth", "authkey", "authorization", "apikey", "key", "secret", "sig", "signature", "sign"),
        *("session", "sessionid", "sid", "ticket", "credential", "credentials", "jwt", "hash", "密码", "用户名", "口令"),
    }
)  # fmt: skip
# A password that stands in the path, as some recorders want it: /user=admin_password=x_channel=1.sdp
PATH_SECRET = re.compile(r"(?i)(?:user|usr|username|password|passwd|pass|pwd|psw|token)=[^/]*")
SEPARATORS = re.compile(r"([&;])")
# What is named like one of these, whoever's: adminpwd, user_password, authbasic.
SECRET_ENDINGS = ("password", "passwd", "passphrase", "pwd", "pswd", "psw", "token", "secret", "apikey", "authkey")
SECRET_STARTS = ("auth", "basicauth")
LOGIN_IN_TEXT = re.compile(r"(?i)([a-z][a-z0-9+.-]*:)?//[^\s/]*(?:/[^\s@]*)?@")
# An address cut off within its password: behind a colon that no port follows.
CUT_LOGIN_IN_TEXT = re.compile(r"//[^\s/@:\[\]]+:(?!\d{1,5}(?![^\s/?#]))[^\s@]*(?=\s|$)")
SECRET_IN_TEXT = re.compile(
    r"(?i)((?:user(?:name)?|usr|pass(?:word|wd)?|pwd|psw|token|secret|api_?key)\s*[=:]\s*)[^\s&;,|]+"
)


def split_login(url: str) -> tuple[str, str]:
    """Return (address that may be kept in the open, its secrets as one text to be sealed or "").

    Secret is a login before the host, and in path and query what is named like a login or holds one; each leaves
    HIDDEN in its place. The text is "user:password" when there is nothing else. Raises GeoError `address_unusable`.
    """
    parts = _parts(url)
    login, _, host = parts.netloc.rpartition("@")
    hidden: list[str] = []
    path = parts.path
    if "=" in path:
        path = PATH_SECRET.sub(lambda found: _hide(found[0], hidden), _open(path))
    query = _hide_in_query(_open(parts.query), hidden) if parts.query else ""
    fragment = _hide_in_query(_open(parts.fragment), hidden) if parts.fragment else ""
    where = urlunsplit((parts.scheme, host, path, query, fragment))
    plain = unquote(login) if "%" in login else login
    return where, json.dumps({"login": plain, "hidden": hidden}) if hidden else plain


def join_login(where: str, secrets: str) -> tuple[str, tuple[str, str] | None]:
    """Return (address to fetch, (user, password) or None) from what `split_login` gave. Never show or log either."""
    login, hidden = _secrets(secrets)
    for value in hidden:
        where = where.replace(HIDDEN, value, 1)
    if not login:
        return where, None
    user, _, password = login.partition(":")
    return where, (user, password)


def with_login(url: str, user: str, password: str) -> str:
    """Return an address with the login that stands in columns of its own, unless it has one already."""
    parts = _parts(url)
    if "@" in parts.netloc or not user:
        return url
    return urlunsplit(parts._replace(netloc=f"{quote(user, safe='')}:{quote(password, safe='')}@{parts.netloc}"))


def without_logins(value: Any) -> Any:
    """Return text (or facts: dicts and lists of it) as it may be shown, kept and logged: logins and addresses masked,
    and without characters that no column and no screen takes."""
    if isinstance(value, dict):
        return {str(name): without_logins(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [without_logins(one) for one in value]
    if not isinstance(value, str):
        return value
    clean = "".join(char for char in value if char.isprintable())
    masked = LOGIN_IN_TEXT.sub(lambda found: f"{found[1] or ''}//***@", clean)
    masked = CUT_LOGIN_IN_TEXT.sub("//***", masked)
    return SECRET_IN_TEXT.sub(r"\1***", masked)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        usable = bool(parts.hostname) and parts.scheme in SCHEMES and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or len(url) > LONGEST or not url.strip().isprintable() or _torn(parts):
        raise GeoError("address_unusable", field="url")
    return parts


def _torn(parts: SplitResult) -> bool:
    """Say whether "@" stands where only a login cut in two would leave it: the password held a bare / ? or #."""
    before_value = parts.query.split("=", 1)[0] if "=" in parts.query else parts.query
    return "@" in parts.path or "@" in before_value or "@" in parts.fragment


def _open(text: str) -> str:
    """Return a part of an address that holds no HIDDEN of its own."""
    return text.replace("{", "%7B").replace("}", "%7D")


def _hide(value: str, hidden: list[str]) -> str:
    hidden.append(value)
    return HIDDEN


def _hide_in_query(query: str, hidden: list[str]) -> str:
    pieces = SEPARATORS.split(query)
    return "".join(_hide_value(piece, hidden) for piece in pieces)


def _hide_value(piece: str, hidden: list[str]) -> str:
    name, equals, value = piece.partition("=")
    if not value:
        return piece
    told = unquote(unquote(value)) if "%" in value else value
    if _is_secret(unquote(name) if "%" in name else name) or "@" in told or ("=" in told and PATH_SECRET.search(told)):
        return f"{name}{equals}{_hide(value, hidden)}"
    return piece


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    plain = re.sub(r"[\s_\-.]", "", name.lower())
    return plain in SECRET_NAMES or plain.endswith(SECRET_ENDINGS) or plain.startswith(SECRET_STARTS)


def _secrets(text: str) -> tuple[str, list[str]]:
    if text.startswith('{"login": '):
        kept = json.loads(text)
        return kept["login"], kept["hidden"]
    return text, []
