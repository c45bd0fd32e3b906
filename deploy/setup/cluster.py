"""The private PostgreSQL cluster of one instance: made once, reachable only through a socket in a closed folder."""

import os
import shlex
from pathlib import Path

from .home import Home
from .packages import POSTGRES_ROOT, has_postgis, postgres_version
from .run import run, succeeds
from .say import RefusedError

DATABASE = "nearcast"
OWNER_ROLE = "nearcast_owner"
APP_ROLE = "nearcast_app"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}
SETTINGS = """
# Written by Nearcast's make up at every start; put your own settings into local.conf beside this file.
listen_addresses = ''
unix_socket_directories = '"{sockets}"'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = '256MB'
effective_cache_size = '1GB'
random_page_cost = 1.1
max_wal_size = '2GB'
jit = off
timezone = 'UTC'
log_min_duration_statement = 2000
{durability}
include_if_exists = 'local.conf'
"""
FAST_AND_LOSING = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


class Cluster:
    """One PostgreSQL cluster in the instance's state folder."""

    def __init__(self, home: Home, *, disposable: bool = False) -> None:
        self.home = home
        self.disposable = disposable
        self.data = home.state / "pgdata"
        self.log = home.log / "postgres.log"

    def version(self) -> str:
        """Return the version the data folder was made by, or the newest installed one for a new cluster.

        Raises:
            RefusedError: the data folder was made by a version that is not installed here.
        """
        try:
            made_by = (self.data / "PG_VERSION").read_text().strip()
        except OSError:
            return postgres_version()
        if not has_postgis(made_by):
            have = postgres_version() or "none"
            raise RefusedError(
                f"The database in {self.data} was made by PostgreSQL {made_by}, and this machine has {have}: "
                f"install postgresql-{made_by} and postgresql-{made_by}-postgis-3, or start anew with make reset."
            )
        return made_by

    def _program(self, name: str) -> Path:
        return POSTGRES_ROOT / self.version() / "bin" / name

    def _run(self, *command: str | Path, what: str) -> str:
        return run(
            command, what=what, account=self.home.account, env=ENVIRONMENT, cwd=Path("/"), log=self.home.setup_log
        )

    def make(self) -> bool:
        """Create the data folder unless it is complete; return True when it was made now."""
        if (self.data / "PG_VERSION").exists() and not self._fresh.exists():
            return False
        if self._fresh.exists():
            self._run("/bin/rm", "-rf", self._fresh, what="removing a half-made cluster")
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"]
        if self.disposable:
            options.append("--no-sync")
        self._run(self._program("initdb"), *options, "-D", self._fresh, what="initdb")
        self._run("/bin/mv", self._fresh, self.data, what="putting the new cluster in place")
        return True

    @property
    def _fresh(self) -> Path:
        return self.data.with_name("pgdata.new")

    def start(self) -> None:
        """Write the settings and start the server; returns once it answers."""
        text = SETTINGS.format(
            sockets=str(self.home.sockets).replace("'", "''"), durability=FAST_AND_LOSING if self.disposable else ""
        )
        path = self.data / "nearcast.conf"
        path.write_text(text)
        os.chown(path, self.home.account.uid, self.home.account.gid)
        self._forget_stale_lock()
        options = f"-c config_file={shlex.quote(str(path))}"
        self._run(
            self._program("pg_ctl"), "start", "-w", "-t", "60", "-s", "-D", self.data, "-l", self.log, "-o", options,
            what=f"PostgreSQL (log: {self.log})",
        )  # fmt: skip

    def _forget_stale_lock(self) -> None:
        """Remove the lock of a killed server when its process number now belongs to something else."""
        pid = self.pid()
        if pid and not self._is_ours(pid):
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
                (self.home.sockets / name).unlink(missing_ok=True)

    def pid(self) -> int:
        """Return the process id in the server's lock file, 0 without one."""
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return 0

    def running(self) -> bool:
        """Return True while this cluster's server process lives."""
        pid = self.pid()
        return bool(pid) and self._is_ours(pid)

    def _is_ours(self, pid: int) -> bool:
        """Return True when `pid` serves this data folder: after a restart the number may be another instance's server.

        A server stays in its data folder, also when a checkout was moved under it; its command line would not say so.
        """
        process = Path(f"/proc/{pid}")
        try:
            named = (process / "comm").read_text().startswith("postgres")
            return named and (process / "cwd").samefile(self.data)
        except OSError:
            return False

    def stop(self) -> None:
        """Stop the server if it runs: connections are cut, everything committed is kept."""
        if self.running():
            mode = "immediate" if self.disposable else "fast"
            self._run(
                self._program("pg_ctl"), "stop", "-w", "-t", "60", "-s", "-m", mode, "-D", self.data,
                what="stopping PostgreSQL",
            )  # fmt: skip

    def sql(self, text: str, *, database: str = "postgres") -> str:
        """Run `text` as the cluster's superuser and return its plain output."""
        psql: list[str | Path] = [
            self._program("psql"),
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            self.home.sockets,
        ]
        return self._run(*psql, "-U", "postgres", "-d", database, "-c", text, what="psql").strip()

    def prepare(self) -> None:
        """Make roles, the database and its extensions. The owner shapes tables, the application owns nothing."""
        rights = "SUPERUSER" if self.disposable else "NOSUPERUSER CREATEDB"
        for role, options in ((OWNER_ROLE, rights), (APP_ROLE, "NOSUPERUSER NOCREATEDB NOCREATEROLE")):
            if not self.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"):  # noqa: S608 - our own constants
                self.sql(f"CREATE ROLE {role} LOGIN")
            self.sql(f"ALTER ROLE {role} {options}")
        if not self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):  # noqa: S608 - a constant
            self.sql(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")
        # In template1 too: databases that tests and benches create there have them without a superuser.
        for name in ("template1", DATABASE):
            self.sql("CREATE EXTENSION IF NOT EXISTS postgis", database=name)
            self.sql("CREATE EXTENSION IF NOT EXISTS btree_gist", database=name)
        self.sql(f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP_ROLE}")

    def ready(self) -> bool:
        """Return True when the server takes connections."""
        return succeeds([self._program("pg_isready"), "-q", "-h", self.home.sockets], env=ENVIRONMENT)
