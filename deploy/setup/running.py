"""The running instance: start everything, watch it, stop everything in the right order."""

import os
import signal
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO

from . import processes, web_server
from .cluster import Cluster
from .home import Home, keep_facts
from .options import LOCAL, Options
from .run import end
from .say import RefusedError, line

HEALTHY_WITHIN_S = 180
LOG_KEPT_BYTES = 20_000_000


class Running:
    """Everything that is up for one instance. `stop` may be called at any point, also halfway through a start."""

    def __init__(self, home: Home, options: Options, cluster: Cluster | None) -> None:
        self.home = home
        self.options = options
        self.cluster = cluster
        self.honcho: subprocess.Popen[str] | None = None
        self.pump: threading.Thread | None = None

    def start_processes(self, venv: Path, env: dict[str, str], *, cameras: bool) -> None:
        """Start honcho with the Procfile; its labelled lines go to the terminal and to log/processes.log."""
        path = self.home.state / "Procfile"
        path.write_text(processes.procfile(self.home, self.options, venv, cameras=cameras))
        path.chmod(0o644)
        command = [venv / "bin" / "honcho", "-e", "", "-d", self.home.app, "-f", path, "start"]
        self.honcho = subprocess.Popen(
            [str(part) for part in command],
            cwd=self.home.app,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            **self.home.account.popen(),  # type: ignore[call-overload]
        )
        log = _rotated(self.home.log / "processes.log").open("a")
        self.pump = threading.Thread(target=_pump, args=(self.honcho.stdout, log), daemon=True)
        self.pump.start()

    def start_nginx(self) -> None:
        """Start the one origin."""
        web_server.start(self.home, self.options)

    def wait_until_healthy(self) -> float:
        """Return the seconds until /healthz answered 200 through nginx.

        Raises:
            RefusedError: it did not in time, or a process group ended first.
        """
        began = time.monotonic()
        answer = "no answer"
        while time.monotonic() - began < HEALTHY_WITHIN_S:
            self.require_alive()
            # Asked before there is a socket, nginx writes a critical error into its log for nothing.
            answer = self._ask() if (self.home.sockets / "web.sock").exists() else "web has not begun"
            if answer == "200":
                return time.monotonic() - began
            time.sleep(0.25)
        raise RefusedError(
            f"Nearcast did not become healthy in {HEALTHY_WITHIN_S} s (/healthz: {answer}); see {self.home.log}/processes.log."
        )

    def _ask(self) -> str:
        host = {"0.0.0.0": LOCAL, "::": "[::1]"}.get(self.options.bind, self.options.bind)  # noqa: S104
        host = f"[{host}]" if ":" in host and not host.startswith("[") else host
        context = ssl._create_unverified_context() if self.options.tls else None  # noqa: S323 - ourselves, on this machine
        url = f"{self.options.scheme}://{host}:{self.options.port}/healthz"
        request = urllib.request.Request(url, headers={"Host": f"{LOCAL}:{self.options.port}"})  # noqa: S310
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        try:
            with opener.open(request, timeout=5) as response:
                return str(response.status)
        except urllib.error.HTTPError as error:
            return str(error.code)
        except OSError as error:
            return str(error)

    def require_alive(self) -> None:
        """Raise RefusedError, naming it, when one of the three that hold everything up has ended."""
        if self.honcho is None or self.honcho.poll() is not None:
            raise RefusedError(f"The processes ended; their last words are above and in {self.home.log}/processes.log.")
        if not web_server.pid(self.home):
            raise RefusedError(f"nginx ended; see {self.home.log}/nginx-error.log.")
        if self.cluster and not self.cluster.running():
            raise RefusedError(f"PostgreSQL ended; see {self.cluster.log}.")

    def watch(self) -> None:
        """Stay here while everything lives; a signal ends it by raising KeyboardInterrupt."""
        while True:
            self.require_alive()
            time.sleep(1)

    def stop(self) -> None:
        """Stop nginx first, so that nobody is answered halfway, then the processes, then the database."""
        web_server.stop(self.home)
        if self.honcho is not None:
            end(self.honcho, patience_s=12)
            if self.pump:
                self.pump.join(2)
        processes.stop_all(self.home)
        if self.cluster:
            self.cluster.stop()
        keep_facts(self.home, supervisor=0)


def _pump(source: IO[str], log: IO[str]) -> None:
    with log:
        for row in source:
            log.write(row)
            log.flush()
            line(row.rstrip("\n"))


def _rotated(path: Path) -> Path:
    """Put a log that has grown large aside, one generation, before the next start appends to it."""
    if path.exists() and path.stat().st_size > LOG_KEPT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path


def recover(home: Home, cluster: Cluster | None) -> list[str]:
    """End what a killed run left behind (call with the lock held); return what was found, in words."""
    found = []
    if web_server.pid(home) or web_server.orphans(home):
        web_server.stop(home)
        found.append("nginx")
    count = processes.stop_all(home)
    if count:
        found.append(f"{count} processes")
    if cluster and cluster.running():
        cluster.stop()
        found.append("PostgreSQL")
    for name in ("web.sock", "web.sock.lock", "intake.sock"):
        (home.sockets / name).unlink(missing_ok=True)
    return found


def turn_signals_into_stop() -> None:
    """Make Ctrl-C, SIGTERM and a closed terminal end the command through its own cleaning up, once."""

    def stop(number: int, frame: object) -> None:
        for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # A second Ctrl-C while we clean up would leave half of it running.
            signal.signal(kind, signal.SIG_IGN)
        raise KeyboardInterrupt

    for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(kind, stop)


def supervisor_alive(pid: int) -> bool:
    """Return True when the process that holds an instance's lock can still be signalled by us."""
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return pid > 0
