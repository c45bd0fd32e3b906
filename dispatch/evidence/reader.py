"""The fenced reader, a process of its own: opens one picture, says its facts, writes two copies without any metadata.

    python -I reader.py ORIGINAL FOLDER MOST_PIXELS SHARED_SIDE THUMB_SIDE

Bounded in memory, time and output before the first byte is looked at; no environment, no database, no Django. Prints one
JSON object: {"type", "width", "height", "exif": {...}} or {"refused": code, "said": what it is instead}.
"""

import importlib.util
import json
import resource
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, ImageFile, ImageOps

MEMORY_BYTES, CPU_S, OUTPUT_BYTES = 1_500_000_000, 20, 20_000_000
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
SHARED_QUALITY, THUMB_QUALITY = 85, 72


def limit_process() -> None:
    """Bound what one picture may cost."""
    limits = {resource.RLIMIT_AS: MEMORY_BYTES, resource.RLIMIT_CPU: CPU_S, resource.RLIMIT_FSIZE: OUTPUT_BYTES}
    for what, most in {**limits, resource.RLIMIT_CORE: 0, resource.RLIMIT_NPROC: 0}.items():
        _, hard = resource.getrlimit(what)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (wanted, wanted))


def read(path: Path, folder: Path, most_pixels: int, sides: tuple[int, int]) -> dict[str, Any]:
    """Return what the picture is after writing `shared.jpg` and `thumb.jpg` into `folder`."""
    shapes = _shapes()
    try:
        kind = shapes.check(path.read_bytes())
        return _open(path, folder, kind, most_pixels, sides)
    except shapes.NotAPhotoError as refused:
        return {"refused": refused.why, "said": refused.said}
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return {"refused": "too_many_pixels", "said": ""}
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        TypeError,
        IndexError,
        ZeroDivisionError,
        KeyError,
        OverflowError,
    ):
        return {"refused": "damaged", "said": ""}


def _shapes() -> Any:
    spec = importlib.util.spec_from_file_location("shapes", Path(__file__).with_name("shapes.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _open(path: Path, folder: Path, kind: str, most_pixels: int, sides: tuple[int, int]) -> dict[str, Any]:
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = most_pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(path, formats=[FORMATS[kind]]) as picture:
        width, height = picture.size
        if width * height > most_pixels:
            return {"refused": "too_many_pixels", "said": f"{width} x {height}"}
        exif = _exif(picture)
        shared, thumb = sides
        picture.draft("RGB", (shared, shared))
        upright = ImageOps.exif_transpose(picture) or picture
        plain = _flat(upright)
        turned = exif.get("orientation") in (5, 6, 7, 8)
    _write(plain, folder / "shared.jpg", shared, SHARED_QUALITY)
    _write(plain, folder / "thumb.jpg", thumb, THUMB_QUALITY)
    return {"type": kind, "width": height if turned else width, "height": width if turned else height, "exif": exif}


def _flat(picture: Image.Image) -> Image.Image:
    """Return the pixels alone, on white where there were none."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        over = picture.convert("RGBA")
        ground = Image.new("RGB", over.size, "white")
        ground.paste(over, mask=over.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _write(plain: Image.Image, path: Path, side: int, quality: int) -> None:
    """Write a copy from the bare pixels: nothing of the sent file's own words gets into it."""
    copy = plain.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    bare = Image.new("RGB", copy.size)
    bare.paste(copy)
    bare.save(path, "JPEG", quality=quality, optimize=False)


def _exif(picture: Image.Image) -> dict[str, Any]:
    """Return time, zone and place as the file declares them, as they stand; who believes them is decided elsewhere."""
    found: dict[str, Any] = {}
    # A damaged block of declarations is no damaged picture.
    with suppress(OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, ZeroDivisionError, OverflowError):
        exif = picture.getexif()
        inner, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
        found["orientation"] = int(exif.get(ExifTags.Base.Orientation, 1))
        for name, tag in (("time", 36867), ("offset", 36881)):
            if isinstance(inner.get(tag), str):
                found[name] = inner[tag][:40]
        if 2 in place and 4 in place:
            found["lat"] = _degrees(place[2], place.get(1))
            found["lon"] = _degrees(place[4], place.get(3))
    return found


def _degrees(parts: Any, side: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    total = degrees + minutes / 60 + seconds / 3600
    return -total if side in {"S", "W"} else total


def main() -> None:
    """Read the picture that the arguments name."""
    limit_process()
    original, folder, most, shared, thumb = sys.argv[1:]
    print(json.dumps(read(Path(original), Path(folder), int(most), (int(shared), int(thumb)))))


if __name__ == "__main__":
    main()
