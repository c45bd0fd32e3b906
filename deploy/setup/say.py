"""What the person at the terminal reads: numbered steps with seconds, and one sentence when something is refused."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class RefusedError(Exception):
    """The command stops here. Its text is one clear sentence: what is wrong and what would work."""


def line(text: str = "") -> None:
    """Print one line at once; a closed terminal is no reason to stop."""
    try:
        print(text, flush=True)
    except (BrokenPipeError, OSError):
        sys.stdout = open("/dev/null", "w")  # noqa: SIM115 - stays open as the process's output


class Steps:
    """Number the steps of one command and time each."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.number = 0
        self.taken: list[tuple[str, float]] = []
        self.began = time.monotonic()

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Announce `name`, run the block, then print its seconds; what the block appends to the list is said too."""
        self.number += 1
        line(f"[{self.number:2}/{self.total}] {name} …")
        notes: list[str] = []
        began = time.monotonic()
        yield notes
        seconds = time.monotonic() - began
        self.taken.append((name, seconds))
        said = f" ({'; '.join(notes)})" if notes else ""
        line(f"        done in {seconds:.1f} s{said}")

    @property
    def seconds(self) -> float:
        """Seconds since the first step was announced."""
        return time.monotonic() - self.began
