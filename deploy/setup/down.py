"""`make down` and `make reset`: stop an instance from another shell, also one that was killed; wipe its state."""

import os
import shutil
import signal
import sys
import time

from . import home as homes
from .cluster import Cluster
from .home import Home
from .options import Options
from .running import recover, supervisor_alive
from .say import RefusedError, line

PATIENCE_S = 40


def down(options: Options) -> None:
    """Stop the instance if it runs; end what a killed run left behind."""
    home = homes.find(options.instance)
    if not home.state.exists():
        line(f"Instance {options.instance} does not exist here ({home.state}): nothing to stop.")
        return
    lock = homes.lock(home)
    if lock is None:
        pid = homes.lock_holder(home)
        if supervisor_alive(pid):
            os.kill(pid, signal.SIGTERM)
        lock = _wait_for_lock(home, pid)
    left = recover(home, Cluster(home))
    if left:
        line(f"The last run was killed; ended what it left behind: {', '.join(left)}.")
    line(f"Instance {options.instance} is stopped.")
    lock.close()


def _wait_for_lock(home: Home, pid: int):  # type: ignore[no-untyped-def]
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        lock = homes.lock(home)
        if lock is not None:
            return lock
        time.sleep(0.2)
    if supervisor_alive(pid):
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.5)
    lock = homes.lock(home)
    if lock is None:
        raise RefusedError(f"Process {pid} still holds {home.state}/lock and did not end: look at it with ps {pid}.")
    return lock


def reset(options: Options) -> None:
    """Stop the instance and remove all it has stored, after asking (FORCE=1: without).

    Raises:
        RefusedError: the answer was not yes, or nobody could be asked.
    """
    home = homes.find(options.instance)
    if not home.state.exists():
        line(f"Instance {options.instance} does not exist here ({home.state}): nothing to wipe.")
        return
    if not options.force:
        _ask(home, options)
    down(options)
    shutil.rmtree(home.state)
    if home.sockets.exists():
        shutil.rmtree(home.sockets)
    kept = "" if options.private_cluster else " The database of DATABASE_URL was not touched."
    line(f"{home.state} is gone; make up begins anew.{kept}")


def _ask(home: Home, options: Options) -> None:
    if not sys.stdin.isatty():
        raise RefusedError(
            f"make reset would remove {home.state} and asks first: call it in a terminal, or with FORCE=1."
        )
    line(f"This removes {home.state}: database, journal, secrets, logins, logs.")
    answer = input(f"Type the instance's name ({options.instance}) to go on: ")
    if answer.strip() != options.instance:
        raise RefusedError("Nothing was removed.")
