"""`make up`: from nothing to a running Nearcast in numbered steps; whatever fails leaves nothing running."""

import os
from pathlib import Path
from typing import IO

from . import cities, code_copy, demo_clock, front_end, packages, ports, processes, python_env, tls
from . import home as homes
from .cluster import Cluster
from .database import Manage, demo_camera_port
from .home import Home
from .options import LOCAL, Options
from .running import Running, recover
from .say import RefusedError, Steps, line


def up(options: Options) -> None:
    """Set up, start, print where to go, and stay until told to stop."""
    needs = packages.needs_of_up(private_cluster=options.private_cluster, python_ready=python_ready)
    steps = Steps(9 if options.private_cluster else 8)
    with steps.step("system packages") as notes:
        notes += packages.provide(needs)
    home = homes.find(options.instance)
    cities.require_usable(home, options)
    homes.require_room(home)
    if not home.state.exists():
        ports.require_free(options.bind, options.port, as_root=os.geteuid() == 0)
    homes.make(home)
    lock = take_lock(home)
    cluster = Cluster(home) if options.private_cluster else None
    clear_the_way(home, options, cluster)
    running = Running(home, options, cluster)
    try:
        bring_up(running, steps)
        running.watch()
    finally:
        line("Stopping …")
        running.stop()
        lock.close()
        line("Stopped. Nothing of this instance is running.")


def python_ready() -> bool:
    """Return True when some Python here can make an environment that this instance's user can run."""
    return python_env.interpreter(homes.current_account()) is not None


def take_lock(home: Home) -> IO[str]:
    """Return the held lock.

    Raises:
        RefusedError: the instance is already running.
    """
    lock = homes.lock(home)
    if lock is None:
        origin = homes.read_facts(home).get("origin", "")
        where = f" at {origin}" if origin else ""
        raise RefusedError(
            f"Instance {home.instance} is already running (pid {homes.lock_holder(home)}){where}: "
            f"stop it with make down, or start another beside it with INSTANCE=second PORT={ports.free_near(LOCAL, 8001)}."
        )
    return lock


def clear_the_way(home: Home, options: Options, cluster: Cluster | None) -> None:
    """End what a killed run left, then make sure that what we need is free and fits."""
    left = recover(home, cluster)
    if left:
        line(f"The last run of instance {home.instance} was killed; ended what it left behind: {', '.join(left)}.")
    ports.require_free(options.bind, options.port, as_root=os.geteuid() == 0)
    if cluster:
        cluster.version()


def bring_up(running: Running, steps: Steps) -> None:
    """Take every step from packages to a healthy answer."""
    home, options = running.home, running.options
    venv, manage = prepare_code(home, options, steps)
    prepare_database(running, manage, steps)
    env = manage.env
    with steps.step("static files"):
        manage("collectstatic", "--noinput", "--verbosity", "0")
    cameras = False
    with steps.step("demo city") as notes:
        if options.demo:
            cities.load(home, options, manage)
            cameras = camera_port_free(env, notes)
        else:
            manage("load_basics")
            notes.append("left out: DEMO=0; manage.py begin_house makes the first centre and administrator")
    if options.tls:
        line(f"        {tls.ensure(home, options, venv)}")
    with steps.step("processes and nginx"):
        running.start_processes(venv, env, cameras=cameras)
        running.start_nginx()
        homes.keep_facts(home, origin=env["PUBLIC_ORIGIN"], supervisor=os.getpid(), venv=str(venv))
        running.wait_until_healthy()
    say_where(home, options, env, manage, steps)


def prepare_code(home: Home, options: Options, steps: Steps) -> tuple[Path, Manage]:
    """Bring the Python environment, the front end and the code; return them as the later steps use them."""
    venv = python_env.place(home)
    with steps.step("Python packages") as notes:
        requirements = [home.checkout / "requirements.txt"]
        notes.append(python_env.ensure(venv, requirements, account=home.account, log=home.setup_log))
        notes.append(str(venv))
    with steps.step("front end") as notes:
        notes.append(front_end.ensure_built(home, venv))
    with steps.step("code") as notes:
        notes.append(code_copy.bring(home))
    port = camera_port(home, options)
    env = processes.environment(home, options, venv, camera_port=port)
    return venv, Manage(home, venv, env)


def prepare_database(running: Running, manage: Manage, steps: Steps) -> None:
    """Start the private cluster when there is one, look at the database, bring its tables up to date."""
    cluster = running.cluster
    if cluster:
        with steps.step("database cluster") as notes:
            made = cluster.make()
            cluster.start()
            cluster.prepare()
            notes.append(f"PostgreSQL {cluster.version()}, {'new' if made else 'kept'}")
    with steps.step("tables") as notes:
        manage.require_usable()
        if not cluster and not running.options.database_owner_url:
            role, password = processes.app_role(running.options), processes.app_password(running.home)
            manage.make_app_role(role, password)
        said = demo_clock.set_clock(running.home, running.options, manage)
        manage("prepare_database")
        notes += [said] if said else []


def camera_port(home: Home, options: Options) -> int:
    """Return the demo cameras' port, chosen at the first start and kept; 0 without the demo."""
    if not options.demo:
        return 0
    port = demo_camera_port(home, 0) or ports.free_near(LOCAL, min(options.port + 1000, 60000))
    homes.keep_facts(home, camera_port=port)
    return port


def camera_port_free(env: dict[str, str], notes: list[str]) -> bool:
    """Return True when the demo's cameras can answer where the database says they do; else note why not."""
    port = int(env["NEARCAST_DEMO_CAMERA_PORT"])
    if not ports.problem(LOCAL, port):
        return True
    notes.append(f"no demo pictures: port {port} is taken by {ports.holder_of(port) or 'another program'}")
    return False


def say_where(home: Home, options: Options, env: dict[str, str], manage: Manage, steps: Steps) -> None:
    """Print the address, the demo logins and how to stop."""
    logins = manage.logins() if options.demo else ""
    rows = [f"Nearcast is up after {steps.seconds:.0f} s: {env['PUBLIC_ORIGIN']}"]
    if options.tls:
        rows.append(
            f"Its own authority: {home.state}/tls/ca.crt, also at {env['PUBLIC_ORIGIN']}/nearcast-ca.crt for phones."
        )
    if logins:
        rows += ["", *logins.splitlines()]
    rows += ["", f"Logs: {home.log}    Stop: Ctrl-C, or make down{_same_instance(options)} in another shell"]
    width = max(len(row) for row in rows)
    line("\n".join(["", "=" * width, *rows, "=" * width, ""]))


def _same_instance(options: Options) -> str:
    return "" if options.instance == "main" else f" INSTANCE={options.instance}"
