"""System packages: what is missing, the one line that installs it, and installing it when we are root."""

import ctypes.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .run import run
from .say import RefusedError, line

POSTGRES_ROOT = Path("/usr/lib/postgresql")
POSTGRES_OF_DEBIAN = {"12": "15", "13": "17"}
NO_CLUSTER_FILE = Path("/etc/postgresql-common/createcluster.d/nearcast.conf")
NO_CLUSTER_LINE = "create_main_cluster = false"
POLICY = Path("/usr/sbin/policy-rc.d")
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Need:
    """One Debian package and how to see that what it brings is already here, whoever installed it."""

    package: str
    present: Callable[[], bool]


def program(*names: str) -> str | None:
    """Return the path of the first of `names` found on PATH or in the system's own folders."""
    for name in names:
        found = shutil.which(name) or shutil.which(name, path=SYSTEM_PATH)
        if found:
            return found
    return None


def postgres_version() -> str:
    """Return the newest installed PostgreSQL server that has PostGIS, such as "15"; "" when there is none."""
    versions = [entry.name for entry in POSTGRES_ROOT.glob("[0-9]*") if has_postgis(entry.name)]
    return max(versions, key=int, default="")


def has_postgis(version: str) -> bool:
    """Return True when the server programs of `version` and its PostGIS are installed."""
    control = Path("/usr/share/postgresql") / version / "extension" / "postgis.control"
    return (POSTGRES_ROOT / version / "bin" / "initdb").exists() and control.exists()


def wanted_postgres() -> str:
    """Return the PostgreSQL version of this Debian (15 where we do not know the system)."""
    try:
        major = Path("/etc/debian_version").read_text().strip().split(".")[0]
    except OSError:
        major = ""
    return POSTGRES_OF_DEBIAN.get(major, "15")


def needs_of_up(*, private_cluster: bool, python_ready: Callable[[], bool]) -> list[Need]:
    """Return what `make up` takes from the system."""
    version = wanted_postgres()
    cluster = [
        Need(f"postgresql-{version}", lambda: bool(postgres_version())),
        Need(f"postgresql-{version}-postgis-3", lambda: bool(postgres_version())),
    ]
    return [
        *(cluster if private_cluster else []),
        Need("nginx-light", lambda: program("nginx") is not None),
        Need("gdal-bin", lambda: ctypes.util.find_library("gdal") is not None),
        Need("libgeos-c1v5", lambda: ctypes.util.find_library("geos_c") is not None),
        Need("python3-venv", python_ready),
    ]


def needs_of_test() -> list[Need]:
    """Return what `make test` takes on top: a browser, what its driver links to, and a font that can write Chinese."""
    fonts = Path("/usr/share/fonts")
    return [
        Need("chromium", lambda: program("chromium", "chromium-browser") is not None),
        Need("libatomic1", lambda: ctypes.util.find_library("atomic") is not None),
        Need("fonts-noto-cjk", lambda: any(fonts.rglob("NotoSansCJK*")) if fonts.is_dir() else False),
    ]


def missing(needs: list[Need]) -> list[str]:
    """Return the packages whose content is not on this machine."""
    return [need.package for need in needs if not need.present()]


def provide(needs: list[Need]) -> list[str]:
    """Install what is missing when root, and return it.

    Raises:
        RefusedError: an ordinary user lacks something; the text holds the one line that installs it.
    """
    lacking = missing(needs)
    if not lacking:
        return []
    if os.geteuid() != 0:
        raise RefusedError(
            f"These system packages are missing: {' '.join(lacking)}. Nothing was changed. "
            f"Install them with this one line, then call make again:\n\n  {one_line(lacking)}\n"
        )
    if not program("apt-get"):
        raise RefusedError(f"Install these with this system's own package manager: {' '.join(lacking)}.")
    _install(lacking)
    still = missing(needs)
    if still:
        raise RefusedError(f"apt-get ran, yet these are still not usable: {' '.join(still)}.")
    return lacking


def one_line(lacking: list[str]) -> str:
    """Return the shell line for an administrator: it starts no foreign database and leaves no web server on port 80."""
    parts = []
    if any(name.startswith("postgresql") for name in lacking):
        parts += [f"mkdir -p {NO_CLUSTER_FILE.parent}", f'echo "{NO_CLUSTER_LINE}" > {NO_CLUSTER_FILE}']
    parts += ["apt-get update", f"apt-get install -y --no-install-recommends {' '.join(lacking)}"]
    line = " && ".join(parts)
    if "nginx-light" in lacking:
        line += "; systemctl disable --now nginx 2>/dev/null || service nginx stop"
    # `su -`: a plain su keeps the caller's PATH, without the sbin folders that dpkg needs.
    become = "sudo sh -c" if program("sudo") else "su - root -c"
    return f"{become} '{line}'"


def _install(lacking: list[str]) -> None:
    line(f"        installing {' '.join(lacking)}")
    if any(name.startswith("postgresql") for name in lacking):
        NO_CLUSTER_FILE.parent.mkdir(parents=True, exist_ok=True)
        NO_CLUSTER_FILE.write_text(
            f"# Nearcast keeps private clusters; Debian's own would only take memory and a port.\n{NO_CLUSTER_LINE}\n"
        )
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PATH": SYSTEM_PATH}
    with _no_service_starts():
        run(["apt-get", "update", "-q"], what="apt-get update", env=env)
        command = ["apt-get", "install", "-q", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"]
        run([*command, *lacking], what="apt-get install", env=env)
    if "nginx-light" in lacking and program("systemctl"):
        subprocess.run(["systemctl", "disable", "nginx.service"], check=False, capture_output=True)


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """Keep apt from starting the services it installs: we start our own on our own ports."""
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            POLICY.unlink(missing_ok=True)
