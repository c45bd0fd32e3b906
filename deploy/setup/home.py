"""Where an instance lives: its state folder, the user it runs as, its sockets and its lock."""

import fcntl
import hashlib
import json
import os
import pwd
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .run import Account
from .say import RefusedError, line

CHECKOUT = Path(__file__).resolve().parents[2]
ROOT_STATE = Path("/var/lib/nearcast")
SERVICE_USER = "nearcast"
# Not $TMPDIR: `make down` from another shell must find the same folder.
TEMPORARY = Path("/tmp")  # noqa: S108 - the folder made in it is 0700 and refused when it is somebody else's
# sun_path holds 108 bytes with the closing zero; the longest name we put there is PostgreSQL's lock-free socket.
SOCKET_PATH_BYTES = 107
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"
ROOM_FRESH_MB = 3000
ROOM_SET_UP_MB = 300


@dataclass(frozen=True)
class Home:
    """The folders of one instance. `checkout` is where make was called, `app` the code that its processes run."""

    instance: str
    checkout: Path
    state: Path
    sockets: Path
    app: Path
    account: Account

    @property
    def log(self) -> Path:
        """Folder of all logs."""
        return self.state / "log"

    @property
    def setup_log(self) -> Path:
        """What the steps of `make up` printed."""
        return self.log / "setup.log"

    @property
    def facts(self) -> Path:
        """What this instance decided once and keeps: the demo cameras' port, the running supervisor, its address."""
        return self.state / "instance.json"


def find(instance: str) -> Home:
    """Return the home of `instance`; makes nothing but the service account when root has none."""
    as_root = os.geteuid() == 0
    state = (ROOT_STATE if as_root else CHECKOUT / "var") / instance
    account = current_account()
    app = state / "app" if as_root else CHECKOUT
    return Home(instance, CHECKOUT, state, socket_folder(state, account.uid), app, account)


def current_account() -> Account:
    """Return the user that long-running processes get: ourselves, or for root the service user, made when absent."""
    if os.geteuid() == 0:
        return _service_account()
    entry = pwd.getpwuid(os.geteuid())
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, drop=False)


def _service_account() -> Account:
    try:
        entry = pwd.getpwnam(SERVICE_USER)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", str(ROOT_STATE)]
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", SERVICE_USER], check=True)
        entry = pwd.getpwnam(SERVICE_USER)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, drop=True)


def socket_folder(state: Path, uid: int) -> Path:
    """Return `state`/run, or a short folder in the temporary directory when a socket's path there would be too long."""
    wanted = state / "run"
    if len(os.fsencode(wanted / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_BYTES:
        return wanted
    short = hashlib.sha256(os.fsencode(state)).hexdigest()[:10]
    return TEMPORARY / f"nearcast-{uid}-{short}"


def make(home: Home) -> None:
    """Create the folders with the rights they need. Safe to repeat.

    Raises:
        RefusedError: a folder belongs to somebody else or cannot be written.
    """
    try:
        if home.account.drop:
            ROOT_STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
        home.state.parent.mkdir(parents=True, exist_ok=True)
        for folder in (home.state, home.sockets, home.log, home.state / "nginx"):
            _own_folder(folder, home.account)
    except PermissionError as error:
        raise RefusedError(
            f"{error.filename} cannot be written by {home.account.name}: run make as the user who owns the checkout."
        ) from error


def _own_folder(folder: Path, account: Account) -> None:
    """Create `folder` for `account` alone; an existing one must be a real folder of that account, not a trap."""
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
            raise RefusedError(
                f"{folder} exists and is not a folder of user {account.name}: move it away, then try again."
            ) from None
        folder.chmod(0o700)


def require_room(home: Home) -> None:
    """Raise RefusedError when the disk under the state folder is too full to start on."""
    there = next(folder for folder in (home.state, *home.state.parents) if folder.exists())
    free_mb = shutil.disk_usage(there).free // 1_000_000
    needed_mb = ROOM_SET_UP_MB if (home.state / "pgdata").exists() else ROOM_FRESH_MB
    if free_mb < needed_mb:
        raise RefusedError(
            f"Only {free_mb} MB are free under {there}; Nearcast needs {needed_mb} MB. Free some, then try again."
        )


def lock(home: Home) -> IO[str] | None:
    """Take the instance's lock and return the open file, or None when a living process holds it.

    The kernel gives the lock back when its holder dies, however it dies.
    """
    path = home.state / "lock"
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    file.seek(0)
    file.truncate()
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


@contextmanager
def one_at_a_time(doing: str) -> Iterator[None]:
    """Hold the checkout's own lock: two instances share its environment and its built front end."""
    (CHECKOUT / "var").mkdir(exist_ok=True)
    with (CHECKOUT / "var" / ".setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            line(f"        waiting for another make in this checkout that is {doing}")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def lock_holder(home: Home) -> int:
    """Return the process id written in the lock file, 0 when there is none."""
    try:
        text = (home.state / "lock").read_text().strip()
    except OSError:
        return 0
    return int(text) if text.isdigit() else 0


def read_facts(home: Home) -> dict[str, Any]:
    """Return what the instance has decided so far; empty for a new one."""
    try:
        loaded = json.loads(home.facts.read_text())
    except (OSError, ValueError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def keep_facts(home: Home, **facts: Any) -> None:
    """Add to the instance's facts, replacing the file in one move."""
    merged = {**read_facts(home), **facts}
    fresh = home.facts.with_suffix(".new")
    fresh.write_text(json.dumps(merged, indent=1, sort_keys=True))
    fresh.replace(home.facts)


def without_secrets(url: str) -> str:
    """Return a database URL that may be printed: its password is replaced."""
    return re.sub(r"(//[^:/@]*):[^@/]*@", r"\1:…@", url)
