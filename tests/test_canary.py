"""An API key is in nothing that leaves the application but the calls it is for."""

from __future__ import annotations

import io
import logging
import sys
import zipfile
from typing import Any

import pytest
from django.core import mail
from django.core.signals import got_request_exception
from django.test import Client
from django.urls import reverse
from django.views.debug import ExceptionReporter
from pytest_django.fixtures import Settings

from accounts import services
from accounts.models import Team, User
from playground.models import State
from tests.factories import make_generation

CANARY = "canary-7f3b9c1d5e"


def test_a_key_is_in_no_report_of_an_error_that_came_while_it_was_saved(
    as_alice: Client, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.ADMINS = [("Admin", "admin@example.com")]
    settings.API_KEY_ENCRYPTION_KEYS = ["no key"]
    caplog.set_level(logging.DEBUG)
    as_alice.raise_request_exception = False
    reports: list[str] = []

    def report(request: Any, **_: Any) -> None:
        reporter = ExceptionReporter(request, *sys.exc_info())
        reports.extend([reporter.get_traceback_html(), reporter.get_traceback_text()])

    got_request_exception.connect(report)
    try:
        page = as_alice.post(reverse("api_key"), {"label": "Ours", "api_key": CANARY})
    finally:
        got_request_exception.disconnect(report)

    assert page.status_code == 500
    assert len(mail.outbox) == 1
    reports.append(str(mail.outbox[0].message()))
    # What they do show of the same form, and of the functions that had the key in hand.
    assert all("Ours" in text for text in reports)
    assert "set_api_key" in reports[0]
    for text in (page.content.decode(), caplog.text, *reports):
        assert CANARY not in text


def test_a_key_is_in_no_file_that_is_downloaded(as_alice: Client, alice: User, team: Team) -> None:
    services.set_api_key(team=team, by=alice, label="Ours", secret=CANARY)
    picture = make_generation(team, author=alice, state=State.SAVED, upstream="imagepig")

    answer = as_alice.post(reverse("export"), {"all": "1", "download": "1"})
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with_memory = as_alice.get(reverse("picture_with_memory", args=[picture.pk]))

    assert {"metadata.csv", "metadata.json"} < set(files)
    assert not [name for name, content in files.items() if CANARY.encode() in content]
    assert CANARY.encode() not in with_memory.getvalue()
