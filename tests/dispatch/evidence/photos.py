"""Photos and what only looks like one, made in the test: real encoders, crafted bytes."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image
from PIL.TiffImagePlugin import IFDRational


def jpeg(side: tuple[int, int] = (640, 480), *, exif: dict[str, Any] | None = None, shade: int = 90) -> bytes:
    """Return a JPEG; `exif`: time, offset, lat, lon, orientation as a camera writes them."""
    picture = Image.linear_gradient("L").resize(side).convert("RGB")
    picture.putpixel((3, 3), (shade % 256, shade // 256, 7))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90, exif=_exif(exif or {}))
    return out.getvalue()


def _exif(said: dict[str, Any]) -> Image.Exif:
    exif = Image.Exif()
    if "orientation" in said:
        exif[0x0112] = said["orientation"]
    inner = exif.get_ifd(0x8769)
    inner.update({tag: said[name] for name, tag in (("time", 36867), ("offset", 36881)) if name in said})
    if "lat" in said:
        place = exif.get_ifd(0x8825)
        place.update(
            {
                1: "S" if said["lat"] < 0 else "N",
                2: _dms(said["lat"]),
                3: "W" if said["lon"] < 0 else "E",
                4: _dms(said["lon"]),
            }
        )
    exif[0x010F] = "SECRET-MAKER"
    return exif


def _dms(degrees: float) -> tuple[IFDRational, ...]:
    value = abs(degrees)
    minutes = value % 1 * 60
    parts = (int(value), int(minutes), round(minutes % 1 * 60 * 1000))
    return tuple(IFDRational(part, 1000 if place == 2 else 1) for place, part in enumerate(parts))


def png(side: tuple[int, int] = (64, 48), mode: str = "RGBA") -> bytes:
    """Return a PNG."""
    out = io.BytesIO()
    Image.new(mode, side, "teal" if mode != "1" else 1).save(out, "PNG")
    return out.getvalue()


def webp() -> bytes:
    """Return a WebP."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(out, "WEBP")
    return out.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """Return a PNG of under a megabyte that unpacks to hundreds of megabytes."""
    rows = zlib.compressobj(9)
    row = b"\x00" * (side // 8 + 1)
    packed = b"".join(rows.compress(row) for _ in range(side)) + rows.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def zip_behind(photo: bytes) -> bytes:
    """Return a photo that is an archive as well."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.js", "alert(1)")
    return photo + out.getvalue()


def comment_in(photo: bytes, text: bytes) -> bytes:
    """Return a JPEG with a comment right at its beginning."""
    return photo[:2] + b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text + photo[2:]


PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64
