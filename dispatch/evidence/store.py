"""Where evidence lies: a private folder of the instance, each file under its own SHA-256, parts of coming ones beside.

originals/ab/<sha256>         the file as it came, never written again
shared/ab/<sha256>.jpg        a copy without metadata, under its own hash; thumbnails likewise
coming/<uid>                  what has arrived of an upload
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings

from dispatch.errors import DispatchError

CHUNK = 1 << 20


def original_path(sha256: str) -> Path:
    """Return where an original lies."""
    return Path(settings.EVIDENCE_FOLDER) / "originals" / sha256[:2] / sha256


def copy_path(sha256: str) -> Path:
    """Return where a copy without metadata lies, by its own hash."""
    return Path(settings.EVIDENCE_FOLDER) / "shared" / sha256[:2] / f"{sha256}.jpg"


def coming_path(uid: UUID) -> Path:
    """Return where the parts of an upload are put together."""
    return Path(settings.EVIDENCE_FOLDER) / "coming" / str(uid)


def arrived_bytes(uid: UUID) -> int:
    """Return how much of an upload is here."""
    try:
        return coming_path(uid).stat().st_size
    except FileNotFoundError:
        return 0


def add_part(uid: UUID, offset: int, part: bytes, whole_bytes: int) -> int:
    """Append a part at `offset` and return how much is here now. A repeated part changes nothing.

    Raises `bad_input` for a gap or more than was announced, `unavailable` when the disk is nearly full.
    """
    path = coming_path(uid)
    _private(path.parent)
    if shutil.disk_usage(path.parent).free < settings.EVIDENCE_KEEP_FREE_MB * 1_000_000:
        raise DispatchError("unavailable", why="disk")
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        here = file.seek(0, os.SEEK_END)
        if offset > here:
            raise DispatchError("bad_input", field="offset", why="gap", received=here)
        fresh = part[here - offset :] if offset + len(part) > here else b""
        if here + len(fresh) > whole_bytes:
            raise DispatchError("bad_input", field="offset", why="more_than_announced", received=here)
        file.write(fresh)
        if here + len(fresh) == whole_bytes:
            file.flush()
            os.fsync(file.fileno())
        return here + len(fresh)


@contextmanager
def alone_with(uid: UUID) -> Iterator[None]:
    """Wait until nobody else works on what came of an upload; where nothing came there is nothing to wait for."""
    with ExitStack() as held:
        with suppress(FileNotFoundError):
            file = held.enter_context(coming_path(uid).open("rb"))
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def forget_upload(uid: UUID) -> None:
    """Delete what came of an upload."""
    coming_path(uid).unlink(missing_ok=True)


def hash_of(path: Path) -> str:
    """Return a file's SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep_original(uid: UUID, sha256: str) -> Path:
    """Put a whole upload under its hash; the same file may lie there already. The upload stays until it is forgotten."""
    target = original_path(sha256)
    _private(target.parent)
    coming_path(uid).chmod(0o600)
    with suppress(FileExistsError):
        os.link(coming_path(uid), target)
    return target


def keep_copy(path: Path) -> str:
    """Put a copy without metadata under its hash, and return that."""
    sha256 = hash_of(path)
    _private(copy_path(sha256).parent)
    path.chmod(0o600)
    path.replace(copy_path(sha256))
    return sha256


def _private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


@contextmanager
def workbench(uid: UUID) -> Iterator[Path]:
    """Lend an empty folder on the same disk, gone afterwards."""
    folder = coming_path(uid).with_suffix(".work")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
