"""Text in PNG files: chunks `tEXt`, `zTXt` and `iTXt` between the others, which stay."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from .texts import INFOTEXT, RECORD, TEXT_MAXIMUM, Damaged, Texts

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER_END = len(SIGNATURE) + 25
CHUNKS_MAXIMUM = 20_000
TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt")


def written(original: bytes, texts: Texts) -> bytes:
    """The same file with the texts behind its header; earlier texts of these names are left out."""
    ours = b"".join(
        text_chunk(keyword, text)
        for keyword, text in ((INFOTEXT, texts.infotext), (RECORD, texts.record))
        if text
    )
    if original[12:16] != b"IHDR":
        raise Damaged("A PNG begins with its header.")
    return original[:HEADER_END] + ours + b"".join(others(original))


def others(original: bytes) -> Iterator[bytes]:
    """What follows the header, without the texts that are about to be replaced."""
    start = HEADER_END
    while start + 12 <= len(original):
        length, kind = struct.unpack_from(">I4s", original, start)
        end = start + 12 + length
        data = original[start + 8 : min(end - 4, start + 88)]
        if kind not in TEXT_CHUNKS or keyword_of(data) not in (INFOTEXT, RECORD):
            yield original[start:end]
        start = end
    yield original[start:]


def text_chunk(keyword: str, text: str) -> bytes:
    """A chunk in the simplest kind that holds the text: Latin-1 in `tEXt`, all else in `iTXt`."""
    try:
        return chunk(b"tEXt", keyword.encode() + b"\0" + text.encode("latin-1"))
    except UnicodeEncodeError:
        plain = b"\0\0\0\0\0"
        return chunk(b"iTXt", keyword.encode() + plain + text.encode("utf-8", "replace"))


def chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def read(file: BinaryIO) -> Texts:
    """The texts of a PNG, the first of each name. Raises Damaged."""
    found: dict[str, str] = {}
    for kind, data in text_chunks(file):
        keyword = keyword_of(data)
        if keyword in (INFOTEXT, RECORD) and keyword not in found:
            found[keyword] = text_of(kind, data)
    return Texts(record=found.get(RECORD, ""), infotext=found.get(INFOTEXT, ""))


def text_chunks(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Kind and data of each text chunk that is small and whole; the others are stepped over."""
    file.seek(len(SIGNATURE))
    for _ in range(CHUNKS_MAXIMUM):
        head = file.read(8)
        if len(head) < 8:
            return
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IEND":
            return
        if kind not in TEXT_CHUNKS or length > TEXT_MAXIMUM:
            file.seek(length + 4, 1)
            continue
        data, checksum = file.read(length), file.read(4)
        if checksum == struct.pack(">I", zlib.crc32(kind + data)):
            yield kind, data


def keyword_of(data: bytes) -> str:
    keyword, _, _ = data[:80].partition(b"\0")
    return keyword.decode("latin-1")


def text_of(kind: bytes, data: bytes) -> str:
    """The text of a chunk; empty where it cannot be read, or unpacks to more than is allowed."""
    _, _, rest = data.partition(b"\0")
    if kind == b"tEXt":
        return rest.decode("latin-1")
    if kind == b"zTXt":
        return unpacked(rest[1:]).decode("latin-1")
    compressed, rest = rest[:1] == b"\1", rest[2:]
    for _ in ("language", "translated keyword"):
        _, _, rest = rest.partition(b"\0")
    return (unpacked(rest) if compressed else rest).decode("utf-8", "replace")


def unpacked(data: bytes) -> bytes:
    """Inflated, but never to more than TEXT_MAXIMUM: a few bytes can stand for gigabytes."""
    inflating = zlib.decompressobj()
    try:
        text = inflating.decompress(data, TEXT_MAXIMUM)
    except zlib.error:
        return b""
    return text if inflating.eof else b""
