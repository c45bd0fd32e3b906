"""What is done in the database before the processes start: look, migrate, collect files, load the demo city."""

import subprocess
from pathlib import Path

from .home import Home, read_facts
from .run import run
from .say import RefusedError, line


class Manage:
    """`manage.py` of one instance, run as its user with its environment."""

    def __init__(self, home: Home, venv: Path, env: dict[str, str]) -> None:
        self.home = home
        self.python = venv / "bin" / "python"
        self.env = env

    def __call__(self, *arguments: str, show: bool = False, as_owner: bool = False) -> str:
        """Run one management command to its end and return what it printed."""
        env = {**self.env, "NEARCAST_DB_AS_OWNER": "1"} if as_owner else self.env
        return run(
            [self.python, "manage.py", *arguments],
            what=f"manage.py {arguments[0]}",
            account=self.home.account,
            env=env,
            cwd=self.home.app,
            log=self.home.setup_log,
            show=show,
        )

    def require_usable(self) -> None:
        """Raise RefusedError with one sentence when the database cannot be used; changes nothing in it."""
        self._ask("deploy.setup.inside.check_database", {})

    def make_app_role(self, role: str, password: str) -> None:
        """Give an existing database the application's own role; refuse with one sentence when the URL's role may not."""
        self._ask("deploy.setup.inside.make_app_role", {"APP_ROLE": role, "APP_PASSWORD": password})

    def newest_moment(self) -> str:
        """Return the newest moment that the database knows of, in Unix seconds."""
        said = run(
            [self.python, "-m", "deploy.setup.inside.newest_moment"],
            what="reading the newest moment",
            account=self.home.account,
            env={**self.env, "NEARCAST_CLOCK": "", "NEARCAST_DB_AS_OWNER": "1"},
            cwd=self.home.app,
            log=self.home.setup_log,
        )
        return said.split()[-1]

    def _ask(self, module: str, more: dict[str, str]) -> None:
        done = subprocess.run(
            [str(self.python), "-m", module],
            env={**self.env, **more},
            cwd=self.home.app,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **self.home.account.popen(),  # type: ignore[call-overload]
        )
        if done.returncode == 3:
            raise RefusedError(done.stdout.strip())
        if done.returncode:
            line("\n".join(f"        | {row}" for row in (done.stdout + done.stderr).splitlines()[-25:]))
            raise RefusedError("Nearcast's own settings do not load; the last lines are above.")

    def logins(self) -> str:
        """Return the demo logins as text, "" when the demo has none."""
        try:
            return self("demo_logins").rstrip()
        except RefusedError:
            return ""


def demo_camera_port(home: Home, wanted: int) -> int:
    """Return the port that the demo's camera addresses name: chosen once, since the database remembers it."""
    kept = read_facts(home).get("camera_port")
    return int(kept) if isinstance(kept, int) else wanted
