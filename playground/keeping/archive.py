"""A backup's file: a tar that is written and read from its beginning to its end, once.

Any tar reads it. Each member carries its SHA-256 in the header's comment. Reading trusts nothing:
names, kinds, sizes and sums are checked before a member is handed out.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import BinaryIO, Self

BUFFER = 1024 * 1024
MOST_BYTES = 512 * 2**20
"""Of one member; the largest there is may be an answer of 64 MB."""
LONGEST_NAME = 400
SUM = "sha256 "


class BadArchive(Exception):
    """The file is no whole and unchanged backup. The message tells the administrator why."""


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    content: bytes = field(repr=False)


def is_safe(name: str) -> bool:
    """Whether a name stays below the folder that it is put into, on every system."""
    parts = name.split("/")
    return (
        len(name) <= LONGEST_NAME
        and name.isprintable()
        and not {"\\", ":"} & set(name)
        and not any(part in ("", ".", "..") for part in parts)
    )


class Writer:
    """Writes members one after the other; `close` makes it a whole archive."""

    def __init__(self, stream: BinaryIO) -> None:
        self._tar = tarfile.open(  # noqa: SIM115 (closed below)
            fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT, bufsize=BUFFER
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # After an error it writes no end.
        self._tar.__exit__(kind, error, trace)

    def add(self, name: str, content: bytes) -> None:
        """Raises BadArchive for a name that could not be read back, OSError."""
        if not is_safe(name) or len(content) > MOST_BYTES:
            raise BadArchive(f"{name!r} cannot be put into a backup.")
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = len(content), 0o600, int(time.time())
        member.pax_headers = {"comment": SUM + hashlib.sha256(content).hexdigest()}
        self._tar.addfile(member, io.BytesIO(content))
        _forget(self._tar)


def read(stream: BinaryIO) -> Iterator[Member]:
    """The members in their order. Raises BadArchive at the first one that is not as it was."""
    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=BUFFER) as tar:
            while (info := tar.next()) is not None:
                yield _checked(tar, info)
                _forget(tar)
    except (tarfile.TarError, EOFError, UnicodeError, ValueError) as error:
        raise BadArchive(f"It cannot be read as a backup: {error}.") from error


def _checked(tar: tarfile.TarFile, info: tarfile.TarInfo) -> Member:
    if not info.isreg() or not is_safe(info.name):
        raise BadArchive(f"It holds {info.name!r}, which no backup holds.")
    if info.size > MOST_BYTES:
        raise BadArchive(f"{info.name} in it is larger than anything in a backup.")
    file = tar.extractfile(info)
    content = file.read() if file is not None else b""
    if info.pax_headers.get("comment") != SUM + hashlib.sha256(content).hexdigest():
        raise BadArchive(f"{info.name} in it is not as it was written: its SHA-256 differs.")
    return Member(info.name, content)


def _forget(tar: tarfile.TarFile) -> None:
    """It remembers each member, and there may be millions."""
    tar.members.clear()  # type: ignore[attr-defined]
