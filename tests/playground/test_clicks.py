"""One id from the click to the saved picture, however long it waits and whoever hands it over."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.conf import LazySettings, settings
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from imagepig_site import context
from playground import clicks, pipeline, services, tasks
from playground.faults import Reason
from playground.models import Generation, State
from tests.factories import make_generation
from tests.playground.playing import play, play_to_the_end, submit
from tests.upstream import Upstream
from tests.upstream_behaviours import busy

pytestmark = pytest.mark.django_db(transaction=True)

PROMPT = {"positive_prompt": "a pig", "endpoint": "default", "upstream": "sandbox"}


class Lines(logging.Handler):
    """Generation → the ids under which lines were written about it."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: defaultdict[int | None, set[str]] = defaultdict(set)
        self.done: dict[int | None, str] = {}

    def emit(self, record: logging.LogRecord) -> None:
        generation = context.generation_id()
        self.ids[generation].add(context.request_id())
        if record.getMessage().endswith(": done"):
            self.done[generation] = context.request_id()


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    logger = logging.getLogger("playground")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


def left() -> list[str]:
    items = settings.HUEY.storage.result_items()
    return [key for key in items if key.startswith(clicks.KEY)]


def test_a_click_and_its_pictures_have_one_id(as_alice: Client, lines: Lines) -> None:
    clicked = {}
    for number in range(2):
        data = {**PROMPT, "count": "2", "token": f"{number}" * 43}
        clicked[number] = as_alice.post(reverse("playground"), data).headers["X-Request-Id"]
    assert len(set(clicked.values())) == 2
    play()
    by_click = {
        clicked[number]: set(Generation.objects.filter(submission__token=f"{number}" * 43))
        for number in clicked
    }
    for request_id, generations in by_click.items():
        assert len(generations) == 2
        for each in generations:
            assert each.state == State.SAVED
            assert lines.ids[each.pk] == {request_id}
            assert lines.done[each.pk] == request_id
    # The lines of the clicks themselves.
    assert set(clicked.values()) <= lines.ids[None]
    assert context.request_id() == ""
    assert left() == []


def test_what_waits_for_its_turn_keeps_its_own_id_whoever_hands_it_over(
    team: Team, alice: User, settings: LazySettings, lines: Lines
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 1
    asked = {}
    for request_id in ("first-click", "second-click"):
        with context.working_on(request_id):
            for each in submit(team, alice, upstream="sandbox", count=2):
                asked[each.pk] = request_id
    assert len(left()) == 3
    play_to_the_end()
    assert lines.done == asked
    assert {pk: ids for pk, ids in lines.ids.items() if pk} == {
        pk: {request_id} for pk, request_id in asked.items()
    }
    assert left() == []


def test_another_try_of_the_same_request_is_of_the_same_click(
    imagepig: Upstream, team: Team, alice: User, lines: Lines
) -> None:
    imagepig.behaviours.append(busy("1"))
    with context.working_on("the-click"):
        (generation,) = submit(team, alice)
    play_to_the_end()
    generation.refresh_from_db()
    assert generation.state == State.SAVED
    assert len(imagepig.posts) == 2
    assert lines.ids[generation.pk] == {"the-click"}


def test_what_a_sweep_hands_over_has_the_id_that_was_left_or_none(
    team: Team, alice: User, settings: LazySettings, lines: Lines
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 1
    with context.working_on("the-click"):
        lost, waiting = submit(team, alice, upstream="sandbox", count=2)
    settings.HUEY.storage.flush_queue()
    tasks.enqueue(*pipeline.sweep(tasks.queued_ids()))
    play()
    assert lines.done == {lost.pk: "", waiting.pk: "the-click"}


def test_a_message_of_the_version_before_is_understood(team: Team) -> None:
    generation = make_generation(team, state=State.QUEUED, handed_over=True)
    tasks.generate.call_local(generation.pk)
    generation.refresh_from_db()
    assert generation.state == State.SAVED


def test_what_was_left_for_cancelled_ones_is_removed_within_an_hour(
    team: Team, alice: User, settings: LazySettings
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 1
    with context.working_on("the-click"):
        _, cancelled, kept = submit(team, alice, upstream="sandbox", count=3)
    services.cancel(generation=cancelled, by=alice)
    tasks.tidy_up.call_local()
    assert left() == [f"{clicks.KEY}{kept.pk}"]


def test_a_queue_that_is_away_is_no_obstacle(
    team: Team, alice: User, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise settings.QUEUE_ERRORS[-1]

    settings.TEAM_CALLS_AT_ONCE = 1
    for name in ("enqueue", "put_data", "pop_data"):
        monkeypatch.setattr(settings.HUEY.storage, name, away)
    with context.working_on("the-click"):
        first, _ = submit(team, alice, upstream="sandbox", count=2)
    first.refresh_from_db()
    assert (first.state, first.fault) == (State.QUEUED, Reason.QUEUE_AWAY)
    assert clicks.take(first.pk) == ""
