"""keep.py NAME [--fresh-socket PATH] -- COMMAND…: run one process and start it again, later each time, when it ends.

Runs under honcho, which would otherwise stop everything when one process ends. SIGTERM and SIGINT end both.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

WAITS_S = (1, 2, 5, 10, 30)
STEADY_AFTER_S = 60


class Keeper:
    """One process that is to stay alive until we are told to stop."""

    def __init__(self, name: str, command: list[str], socket: Path | None) -> None:
        self.name = name
        self.command = command
        self.socket = socket
        self.stopping = False
        self.child: subprocess.Popen[bytes] | None = None

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Signal handler: end the child and do not start it again."""
        self.stopping = True
        if self.child is not None and self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)

    def clear_socket(self) -> None:
        """Remove what a killed server left behind, or the next one could not listen there.

        daphne's lock names a process id, and after a restart of the machine that id may be somebody else's.
        """
        if self.socket:
            for path in (self.socket, self.socket.with_name(f"{self.socket.name}.lock")):
                path.unlink(missing_ok=True)

    def run(self) -> None:
        """Start the process again and again; the pause grows while it keeps failing early."""
        failures = 0
        while not self.stopping:
            self.clear_socket()
            began = time.monotonic()
            self.child = subprocess.Popen(self.command)
            status = self.child.wait()
            if self.stopping:
                return
            failures = 1 if time.monotonic() - began > STEADY_AFTER_S else failures + 1
            self._pause(status, WAITS_S[min(failures, len(WAITS_S)) - 1])

    def _pause(self, status: int, seconds: int) -> None:
        print(f"{self.name} ended with status {status}; starting it again in {seconds} s", flush=True)
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(0.1)


def main(arguments: list[str], kind: type[Keeper] = Keeper) -> None:
    """Read the arguments, listen for signals, keep the process."""
    split = arguments.index("--")
    options, command = arguments[:split], arguments[split + 1 :]
    socket = Path(options[2]) if options[1:2] == ["--fresh-socket"] else None
    keeper = kind(options[0], command, socket)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, keeper.stop)
    keeper.run()


if __name__ == "__main__":
    main(sys.argv[1:])
