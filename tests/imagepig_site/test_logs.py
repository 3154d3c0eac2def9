from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from datetime import datetime

import pytest
from cryptography.fernet import Fernet

from imagepig_site import context
from imagepig_site.environment import ROOT
from imagepig_site.logs import (
    HideTokens,
    JSONFormatter,
    OnceAMinute,
    TextFormatter,
    configuration,
    hidden,
)


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


def written(formatter: logging.Formatter, said: logging.LogRecord) -> str:
    return formatter.format(said)


def failed(error: Exception) -> logging.LogRecord:
    try:
        raise error
    except type(error):
        return logging.LogRecord(
            "playground", logging.ERROR, __file__, 1, "it failed", None, sys.exc_info()
        )


def test_as_text_a_line_names_time_level_logger_request_and_what_happened() -> None:
    with context.working_on("click-0123", 7):
        line = written(TextFormatter(), record("generation %s: done", 7))
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ERROR huey \[click-0123\] generation 7: done", line
    )
    assert " [-] " in written(TextFormatter(), record("no request"))


def test_as_json_a_line_is_one_object_with_the_same_and_the_trace() -> None:
    with context.working_on("click-0123", 7):
        line = written(JSONFormatter(), failed(ValueError("two\nlines – “quoted”")))
    assert "\n" not in line
    said = json.loads(line)
    assert said["request"] == "click-0123"
    assert said["generation"] == 7
    assert (said["level"], said["logger"], said["message"]) == ("ERROR", "playground", "it failed")
    assert "ValueError: two\nlines – “quoted”" in said["exception"]
    assert datetime.fromisoformat(said["time"]).tzinfo is not None
    assert {"request", "generation", "exception"}.isdisjoint(
        json.loads(written(JSONFormatter(), record("no request")))
    )


@pytest.mark.parametrize("formatter", [TextFormatter(), JSONFormatter()])
@pytest.mark.parametrize(
    "text",
    [
        "(b'Api-Key', b'SECRET')",
        "{'Api-Key': 'SECRET', 'a': 1}",
        '{"api-key":"SECRET"}',
        "Api-Key: SECRET",
        "Authorization: Bearer SECRET",
        "Illegal header value b'SECRET'",
        "Not Found: /accounts/password/reset/key/SECRET/",
        "Forbidden: /accounts/confirm-email/SECRET/",
        "Not Found: /s/SECRET/",
        "Forbidden: /invitations/SECRET/",
        "postgres://user:SECRET@host/name",
        "redis://:SECRET@host:6379/0",
    ],
)
def test_a_secret_that_comes_so_far_is_hidden_in_message_and_trace(
    formatter: logging.Formatter, text: str
) -> None:
    secret = "Zk3_n-9vQx" * 4
    text = text.replace("SECRET", secret)
    for said in (record("%s", text), failed(RuntimeError(text))):
        line = written(formatter, said)
        assert secret not in line
        assert "…" in line or "\\u2026" in line


def test_what_is_encrypted_is_hidden() -> None:
    ciphertext = Fernet(Fernet.generate_key()).encrypt(b"a key").decode()
    assert hidden(f"row {ciphertext}, next") == "row …, next"


@pytest.mark.parametrize(
    "text",
    [
        "Forbidden: /account/api-key/remove/",
        "API key f8a793d0-54e6-4a2d-80a8-3bcb7a8ce3a0 of team 1 added by person 1",
        "https://pictures.example.com:8000/pictures/12/",
        "generation 12: sending to imagepig",
    ],
)
def test_what_is_no_secret_is_left_as_it_is(text: str) -> None:
    assert hidden(text) == text


@pytest.mark.parametrize("form", ["text", "json"])
def test_both_forms_are_configurations_that_hold(form: str) -> None:
    configured = configuration(form)
    code = (
        "import logging.config, sys; from imagepig_site.logs import configuration; "
        f"logging.config.dictConfig(configuration({form!r})); "
        "[logging.getLogger(name).error('said') for name in "
        "('playground', 'accounts', 'django.request', 'huey', 'gunicorn.error')]"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines = done.stderr.splitlines()
    assert len(lines) == 5
    for line in lines:
        assert (json.loads(line)["message"] if form == "json" else line).endswith("said")
    assert configured["loggers"]["httpx"]["level"] == "WARNING"
