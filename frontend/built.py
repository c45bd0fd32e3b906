"""What Vite built: its manifest says which files an entry needs."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static

DIST = Path(__file__).resolve().parent / "dist"
MANIFEST = DIST / ".vite" / "manifest.json"


@dataclass(frozen=True)
class Built:
    """URLs of the files of one entry: script, what it loads at once, style sheets; `later` what it may ask for.

    `early` runs before all of it has arrived; None where a face has no such script.
    """

    early: str | None
    script: str
    preloads: tuple[str, ...]
    styles: tuple[str, ...]
    later: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Return every URL of the first paint, in loading order."""
        first = (self.early,) if self.early else ()
        return (*first, *self.styles, self.script, *self.preloads)


def find_built(face: str) -> Built | None:
    """Return the files of `face`, or None while the front end is not built."""
    manifest = _read(_stamp())
    entry = manifest.get(f"src/faces/{face}/main.ts")
    if entry is None:
        return None
    chunks = _closure(manifest, entry, "imports")
    styles = dict.fromkeys(css for chunk in (*chunks, entry) for css in chunk.get("css", ()))
    asked = [file for chunk in _closure(manifest, entry, "imports", "dynamicImports") for file in _files(chunk)]
    at_once = {entry["file"], *styles, *(chunk["file"] for chunk in chunks)}
    early = manifest.get(f"src/faces/{face}/early.ts")
    return Built(
        early=_url(early["file"]) if early else None,
        script=_url(entry["file"]),
        preloads=tuple(_url(chunk["file"]) for chunk in chunks),
        styles=tuple(_url(css) for css in styles),
        later=tuple(_url(file) for file in dict.fromkeys(asked) if file not in at_once),
    )


def get_version() -> str:
    """Return a short name of the present build: another build, another name."""
    return _digest(_stamp())


def _files(chunk: dict[str, Any]) -> list[str]:
    return [chunk["file"], *chunk.get("css", ()), *chunk.get("assets", ())]


def _closure(manifest: dict[str, Any], entry: dict[str, Any], *ways: str) -> list[dict[str, Any]]:
    """Return the chunks reached from `entry` by these keys of the manifest, deepest first, each once."""
    found: dict[str, dict[str, Any]] = {}

    def visit(chunk: dict[str, Any]) -> None:
        for name in (name for way in ways for name in chunk.get(way, ())):
            if name not in found:
                found[name] = {}
                visit(manifest[name])
                found[name] = manifest[name]

    visit(entry)
    return list(found.values())


def _url(file: str) -> str:
    return static(file)


def _stamp() -> int:
    return MANIFEST.stat().st_mtime_ns if MANIFEST.exists() else 0


@lru_cache(maxsize=2)
def _read(stamp_ns: int) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(MANIFEST.read_text()) if stamp_ns else {}
    return loaded


@lru_cache(maxsize=2)
def _digest(stamp_ns: int) -> str:
    return hashlib.sha256(MANIFEST.read_bytes()).hexdigest()[:10] if stamp_ns else "none"
