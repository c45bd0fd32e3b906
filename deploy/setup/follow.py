"""follow.py NAME [--fresh-socket PATH] -- COMMAND…: `make dev`'s keeper: starts the command again when a source changes.

NAME `assets` follows the front end's sources, every other name the Python packages. A command that ended by itself
waits for the next change: a mistake is shown once, not every second.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from deploy.setup.keep import Keeper, main

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = ("geo", "dispatch", "realtime", "frontend", "fixtures")
LOOK_EVERY_S = 1.0


def followed(name: str) -> Iterator[Path]:
    """Yield the files whose change starts `name` again."""
    if name == "assets":
        yield from (path for path in (CHECKOUT / "frontend" / "src").rglob("*") if path.is_file())
        return
    for package in PACKAGES:
        yield from (path for path in (CHECKOUT / package).rglob("*.py") if "node_modules" not in path.parts)


def newest(name: str) -> float:
    """Return the latest change among the followed files, as a time stamp."""
    return max((path.stat().st_mtime for path in followed(name) if path.exists()), default=0.0)


class Follower(Keeper):
    """A process that is started anew at each change."""

    def run(self) -> None:
        """Start, wait for a change, end, start again."""
        while not self.stopping:
            self.clear_socket()
            seen = newest(self.name)
            self.child = subprocess.Popen(self.command)
            while not self.stopping and newest(self.name) == seen:
                time.sleep(LOOK_EVERY_S)
            if self.child.poll() is None:
                self.child.send_signal(signal.SIGTERM)
            self.child.wait()
            if not self.stopping:
                print(f"{self.name}: a source changed, starting again", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:], Follower)
