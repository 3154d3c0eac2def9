"""How logs are written: one line an event on standard error, for people or for programs.

Never a prompt at INFO, never a key at all. Each line carries the id of the request that it comes
of, from the click to the saved picture.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from datetime import UTC, datetime
from typing import Any

from imagepig_site import context

TEXT, JSON = "text", "json"

TOKEN = re.compile(r"(/(?:invitations|s)/)[\w-]{20,}")
RESET_KEY = re.compile(r"(/(?:reset/key|confirm-email)/)[^/\s\"']{8,}")
SECRETS = (
    (TOKEN, r"\1…"),
    (RESET_KEY, r"\1…"),
    # As an HTTP library writes a header in its messages.
    (
        re.compile(
            r"(api-key|authorization)([^\w/]{1,6}(?:b['\"])?(?:bearer\s+)?)[!#-&(-~]{4,}",
            re.IGNORECASE,
        ),
        r"\1\2…",
    ),
    (re.compile(r"(header value )b?(['\"]).*?\2"), r"\1…"),
    # What is encrypted, and the password in an address.
    (re.compile(r"gAAAA[\w-]{20,}=*"), "…"),
    (re.compile(r"(://[^:/@\s]*:)[^@/\s]+@"), r"\1…@"),
)
"""The last resort: nothing is meant to bring them this far."""


def hidden(text: str) -> str:
    """The text without what lets somebody in or pays for pictures."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


class HideTokens(logging.Filter):
    """Keeps the tokens of invitations and share links to itself: whoever has one may come in.

    Django names the address of each request that it refuses.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if TOKEN.search(message):
            record.msg, record.args = TOKEN.sub(r"\1…", message), None
        return True


class TextFormatter(logging.Formatter):
    """Time, level, logger, the request's id in brackets, and what happened."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} [{request}] {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        record.request = context.request_id() or "-"
        return hidden(super().format(record))


class JSONFormatter(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": context.request_id() or None,
            "generation": context.generation_id(),
            "message": hidden(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = hidden(self.formatException(record.exc_info))
        return json.dumps({key: value for key, value in line.items() if value is not None})


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


def configuration(form: str) -> dict[str, Any]:
    """Django's LOGGING, in the form of TEXT or JSON; gunicorn's own lines are part of it."""
    formatter = JSONFormatter if form == JSON else TextFormatter
    console = {
        "class": "logging.StreamHandler",
        "formatter": "line",
        "filters": ["hide_tokens"],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "filters": {"hide_tokens": {"()": HideTokens}, "once_a_minute": {"()": OnceAMinute}},
        "handlers": {"console": console, "queue": {**console, "filters": ["once_a_minute"]}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "accounts": {"level": "INFO"},
            "imagepig_site": {"level": "INFO"},
            "playground": {"level": "INFO"},
            "huey": {"level": "WARNING", "handlers": ["queue"], "propagate": False},
            "gunicorn.error": {"level": "WARNING", "handlers": ["console"], "propagate": False},
            # httpx logs each request's whole address at INFO.
            "httpx": {"level": "WARNING"},
        },
    }
