"""The steps between states: each moves what it leaves, or nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Team, User
from playground import pipeline, tasks
from playground.imagepig.errors import Busy, Fault
from playground.models import State
from playground.pipeline import sending, spool, steps
from tests.factories import make_generation
from tests.playground.playing import play, submit, the_one
from tests.upstream import Upstream as FakeUpstream
from tests.upstream_behaviours import success
from tests.upstream_exchange import Behaviour, Exchange

pytestmark = pytest.mark.django_db(transaction=True)


# Interrupted


def test_an_answer_that_comes_after_its_generation_was_given_up_is_as_good_as_any(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    def give_up(exchange: Exchange) -> None:
        try:
            assert steps.give_up(the_one(), "interrupted")
        finally:
            connection.close()
        success().play(exchange)

    imagepig.behaviours.append(Behaviour(give_up))
    submit(team, alice)
    play()
    saved = the_one()
    assert (saved.state, saved.fault, saved.ended_at) == (State.SAVED, "", None)


def test_an_answer_that_somebody_else_received_already_is_left_to_them(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    def receive(exchange: Exchange) -> None:
        try:
            assert steps.receive(the_one(), timezone.now())
        finally:
            connection.close()
        success().play(exchange)

    imagepig.behaviours.append(Behaviour(receive))
    submit(team, alice)
    play()
    assert the_one().state == State.RECEIVED
    tasks.enqueue(*pipeline.sweep(set(), starting=True))
    play()
    assert the_one().state == State.SAVED


def test_an_answer_that_somebody_else_received_is_not_swept_twice(
    team: Team, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = make_generation(team, author=alice, state=State.SENDING, deadline=timezone.now())
    spool.folder().mkdir(parents=True, exist_ok=True)
    spool.write(spool.path_of(late), b"[]")
    monkeypatch.setattr(steps, "receive", lambda *_: False)
    assert list(pipeline.sweep(set())) == []
    spool.remove(spool.path_of(late))


@pytest.mark.parametrize("step", ["give_back", "postpone_saving"])
def test_a_step_whose_state_was_left_meanwhile_does_nothing(
    team: Team, alice: User, step: str
) -> None:
    ended = make_generation(team, author=alice, state=State.UNKNOWN)
    if step == "give_back":
        assert steps.give_back(ended, Busy(Fault.BUSY), 1) is None
        assert sending._without_answer(ended, Busy(Fault.BUSY)) is None
    else:
        assert steps.postpone_saving(ended, "not_saved_yet", timezone.now()) is None
    ended.refresh_from_db()
    assert (ended.state, ended.revision) == (State.UNKNOWN, 0)


def test_nobody_cancels_nothing() -> None:
    assert pipeline.cancel() == ([], [])
