"""Working on one sent file, in a process of its own: what it is made of, how far it is, what it would write, the import."""

import codecs
import csv
import json
import logging
import os
import re
import resource
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from dispatch import access
from dispatch.actions.import_jobs import end_import
from dispatch.errors import DispatchError
from dispatch.import_files import WORDS, Sent, problem_of, read_file
from dispatch.models import ImportJob, JobState
from dispatch.uploads import LAYERS, folder_of, forget_folder
from geo.addresses import without_logins
from geo.errors import GeoError
from geo.layers import field_map, open_layer
from geo.list_words import fold
from geo.models import ImportRun
from geo.runs import Terms
from geo.safe_gdal import only_safe_formats
from geo.samples import sample

log = logging.getLogger(__name__)
# None of these is an ending that a sent file keeps: whatever that is called, it is another file than ours.
TOKENS, SAMPLE, PROGRESS = "beacons.tokens", "preview.json", "progress.json"
READ = re.compile(r"^(?P<what>[^:]{0,40}): (?P<rows>[\d,]+) read(?:, (?P<share>\d+)%)?")
LARGEST_OUTPUT = 256_000_000
WRITE_EVERY_S = 0.5


def limit_process() -> None:
    """Bound what one file may cost: memory, processor time, what is written to disk."""
    memory = settings.IMPORT_MEMORY_MB * 1_000_000
    for what, most in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, settings.IMPORT_CPU_S), (resource.RLIMIT_FSIZE, LARGEST_OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        _, hard = resource.getrlimit(what)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (wanted, hard))
    os.nice(5)


def work_on(job: ImportJob) -> None:
    """Preview or import one file and note what became of it. A refusal is an outcome, not an error of this process."""
    actor = access.viewer_for(job.made_by)
    folder = folder_of(job.uid)
    sent = Sent(folder / job.file_name, job.options, actor, folder / TOKENS)
    found: dict[str, Any] = {}
    try:
        with only_safe_formats():
            found = look_into(job.kind, sent)
            _read(job, sent, found)
    except (GeoError, DispatchError) as error:
        end_import(actor=actor, uid=job.uid, problem=problem_of(error), found=found)
    except MemoryError:
        end_import(
            actor=actor, uid=job.uid, problem={"code": "import_too_heavy", "field": None, "facts": {}}, found=found
        )
    except Exception:
        log.exception("import %s", job.uid)
        end_import(actor=actor, uid=job.uid, problem={"code": "import_broke", "field": None, "facts": {}}, found=found)
    _tidy(job)


def _read(job: ImportJob, sent: Sent, found: dict[str, Any]) -> None:
    folder = sent.path.parent
    preview = job.wants == "preview"

    def look(run: ImportRun) -> None:
        if preview:
            write_private(folder / SAMPLE, json.dumps(sample(run)))

    def done(run: ImportRun) -> None:
        end_import(actor=sent.actor, uid=job.uid, run=run)

    (folder / TOKENS).unlink(missing_ok=True)
    how = Terms(
        source=sent.said("source"), attribution=sent.said("attribution"), made_up=bool(job.options.get("made_up")),
        preview=preview, say=Progress(folder / PROGRESS).say, done=done, look=look,
    )  # fmt: skip
    run = read_file(job.kind, sent, how)
    if preview:
        end_import(actor=sent.actor, uid=job.uid, run=run, found=found)


def _tidy(job: ImportJob) -> None:
    """Once imported, keep nothing but tokens that still have to be fetched."""
    job.refresh_from_db()
    folder = folder_of(job.uid)
    if job.state != JobState.DONE:
        return
    if not (folder / TOKENS).exists():
        forget_folder(job.uid)
        return
    for path in folder.iterdir():
        if path.name != TOKENS:
            path.unlink()


class Progress:
    """Takes the lines that an import says and leaves the newest numbers in a file for the page."""

    def __init__(self, path: Path) -> None:
        self.path, self.written_s = path, float("-inf")
        write_private(path, json.dumps({"rows": 0}))

    def say(self, line: str) -> None:
        """Take one line; all but rows read and waiting are nobody's progress."""
        found = READ.match(line)
        if found is None and "waiting" not in line:
            return
        if time.monotonic() - self.written_s < WRITE_EVERY_S:
            return
        self.written_s = time.monotonic()
        said: dict[str, Any] = {"waits": True} if found is None else {
            "rows": int(found["rows"].replace(",", "")), "share": int(found["share"]) if found["share"] else None,
        }  # fmt: skip
        write_private(self.path, json.dumps(said))


def look_into(kind: str, sent: Sent) -> dict[str, Any]:
    """Return what the file is made of, as far as can be told: its fields, and which are taken for which of our words."""
    try:
        if sent.path.suffix in LAYERS and kind != "units":
            layer = open_layer(sent.path, sent.said("layer"), sent.said("encoding"))
            fields = [str(name) for name in layer.fields]
        elif sent.path.suffix == ".csv":
            fields = _header(sent.path, sent.said("encoding"))
        else:
            return {}
        # Of a list without headers the first row stands here, logins included.
        return without_logins({"fields": fields[:200], "map": _taken(kind, fields, sent.fields)})
    except GeoError as error:
        return without_logins({name: error.facts[name] for name in ("layers", "fields") if name in error.facts})


def _header(path: Path, encoding: str) -> list[str]:
    """Return the first line of a list as columns, as far as it can be told from its beginning."""
    with path.open("rb") as file:
        head = file.read(65_536)
    for attempt in [encoding] if encoding else ["utf-8-sig", "gb18030"]:
        try:
            line = codecs.getincrementaldecoder(attempt)().decode(head).splitlines()[0]
        except (UnicodeDecodeError, LookupError, IndexError):
            continue
        return next(csv.reader([line], delimiter=max(",;\t|", key=line.count)), [])
    return []


def _taken(kind: str, fields: list[str], given: dict[str, str]) -> dict[str, str]:
    words: dict[str, Any] = dict(WORDS[kind])
    if kind in {"roads", "areas"}:
        return field_map(fields, given, words)
    by_plain = {fold(name): name for name in reversed(fields)}
    usual = {
        word: next((by_plain[fold(name)] for name in names if fold(name) in by_plain), "")
        for word, names in words.items()
    }
    return {word: name for word, name in {**usual, **given}.items() if name}


def write_private(path: Path, text: str) -> None:
    """Write a file of ours whole or not at all, readable by nobody else."""
    part = path.with_suffix(".part")
    with os.fdopen(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    part.replace(path)


def read_private(job: ImportJob, name: str) -> Any:
    """Return what such a file holds, None when there is none."""
    try:
        return json.loads((folder_of(job.uid) / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
