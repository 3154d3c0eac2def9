"""Raw answers on disk, from the moment they arrive until their pictures are saved.

Workers on several machines have to share this folder: only who can read an answer saves it.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import cast

from django.conf import settings

from ..models import Generation

NOTE = ".stored"
RESERVE_BYTES = 256 * 2**20
"""Left free on the disk by whatever is sent: room for a few of the largest answers there are."""


def path_of(generation: Generation) -> Path:
    """Where the answer to this one request is kept: another time of sending, another name."""
    sent_at = cast("datetime", generation.sent_at)
    return folder() / f"{generation.pk}-{sent_at:%Y%m%dT%H%M%S%f}.answer"


def folder() -> Path:
    return Path(settings.SPOOL_DIR)


def has_room() -> bool:
    """Whether an answer can be kept here. Asked before anything is sent."""
    try:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        return shutil.disk_usage(folder()).free >= RESERVE_BYTES and os.access(folder(), os.W_OK)
    except OSError:
        return False


def write(path: Path, content: bytes) -> None:
    """Keep an answer: when this returns, it survives a power cut. Raises OSError.

    The file appears whole or not at all.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.draft")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        flush(path.parent)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def read(path: Path) -> bytes | None:
    """The answer kept there; None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def remove(path: Path) -> None:
    """Forget an answer. One that stays for an error's sake does no harm."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def note(path: Path, names: Iterable[str]) -> None:
    """Note beside an answer what is about to be stored for it. Raises OSError.

    Until a row names those files, nothing but this note knows of them.
    """
    with note_of(path).open("a") as file:
        file.writelines(f"{name}\n" for name in names)


def noted(path: Path) -> list[str]:
    """What was stored, or was about to be, for an answer."""
    try:
        return note_of(path).read_text().split()
    except FileNotFoundError:
        return []


def note_of(path: Path) -> Path:
    """Where that is noted; a note's own place is itself."""
    return path if path.suffix == NOTE else path.with_name(f"{path.name}{NOTE}")


def flush(*paths: Path) -> None:
    """Wait until files and folders are on the disk itself."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def kept() -> dict[Path, int]:
    """All answers kept at the moment, drafts and notes too: file → the generation's id."""
    found = {}
    for path in folder().glob("*.answer*"):
        number = path.name.partition("-")[0]
        if number.isascii() and number.isdecimal():
            found[path] = int(number)
    return found
