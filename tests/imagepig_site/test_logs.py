from __future__ import annotations

import logging

import pytest

from imagepig_site.logs import OnceAMinute


def record(message: str, *values: object) -> logging.LogRecord:
    return logging.LogRecord("huey", logging.ERROR, __file__, 1, message, values, None)


def test_the_same_message_is_let_through_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("imagepig_site.logs.time.monotonic", lambda: now)
    once = OnceAMinute()

    assert once.filter(record("Error reading from queue"))
    assert not once.filter(record("Error reading from queue"))
    assert once.filter(record("Unhandled error in task %s", 1))
    assert once.filter(record("Unhandled error in task %s", 2))
    now += 60
    assert once.filter(record("Error reading from queue"))
