"""`make bench`, `make campaign`, `make soak`: the long measurements, each on a private cluster of its own."""

from .options import Options
from .say import RefusedError
from .testing import Bench, picked, prepared, summary


def bench(options: Options) -> None:
    """Run every bench that `manage.py bench --list` names (STEPS=order,outbox picks some), on a cluster with durable settings."""
    with prepared(options, browser=False, disposable=False) as place:
        manage = place.tool("python", "manage.py")
        place.check("tables", [*manage, "prepare_database"])
        names = _listed(place)
        chosen = picked(names)
        for name in [one for one in names if not chosen or one in chosen]:
            place.check(f"bench {name}", [*manage, "bench", name])
        summary(place)


def _listed(place: Bench) -> list[str]:
    import subprocess

    command = place.tool("python", "manage.py", "bench", "--list")
    done = subprocess.run(command, env=place.env, cwd=place.home.checkout, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RefusedError(f"manage.py bench --list failed: {(done.stderr or done.stdout).strip()[-400:]}")
    return [row.split()[0] for row in done.stdout.splitlines() if row.strip()]


def campaign(options: Options) -> None:
    """Run the long races, mutations and generated requests."""
    with prepared(options, browser=False) as place:
        place.check("campaign", place.tool("pytest", "tests", "-m", "campaign", "--timeout=3600"), counted=True)
        summary(place)


def soak(options: Options) -> None:
    """Run the bench named soak (SOAK_S seconds) on a cluster with durable settings."""
    with prepared(options, browser=False, disposable=False) as place:
        manage = place.tool("python", "manage.py")
        place.check("tables", [*manage, "prepare_database"])
        place.check("soak", [*manage, "bench", "soak"])
        summary(place)
