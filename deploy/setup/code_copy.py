"""Root's instances run a copy of the code: the checkout may sit under /root, where the service user cannot go."""

import os
import shutil
from pathlib import Path

from .home import Home

LEFT_OUT = {
    ".git", ".venv", ".ci", "node_modules", "var", "tests", "__pycache__", ".mypy_cache", ".ruff_cache",
    ".pytest_cache", ".hypothesis", ".import_linter_cache",
}  # fmt: skip


def bring(home: Home) -> str:
    """Copy the checkout's code to where the instance's user can read but not change it; return what was done."""
    if home.app == home.checkout:
        return "run from the checkout"
    fresh = home.app.with_name("app.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(home.checkout, fresh, ignore=_leave_out, symlinks=True)
    for base, folders, files in os.walk(fresh):
        for name in [*folders, *files]:
            path = Path(base) / name
            if not path.is_symlink():
                path.chmod(
                    0o755 if path.is_dir() or (os.access(path, os.X_OK) and path.stat().st_mode & 0o100) else 0o644
                )
    fresh.chmod(0o755)
    shutil.rmtree(home.app, ignore_errors=True)
    fresh.rename(home.app)
    _link_shared_data(home)
    return f"copied to {home.app}"


def _leave_out(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name in LEFT_OUT}


def _link_shared_data(home: Home) -> None:
    """Let `../shared` mean beside the copy what it means beside the checkout (demo cities of real data, when present)."""
    link, real = home.app.parent / "shared", home.checkout.parent / "shared"
    if real.is_dir() and not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(real)
