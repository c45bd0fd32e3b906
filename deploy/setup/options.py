"""What the caller asked for, read from the environment that make passes on, and refused when it cannot work."""

import ipaddress
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from .say import RefusedError

LOCAL = "127.0.0.1"
FASTEST = 20
PASSED_ON = (
    "SERVER", "LOG_LEVEL", "THRESHOLD_PROFILE", "GROUND_BAND_M", "EXTRA_ORIGINS", "MAP_LAYERS_FILE", "MAP_NETWORKS",
    "PUSH_HOSTS", "PUSH_NETWORKS", "PUSH_CONTACT", "SMS_NETWORKS", "OUTLET_CA_FILE",
    "IMPORT_MAX_MB", "IMPORT_MEMORY_MB", "IMPORT_CPU_S", "IMPORT_UNDO_DAYS",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "TZ",
)  # fmt: skip


@dataclass(frozen=True)
class City:
    """The demo city: a word or a file of roads, the user's own lists instead of made-up ones, a town's seed, a time zone."""

    city: str = ""
    areas: str = ""
    cameras: str = ""
    units: str = ""
    seed: str = ""
    timezone: str = ""


@dataclass(frozen=True)
class Options:
    """The command's options. `hosts` are further names or addresses people will type into a browser; `follow` is `make dev`."""

    instance: str = "main"
    port: int = 8000
    bind: str = LOCAL
    tls: bool = False
    demo: bool = True
    database_url: str = ""
    database_owner_url: str = ""
    camera_networks: str = ""
    hosts: tuple[str, ...] = ()
    force: bool = False
    follow: bool = False
    speed: int = 1
    night: str = ""
    actors: bool = True
    city: City = City()

    @property
    def private_cluster(self) -> bool:
        """True when this instance keeps its own PostgreSQL cluster."""
        return not self.database_url

    @property
    def scheme(self) -> str:
        """`https` or `http`."""
        return "https" if self.tls else "http"


def read(environ: dict[str, str] | None = None) -> Options:
    """Return the options in `environ` (default: this process's).

    Raises:
        RefusedError: a value that cannot work, with the value that would.
    """
    env = {key: value.strip() for key, value in (os.environ if environ is None else environ).items()}
    options = Options(
        instance=_instance(env.get("INSTANCE") or "main"),
        port=_port(env.get("PORT") or "8000"),
        bind=_bind(env.get("BIND") or LOCAL),
        tls=_flag(env, "TLS", default=False),
        demo=_flag(env, "DEMO", default=True),
        database_url=env.get("DATABASE_URL", ""),
        database_owner_url=env.get("DATABASE_OWNER_URL", ""),
        camera_networks=env.get("CAMERA_NETWORKS", ""),
        hosts=tuple(word for word in re.split(r"[,\s]+", env.get("HOSTS", "")) if word),
        force=_flag(env, "FORCE", default=False),
        speed=_speed(env.get("SPEED") or "1"),
        night=_night(env.get("NIGHT", "")),
        actors=_flag(env, "SIM", default=True),
        city=_city(env),
    )
    if options.speed != 1 and not options.demo:
        raise RefusedError(
            f"SPEED={options.speed} is for the demo: outside it time is this machine's own. Leave it out."
        )
    if options.night and not options.demo:
        raise RefusedError(f"NIGHT={options.night} is for the demo: nothing is played elsewhere. Leave it out.")
    if not options.tls and not ipaddress.ip_address(options.bind).is_loopback:
        raise RefusedError(
            f"BIND={options.bind} would send passwords and positions over the network in the clear: "
            f"add TLS=1, or leave BIND out to serve this machine only."
        )
    for url in filter(None, (options.database_url, options.database_owner_url)):
        split_database_url(url)
    return options


def split_database_url(url: str) -> dict[str, str]:
    """Return host, port, name, user, password of a PostgreSQL URL; empty strings where it says nothing.

    Raises:
        RefusedError: the text is no such URL. The text itself is not repeated: it may hold a password.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql", "postgis"} or not parts.path.strip("/"):
        raise RefusedError("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    try:
        port = str(parts.port or "")
    except ValueError:
        raise RefusedError("The port in DATABASE_URL is not a number between 1 and 65535.") from None
    return {
        "host": query.get("host") or unquote(parts.hostname or ""),
        "port": port,
        "name": unquote(parts.path.strip("/")),
        "user": query.get("user") or unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }


def _flag(env: dict[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name, "").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise RefusedError(f"{name}={value} is neither yes nor no: use {name}=1 or {name}=0.")
    return default


def _city(env: dict[str, str]) -> City:
    city = City(
        **{word: env.get(word.upper(), "") for word in ("city", "areas", "cameras", "units", "seed", "timezone")}
    )
    if city.seed and not re.fullmatch(r"\d{1,9}", city.seed):
        raise RefusedError(f"SEED={city.seed} is not a whole number of up to nine digits, such as SEED=7.")
    if city.seed and city.city not in {"town", ""}:
        raise RefusedError("SEED= chooses a made-up town: use it with CITY=town.")
    return city


def _instance(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", text):
        raise RefusedError(
            f"INSTANCE={text} cannot name a folder: use up to 32 of a-z, 0-9 and '-', such as INSTANCE=main."
        )
    return text


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise RefusedError(f"PORT={text} is not a port: use a number between 1024 and 65535, such as PORT=8000.")
    return int(text)


def _speed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= FASTEST:
        raise RefusedError(f"SPEED={text} is not a rate of the demo's clock: use a whole number from 1 to {FASTEST}.")
    return int(text)


def _night(text: str) -> str:
    """Return the name of a night that there is, "" for none. A file of one's own is played by make manage."""
    folder = Path(__file__).parents[2] / "fixtures" / "nights"
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    if text and text not in known:
        raise RefusedError(
            f"NIGHT={text} is no night that comes with Nearcast: use {', '.join(known)}, "
            f'or play a file of your own with make manage RUN="play_night FILE".'
        )
    return text


def _bind(text: str) -> str:
    try:
        return str(ipaddress.ip_address(LOCAL if text == "localhost" else text))
    except ValueError:
        raise RefusedError(f"BIND={text} is not an IP address: use 127.0.0.1, or 0.0.0.0 with TLS=1.") from None
