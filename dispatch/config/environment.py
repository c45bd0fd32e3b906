"""Settings come from the environment; secrets are made at first start and kept in the instance's own folder."""

import json
import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured

from geo.clock import Anchor
from geo.clock import parse as parse_anchor

OWNER_COMMANDS = {"migrate", "prepare_database", "makemigrations", "test", "sqlmigrate", "flush"}


def text(name: str, default: str = "") -> str:
    """Return the variable `name`, stripped, or `default` when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """Return True for 1/true/yes/on, False for 0/false/no/off; anything else is refused by name."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no. Use 1 or 0.")


def number(name: str, default: int) -> int:
    """Return the variable as a whole number, or say which one is not."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from error


def clock(name: str, *, demo: bool) -> Anchor:
    """Return the anchor of the domain's clock. Only a demo may have another than the machine's own."""
    try:
        anchor = parse_anchor(text(name))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} must be REAL,SCALED,RATE in Unix seconds with a rate of 1 to 20."
        ) from error
    if not anchor.is_real and not demo:
        raise ImproperlyConfigured(f"{name} is for the demo only: outside it time is the machine's own. Unset it.")
    return anchor


def words(name: str, default: str = "") -> list[str]:
    """Return the comma-separated variable as a list without empty entries."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def database(argv: list[str]) -> dict[str, Any]:
    """Return Django's database entry: the app role for daily work, the owner role for commands that shape tables.

    `DATABASE_URL` names the database for the app role, `DATABASE_OWNER_URL` for the owner; without them the pieces
    `NEARCAST_DB_HOST`, `_PORT`, `_NAME`, `_USER` and `_OWNER` do.
    """
    as_owner = flag("NEARCAST_DB_AS_OWNER") or (len(argv) > 1 and argv[1] in OWNER_COMMANDS)
    url = (as_owner and text("DATABASE_OWNER_URL")) or text("DATABASE_URL")
    if url:
        return _from_url(url)
    user = text("NEARCAST_DB_OWNER", "nearcast_owner") if as_owner else text("NEARCAST_DB_USER", "nearcast_app")
    return _entry(text("NEARCAST_DB_NAME", "nearcast"), user, "", text("NEARCAST_DB_HOST"), text("NEARCAST_DB_PORT"))


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql", "postgis"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = query.get("host") or unquote(parts.hostname or "")
    user = query.get("user") or unquote(parts.username or "")
    return _entry(unquote(parts.path.strip("/")), user, unquote(parts.password or ""), host, str(parts.port or ""))


def _entry(name: str, user: str, password: str, host: str, port: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "HOST": host,
        "PORT": port,
        **_connections(),
        "TEST": {"NAME": text("NEARCAST_TEST_DB", f"test_{name}")},
    }


def _connections() -> dict[str, Any]:
    """Servers take connections from a pool (NEARCAST_POOL of them): one kept per request thread would pile up."""
    size = number("NEARCAST_POOL", 0)
    if size:
        return {"CONN_MAX_AGE": 0, "OPTIONS": {"pool": {"min_size": 1, "max_size": size, "timeout": 10}}}
    return {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def instance_secrets(folder: Path) -> dict[str, str]:
    """Return this instance's secrets, making them (file mode 0600) when the folder has none yet."""

    def make() -> dict[str, str]:
        return {
            "secret_key": secrets.token_urlsafe(48),
            "camera_key": Fernet.generate_key().decode(),
            "head_key": secrets.token_hex(32),
        }

    return _kept(folder, "secrets.json", make)


def outlet_secrets(folder: Path) -> dict[str, str]:
    """Return what closes the outlets' secrets and what signs pushes, made like `instance_secrets`.

    A file of its own: instances that were there before the outlets keep their first one as it is.
    """

    def make() -> dict[str, str]:
        key = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        return {"outlet_key": Fernet.generate_key().decode(), "vapid_key": f"{key:064x}"}

    return _kept(folder, "outlet_secrets.json", make)


def _kept(folder: Path, name: str, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Several processes may start at once: whoever links first has made them, whole, for all.
        handle, draft = tempfile.mkstemp(prefix="secrets", dir=folder)
        with os.fdopen(handle, "w") as file:
            json.dump(make(), file)
        with suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded
