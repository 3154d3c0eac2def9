"""Pictures for the fake upstream: sound ones, and every kind of damage."""

from __future__ import annotations

import functools
import io
import random
import struct
import threading
import zlib

from PIL import Image

Size = tuple[int, int]


_drawing = threading.Lock()


def plain_picture(size: Size, file_format: str = "JPEG") -> bytes:
    """A picture with some life in it, so that its file is about as large as a real one's."""
    # Alone, or the first 32 requests at once would each draw it.
    with _drawing:
        return _draw(size, file_format)


@functools.cache
def _draw(size: Size, file_format: str) -> bytes:
    width, height = size
    grain = random.Random(f"{size}")  # noqa: S311 (a pattern, not a secret)
    small = (max(width // 8, 1), max(height // 8, 1))
    bands = [
        Image.frombytes("L", small, grain.randbytes(small[0] * small[1])).resize(
            size, Image.Resampling.BICUBIC
        )
        for _ in range(3)
    ]
    out = io.BytesIO()
    Image.merge("RGB", bands).save(
        out, file_format, **({"quality": 90} if file_format == "JPEG" else {})
    )
    return out.getvalue()


def picture(size: Size, file_format: str = "JPEG", note: str = "") -> bytes:
    """The picture of that size with `note` in its metadata: other bytes, the same pixels.

    Written into the file by hand, which takes microseconds, so that a fake upstream under load
    does not compete for the processor with what it measures.
    """
    plain = plain_picture(size, file_format)
    if not note or file_format not in {"JPEG", "PNG"}:
        return plain
    words = note.encode()
    if file_format == "JPEG":
        # After the start-of-image marker: a comment segment.
        return plain[:2] + b"\xff\xfe" + struct.pack(">H", len(words) + 2) + words + plain[2:]
    # After the signature and the header chunk: a text chunk.
    return plain[:33] + png_chunk(b"tEXt", b"Comment\x00" + words) + plain[33:]


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """One PNG chunk, with its length and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def truncated(size: Size, file_format: str) -> bytes:
    """The first two thirds of a picture's file."""
    whole = plain_picture(size, file_format)
    return whole[: len(whole) * 2 // 3]


def bomb(side: int = 60_000) -> bytes:
    """A PNG of under a hundred bytes that claims `side` × `side` pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(bytes(64)))
        + png_chunk(b"IEND", b"")
    )
