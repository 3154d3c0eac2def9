"""Text in WebP files: the chunks of EXIF and XMP behind the picture's own, which stay."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from . import exif, jpeg, xmp
from .texts import TEXT_MAXIMUM, Damaged, Texts

CHUNKS_MAXIMUM = 20_000
EXTENDED, EXIF, XMP = b"VP8X", b"EXIF", b"XMP "
HAS_EXIF, HAS_XMP, HAS_ALPHA = 0x08, 0x04, 0x10


def chunks(file: BinaryIO, *, only: tuple[bytes, ...] = ()) -> Iterator[tuple[bytes, bytes]]:
    """Name and data of each chunk; with `only`, those of these names that are small. Or Damaged."""
    file.seek(12)
    for _ in range(CHUNKS_MAXIMUM):
        head = file.read(8)
        if len(head) < 8:
            return
        name, length = struct.unpack("<4sI", head)
        if only and (name not in only or length > TEXT_MAXIMUM):
            file.seek(length + length % 2, 1)
            continue
        data = file.read(length)
        if len(data) < length:
            raise Damaged("A chunk of this WebP is cut off.")
        file.seek(length % 2, 1)
        yield name, data


def read(file: BinaryIO) -> Texts:
    """The texts of a WebP. Raises Damaged."""
    record = infotext = ""
    for name, data in chunks(file, only=(EXIF, XMP)):
        if name == EXIF and not infotext:
            infotext = jpeg.comment_of(data.removeprefix(exif.PREFIX))
        elif name == XMP and not record:
            record = xmp.record(data)
    return Texts(record=record, infotext=infotext)


def written(original: BinaryIO, texts: Texts, size: tuple[int, int]) -> bytes:
    """The same file, of this size in pixels, with the texts in its EXIF and XMP. Raises Damaged."""
    parts = list(chunks(original))
    old = dict(reversed(parts))
    flags = old[EXTENDED][0] if old.get(EXTENDED) else HAS_ALPHA * has_alpha(old)
    canvas = b"".join((side - 1).to_bytes(3, "little") for side in size)
    head = bytes([flags | HAS_EXIF | HAS_XMP, 0, 0, 0]) + canvas
    block = exif.with_user_comment(old.get(EXIF, b"").removeprefix(exif.PREFIX), texts.infotext)
    kept = [part for part in parts if part[0] not in (EXTENDED, EXIF, XMP)]
    packet = xmp.with_record(old.get(XMP, b""), texts.record)
    body = b"".join(
        chunk(name, data) for name, data in ((EXTENDED, head), *kept, (EXIF, block), (XMP, packet))
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def has_alpha(parts: dict[bytes, bytes]) -> bool:
    """Whether a lossless picture says that it has an alpha channel; a lossy one alone has none."""
    lossless = parts.get(b"VP8L", b"")
    return len(lossless) > 4 and bool(lossless[4] & 0x10)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack("<4sI", name, len(data)) + data + bytes(len(data) % 2)
