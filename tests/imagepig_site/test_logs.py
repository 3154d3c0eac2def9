from __future__ import annotations

import logging

import pytest

from imagepig_site.logs import HideTokens, OnceAMinute


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


def test_a_token_in_an_address_is_in_no_log() -> None:
    token = "Zk3_n-9vQx" * 4
    for path in ("invitations", "s"):
        refused = record("Forbidden (%s): %s", "no token", f"/{path}/{token}/card/")
        assert HideTokens().filter(refused)
        assert refused.getMessage() == f"Forbidden (no token): /{path}/…/card/"


def test_other_messages_are_left_as_they_are() -> None:
    said = record("Not Found: %s", "/pictures/12/")
    assert HideTokens().filter(said)
    assert (said.msg, said.args) == ("Not Found: %s", ("/pictures/12/",))
