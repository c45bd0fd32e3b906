"""Which processes an instance runs, with which environment: the Procfile that honcho reads, and stopping them again."""

import os
import re
import secrets
import shlex
import signal
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from . import cluster as clusters
from .home import Home, read_facts
from .options import LOCAL, PASSED_ON, Options, split_database_url
from .packages import program
from .tls import names

MARK = "NEARCAST_STATE"
BASE_PATH = "/usr/local/bin:/usr/bin:/bin"


def environment(home: Home, options: Options, venv: Path, *, camera_port: int = 0) -> dict[str, str]:
    """Return the whole environment of every process of the instance; nothing else of the caller's is passed on."""
    kept = {name: os.environ[name] for name in os.environ if name in PASSED_ON or name.startswith("PIP_")}
    host = names(options)[0]
    ordinary = {("http", 80), ("https", 443)}
    shown = f"[{host}]" if ":" in host else host
    port = "" if (options.scheme, options.port) in ordinary else f":{options.port}"
    networks = [options.camera_networks] if options.camera_networks else []
    if camera_port:
        networks.append(f"{LOCAL}:{camera_port}")
    env = {
        **kept,
        "PATH": f"{venv / 'bin'}:{Path(program('node') or '/usr/bin/node').parent}:{BASE_PATH}",
        "HOME": str(home.state),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "dispatch.config.settings",
        MARK: str(home.state),
        "NEARCAST_VAR": str(home.state),
        "NEARCAST_POOL": "12",
        "NEARCAST_DEMO": "1" if options.demo else "0",
        "NEARCAST_CLOCK": str(read_facts(home).get("clock") or "") if options.demo else "",
        "NEARCAST_DEMO_CAMERA_PORT": str(camera_port or ""),
        "NEARCAST_INTAKE_URL": f"{options.scheme}://{shown}{port}/intake",
        "NEARCAST_TLS_CA": str(home.state / "tls" / "ca.crt") if options.tls else "",
        "TLS": "1" if options.tls else "0",
        "PUBLIC_ORIGIN": f"{options.scheme}://{shown}{port}",
        "EXTRA_ORIGINS": ",".join(_origins(options, port, kept.get("EXTRA_ORIGINS", ""))),
        "ALLOWED_HOSTS": ",".join(f"[{name}]" if ":" in name else name for name in names(options)),
        "CAMERA_NETWORKS": ",".join(networks),
    }
    return {**env, **database_environment(home, options)}


def _origins(options: Options, port: str, more: str) -> list[str]:
    own = [f"{options.scheme}://{f'[{name}]' if ':' in name else name}{port}" for name in names(options)]
    return [*own, *filter(None, more.split(","))]


def database_environment(home: Home, options: Options) -> dict[str, str]:
    """Return the variables by which settings find the database."""
    if options.private_cluster:
        return {
            "NEARCAST_DB_HOST": str(home.sockets),
            "NEARCAST_DB_NAME": clusters.DATABASE,
            "NEARCAST_DB_USER": clusters.APP_ROLE,
            "NEARCAST_DB_OWNER": clusters.OWNER_ROLE,
        }
    owner, app = external_urls(home, options)
    return {
        "DATABASE_URL": app,
        "DATABASE_OWNER_URL": owner,
        "NEARCAST_DB_USER": split_database_url(app)["user"] or clusters.APP_ROLE,
    }


def external_urls(home: Home, options: Options) -> tuple[str, str]:
    """Return the owner's and the application's URL of an existing database.

    One URL alone is the owner's; the application then gets a role of its own, named after the database.
    """
    if options.database_owner_url:
        return options.database_owner_url, options.database_url
    parts = urlsplit(options.database_url)
    place = parts.netloc.rpartition("@")[2]
    query = "&".join(word for word in parts.query.split("&") if not word.startswith("user="))
    netloc = f"{app_role(options)}:{app_password(home)}@{place}"
    return options.database_url, urlunsplit((parts.scheme, netloc, parts.path, query, ""))


def app_role(options: Options) -> str:
    """Return the name of the application's role in a database that came with one URL."""
    return re.sub(r"[^a-z0-9_]", "_", f"{split_database_url(options.database_url)['name']}_app".lower())[:63]


def app_password(home: Home) -> str:
    """Return that role's password, made at the first start and kept in a file of mode 0600."""
    path = home.state / "app_password"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(24))
    return path.read_text().strip()


def procfile(home: Home, options: Options, venv: Path, *, cameras: bool) -> str:
    """Return the Procfile: one line a process, each kept alive by keep.py."""
    python = venv / "bin" / "python"
    web, intake = home.sockets / "web.sock", home.sockets / "intake.sock"
    uvicorn: list[str | Path] = [
        venv / "bin" / "uvicorn",
        "--log-level",
        "warning",
        "--no-access-log",
        "--proxy-headers",
    ]
    uvicorn += ["--forwarded-allow-ips", "*"]
    commands: dict[str, tuple[Path | None, list[str | Path]]] = {
        "web": (
            web,
            [venv / "bin" / "daphne", "-u", web, "--proxy-headers", "-v", "0", "dispatch.config.asgi:application"],
        ),
        "intake": (intake, [*uvicorn, "--uds", intake, "realtime.intake.asgi:application"]),
        "ranker": (None, [python, "manage.py", "ranker"]),
        "worker": (None, [python, "manage.py", "worker"]),
        "outlets": (None, [python, "manage.py", "outlets"]),
    }
    if os.environ.get("SERVER", "").strip() == "uvicorn":
        commands["web"] = (web, [*uvicorn, "--uds", web, "dispatch.config.asgi:application"])
    if options.demo:
        commands["patrol"] = (None, [python, "manage.py", "patrol", *([] if options.actors else ["--no-officers"])])
    if options.night:
        commands["night"] = (None, [python, "manage.py", "play_night", options.night, "--stay"])
    if options.demo and cameras:
        commands["cameras"] = (None, [python, "manage.py", "demo_cameras"])
    if options.follow:
        build = f"npm --prefix frontend run --silent build && {shlex.quote(str(python))} manage.py collectstatic --noinput -v 0"
        commands["assets"] = (None, ["/bin/sh", "-c", build])
    keep = home.app / "deploy" / "setup" / ("follow.py" if options.follow else "keep.py")
    rows = []
    for name, (socket, command) in commands.items():
        fresh: list[str | Path] = ["--fresh-socket", socket] if socket else []
        words = ["exec", python, keep, name, *fresh, "--", *command]
        rows.append(f"{name}: {' '.join(shlex.quote(str(word)) for word in words)}\n")
    return "".join(rows)


def pids_of(home: Home) -> list[int]:
    """Return the living processes that were started with this instance's environment, ourselves left out."""
    mark = f"{MARK}={home.state}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return [pid for pid in found if not _is_zombie(pid)]


def _is_zombie(pid: int) -> bool:
    try:
        return bool(re.search(r"\) [ZX] ", Path(f"/proc/{pid}/stat").read_text()))
    except OSError:
        return True


def stop_all(home: Home, *, patience_s: float = 10) -> int:
    """End every process of the instance that is still there; return how many there were."""
    first = pids_of(home)
    for kind in (signal.SIGTERM, signal.SIGKILL):
        for pid in pids_of(home):
            try:
                os.kill(pid, kind)
            except ProcessLookupError:
                continue
        until = time.monotonic() + patience_s
        while pids_of(home) and time.monotonic() < until:
            time.sleep(0.1)
    return len(first)
