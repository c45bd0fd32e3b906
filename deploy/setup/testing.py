"""`make test`: what the tests need, then every check as a named step with its seconds, then one table."""

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import front_end, packages, processes, python_env
from . import home as homes
from .cluster import Cluster
from .home import Home
from .options import Options
from .running import recover
from .say import RefusedError, Steps, line
from .stack import demo_stack

PACKAGES = ("geo", "dispatch", "realtime", "frontend", "fixtures", "deploy")
COUNTED = re.compile(r"\b(\d+) (passed|failed|errors?|skipped)\b")


@dataclass
class Result:
    """How one step ended."""

    name: str
    passed: bool
    seconds: float


class Bench:
    """The place where checks run: environment, tools and what was counted so far."""

    def __init__(self, home: Home, venv: Path, env: dict[str, str]) -> None:
        self.home = home
        self.venv = venv
        self.env = env
        self.results: list[Result] = []
        self.counts: dict[str, int] = {}

    def tool(self, name: str, *arguments: str) -> list[str]:
        """Return the command line of a program of the environment."""
        return [str(self.venv / "bin" / name), *arguments]

    def check(self, name: str, *commands: list[str], cwd: Path | None = None, counted: bool = False) -> bool:
        """Run the commands one after the other up to the first that fails; print name, output and seconds."""
        line(f"\n── {name} " + "─" * max(3, 76 - len(name)))
        began = time.monotonic()
        passed = all(self._run(command, cwd or self.home.checkout, counted) for command in commands)
        seconds = time.monotonic() - began
        self.results.append(Result(name, passed, seconds))
        line(f"── {name}: {'passed' if passed else 'FAILED'} in {seconds:.1f} s")
        return passed

    def _run(self, command: list[str], cwd: Path, counted: bool) -> bool:
        process = subprocess.Popen(
            command, cwd=cwd, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert process.stdout is not None
        tail = b""
        try:
            # Bytes as they come, not lines: a test runner's dots are its progress.
            while part := os.read(process.stdout.fileno(), 65536):
                sys.stdout.buffer.write(part)
                sys.stdout.buffer.flush()
                tail = (tail + part)[-4000:]
            status = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        if counted:
            self._count(tail.decode(errors="replace"))
        return status == 0

    def _count(self, tail: str) -> None:
        closing = [row for row in tail.splitlines() if COUNTED.search(row)]
        for number, word in COUNTED.findall(closing[-1] if closing else ""):
            key = "failed" if word.startswith("error") else word
            self.counts[key] = self.counts.get(key, 0) + int(number)


def test(options: Options) -> None:
    """Set up, run every step (STEPS=unit,journeys picks some), print the table.

    Raises:
        RefusedError: a step failed; the text names which.
    """
    chosen = picked(STEPS)
    with prepared(options, browser=True) as bench:
        for name, step in STEPS.items():
            if not chosen or name in chosen:
                step(bench)
        summary(bench)


@contextmanager
def prepared(options: Options, *, browser: bool, disposable: bool = True) -> Iterator[Bench]:
    """Bring packages, environment, front end and a private cluster of its own; stop the cluster at the end."""
    steps = Steps(5)
    with ExitStack() as stack:
        with steps.step("system packages") as notes:
            needs = packages.needs_of_up(private_cluster=True, python_ready=_python_ready)
            notes += packages.provide(needs + (packages.needs_of_test() if browser else []))
        home = homes.find(instance_name("test" if disposable else "bench", options))
        homes.require_room(home)
        homes.make(home)
        lock = homes.lock(home)
        if lock is None:
            raise RefusedError(f"Another make test runs in this checkout (pid {homes.lock_holder(home)}): wait for it.")
        stack.enter_context(lock)
        venv = home.checkout / ".venv"
        with steps.step("Python packages") as notes:
            files = [home.checkout / name for name in ("requirements.txt", "requirements-dev.txt")]
            notes.append(python_env.ensure(venv, files, account=home.account, log=home.setup_log))
        with steps.step("front-end packages"):
            env = front_end.ensure_modules(home, venv)
        with steps.step("front end") as notes:
            notes.append(front_end.ensure_built(home, venv))
        with steps.step("database cluster"):
            cluster = Cluster(home, disposable=disposable)
            recover(home, cluster)
            cluster.make()
            stack.callback(cluster.stop)
            cluster.start()
            cluster.prepare()
        yield Bench(home, venv, test_environment(home, venv, env))


def _python_ready() -> bool:
    return python_env.interpreter(homes.current_account()) is not None


def instance_name(kind: str, options: Options) -> str:
    """Return the test instance's name: one for each checkout, since root's state folders are shared by all of them."""
    mark = hashlib.sha256(os.fsencode(homes.CHECKOUT)).hexdigest()[:8]
    return f"{kind}-{mark}" if options.instance == "main" else f"{kind}-{options.instance}"[:32]


def test_environment(home: Home, venv: Path, env: dict[str, str]) -> dict[str, str]:
    """Return the environment of every check: our tools first, the test cluster, a state folder of its own."""
    base = {key: value for key, value in env.items() if not key.startswith(("NEARCAST_", "DATABASE_", "PG", "MAKE"))}
    state = home.state / "files"
    state.mkdir(exist_ok=True)
    database = processes.database_environment(home, Options())
    return {
        **base,
        **database,
        "PATH": f"{venv / 'bin'}:{env['PATH']}:/usr/sbin",
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        **({} if sys.stdout.isatty() else {"NO_COLOR": "1"}),
        "NEARCAST_DB_AS_OWNER": "1",
        "NEARCAST_VAR": str(state),
        "DJANGO_SETTINGS_MODULE": "dispatch.config.settings",
    }


def lint(bench: Bench) -> None:
    """Style, layout and import rules."""
    bench.check("ruff", bench.tool("ruff", "check", "."), bench.tool("ruff", "format", "--check", "."))
    bench.check("import rules", bench.tool("lint-imports"))


def types(bench: Bench) -> None:
    """Static types of our packages."""
    bench.check("mypy", bench.tool("mypy", *PACKAGES))


def django(bench: Bench) -> None:
    """Models and migrations agree; Django's own checks pass."""
    manage = bench.tool("python", "manage.py")
    bench.check("migrations match models", [*manage, "makemigrations", "--check", "--dry-run"])
    bench.check("Django checks", [*manage, "check"])
    serving = ["env", "TLS=1", "NEARCAST_DEMO=0", *manage, "check", "--deploy", "--fail-level", "WARNING"]
    bench.check("Django checks for a server", serving)


def front(bench: Bench) -> None:
    """Types and tests of the front end."""
    folder = bench.home.checkout / "frontend"
    bench.check("front-end types", ["npm", "run", "--silent", "check"], cwd=folder)
    bench.check("front-end tests", ["npm", "run", "--silent", "test"], cwd=folder)


def unit(bench: Bench) -> None:
    """Unit, API, contract and socket tests on real databases, one for each of two workers; a file stays with one of them."""
    spread = ["-n", "2", "--dist", "loadfile"] if (os.cpu_count() or 1) > 1 else []
    where = ["tests", "--ignore=tests/journeys", "-m", "not journey and not campaign", "--durations=10", *spread]
    bench.check("unit, API and contract tests", bench.tool("pytest", *where), counted=True)


def journeys(bench: Bench) -> None:
    """Journeys in a real browser on a stack started as make up starts it."""

    def began(passed: bool, seconds: float) -> None:
        bench.results.append(Result("start the stack", passed, seconds))

    with demo_stack(bench.home, began) as env:
        bench.env = {**bench.env, **env}
        where = ["tests/journeys", "-m", "journey", "--durations=5"]
        bench.check("browser journeys", bench.tool("pytest", *where), counted=True)


def picked(known: Iterable[str]) -> set[str]:
    """Return what STEPS=… names, empty for all. Raises RefusedError for a name that is not among `known`."""
    chosen = {word for word in re.split(r"[,\s]+", os.environ.get("STEPS", "")) if word}
    if unknown := chosen - set(known):
        raise RefusedError(f"STEPS knows {', '.join(known)}; not {', '.join(sorted(unknown))}.")
    return chosen


STEPS: dict[str, Callable[[Bench], None]] = {
    "lint": lint,
    "types": types,
    "django": django,
    "front": front,
    "unit": unit,
    "journeys": journeys,
}


def summary(bench: Bench) -> None:
    """Print every step with its seconds and the tests' total; refuse when one failed."""
    line(f"\n{'step':32} {'seconds':>8}  result")
    for result in bench.results:
        line(f"{result.name:32} {result.seconds:8.1f}  {'passed' if result.passed else 'FAILED'}")
    line(f"{'all steps':32} {sum(result.seconds for result in bench.results):8.1f}")
    failed = [result.name for result in bench.results if not result.passed]
    counts = {key: bench.counts.get(key, 0) for key in ("passed", "failed", "skipped")}
    if bench.counts:
        line(f"\n{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    if failed:
        raise RefusedError(f"make test failed in: {', '.join(failed)}.")
