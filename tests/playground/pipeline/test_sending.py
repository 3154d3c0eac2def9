"""What is sent, what is sent again, and what becomes of an answer before it is saved."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from accounts.models import Team, User
from playground import pipeline, tasks
from playground.imagepig.errors import Busy, Fault, MaybeBilled, NeverSent, Refused
from playground.models import Generation, State, Upstream
from playground.pipeline import sending, spool, steps, upstreams
from playground.sandbox import server
from tests.factories import make_generation
from tests.playground.playing import full, play, play_to_the_end, submit, the_one
from tests.upstream import Upstream as FakeUpstream
from tests.upstream_behaviours import busy, success
from tests.upstream_exchange import Behaviour, Exchange

pytestmark = pytest.mark.django_db(transaction=True)


# Again


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Busy(Fault.BUSY, retry_after=17), [17, 17, 17, State.REFUSED]),
        (Busy(Fault.BUSY), [2, 4, 8, State.REFUSED]),
        (NeverSent(Fault.CONNECTION_REFUSED), [1, 3, State.NOT_SENT, State.NOT_SENT]),
        (NeverSent(Fault.TLS), [State.NOT_SENT] * 4),
        (MaybeBilled(Fault.READ_TIMEOUT), [State.UNKNOWN] * 4),
        (Refused(Fault.FORBIDDEN), [State.REFUSED] * 4),
    ],
)
def test_what_is_sent_again_is_sent_again_so_often_and_after_so_many_seconds(
    error: Any, expected: list[Any]
) -> None:
    found = [sending.outcome(error, attempts) for attempts in range(4)]
    assert [seconds if state == State.QUEUED else state for state, seconds in found] == expected


def test_busy_says_so_and_is_saved_in_the_end(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    imagepig.behaviours.extend([busy("30")] * 3)
    submit(team, alice)
    play()
    waiting = the_one()
    assert (waiting.state, waiting.fault, waiting.attempts) == (State.QUEUED, Fault.BUSY, 1)
    assert waiting.not_before is not None
    assert 25 < (waiting.not_before - timezone.now()).total_seconds() <= 30
    assert waiting.sent_at is None
    play_to_the_end()
    saved = the_one()
    assert (saved.state, saved.fault, saved.said) == (State.SAVED, "", "")
    assert (imagepig.billed, len(imagepig.posts)) == (1, 4)


# What is not sent now, or not at all


def test_what_is_delivered_while_as_many_run_as_may_waits_its_turn(
    imagepig: FakeUpstream, team: Team, alice: User, settings: LazySettings
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 1
    (generation,) = submit(team, alice)
    running = make_generation(team, author=alice, state=State.SENDING)
    play()
    generation.refresh_from_db()
    assert (generation.state, generation.handed_over) == (State.QUEUED, False)
    assert imagepig.billed == 0
    steps.give_up(running, "interrupted")
    tasks.enqueue(*pipeline.take_waiting(team.pk))
    play()
    generation.refresh_from_db()
    assert generation.state == State.SAVED


def test_a_kind_that_is_no_longer_offered_is_not_sent(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    submit(team, alice)
    Generation.objects.update(endpoint="retired")
    play()
    assert (the_one().state, the_one().fault) == (State.NOT_SENT, "endpoint_gone")


def test_without_room_for_an_answer_nothing_is_sent(
    imagepig: FakeUpstream, team: Team, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "RESERVE_BYTES", 2**70)
    submit(team, alice)
    play()
    assert (the_one().state, the_one().fault) == (State.NOT_SENT, "disk_full")
    assert imagepig.billed == 0


def test_without_a_folder_for_answers_nothing_is_sent(
    imagepig: FakeUpstream, team: Team, alice: User, settings: LazySettings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.SPOOL_DIR = tmp_path / "file" / "spool"
    submit(team, alice)
    play()
    assert (the_one().state, the_one().fault) == (State.NOT_SENT, "disk_full")
    assert imagepig.billed == 0


# Answers


def test_an_answer_that_cannot_be_written_at_first_is_written_as_soon_as_it_can_be(
    imagepig: FakeUpstream,
    team: Team,
    alice: User,
    settings: LazySettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(sending, "SPOOL_SECONDS", 0.0001)
    settings.SPOOL_DIR = tmp_path / "spool"

    def fill_the_disk(exchange: Exchange) -> None:
        full(settings.SPOOL_DIR)
        threading.Timer(0.4, settings.SPOOL_DIR.unlink).start()
        threading.Timer(0.5, settings.SPOOL_DIR.mkdir).start()
        success().play(exchange)

    imagepig.behaviours.append(Behaviour(fill_the_disk))
    submit(team, alice)
    play()
    assert the_one().state == State.SAVED
    assert imagepig.billed == 1
    # Hundreds of tries, and a line for every sixty.
    assert 2 <= caplog.text.count("its answer cannot be written") <= 100


def test_what_nobody_foresaw_may_have_been_counted_too(
    team: Team, alice: User, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    upstreams._sandbox.cache_clear()
    monkeypatch.setattr(server, "_paint", None)
    submit(team, alice, upstream=Upstream.SANDBOX)
    play()
    generation = the_one()
    assert (generation.state, generation.fault) == (State.UNKNOWN, "interrupted")
    assert generation.wording is not None
    assert "Nothing was counted" in generation.wording.text
