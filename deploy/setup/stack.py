"""A stack for the browser journeys: `make up` itself, on an instance of its own that is wiped before and after."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import home as homes
from . import ports
from .home import Home
from .options import LOCAL
from .say import line

UP_WITHIN_S = 600  # a machine that has nothing yet builds an environment and a front end first
ENDS_WITHIN_S = 60
TAIL_LINES = 60
IS_UP = "Nearcast is up after"
OURS = ("NEARCAST_", "DATABASE_", "PG", "MAKE", "DJANGO_", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Raised:
    """What `make up` brought about: whether it came up, in how many seconds, where it is."""

    home: Home
    origin: str
    up: bool
    seconds: float


@contextmanager
def raised(
    name: str, log: Path, *, near_port: int, city: str = "", python: str = sys.executable
) -> Iterator[Raised]:  # fmt: skip
    """Run `make up` on the instance `name` with its output in `log`; end and wipe it whatever happens.

    Nothing that a test run, another instance or an outer make put into the environment reaches it.
    """
    port = ports.free_near(LOCAL, near_port)
    env = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    env |= {
        "INSTANCE": name,
        "PORT": str(port),
        "BIND": LOCAL,
        "TLS": "0",
        "FORCE": "1",
        "CITY": city,
        "SPEED": "",
        "NIGHT": "",
        "SIM": "0",
    }
    command = [python, "-B", "-m", "deploy.setup"]

    def wipe() -> None:
        subprocess.run([*command, "reset"], env=env, cwd=homes.CHECKOUT, check=False, capture_output=True)

    wipe()
    began = time.monotonic()
    with log.open("w") as file:
        process = subprocess.Popen([*command, "up"], env=env, cwd=homes.CHECKOUT, stdin=subprocess.DEVNULL,
                                   stdout=file, stderr=subprocess.STDOUT, start_new_session=True)  # fmt: skip
    try:
        up = _wait(process, log)
        yield Raised(homes.find(name), f"http://{LOCAL}:{port}", up, time.monotonic() - began)
    finally:
        _end(process)
        wipe()


@contextmanager
def demo_stack(owner: Home, began_well: Callable[[bool, float], None]) -> Iterator[dict[str, str]]:
    """Raise a stack beside `owner` and yield the variables that tell tests where it is and who may sign in."""
    log = owner.log / "stack.log"
    line(f"\nstarting a stack as make up does (log: {log})")
    with raised(f"{owner.instance}-up"[:32], log, near_port=18000) as stack:
        if not stack.up:
            line("\n".join(f"  | {row}" for row in last_rows(log)))
        began_well(stack.up, stack.seconds)
        yield {
            "NEARCAST_JOURNEY_ORIGIN": stack.origin,
            "NEARCAST_JOURNEY_LOGINS": str(stack.home.state / "demo_logins.json"),
            "NEARCAST_JOURNEY_STATE": str(stack.home.state),
            "NEARCAST_JOURNEY_APP": str(stack.home.app),
        }


def last_rows(log: Path) -> list[str]:
    """Return the end of a log."""
    return log.read_text(errors="replace").splitlines()[-TAIL_LINES:]


def _wait(process: "subprocess.Popen[bytes]", log: Path) -> bool:
    until = time.monotonic() + UP_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        if IS_UP in log.read_text(errors="replace"):
            return True
        time.sleep(0.3)
    return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Stop it as Ctrl-C would; by force only when it does not listen."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
