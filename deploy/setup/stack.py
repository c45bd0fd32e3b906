"""A stack for the browser journeys: `make up` itself, on an instance of its own that is wiped before and after."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from . import home as homes
from . import ports
from .home import Home
from .options import LOCAL, Options
from .say import line

STACK_WITHIN_S = 600


@contextmanager
def demo_stack(owner: Home, began_well: Callable[[bool, float], None]) -> Iterator[dict[str, str]]:
    """Run `make up` on an instance of its own and yield the variables that tell tests where it is and who may sign in."""
    name = f"{owner.instance}-up"[:32]
    port = ports.free_near(LOCAL, 18000)
    home = homes.find(name)
    options = replace(Options(), instance=name, port=port)
    env = {key: value for key, value in os.environ.items() if not key.startswith(("NEARCAST_", "DATABASE_", "MAKE"))}
    env |= {"INSTANCE": name, "PORT": str(port), "BIND": LOCAL, "TLS": "0"}
    command = [sys.executable, "-m", "deploy.setup"]
    log = owner.log / "stack.log"
    line(f"\nstarting a stack as make up does, on port {port} (log: {log})")
    subprocess.run([*command, "reset"], env={**env, "FORCE": "1"}, cwd=homes.CHECKOUT, check=False, capture_output=True)
    began = time.monotonic()
    with log.open("w") as file:
        stack = subprocess.Popen([*command, "up"], env=env, cwd=homes.CHECKOUT, stdin=subprocess.DEVNULL,
                                 stdout=file, stderr=subprocess.STDOUT, start_new_session=True)  # fmt: skip
    try:
        began_well(_wait_for_stack(stack, log), time.monotonic() - began)
        yield {
            "NEARCAST_JOURNEY_ORIGIN": f"{options.scheme}://{LOCAL}:{port}",
            "NEARCAST_JOURNEY_LOGINS": str(home.state / "demo_logins.json"),
            "NEARCAST_JOURNEY_STATE": str(home.state),
            "NEARCAST_JOURNEY_APP": str(home.app),
        }
    finally:
        stack.send_signal(signal.SIGTERM)
        try:
            stack.wait(60)
        except subprocess.TimeoutExpired:
            stack.kill()
        subprocess.run(
            [*command, "reset"], env={**env, "FORCE": "1"}, cwd=homes.CHECKOUT, check=False, capture_output=True
        )


def _wait_for_stack(stack: "subprocess.Popen[bytes]", log: Path) -> bool:
    until = time.monotonic() + STACK_WITHIN_S
    while time.monotonic() < until and stack.poll() is None:
        if "Nearcast is up after" in log.read_text(errors="replace"):
            return True
        time.sleep(0.5)
    line("\n".join(f"  | {row}" for row in log.read_text(errors="replace").splitlines()[-40:]))
    return False
