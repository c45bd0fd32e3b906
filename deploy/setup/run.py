"""Running other programs: as whom, with which environment, where their output goes, and what a failure says."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .say import RefusedError, line

Command = Sequence[str | Path]
HEARTBEAT_S = 10.0


@dataclass(frozen=True)
class Account:
    """The user that long-running processes belong to. `drop` says that we are root and must change to it."""

    name: str
    uid: int
    gid: int
    drop: bool

    def popen(self) -> dict[str, object]:
        """Return the arguments that make subprocess run a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.drop else {}


def run(
    command: Command,
    *,
    what: str,
    log: Path | None = None,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    show: bool = False,
) -> str:
    """Run one program to its end and return what it printed (both streams).

    `what` names it in the sentence of a failure. `log` receives the output too; `show` repeats it to the terminal.

    Raises:
        RefusedError: it could not be started or ended with a status other than 0.
    """
    _note(command, log)
    try:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            start_new_session=True,
            text=True,
            errors="replace",
            **(account.popen() if account else {}),  # type: ignore[call-overload]
        )
    except OSError as error:
        raise RefusedError(f"{what} could not be started: {error}.") from error
    text = _collect(process, log=log, show=show)
    if process.returncode:
        if not show:
            line("\n".join(f"        | {row}" for row in text.splitlines()[-25:]))
        where = f" The whole output is in {log}." if log else ""
        raise RefusedError(f"{what} failed with status {process.returncode}; its last lines are above.{where}")
    return text


def _note(command: Command, log: Path | None) -> None:
    if log is not None:
        with log.open("a") as file:
            file.write(f"\n$ {' '.join(map(str, command))}\n")


def _collect(process: "subprocess.Popen[str]", *, log: Path | None, show: bool) -> str:
    rows: deque[str] = deque(maxlen=5000)
    assert process.stdout is not None
    file = log.open("a") if log else None
    done = threading.Event()
    if not show:
        threading.Thread(target=_tell_it_lives, args=(done, rows), daemon=True).start()
    try:
        for row in process.stdout:
            rows.append(row)
            if file:
                file.write(row)
                file.flush()
            if show and row.strip():
                line(f"        {row.rstrip()}")
        process.wait()
    except BaseException:
        end(process)
        raise
    finally:
        done.set()
        if file:
            file.close()
    return "".join(rows)


def _tell_it_lives(done: threading.Event, rows: "deque[str]") -> None:
    began = time.monotonic()
    while not done.wait(HEARTBEAT_S):
        newest = rows[-1].strip()[:90] if rows else "working"
        line(f"        … {time.monotonic() - began:.0f} s: {newest}")


def end(process: "subprocess.Popen[str] | subprocess.Popen[bytes]", *, patience_s: float = 10) -> None:
    """Ask a program and its children to end; after `patience_s` make them."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        try:
            os.killpg(process.pid, number)
            process.wait(patience_s)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def succeeds(command: Command, *, account: Account | None = None, env: Mapping[str, str] | None = None) -> bool:
    """Return True when the program runs and ends with status 0; its output is thrown away."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=None if env is None else dict(env),
            cwd="/",
            timeout=60,
            check=False,
            **(account.popen() if account else {}),  # type: ignore[call-overload]
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def open_files(pid: str) -> list[str]:
    """Return what the process holds open, as the kernel names it; empty when it is gone or not ours to see."""
    found = []
    with contextlib.suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            # The folder was read a moment ago: a file may be closed by now.
            with contextlib.suppress(OSError):
                found.append(os.readlink(entry))
    return found
