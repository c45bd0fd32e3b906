"""`make manage RUN="import_roads FILE"`: one management command in a running instance, as its user, with its environment."""

import glob
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import home as homes
from . import processes
from .database import demo_camera_port
from .home import Account, Home
from .options import Options
from .say import RefusedError


def manage(options: Options) -> None:
    """Run the command that RUN names; what it prints is shown as it comes.

    Raises:
        RefusedError: the instance is not there or not running, or the command failed.
    """
    words = shlex.split(os.environ.get("RUN", "")) or ["help"]
    home = homes.find(options.instance)
    venv = running_venv(home, options)
    env = processes.environment(home, options, venv, camera_port=demo_camera_port(home, 0) if options.demo else 0)
    with tempfile.TemporaryDirectory(prefix="nearcast-") as inbox:
        command = [str(venv / "bin" / "python"), "manage.py", *lend(words, home.account, Path(inbox))]
        done = subprocess.run(command, env=env, cwd=home.app, check=False, **home.account.popen())  # type: ignore[call-overload]
    if done.returncode:
        raise RefusedError(f"manage.py {words[0]} ended with {done.returncode}; what it said is above.")


def running_venv(home: Home, options: Options) -> Path:
    """Return the environment that the running instance uses; refuse with one sentence when there is none."""
    same = "" if options.instance == "main" else f" INSTANCE={options.instance}"
    venv = Path(str(homes.read_facts(home).get("venv", "")))
    if not (venv / "bin" / "python").exists() or not (home.app / "manage.py").exists():
        raise RefusedError(f"Instance {home.instance} has never been up here: run make up{same} first.")
    if options.private_cluster and not list(home.sockets.glob(".s.PGSQL.*")):
        raise RefusedError(f"Instance {home.instance} is not running: run make up{same} in another shell first.")
    return venv


def together(path: Path) -> list[Path]:
    """Return a file with those it cannot be read without: a Shapefile is several files of one name."""
    if path.suffix.lower() != ".shp":
        return [path]
    return sorted(beside for beside in path.parent.glob(f"{glob.escape(path.stem)}.*") if beside.is_file())


def is_file(word: str) -> bool:
    """Return whether a word names a file that is there; what is too long to be a name is none."""
    try:
        return Path(word).is_file()
    except OSError:
        return False


def lend(words: list[str], account: Account, inbox: Path) -> list[str]:
    """Return the words with every existing file named so that `account` can read it: in full, or as a copy.

    The copy keeps the file's name, by which an import knows its rows again.
    """
    if not account.drop:
        return [str(Path(word).resolve()) if is_file(word) else word for word in words]
    inbox.chmod(0o711)
    lent = []
    for number, word in enumerate(words):
        if is_file(word):
            folder = inbox / str(number)
            folder.mkdir(mode=0o700)
            for part in together(Path(word)):
                os.chown(shutil.copyfile(part, folder / part.name), account.uid, account.gid)
            os.chown(folder, account.uid, account.gid)
            word = str(folder / Path(word).name)
        lent.append(word)
    return lent
