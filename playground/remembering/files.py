"""Which kind a file is, by its first bytes, and who reads and writes that kind."""

from __future__ import annotations

import io
from typing import BinaryIO

from ..models import Generation
from . import jpeg, png, webp
from .memory import Memory, memory_of, texts_of
from .texts import Damaged, Texts

FILE_MAXIMUM = 32 * 1024 * 1024
"""Bytes of a file that is read for what it remembers."""


class UnknownFile(ValueError):
    """Bytes that are no JPEG, PNG or WebP, or a damaged one."""


class TooBig(ValueError):
    """A file of more than FILE_MAXIMUM bytes."""


def kind_of(beginning: bytes) -> str:
    """The MIME type that a file's first twelve bytes tell; empty for any other."""
    if beginning.startswith(jpeg.SIGNATURE):
        return "image/jpeg"
    if beginning.startswith(png.SIGNATURE):
        return "image/png"
    if beginning.startswith(b"RIFF") and beginning[8:12] == b"WEBP":
        return "image/webp"
    return ""


def with_memory(original: bytes, generation: Generation) -> bytes:
    """The picture's file with what it was made of inside it; its pixels are not touched.

    A file that cannot be read so comes back as it is.
    """
    texts = texts_of(generation)
    try:
        match kind_of(original[:12]):
            case "image/jpeg":
                return jpeg.written(io.BytesIO(original), texts)
            case "image/png":
                return png.written(original, texts)
            case "image/webp":
                return webp.written(io.BytesIO(original), texts, generation.size)
    except Damaged:
        pass
    return original


def read_memory(file: BinaryIO) -> Memory | None:
    """What a stranger's file remembers; None where it remembers nothing.

    `file` can be sought in. Raises TooBig, UnknownFile.
    """
    if file.seek(0, io.SEEK_END) > FILE_MAXIMUM:
        raise TooBig("This file is too big.")
    file.seek(0)
    mime_type = kind_of(file.read(12))
    texts = read_texts(file, mime_type)
    return memory_of(texts, mime_type=mime_type) or None


def read_texts(file: BinaryIO, mime_type: str) -> Texts:
    try:
        match mime_type:
            case "image/jpeg":
                return jpeg.read(file)
            case "image/png":
                return png.read(file)
            case "image/webp":
                return webp.read(file)
    except Damaged as error:
        raise UnknownFile(str(error)) from None
    raise UnknownFile("This file is no JPEG, PNG or WebP picture.")
