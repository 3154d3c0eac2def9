"""A picture's file without a word in it: only what its pixels and colours need is kept."""

from __future__ import annotations

import io
import struct

from . import jpeg, png, webp
from .files import kind_of
from .texts import Damaged

JFIF, ICC, ADOBE = 0xE0, 0xE2, 0xEE
FIRST_APPLICATION, LAST_APPLICATION, COMMENT = 0xE0, 0xEF, 0xFE
END_OF_JPEG = b"\xff\xd9"
PNG_KEPT = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
     b"bKGD", b"pHYs")
)  # fmt: skip
WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"))


def without_memory(original: bytes) -> bytes:
    """The same pixels in a file that tells nothing of them. Raises Damaged for other files."""
    match kind_of(original[:12]):
        case "image/jpeg":
            return _jpeg(original)
        case "image/png":
            return _png(original)
        case "image/webp":
            return _webp(original)
    raise Damaged("This file is no JPEG, PNG or WebP picture.")


def _jpeg(original: bytes) -> bytes:
    file = io.BytesIO(original)
    kept = [part for part in jpeg.segments(file) if _needed(*part)]
    scans = file.read()
    # What stands behind the end is no picture.
    scans = scans[: scans.rfind(END_OF_JPEG)] + END_OF_JPEG
    return b"\xff\xd8" + b"".join(jpeg.segment(*part) for part in kept) + scans


def _needed(marker: int, data: bytes) -> bool:
    if marker == ICC:
        return data.startswith(b"ICC_PROFILE\0")
    if FIRST_APPLICATION <= marker <= LAST_APPLICATION:
        return marker in (JFIF, ADOBE)
    return marker != COMMENT


def _png(original: bytes) -> bytes:
    parts, start = [png.SIGNATURE], len(png.SIGNATURE)
    while start + 12 <= len(original):
        length, kind = struct.unpack_from(">I4s", original, start)
        end = start + 12 + length
        if kind in PNG_KEPT:
            parts.append(original[start:end])
        if kind == b"IEND":
            return b"".join(parts)
        start = end
    raise Damaged("This PNG has no end.")


def _webp(original: bytes) -> bytes:
    (length,) = struct.unpack_from("<I", original, 4)
    parts = []
    # What stands behind the end is no picture.
    for name, data in webp.chunks(io.BytesIO(original[: length + 8])):
        if name == webp.EXTENDED:
            flags = data[0] & ~(webp.HAS_EXIF | webp.HAS_XMP)
            parts.append((name, bytes([flags]) + data[1:]))
        elif name in WEBP_KEPT:
            parts.append((name, data))
    body = b"".join(webp.chunk(name, data) for name, data in parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
