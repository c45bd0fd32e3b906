"""`python3 -m deploy.setup COMMAND`: what the Makefile calls."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - make may have been called with an older one
    sys.exit(
        f"Nearcast needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}: "
        "call make PYTHON=/usr/bin/python3.11"
    )

from . import bench, dev, down, manage, options, prints, testing, up
from .running import turn_signals_into_stop
from .say import RefusedError, line

COMMANDS = {
    "up": up.up,
    "down": down.down,
    "reset": down.reset,
    "test": testing.test,
    "lint": dev.lint,
    "fmt": dev.fmt,
    "lock": dev.lock,
    "dev": dev.dev,
    "bench": bench.bench,
    "campaign": bench.campaign,
    "soak": bench.soak,
    "manage": manage.manage,
    "nginx": prints.nginx,
}


def main() -> int:
    """Run one command; return its exit status."""
    if sys.argv[1:2] == [] or sys.argv[1] not in COMMANDS:
        line(f"python3 -m deploy.setup {'|'.join(COMMANDS)}")
        return 2
    # Others must be able to read what root installs, whatever root's own habit is; secrets set their own mode.
    os.umask(0o022)
    turn_signals_into_stop()
    try:
        COMMANDS[sys.argv[1]](options.read())
    except RefusedError as refused:
        line(f"\n✗ {refused}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
