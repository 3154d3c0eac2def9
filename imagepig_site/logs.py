"""What the logs do not need."""

from __future__ import annotations

import logging
import threading
import time


class OnceAMinute(logging.Filter):
    """Lets the same message through once a minute.

    While the queue is away each thread of the worker says so many times a second.
    """

    SECONDS = 60

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        with self._lock:
            now = time.monotonic()
            self._said = {text: at for text, at in self._said.items() if now - at < self.SECONDS}
            if message in self._said:
                return False
            self._said[message] = now
            return True
