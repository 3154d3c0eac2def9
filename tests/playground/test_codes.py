"""The samples on a picture's page make that very picture again, byte for byte."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from accounts.models import Team, User
from playground.models import Generation, State, Upstream
from playground.naming import file_name
from tests.playground.imagepig.test_samples import RUNNABLE, run
from tests.playground.playing import play_to_the_end, submit

PICTURES: dict[str, dict[str, Any]] = {
    "default": {"positive_prompt": 'a pig\'s "hill"\nat dusk', "negative_prompt": "rain"},
    "xl": {"format": "PNG", "seed": 2**64 - 1},
    "flux": {"proportion": "portrait", "storage_days": 1},
}
"""Endpoint → what is asked for; where no seed is, one is drawn."""


def code_on_page(client: Client, picture: Generation, language: str) -> str:
    page = client.get(reverse("picture", args=[picture.pk])).content.decode()
    shown = re.search(rf'<pre id="code-{language}"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert shown
    return html.unescape(shown[1])


@pytest.mark.parametrize("language", RUNNABLE)
def test_the_code_on_the_page_brings_the_bytes_that_the_playground_got(
    live_server: LiveServer,
    settings: LazySettings,
    as_alice: Client,
    alice: User,
    team: Team,
    tmp_path: Path,
    language: str,
) -> None:
    settings.SITE_URL = live_server.url
    for endpoint, values in PICTURES.items():
        submit(team, alice, endpoint=endpoint, upstream=Upstream.SANDBOX, **values)
    play_to_the_end()
    pictures = list(Generation.objects.filter(state=State.SAVED))
    assert len(pictures) == len(PICTURES)

    for picture in pictures:
        result = run(language, code_on_page(as_alice, picture, language), tmp_path)

        assert (picture.endpoint, result.returncode, result.stderr) == (picture.endpoint, 0, "")
        with storages["pictures"].open(picture.file) as stored:
            assert (tmp_path / file_name(picture)).read_bytes() == stored.read()
