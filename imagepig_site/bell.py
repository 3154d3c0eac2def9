"""A bell between processes of one machine, so that one need not look for work the others bring."""

from __future__ import annotations

import errno
import os
import select
import stat
import threading
import time
from contextlib import suppress
from pathlib import Path

WITHOUT_SECONDS = 0.01
"""How often to look where the file system has no named pipes."""


class Bell:
    """A named pipe: whoever rings it wakes one that waits. Rings are not counted, and may be lost.

    So a waiter always looks for work after `wait`, whatever woke it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._opened: int | None = None

    def ring(self) -> None:
        """Wake one that waits, if there is one. Never blocks."""
        # Nobody has opened it to wait (ENXIO, ENOENT), or it was rung often already (EAGAIN).
        with suppress(OSError):
            pipe = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
            try:
                os.write(pipe, b"!")
            finally:
                os.close(pipe)

    def wait(self, seconds: float) -> None:
        """Return when the bell rings, or after some seconds."""
        try:
            pipe = self._pipe()
        except OSError:
            time.sleep(min(seconds, WITHOUT_SECONDS))
            return
        # Not `select`, which knows no descriptor beyond 1023.
        ear = select.poll()
        ear.register(pipe, select.POLLIN)
        if ear.poll(seconds * 1000):
            # Another one of this machine's may have heard it first.
            with suppress(BlockingIOError):
                os.read(pipe, 4096)

    def close(self) -> None:
        with self._lock:
            if self._opened is not None:
                os.close(self._opened)
                self._opened = None

    def _pipe(self) -> int:
        with self._lock:
            if self._opened is None:
                with suppress(FileExistsError):
                    os.mkfifo(self.path, 0o600)
                # For writing too: with no writer left, reading would tell of an end for ever.
                opened = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)
                if not stat.S_ISFIFO(os.fstat(opened).st_mode):
                    # What some programs make of a pipe when they copy a folder: always readable.
                    os.close(opened)
                    raise OSError(errno.ENOTSUP, "not a named pipe", str(self.path))
                self._opened = opened
            return self._opened
