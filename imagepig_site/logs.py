"""What the logs do not need."""

from __future__ import annotations

import logging
import re
import threading
import time

TOKEN = re.compile(r"(/(?:invitations|s)/)[\w-]{20,}")


class HideTokens(logging.Filter):
    """Keeps the tokens of invitations and share links to itself: whoever has one may come in.

    Django names the address of each request that it refuses.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if TOKEN.search(message):
            record.msg, record.args = TOKEN.sub(r"\1…", message), None
        return True


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
