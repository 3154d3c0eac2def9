"""One generation's way from the click to the saved files."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.core.files.storage import storages

from accounts.models import Team, User
from playground.models import State, Upstream
from tests.playground.playing import play, submit

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_picture_is_drawn_in_the_sandbox_and_saved_with_all_that_belongs_to_it(
    team: Team, alice: User
) -> None:
    (generation,) = submit(team, alice, upstream=Upstream.SANDBOX, seed=2**64 - 1)
    assert generation.state == State.QUEUED
    assert play() == 1
    generation.refresh_from_db()
    assert generation.state == State.SAVED, generation.fault
    assert generation.seed == str(2**64 - 1)
    with storages["pictures"].open(generation.file) as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == generation.sha256
    assert len(content) == generation.bytes
    assert (generation.width, generation.height) == (512, 512)
    assert generation.mime_type == "image/jpeg"
    assert storages["pictures"].exists(generation.thumbnail)
    assert generation.placeholder.startswith("data:image/webp;base64,")
    assert "image_data" not in json.loads(generation.answer)
    times = [
        generation.queued_at,
        generation.sent_at,
        generation.started_at,
        generation.completed_at,
        generation.received_at,
        generation.saved_at,
    ]
    assert times == sorted(times)  # type: ignore[type-var]
