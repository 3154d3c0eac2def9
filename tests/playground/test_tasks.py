"""The queue as transport: what it loses, and what it does not take, is found again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.utils import timezone

from accounts.models import KeyState, Team, User
from accounts.services import mark_key, remove_api_key
from imagepig_site.queue import make_queue
from playground import pipeline, tasks
from playground.imagepig.errors import Fault
from playground.models import Generation, State
from playground.pipeline import spool
from tests.factories import make_generation
from tests.playground.playing import play, play_to_the_end, submit
from tests.upstream import Upstream
from tests.upstream_behaviours import busy

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def queue_away() -> Iterator[None]:
    """Redis is down and refuses every connection; or the queue's folder is gone."""
    redis_url = "redis://127.0.0.1:9/0" if settings.ENVIRONMENT["REDIS_URL"] else ""
    with tempfile.TemporaryDirectory() as folder:
        nowhere = make_queue(redis_url, Path(folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings.HUEY, "storage", nowhere.storage)
        yield


def states() -> list[tuple[str, str]]:
    return list(Generation.objects.order_by("pk").values_list("state", "fault"))


@pytest.fixture(autouse=True)
def _started_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker that these tests play begins with each of them."""
    monkeypatch.setattr(tasks, "STARTED_AT", timezone.now())


def restart() -> None:
    tasks._started.clear()
    # As two of Huey's threads do.
    tasks.start()
    tasks.start()


def test_while_the_queue_is_away_a_click_still_counts_and_the_card_says_so(
    imagepig: Upstream, team: Team, alice: User
) -> None:
    with queue_away():
        submit(team, alice, count=2)
        assert states() == [(State.QUEUED, "queue_away")] * 2
        wording = Generation.objects.earliest("pk").wording
        assert wording is not None
        assert wording.title == "Waiting for the queue"
    assert play() == 0
    tasks.sweep_each_minute.call_local()
    play()
    assert states() == [(State.SAVED, "")] * 2
    assert imagepig.billed == 2


def test_the_next_click_takes_along_what_the_queue_did_not_take(
    imagepig: Upstream, team: Team, alice: User
) -> None:
    with queue_away():
        submit(team, alice)
    submit(team, alice)
    play()
    assert states() == [(State.SAVED, "")] * 2


def test_what_the_queue_lost_is_handed_to_it_again(
    imagepig: Upstream, team: Team, alice: User
) -> None:
    submit(team, alice, count=3)
    settings.HUEY.flush()
    restart()
    assert play() == 3
    assert states() == [(State.SAVED, "")] * 3


def test_what_the_queue_holds_is_not_handed_to_it_twice(
    imagepig: Upstream, team: Team, alice: User
) -> None:
    imagepig.behaviours.append(busy("60"))
    submit(team, alice)
    play()
    (waiting,) = settings.HUEY.scheduled()
    assert timedelta(seconds=50) < waiting.eta - timezone.now().replace(tzinfo=None)
    submit(team, alice)
    tasks.sweep_each_minute.call_local()
    assert settings.HUEY.pending_count() == 1
    assert settings.HUEY.scheduled_count() == 1


def test_a_later_time_that_the_queue_lost_is_kept(
    imagepig: Upstream, team: Team, alice: User
) -> None:
    imagepig.behaviours.append(busy("60"))
    submit(team, alice)
    play()
    settings.HUEY.flush()
    restart()
    assert play() == 1
    assert states() == [(State.QUEUED, Fault.BUSY)]
    assert settings.HUEY.scheduled_count() == 1
    assert len(imagepig.posts) == 1


def test_what_comes_before_its_time_is_not_sent(
    imagepig: Upstream, team: Team, alice: User
) -> None:
    imagepig.behaviours.append(busy("60"))
    (generation,) = submit(team, alice)
    play()
    assert list(pipeline.run(generation.pk)) == []
    assert len(imagepig.posts) == 1
    assert states() == [(State.QUEUED, Fault.BUSY)]


@pytest.mark.parametrize("late", [True, False])
def test_a_call_without_an_answer_is_given_up_at_its_deadline_and_not_before(
    team: Team, alice: User, late: bool
) -> None:
    seconds = -1 if late else 60
    deadline = timezone.now() + timedelta(seconds=seconds)
    make_generation(
        team,
        author=alice,
        state=State.SENDING,
        sent_at=timezone.now() - timedelta(minutes=2),
        deadline=deadline,
    )
    restart()
    tasks.sweep_each_minute.call_local()
    assert states() == [(State.UNKNOWN, "interrupted") if late else (State.SENDING, "")]
    assert settings.HUEY.pending_count() == (0 if late else 1)
    if not late:
        (sweep,) = settings.HUEY.pending()
        assert sweep.eta == (deadline + timedelta(seconds=0.1)).replace(tzinfo=None)


def test_at_the_deadline_of_what_the_last_worker_sent_it_is_given_up(
    team: Team, alice: User
) -> None:
    long_ago = timezone.now() - timedelta(minutes=2)
    for seconds in (-1, 60):
        make_generation(
            team,
            author=alice,
            state=State.SENDING,
            sent_at=long_ago,
            deadline=timezone.now() + timedelta(seconds=seconds),
        )
    tasks.sweep_at_deadline.call_local()
    assert [state for state, _ in states()] == [State.UNKNOWN, State.SENDING]
    assert settings.HUEY.pending_count() == 1


def test_the_end_of_an_interrupted_call_lets_the_next_ones_start(
    imagepig: Upstream, team: Team, alice: User, settings: LazySettings
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 1
    first, _ = submit(team, alice, count=2)
    Generation.objects.filter(pk=first.pk).update(
        state=State.SENDING, sent_at=timezone.now(), deadline=timezone.now(), handed_over=False
    )
    settings.HUEY.flush()
    tasks.sweep_each_minute.call_local()
    play()
    assert states() == [(State.UNKNOWN, "interrupted"), (State.SAVED, "")]


def test_what_waited_for_a_key_goes_on_when_the_key_is_in_order(
    imagepig: Upstream, team: Team, alice: User
) -> None:
    api_key = team.api_key
    assert api_key is not None
    mark_key(api_key.pk, KeyState.REFUSED)
    submit(team, alice)
    play()
    tasks.sweep_each_minute.call_local()
    play()
    assert states() == [(State.QUEUED, "key_paused")]
    mark_key(api_key.pk, KeyState.UNPROVED)
    tasks.sweep_each_minute.call_local()
    play()
    assert states() == [(State.SAVED, "")]


def test_what_waited_for_a_key_that_is_removed_ends(
    imagepig: Upstream, team: Team, alice: User
) -> None:
    api_key = team.api_key
    assert api_key is not None
    mark_key(api_key.pk, KeyState.REFUSED)
    submit(team, alice)
    play()
    remove_api_key(team=team, by=alice)
    play()
    assert states() == [(State.NOT_SENT, "no_key")]


def test_answers_that_nobody_needs_any_more_are_removed_at_the_start(
    imagepig: Upstream, team: Team, alice: User
) -> None:
    submit(team, alice)
    play_to_the_end()
    saved = Generation.objects.get()
    spool.write(spool.path_of(saved), b"left lying")
    spool.write(spool.folder() / "odd.answer", b"nobody knows whose")
    needed = make_generation(team, author=alice, state=State.SENDING)
    spool.write(spool.path_of(needed), b"{}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "enqueue", lambda *due: list(due))
        restart()
    assert list(spool.kept()) == [spool.path_of(needed)]
    (spool.folder() / "odd.answer").unlink()
    spool.remove(spool.path_of(needed))


def test_a_received_answer_is_left_to_who_has_it_in_hand_and_to_the_queue(
    team: Team, alice: User
) -> None:
    just_now = make_generation(team, author=alice, state=State.RECEIVED, received_at=timezone.now())
    long_ago = timezone.now() - timedelta(minutes=5)
    lying = make_generation(team, author=alice, state=State.RECEIVED, received_at=long_ago)
    assert [due.generation_id for due in pipeline.sweep(set())] == [lying.pk]
    assert list(pipeline.sweep({lying.pk})) == []
    started = {due.generation_id for due in pipeline.sweep(set(), starting=True)}
    assert started == {just_now.pk, lying.pk}
