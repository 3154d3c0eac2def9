"""Where calls go."""

from __future__ import annotations

import time

import pytest
from django.conf import LazySettings

from accounts.models import Team, User
from playground import pipeline
from playground.models import State, Upstream
from playground.pipeline import upstreams
from playground.sandbox import server
from tests.playground.playing import play, submit, the_one

pytestmark = pytest.mark.django_db(transaction=True)


def test_both_upstreams_are_made_ready_before_the_first_picture() -> None:
    pipeline.prepare()
    assert upstreams.client_for(Upstream.SANDBOX) is upstreams.client_for(Upstream.SANDBOX)


@pytest.mark.parametrize("latency", [False, True])
def test_the_sandbox_takes_as_long_as_image_pig_where_the_settings_say_so(
    team: Team, alice: User, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, latency: bool
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    # So long that no other sleep, and no slow machine, is taken for it.
    monkeypatch.setattr(server, "usual_latency", lambda *_: 10_000)
    settings.SANDBOX_LATENCY = latency
    upstreams._sandbox.cache_clear()
    submit(team, alice, upstream=Upstream.SANDBOX)
    play()
    upstreams._sandbox.cache_clear()
    assert the_one().state == State.SAVED
    assert bool([seconds for seconds in slept if seconds > 5_000]) == latency
