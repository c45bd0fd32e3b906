"""The stack that the journeys drive: one that runs already, or one of our own, started as `make up` starts it."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.setup.home import CHECKOUT
from deploy.setup.stack import last_rows, raised


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
    app: Path = CHECKOUT

    @contextmanager
    def newer_build(self) -> Iterator[None]:
        """Let the server have another build of the screens, as after an update; the old one again afterwards."""
        manifest = self.app / "frontend" / "dist" / ".vite" / "manifest.json"
        before = manifest.read_text(encoding="utf-8")
        manifest.write_text(before + "\n", encoding="utf-8")
        try:
            yield
        finally:
            manifest.write_text(before, encoding="utf-8")

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
        logins = Path(os.environ["NEARCAST_JOURNEY_LOGINS"])
        copied = logins.parent / "app"
        yield Stack(origin.rstrip("/"), read_logins(logins), copied if copied.is_dir() else CHECKOUT)
        return
    with own_stack() as stack:
        yield stack


def read_logins(path: Path) -> tuple[Login, ...]:
    """Return the demo's logins as load_demo kept them."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return tuple(Login(*(row[key] for key in ("login", "password", "role", "centre", "note"))) for row in rows)


@contextmanager
def own_stack(name: str = "", city: str = "") -> Iterator[Stack]:
    """Start an instance of our own on a free port with this demo city, keep its log, wipe it whatever happens.

    Raises:
        RuntimeError: it did not come up; the text holds the last lines of its log.
    """
    log = Path(__file__).with_name("shots") / f"stack{name}.log"
    log.parent.mkdir(exist_ok=True)
    with raised(f"journey{name}-{os.getpid()}", log, near_port=18400, city=city, python=python()) as up:
        if not up.up:
            raise RuntimeError("\n".join([f"make up did not come up; the end of its log ({log}):", *last_rows(log)]))
        yield Stack(up.origin, read_logins(up.home.state / "demo_logins.json"), up.home.app)


def python() -> str:
    """Return the Python that `make up` would use: the system's, not that of the environment the tests run in."""
    beside = Path(sys.prefix, "bin")
    folders = [part for part in os.environ.get("PATH", "").split(os.pathsep) if Path(part) != beside]
    return shutil.which("python3", path=os.pathsep.join(folders)) or sys.executable
