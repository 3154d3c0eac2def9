"""Pictures that the sandbox keeps at a web address for some days.

A picture's name holds what can't be guessed and the second at which it ends, so the folder needs
no second record, and any number of processes may share it.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from pathlib import Path

SECONDS_A_DAY = 86_400
MOST_FILES = 1_000
MOST_BYTES = 512 * 2**20

# Whatever doesn't match never reaches the file system.
_NAME = re.compile(r"[0-9a-f]{32}-(?P<end>[0-9]{1,12})\.(?P<kind>[a-z]{1,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Hosted:
    """A picture still being kept: its bytes, MIME type, and the seconds it has left."""

    content: bytes
    mime_type: str
    seconds_left: int


class Hosting:
    """A folder of pictures, bounded in number and size: the oldest make room for a new one."""

    def __init__(
        self, folder: Path, *, most_files: int = MOST_FILES, most_bytes: int = MOST_BYTES
    ) -> None:
        self._folder = folder
        self._most_files = most_files
        self._most_bytes = most_bytes

    def keep(self, content: bytes, *, mime_type: str, days: int, now: float) -> str:
        """Keep a picture for some days from `now` (seconds since 1970) and return its name.

        Raises OSError where the disk does not take it; nothing of it stays then.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._make_room(len(content), now)
        kind = mime_type.removeprefix("image/")
        name = f"{secrets.token_hex(16)}-{int(now) + days * SECONDS_A_DAY}.{kind}"
        path = self._folder / name
        try:
            path.write_bytes(content)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return name

    def find(self, name: str, *, now: float) -> Hosted | None:
        """Return the picture of that name, or None where there is none any more."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        path = self._folder / name
        seconds_left = int(match["end"]) - int(now)
        if seconds_left <= 0:
            path.unlink(missing_ok=True)
            return None
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        return Hosted(content, f"image/{match['kind']}", seconds_left)

    def _make_room(self, size: int, now: float) -> None:
        """Remove what has ended, then the oldest, until one more file of `size` bytes fits."""
        kept: list[tuple[int, int, Path]] = []
        for path in self._folder.iterdir():
            match = _NAME.fullmatch(path.name)
            if match is None:
                continue
            if int(match["end"]) <= now:
                path.unlink(missing_ok=True)
                continue
            try:
                status = path.stat()
            except FileNotFoundError:
                # Another process was faster.
                continue
            kept.append((status.st_mtime_ns, status.st_size, path))
        kept.sort()
        total = sum(each for _, each, _ in kept)
        while kept and (len(kept) >= self._most_files or total + size > self._most_bytes):
            _, freed, path = kept.pop(0)
            path.unlink(missing_ok=True)
            total -= freed
