"""Thin helpers for whoever changes the code: lint, format, lock, and a stack that follows the sources."""

import subprocess
from dataclasses import replace
from pathlib import Path

from . import home as homes
from . import python_env
from .home import CHECKOUT
from .options import Options
from .run import run
from .say import RefusedError
from .up import up

ENVIRONMENT = CHECKOUT / ".venv"


def tools() -> Path:
    """Return the environment's program folder, with the developer's packages installed."""
    files = [CHECKOUT / name for name in ("requirements.txt", "requirements-dev.txt")]
    python_env.ensure(ENVIRONMENT, files, account=homes.current_account(), log=None)
    return ENVIRONMENT / "bin"


def _each(*commands: list[str | Path]) -> None:
    for command in commands:
        if subprocess.run([str(word) for word in command], cwd=CHECKOUT, check=False).returncode:
            raise RefusedError(f"{Path(command[0]).name} found something; see above.")


def lint(options: Options) -> None:
    """Style, layout, import rules."""
    folder = tools()
    _each([folder / "ruff", "check", "."], [folder / "ruff", "format", "--check", "."], [folder / "lint-imports"])


def fmt(options: Options) -> None:
    """Put every Python file into the one layout and mend what can be mended."""
    folder = tools()
    _each([folder / "ruff", "check", "--fix", "."], [folder / "ruff", "format", "."])


def lock(options: Options) -> None:
    """Write requirements.txt and requirements-dev.txt anew from what is asked for in the .in files."""
    folder = tools()
    for name in ("requirements", "requirements-dev"):
        command: list[str | Path] = [
            folder / "pip-compile",
            "-q",
            "--no-emit-index-url",
            "--no-emit-find-links",
            "--no-header",
        ]
        command += ["--strip-extras", "--allow-unsafe", "--output-file", f"{name}.txt", f"{name}.in"]
        run(command, what=f"pip-compile {name}.in", cwd=CHECKOUT)


def dev(options: Options) -> None:
    """`make up` whose front end is built again at each change (reload the page) and whose processes follow the code."""
    home = homes.find(options.instance)
    if home.app != home.checkout:
        raise RefusedError("make dev follows the checkout and so runs as an ordinary user; as root use make up.")
    up(replace(options, follow=True))
