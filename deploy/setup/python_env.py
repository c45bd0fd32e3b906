"""The Python environment: which interpreter, where the packages go, and when they must be installed again."""

import hashlib
import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from .home import ROOT_STATE, Home, one_at_a_time
from .packages import program
from .run import Account, run, succeeds
from .say import RefusedError, line

OLDEST = (3, 11)
NAMES = ("python3", "/usr/bin/python3", "python3.13", "python3.12", "python3.11")
ASK_USABLE = f"import sys, ensurepip, venv; sys.exit(sys.version_info < {OLDEST})"
STAMP = ".nearcast-stamp"


def interpreter(account: Account) -> str | None:
    """Return a Python that can make environments and that `account` may run; it may sit under a closed /root."""
    for name in filter(None, (os.environ.get("PYTHON"), *NAMES, sys.executable)):
        path = program(name)
        if path and succeeds([path, "-c", ASK_USABLE], account=account):
            return _behind_shims(path)
    return None


def _behind_shims(path: str) -> str:
    """Return the interpreter itself: a version manager's shim would choose anew in every folder."""
    text = run([path, "-c", "import sys; print(sys.executable)"], what="python3").strip()
    return text or path


def place(home: Home) -> Path:
    """Return the environment's folder: the checkout's `.venv` where the instance's user can run it, else one of root's."""
    local = home.checkout / ".venv"
    if not home.account.drop or _runs_for(local, home.account):
        return local
    if not local.exists() and _reachable(home.checkout, home.account):
        return local
    return ROOT_STATE / "venvs" / digest([home.checkout / "requirements.txt"])[:12]


def _runs_for(folder: Path, account: Account) -> bool:
    return succeeds([folder / "bin" / "python", "-c", "import pip"], account=account)


def _reachable(folder: Path, account: Account) -> bool:
    return succeeds(["/usr/bin/test", "-r", folder / "manage.py"], account=account)


def digest(files: list[Path]) -> str:
    """Return one hash over the names and contents of `files`."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def ensure(folder: Path, requirements: list[Path], *, account: Account, log: Path | None) -> str:
    """Make `folder` hold everything that `requirements` lock; return what was done in a few words.

    Raises:
        RefusedError: no usable Python, or pip failed (its last lines are printed).
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with one_at_a_time("installing packages"):
        stamp = folder / STAMP
        wanted = {file.name: digest([file]) for file in requirements}
        if _installed(stamp, wanted) and succeeds([folder / "bin" / "python", "-c", "import django"]):
            return "nothing to do"
        if not succeeds([folder / "bin" / "python", "-m", "pip", "--version"]):
            _create(folder, account, log)
        files = [part for file in requirements for part in ("-r", str(file))]
        command: list[str | Path] = [
            folder / "bin" / "python",
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--progress-bar=off",
        ]
        run([*command, *files], what="pip", log=log)
        kept = _read_stamp(stamp)
        stamp.write_text("".join(f"{name} {value}\n" for name, value in sorted({**kept, **wanted}.items())))
    return f"installed {' and '.join(file.name for file in requirements)}"


def _create(folder: Path, account: Account, log: Path | None) -> None:
    python = interpreter(account) or interpreter(replace(account, drop=False))
    if not python:
        raise RefusedError(
            f"No Python {OLDEST[0]}.{OLDEST[1]} or newer with its venv module was found: "
            "install python3-venv, or name one with PYTHON=/path/to/python3."
        )
    if folder.exists():
        line(f"        {folder} is broken (its Python does not run): making it anew")
        shutil.rmtree(folder)
    run([python, "-m", "venv", folder], what="python3 -m venv", log=log)


def _read_stamp(stamp: Path) -> dict[str, str]:
    try:
        return dict(row.split(" ", 1) for row in stamp.read_text().splitlines() if " " in row)
    except OSError:
        return {}


def _installed(stamp: Path, wanted: dict[str, str]) -> bool:
    kept = _read_stamp(stamp)
    return all(kept.get(name) == value for name, value in wanted.items())


def forget_unused(current: Path) -> None:
    """Remove root's environments that no instance uses any longer."""
    folders = [entry for entry in (ROOT_STATE / "venvs").glob("*") if entry.is_dir()]
    states = [entry for entry in ROOT_STATE.glob("*") if (entry / "instance.json").exists()]
    used = {_environment_of(state) for state in states} | {str(current)}
    for folder in folders:
        if str(folder) not in used:
            shutil.rmtree(folder, ignore_errors=True)


def _environment_of(state: Path) -> str:
    try:
        return str(json.loads((state / "instance.json").read_text()).get("venv", ""))
    except (OSError, ValueError):
        return ""
