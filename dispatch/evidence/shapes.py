"""What a sent file is, by its bytes alone: one of the few kinds of picture, whole, and nothing else at the same time.

Standard library only: the fenced reader imports this without Django.
"""

import struct
import zlib

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
# Looked at by other programs at the beginning or the end of a file, whatever stands around it.
EARLY = {
    "pdf": b"%PDF-",
    "html": b"<html",
    "svg": b"<svg",
    "script": b"<script",
    "php": b"<?php",
    "html5": b"<!doctype",
}
EARLY_BYTES = 1024
ZIP_END, ZIP_TAIL = b"PK\x05\x06", 65_557
# What cameras themselves put behind a JPEG: a moving picture, a second picture, a maker's block.
BEHIND = (b"\xff\xd8\xff", b"MotionPhoto_Data", b"\x00\x00\x02\x0a")
NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


class NotAPhotoError(Exception):
    """The file is refused; `why` is a stable code: empty, not_a_photo, heic, truncated, polyglot, damaged, too_many_pixels."""

    def __init__(self, why: str, said: str = "") -> None:
        self.why, self.said = why, said
        super().__init__(why)


def check(data: bytes) -> str:
    """Return the media type of a whole picture that is nothing else. Raises NotAPhotoError."""
    kind = sniff(data)
    end = {JPEG: _jpeg_end, PNG: _png_end, WEBP: _webp_end}[kind](data)
    _check_tail(kind, data[end:])
    head = data[:EARLY_BYTES].lower()
    for said, mark in EARLY.items():
        if mark.lower() in head:
            raise NotAPhotoError("polyglot", said)
    if _is_zip(data):
        raise NotAPhotoError("polyglot", "zip")
    return kind


def sniff(data: bytes) -> str:
    """Return the media type that the first bytes deserve. Raises NotAPhotoError, saying what it is instead."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(PNG_HEAD):
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if not data:
        raise NotAPhotoError("empty")
    if data[4:8] == b"ftyp":
        raise NotAPhotoError("heic" if data[8:12] in HEIC_BRANDS else "not_a_photo", "video")
    raise NotAPhotoError("not_a_photo", _said(data))


def _said(data: bytes) -> str:
    head = data[:EARLY_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    marks = {
        "pdf": b"%pdf-",
        "svg": b"<svg",
        "html": b"<!doctype html",
        "zip": b"pk\x03\x04",
        "gif": b"gif8",
        "program": b"mz",
    }
    if head.startswith(b"<?xml") and b"<svg" in head:
        return "svg"
    return next((said for said, mark in marks.items() if head.startswith(mark)), "html" if b"<html" in head else "")


def _jpeg_end(data: bytes) -> int:
    """Return where the picture's end marker ends. Raises NotAPhotoError `truncated` when there is none."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise NotAPhotoError("damaged")
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF:
            at += 1
        elif marker in NO_LENGTH:
            at += 2
        else:
            at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
            if marker == 0xDA:
                at = _scan_end(data, at)
    if data[at : at + 2] == b"\xff\xd9":
        return at + 2
    raise NotAPhotoError("truncated")


def _scan_end(data: bytes, at: int) -> int:
    """Return where the next real marker after a scan stands: stuffed bytes and restarts belong to the scan."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7 and data[at + 1] != 0xFF:
            return at
        at += 1 if data[at + 1] == 0xFF else 2
    raise NotAPhotoError("truncated")


def _png_end(data: bytes) -> int:
    at = len(PNG_HEAD)
    while at + 12 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        body, end = data[at + 4 : at + 8 + length], at + 12 + length
        if end > len(data):
            break
        if zlib.crc32(body) != struct.unpack(">I", data[end - 4 : end])[0]:
            raise NotAPhotoError("damaged")
        if name == b"IEND":
            return end
        at = end
    raise NotAPhotoError("truncated")


def _webp_end(data: bytes) -> int:
    end = 8 + int(struct.unpack("<I", data[4:8])[0])
    if end > len(data):
        raise NotAPhotoError("truncated")
    return end


def _check_tail(kind: str, tail: bytes) -> None:
    if not tail.strip(b"\x00\r\n"):
        return
    usual = tail.startswith(BEHIND) or tail[4:8] == b"ftyp" or tail.rstrip(b"\x00").endswith(b"SEFT")
    if kind != JPEG or not usual:
        raise NotAPhotoError("polyglot", _said(tail) or "tail")


def _is_zip(data: bytes) -> bool:
    """Return whether an archive's directory ends this file: programs look for it from behind."""
    tail = data[-ZIP_TAIL:]
    at = tail.rfind(ZIP_END)
    while at >= 0:
        if len(tail) - at >= 22 and at + 22 + struct.unpack("<H", tail[at + 20 : at + 22])[0] == len(tail):
            return True
        at = tail.rfind(ZIP_END, 0, at)
    return False
