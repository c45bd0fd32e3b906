"""What is a photo by its bytes, and what only looks like one; the fenced reader on real files."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from dispatch.evidence import reader
from dispatch.evidence.shapes import NotAPhotoError, check
from tests.dispatch.evidence.photos import HEIC, HTML, PDF, SVG, bomb, comment_in, jpeg, png, webp, zip_behind

WHOLE = jpeg()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (WHOLE, "image/jpeg"), (png(), "image/png"), (webp(), "image/webp"),
        (WHOLE + b"\x00" * 32, "image/jpeg"),  # padded by the camera
        (WHOLE + jpeg((80, 60)), "image/jpeg"),  # a second picture behind the first
        (WHOLE + b"\x00\x00\x00\x18ftypmp42" + b"x" * 99, "image/jpeg"),  # a moving picture behind it
    ],
)  # fmt: skip
def test_a_photo_is_taken_for_what_it_is(data: bytes, kind: str) -> None:
    assert check(data) == kind


@pytest.mark.parametrize(
    ("data", "why", "said"),
    [
        (b"", "empty", ""), (PDF, "not_a_photo", "pdf"), (SVG, "not_a_photo", "svg"), (HTML, "not_a_photo", "html"),
        (HEIC, "heic", "video"), (b"GIF89a" + b"\x00" * 40, "not_a_photo", "gif"), (b"MZ" + b"\x00" * 90, "not_a_photo", "program"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 90, "not_a_photo", "video"),
        (WHOLE[: len(WHOLE) // 2], "truncated", ""), (png()[:-6], "truncated", ""), (webp()[:-9], "truncated", ""),
        (b"\xff\xd8\xff", "truncated", ""), (b"\xff\xd8\xff\xe0" + b"text" * 40, "truncated", ""),
        (zip_behind(WHOLE), "polyglot", "zip"), (png() + PDF, "polyglot", "pdf"), (WHOLE + HTML, "polyglot", "html"),
        (comment_in(WHOLE, HTML), "polyglot", "html"), (comment_in(WHOLE, PDF), "polyglot", "pdf"), (webp() + b"<?php ?>", "polyglot", "tail"),
        (png().replace(b"IDAT", b"IDAZ"), "damaged", ""),
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_refused_with_what_it_is(data: bytes, why: str, said: str) -> None:
    with pytest.raises(NotAPhotoError) as refused:
        check(data)
    assert (refused.value.why, refused.value.said) == (why, said)


def read(data: bytes, folder: Path, most_pixels: int = 50_000_000) -> dict[str, Any]:
    """Run the reader as the server does: its own process, no environment."""
    path = folder / "sent"
    path.write_bytes(data)
    asked = [str(path), str(folder), str(most_pixels), "400", "100"]
    run = subprocess.run(
        [sys.executable, "-I", reader.__file__, *asked], env={}, capture_output=True, timeout=30, check=True
    )
    said: dict[str, Any] = json.loads(run.stdout)
    return said


def test_the_copies_carry_nothing_of_the_file_but_its_pixels_upright(tmp_path: Path) -> None:
    exif = {"time": "2026:03:11 21:00:00", "offset": "-03:00", "lat": -29.9, "lon": -71.27, "orientation": 6}
    said = read(jpeg((640, 480), exif=exif), tmp_path)
    assert (said["width"], said["height"]) == (480, 640)
    assert (said["exif"]["time"], said["exif"]["offset"]) == ("2026:03:11 21:00:00", "-03:00")
    assert (round(said["exif"]["lat"], 4), round(said["exif"]["lon"], 4)) == (-29.9, -71.27)
    for name, side in (("shared.jpg", (300, 400)), ("thumb.jpg", (75, 100))):
        data = (tmp_path / name).read_bytes()
        copy = Image.open(io.BytesIO(data))
        assert copy.size == side
        assert not copy.getexif()
        assert not {"icc_profile", "comment", "xmp"} & set(copy.info)
        assert b"Exif" not in data
        assert b"SECRET-MAKER" not in data


@pytest.mark.parametrize("data", [bomb(), png((8000, 7000), "1")])
def test_more_pixels_than_allowed_are_never_unpacked(tmp_path: Path, data: bytes) -> None:
    assert len(data) < 1_000_000
    assert read(data, tmp_path)["refused"] == "too_many_pixels"
    assert {path.name for path in tmp_path.iterdir()} == {"sent"}


def test_a_damaged_block_of_metadata_is_no_damaged_photo(tmp_path: Path) -> None:
    data = jpeg(exif={"time": "2026:03:11 21:00:00"})
    at = data.index(b"Exif\x00\x00") + 14
    said = read(data[:at] + b"\xff\xff\xff\xff" * 4 + data[at + 16 :], tmp_path)
    assert said["type"] == "image/jpeg"
    assert "time" not in said["exif"]
