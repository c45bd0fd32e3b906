"""The stack that the journeys drive: one that runs already, or one of our own, started as `make up` starts it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.setup import home as homes
from deploy.setup import ports
from deploy.setup.options import LOCAL

WITHIN_S = 600  # a machine that has nothing yet builds an environment and a front end first
ENDS_WITHIN_S = 60
TAIL_LINES = 60
IS_UP = "Nearcast is up after"


@dataclass(frozen=True)
class Login:
    """One line of the demo's table of logins."""

    login: str
    password: str
    role: str
    centre: str
    note: str


@dataclass(frozen=True)
class Stack:
    """A running Nearcast: its address and who may sign in."""

    origin: str
    logins: tuple[Login, ...]

    def login(self, name: str) -> Login:
        """Return the line of one account."""
        return next(line for line in self.logins if line.login == name)

    def of_role(self, role: str) -> Login:
        """Return the first account that holds `role`."""
        return next(line for line in self.logins if line.role == role)

    def pair(self) -> tuple[Login, Login]:
        """Return the desks of two neighbouring stations; the first is the centre of the town."""
        first, second = [line for line in self.logins if line.role == "dispatcher" and "neighbour of" in line.note]
        return (first, second) if self.officer_of(first) else (second, first)

    def far(self) -> Login:
        """Return the desk of a station that is far from both."""
        return next(line for line in self.logins if line.note == "far from both")

    def officer_of(self, desk: Login) -> Login | None:
        """Return the officer on duty of a desk's station; None when nobody there has a login."""
        on_duty = (line for line in self.logins if line.role == "officer" and line.note.endswith("on duty"))
        return next((line for line in on_duty if line.centre == desk.centre), None)


@contextmanager
def running_stack() -> Iterator[Stack]:
    """Yield the stack that NEARCAST_JOURNEY_ORIGIN (or _URL) and _LOGINS name, else start one and end it afterwards."""
    origin = os.environ.get("NEARCAST_JOURNEY_ORIGIN") or os.environ.get("NEARCAST_JOURNEY_URL")
    if origin:
        yield Stack(origin.rstrip("/"), read_logins(Path(os.environ["NEARCAST_JOURNEY_LOGINS"])))
        return
    with own_stack() as stack:
        yield stack


def read_logins(path: Path) -> tuple[Login, ...]:
    """Return the demo's logins as load_demo kept them."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return tuple(Login(*(row[key] for key in ("login", "password", "role", "centre", "note"))) for row in rows)


@contextmanager
def own_stack(city: str = "") -> Iterator[Stack]:
    """Start an instance of our own on a free port with this demo city, keep its log, wipe it whatever happens.

    Raises:
        RuntimeError: it did not come up; the text holds the last lines of its log.
    """
    instance, port = f"journey{city}-{os.getpid()}", ports.free_near(LOCAL, 18400)
    command = [python(), "-B", "-m", "deploy.setup"]
    env = clean_environment() | {"INSTANCE": instance, "PORT": str(port), "BIND": LOCAL, "TLS": "0", "FORCE": "1"}
    env |= {"CITY": city} if city else {}
    log = Path(__file__).with_name("shots") / f"stack{city}.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as file:
        process = subprocess.Popen([*command, "up"], env=env, cwd=homes.CHECKOUT, stdin=subprocess.DEVNULL,
                                   stdout=file, stderr=subprocess.STDOUT, start_new_session=True)  # fmt: skip
    try:
        wait_until_up(process, log)
        state = homes.find(instance).state
        yield Stack(f"http://{LOCAL}:{port}", read_logins(state / "demo_logins.json"))
    finally:
        end(process)
        subprocess.run([*command, "reset"], env=env, cwd=homes.CHECKOUT, check=False, capture_output=True)


def python() -> str:
    """Return the Python that `make up` would use: the system's, not that of the environment the tests run in."""
    beside = Path(sys.prefix, "bin")
    folders = [part for part in os.environ.get("PATH", "").split(os.pathsep) if Path(part) != beside]
    return shutil.which("python3", path=os.pathsep.join(folders)) or sys.executable


def clean_environment() -> dict[str, str]:
    """Return the environment without what a test run, another instance or an outer make put into it."""
    ours = ("NEARCAST_", "DATABASE_", "PG", "MAKE", "DJANGO_", "VIRTUAL_ENV")
    return {key: value for key, value in os.environ.items() if not key.startswith(ours)}


def wait_until_up(process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait for the line that says where it is."""
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        if IS_UP in log.read_text(errors="replace"):
            return
        time.sleep(0.3)
    rows = log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
    why = "ended" if process.poll() is not None else f"was not up after {WITHIN_S} s"
    raise RuntimeError("\n".join([f"make up {why}; the end of its log ({log}):", *rows]))


def end(process: "subprocess.Popen[bytes]") -> None:
    """Stop it as Ctrl-C would; by force only when it does not listen."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
