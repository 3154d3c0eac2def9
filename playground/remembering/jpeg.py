"""Text in JPEG files: the segments of EXIF and XMP, before the picture's own, which stay."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from . import exif, xmp
from .texts import Damaged, Texts

SIGNATURE = b"\xff\xd8\xff"
APP0, APP1, START_OF_SCAN, END_OF_IMAGE = 0xE0, 0xE1, 0xDA, 0xD9
WITHOUT_LENGTH = (0x01, *range(0xD0, 0xD9))
SEGMENT_MAXIMUM = 65_533
"""Bytes that one segment can hold."""
SEGMENTS_MAXIMUM = 2_000


def segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Marker and data of each segment before the picture itself; the file stands behind it then.

    Raises Damaged.
    """
    file.seek(2)
    for _ in range(SEGMENTS_MAXIMUM):
        start = file.read(2)
        # Any number of FF may stand before a marker.
        while start == b"\xff\xff":
            start = start[1:] + file.read(1)
        if len(start) < 2 or start[0] != 0xFF:
            raise Damaged("A segment of this JPEG begins with something else.")
        marker = start[1]
        if marker in WITHOUT_LENGTH:
            continue
        if marker in (START_OF_SCAN, END_OF_IMAGE):
            file.seek(-2, 1)
            return
        (length,) = struct.unpack(">H", file.read(2).rjust(2, b"\0"))
        data = file.read(max(length - 2, 0))
        if length < 2 or len(data) < length - 2:
            raise Damaged("A segment of this JPEG is cut off.")
        yield marker, data


def read(file: BinaryIO) -> Texts:
    """The texts of a JPEG. Raises Damaged."""
    record = infotext = ""
    for marker, data in segments(file):
        if marker == APP1 and data.startswith(exif.PREFIX) and not infotext:
            infotext = comment_of(data[len(exif.PREFIX) :])
        elif marker == APP1 and data.startswith(xmp.PREFIX) and not record:
            record = xmp.record(data)
    return Texts(record=record, infotext=infotext)


def comment_of(block: bytes) -> str:
    """The user's comment; a damaged block has none to say."""
    try:
        return exif.user_comment(block)
    except Damaged:
        return ""


def written(original: BinaryIO, texts: Texts) -> bytes:
    """The same file with the texts in its EXIF and XMP. Raises Damaged.

    What does not fit into a segment is left out; no prompt of ours comes near that.
    """
    parts = list(segments(original))
    rest = original.read()
    old = {prefix: first(parts, prefix) for prefix in (exif.PREFIX, xmp.PREFIX)}
    new = {
        exif.PREFIX: exif.with_user_comment(old[exif.PREFIX], texts.infotext),
        xmp.PREFIX: xmp.with_record(old[xmp.PREFIX], texts.record),
    }
    replaced = [prefix for prefix, data in new.items() if fits(prefix, data)]
    head = [part for part in parts if part[0] == APP0]
    kept = [
        part
        for part in parts
        if part[0] != APP0
        and not (part[0] == APP1 and any(part[1].startswith(prefix) for prefix in replaced))
    ]
    ours = [(APP1, prefix + new[prefix]) for prefix in replaced]
    return b"\xff\xd8" + b"".join(segment(*part) for part in (*head, *ours, *kept)) + rest


def first(parts: list[tuple[int, bytes]], prefix: bytes) -> bytes:
    """The data behind this prefix in the first segment that has it; empty where none has."""
    found = (data for marker, data in parts if marker == APP1 and data.startswith(prefix))
    return next(found, b"")[len(prefix) :]


def fits(prefix: bytes, data: bytes) -> bool:
    return len(prefix) + len(data) <= SEGMENT_MAXIMUM


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data
