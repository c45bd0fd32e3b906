"""The house's own rules, read out of the source: who writes, how long things are, what never stands in the tree."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("dispatch", "geo", "realtime", "frontend", "fixtures", "deploy")
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_CARD = 400, 40, 40
WRITES = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "update", "delete", "save"}
ROOMS = (
    "dispatch", "dispatch/actions", "dispatch/queries", "dispatch/events", "dispatch/models", "dispatch/api", "geo", "realtime",
    "frontend", "fixtures", "tests", "deploy",
)  # fmt: skip
# No host of a package registry and no path of a developer's machine may be told to the world.
HOSTS = r"\b(pypi|pythonhosted|npmjs)\.(org|com|io)\b"
SECRETS = re.compile(rf"{HOSTS}|{re.escape(str(ROOT))}(?![\w-])|/(var/)?tmp/nc")
TEXT = {
    ".py",
    ".md",
    ".ts",
    ".svelte",
    ".js",
    ".mjs",
    ".json",
    ".toml",
    ".txt",
    ".in",
    ".sh",
    ".yml",
    ".yaml",
    ".html",
    ".conf",
    "",
}


def tracked() -> list[Path]:
    """Return every file under version control that is there."""
    out = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in out.decode().split("\0") if name and (path := ROOT / name).is_file()]


def sources(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield (path, tree) of the Python files of these packages, migrations aside."""
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and name.split("/")[0] in packages and "/migrations/" not in name:
            yield name, ast.parse(path.read_text())


def domain_names() -> set[str]:
    """Return the names of the domain's models."""
    return {model.__name__ for model in apps.get_app_config("dispatch").get_models()}


def written_models(tree: ast.Module, models: set[str]) -> Iterator[tuple[int, str]]:
    """Yield (line, model) for each `Model.objects….write()` and `Model(…).save()` of a domain model."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
            continue
        inner: ast.AST = node.func.value
        while isinstance(inner, (ast.Attribute, ast.Call)):
            inner = inner.func if isinstance(inner, ast.Call) else inner.value
        if isinstance(inner, ast.Name) and inner.id in models:
            yield node.lineno, inner.id


def test_only_actions_write_the_domain() -> None:
    models = domain_names()
    assert {"Incident", "Order", "JournalEntry", "Person"} <= models
    # Benches fill tables of a throw-away database in bulk; what they measure goes through actions.
    allowed = ("dispatch/actions/", "dispatch/journal.py", "fixtures/benches/")
    found = [
        f"{name}:{line} {model}"
        for name, tree in sources("dispatch", "realtime", "frontend", "fixtures", "geo")
        if not name.startswith(allowed)
        for line, model in written_models(tree, models)
    ]
    assert found == []


def test_the_check_sees_a_write() -> None:
    tree = ast.parse("Incident.objects.filter(pk=1).update(level=1)\nUnit(call_sign='x').save()\nnames.update(x)")
    assert sorted(written_models(tree, {"Incident", "Unit"})) == [(1, "Incident"), (2, "Unit")]


def test_no_signals_and_no_save_overrides() -> None:
    found = []
    for name, tree in sources(*PACKAGES):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("signals"):
                found.append(f"{name}:{node.lineno} imports {node.module}")
            if isinstance(node, ast.ClassDef) and "/models" in name:
                methods = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
                found += [f"{name} {node.name}.{method}" for method in methods & {"save", "delete"}]
    assert found == []


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return a function's lines, docstring and all."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_files_and_functions_stay_short() -> None:
    long_files = [
        f"{path.relative_to(ROOT)} {lines}"
        for path in tracked()
        if path.suffix in {".py", ".ts", ".svelte"}
        and "/contract/" not in path.as_posix()
        and "migrations" not in path.parts
        if (lines := path.read_text().count("\n")) > LONGEST_FILE
    ]
    long_functions = [
        f"{name}:{node.lineno} {node.name} {length(node)}"
        for name, tree in sources(*PACKAGES, "tests")
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and length(node) > LONGEST_FUNCTION
    ]
    assert long_files == []
    assert long_functions == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_short_card(room: str) -> None:
    card = ROOT / room / "README.md"
    assert card.is_file(), f"{room} has no room card"
    assert card.read_text().count("\n") <= LONGEST_CARD


def test_every_public_function_of_the_domain_says_what_it_does() -> None:
    silent = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in sources("dispatch", "geo", "realtime")
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
        if ast.get_docstring(node) is None
    ]
    assert silent == []


def test_no_host_of_a_registry_and_no_path_of_a_machine_stands_in_the_tree() -> None:
    found = []
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix not in TEXT:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if SECRETS.search(line):
                found.append(f"{name}:{number} {line.strip()[:80]}")
    assert found == []


# Django's own sessions end by the machine's clock; certificates, picture caches and waiting ask `time` for what is real.
REAL_TIME = {
    "realtime/rights.py": 1,
    "realtime/timers.py": 1,
    "realtime/outlets/foreign.py": 1,
    "realtime/outlets/web_push/sender.py": 1,
    "realtime/outlets/web_push/vapid.py": 1,
    "geo/clock.py": 2,
    "fixtures/actors/hands.py": 1,
}
WALL_CLOCKS = {"timezone.now", "datetime.now", "datetime.utcnow", "time.time"}


def wall_clock_calls(tree: ast.Module) -> Iterator[int]:
    """Yield the lines that name the machine's clock: `timezone.now`, `datetime.now`, `time.time`, called or handed on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in WALL_CLOCKS:
            yield node.lineno
        if (
            isinstance(node, ast.ImportFrom)
            and node.module == "time"
            and any(name.name == "time" for name in node.names)
        ):
            yield node.lineno


def test_time_is_asked_in_one_room() -> None:
    rooms = sources("dispatch", "geo", "realtime", "frontend", "fixtures")
    found = {
        name: len(list(wall_clock_calls(tree))) for name, tree in rooms if not name.startswith("fixtures/benches/")
    }
    assert {name: count for name, count in found.items() if count != REAL_TIME.get(name, 0)} == {}


def test_the_check_sees_a_wall_clock() -> None:
    tree = ast.parse(
        "a = timezone.now()\nb = field(default=timezone.now)\nc = time.monotonic()\nd = datetime.now(UTC)\ne = time.time()"
    )
    assert sorted(wall_clock_calls(tree)) == [1, 2, 4, 5]
