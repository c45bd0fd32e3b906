"""The demo city of `make up`: CITY and the user's own lists, looked at before anything is started, lent to who reads them."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from . import home as homes
from .database import Manage
from .home import Home
from .manage import lend
from .options import Options
from .say import RefusedError

WORDS = ("coquimbo", "town")
LISTS = ("areas", "cameras", "units")
# Written by load_demo when it is done (fixtures/kept.py).
LOADED = "demo_city.json"


def require_usable(home: Home, options: Options) -> None:
    """Raise RefusedError, in one sentence, for a city or list that cannot be read, or that an instance in use cannot become."""
    given = {"CITY": options.city.city, **{word.upper(): getattr(options.city, word) for word in LISTS}}
    asked = {name: text for name, text in given.items() if text}
    if asked and not options.demo:
        raise RefusedError(
            f'{min(asked)}= is for the demo and DEMO=0 leaves it out: use make manage RUN="import_roads FILE" and its like.'
        )
    for name, text in asked.items():
        if not (name == "CITY" and text in WORDS):
            _require_file(name, text)
    _require_same(home, options)


def _require_file(name: str, text: str) -> None:
    path = Path(text).expanduser()
    more = f" {name}= takes {', '.join(WORDS)} or the path of a road file." if name == "CITY" else ""
    try:
        if path.is_dir():
            raise RefusedError(f"{name}={text} is a folder, not a file.{more}")
        if not path.is_file():
            raise RefusedError(f"{name}={text}: there is no such file (looked for {path.absolute()}).{more}")
        with path.open("rb") as file:
            if not file.read(1):
                raise RefusedError(f"{name}={text} is empty.")
    except OSError as error:
        raise RefusedError(f"{name}={text} cannot be read: {error.strerror}.{more}") from error


def _require_same(home: Home, options: Options) -> None:
    """An instance keeps the city it was made with: another one asked for is refused, not passed over in silence."""
    held = _held(home)
    wanted = described(options)
    if held is None:
        return
    named = {*wanted, "city"} if options.city.city else set(wanted)
    other = sorted(name for name in named if held.get(name, "") != wanted.get(name, ""))
    if other:
        same = "" if options.instance == "main" else f" INSTANCE={options.instance}"
        said = ", ".join(f"{name.upper()}={held.get(name) or 'left out'}" for name in other)
        raise RefusedError(
            f"Instance {home.instance} already holds another demo city ({said}): make reset{same} wipes it, or put the new one"
            f" beside it with INSTANCE=second PORT={options.port + 1}."
        )


def described(options: Options) -> dict[str, str]:
    """Return what was asked for, files by name and size: the same file from another folder is the same city."""
    asked: dict[str, str] = {}
    for name in ("city", *LISTS, "seed", "timezone"):
        text = getattr(options.city, name)
        path = Path(text).expanduser()
        if text and text != WORDS[0]:
            asked[name] = (
                f"{path.name} ({path.stat().st_size} bytes)" if name in {"city", *LISTS} and path.is_file() else text
            )
    return asked


def _held(home: Home) -> dict[str, str] | None:
    """Return what the instance's city was made of; None when none is loaded."""
    if not (home.state / LOADED).exists():
        return None
    kept = homes.read_facts(home).get("city")
    return kept if isinstance(kept, dict) else {}


def load(home: Home, options: Options, manage: Manage) -> None:
    """Load the demo city unless the database is in use; files are lent to the instance's user."""
    held = _held(home)
    with tempfile.TemporaryDirectory(prefix="nearcast-") as inbox:
        manage("load_demo", "--if-empty", *lend(list(_words(options)), home.account, Path(inbox)), show=True)
    if held is None:
        homes.keep_facts(home, city=described(options))


def _words(options: Options) -> Iterator[str]:
    for name in ("city", *LISTS, "seed", "timezone"):
        text = getattr(options.city, name)
        if text:
            yield f"--{name}"
            yield text if text in WORDS or name in {"seed", "timezone"} else str(Path(text).expanduser())
