"""Experiments from the click to the last cell: begun once, paused, let go on, tried again."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.utils import timezone

from accounts.models import ApiKey, Happened, Team, User
from playground import pipeline, services
from playground.experiments import running, shown
from playground.experiments.axes import Axis, Value, chosen
from playground.experiments.grid import plan
from playground.faults import Reason
from playground.models import Experiment, Generation, State
from tests.factories import make_experiment
from tests.playground.playing import play, play_to_the_end, submit
from tests.upstream import Upstream
from tests.upstream_behaviours import CLOSE_BEFORE_ANSWER

PIGS = Axis("positive_prompt", (Value("red pig", "{red|blue} pig"), Value("blue pig", "")))
SEEDS = Axis("seed", (Value("1"), Value("2")))


def begin(team: Team, by: User, *, upstream: str = "sandbox", token: str = "t" * 43) -> Experiment:
    grid = plan({}, [PIGS, SEEDS, chosen("endpoint", ["default"])])
    return running.create(
        team=team, by=by, upstream=upstream, name="Pigs", base={}, grid=grid, token=token
    )


def states(experiment: Experiment) -> list[str]:
    return list(experiment.generations.order_by("cell", "pk").values_list("state", flat=True))


def test_each_cell_is_one_generation_with_its_place_and_template(team: Team, bob: User) -> None:
    experiment = begin(team, bob)
    cells = list(experiment.generations.order_by("cell"))
    assert [(each.cell, each.sent_seed, each.template) for each in cells] == [
        (0, "1", "{red|blue} pig"),
        (1, "2", "{red|blue} pig"),
        (2, "1", ""),
        (3, "2", ""),
    ]
    assert {each.author for each in cells} == {bob}
    assert all(each.request_key for each in cells)


def test_the_same_token_begins_one(team: Team, bob: User) -> None:
    assert begin(team, bob) == begin(team, bob)
    assert Generation.objects.count() == 4


def test_what_may_not_wait_is_not_begun(team: Team, bob: User, settings: LazySettings) -> None:
    settings.TEAM_CALLS_WAITING = 3
    with pytest.raises(services.TooManyWaiting):
        begin(team, bob)
    settings.TEAM_CALLS_WAITING = 4
    with pytest.raises(services.NoApiKey):
        begin(team, bob, upstream="imagepig")
    assert not Experiment.objects.exists()
    assert not Generation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_paused_experiment_stays_queued_and_others_pass_it(
    team: Team, bob: User, settings: LazySettings
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 1
    experiment = begin(team, bob)
    # One of its cells is in the queue already: it comes back unsent.
    running.pause(experiment=experiment, by=bob)
    running.pause(experiment=experiment, by=bob)
    [other] = submit(team, bob, upstream="sandbox")
    play()
    other.refresh_from_db()
    assert other.state == State.SAVED
    assert states(experiment) == [State.QUEUED] * 4
    assert set(experiment.generations.values_list("fault", flat=True)) == {Reason.PAUSED}

    running.go_on(experiment=experiment, by=bob)
    running.go_on(experiment=experiment, by=bob)
    play_to_the_end()
    assert states(experiment) == [State.SAVED] * 4


@pytest.mark.django_db(transaction=True)
def test_a_cell_that_meets_the_pause_on_its_way_is_not_sent(team: Team, bob: User) -> None:
    experiment = begin(team, bob)
    Experiment.objects.filter(pk=experiment.pk).update(paused=True)
    play()
    assert states(experiment) == [State.QUEUED] * 4
    assert not experiment.generations.filter(handed_over=True).exists()


@pytest.mark.django_db(transaction=True)
def test_a_pause_outlasts_the_keys_own(
    team: Team, bob: User, api_key: ApiKey, settings: LazySettings
) -> None:
    experiment = begin(team, bob, upstream="imagepig")
    running.pause(experiment=experiment, by=bob)
    experiment.generations.update(fault=Reason.KEY_PAUSED)
    assert pipeline.resume(team.pk) == []
    assert set(experiment.generations.values_list("fault", flat=True)) == {Reason.PAUSED}


@pytest.mark.django_db(transaction=True)
def test_one_failed_cell_is_tried_again_alone_in_its_place(
    imagepig: Upstream, team: Team, bob: User
) -> None:
    imagepig.script = lambda _request: CLOSE_BEFORE_ANSWER
    experiment = begin(team, bob, upstream="imagepig")
    play_to_the_end()
    assert states(experiment) == [State.UNKNOWN] * 4
    imagepig.script = None

    [again] = running.retry(experiment=experiment, by=bob, cell=2)
    play_to_the_end()
    grid = shown.ShownGrid(experiment, bob)
    assert again.retry_of
    assert again.cell == again.retry_of.cell == 2
    assert [cell.generation.state for cell in grid.cells if cell.generation] == [
        State.UNKNOWN,
        State.UNKNOWN,
        State.SAVED,
        State.UNKNOWN,
    ]
    # What Image Pig would say no to once more is not among all that are tried again.
    refused = {"state": State.REFUSED, "fault": "invalid_request", "received_at": timezone.now()}
    experiment.generations.filter(cell=0).update(**refused)
    assert len(running.retry(experiment=experiment, by=bob)) == 2
    play_to_the_end()
    assert shown.ShownGrid(experiment, bob).progress.done == 3


def test_what_waits_can_be_cancelled_and_a_deleted_one_cancels_it(team: Team, bob: User) -> None:
    experiment = begin(team, bob)
    assert running.cancel_waiting(experiment=experiment, by=bob) == 4
    assert states(experiment) == [State.CANCELLED] * 4

    second = begin(team, bob, token="s" * 43)
    running.delete(experiment=second, by=bob)
    assert states(second) == [State.CANCELLED] * 4
    second.refresh_from_db()
    assert second.deleted_at
    told = team.events.get()
    assert (told.kind, told.by) == (Happened.DELETED, bob)
    assert told.about == f"experiment “{second.name}”"
    running.restore(experiment=second, by=bob)
    second.refresh_from_db()
    assert second.deleted_at is None


def test_a_race_has_one_prompt_and_seed_on_every_endpoint(team: Team, bob: User) -> None:
    values = {"positive_prompt": "a pig", "negative_prompt": "fog"}
    experiment = running.race(team=team, by=bob, upstream="sandbox", values=values, token="r" * 43)
    cells = list(experiment.generations.order_by("cell"))
    assert [each.endpoint for each in cells] == ["default", "xl", "flux"]
    assert len({each.sent_seed for each in cells}) == 1
    assert shown.ShownGrid(experiment, bob).ignored == [
        "FLUX ignores the negative prompt (what to avoid)."
    ]


def test_the_fastest_of_a_race_is_named_when_all_are_in(team: Team, bob: User) -> None:
    values = {"positive_prompt": "a pig", "seed": 4}
    experiment = running.race(team=team, by=bob, upstream="sandbox", values=values, token="r" * 43)
    lanes = shown.lanes(shown.ShownGrid(experiment, bob))
    assert not any(lane.first for lane in lanes)
    assert [lane.seconds for lane in lanes] == [None] * 3


def test_the_list_counts_each_cell_once_and_pages(team: Team, bob: User) -> None:
    made = [make_experiment(team, author=bob) for _ in range(shown.PAGE + 1)]
    page = shown.list_page(bob, team, before=None)
    assert [each.experiment for each in page.listed] == made[:0:-1]
    assert page.listed[0].described == "2 prompts × 2 seeds"
    assert (page.listed[0].progress.done, page.listed[0].progress.total) == (4, 4)
    assert len(page.listed[0].samples) == 4
    rest = shown.list_page(bob, team, before=page.older)
    assert [each.experiment for each in rest.listed] == made[:1]
    assert rest.older is None
