"""What is there already is shown in its cell, not made again; and is made again where asked for."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Team, User
from playground import lineage
from playground.experiments import choosing, running, shown
from playground.experiments.axes import Axis, Value, chosen
from playground.experiments.grid import Grid, plan
from playground.models import Experiment, Generation, State, Verdict, request_key
from tests.factories import make_experiment, make_generation
from tests.playground.playing import play_to_the_end

PIGS = Axis("positive_prompt", (Value("red pig"), Value("blue pig")))
SEEDS = Axis("seed", (Value("1"), Value("2")))


def asked_for() -> Grid:
    """Cells 0 and 1 are red, 2 and 3 blue; 0 and 2 have seed 1."""
    return plan({}, [PIGS, SEEDS, chosen("endpoint", ["default"])])


def make_known(team: Team, cell: int, **fields: Any) -> Generation:
    """A picture of the very request that a cell would make."""
    body = asked_for().cells[cell].body
    upstream = fields.setdefault("upstream", "sandbox")
    fields["request_key"] = request_key(upstream, "default", body)
    return make_generation(team, seed=int(body["seed"]), body=body, **fields)


def known(team: Team, by: User) -> running.Known:
    return running.known_cells(team=team, by=by, upstream="sandbox", grid=asked_for())


def begin(team: Team, by: User, **fields: Any) -> Experiment:
    values: dict[str, Any] = {"known": known(team, by), "token": "t" * 43}
    return running.create(
        team=team,
        by=by,
        upstream="sandbox",
        name="Pigs",
        base={},
        grid=asked_for(),
        **(values | fields),
    )


def test_pictures_of_the_very_requests_are_known(team: Team, bob: User) -> None:
    picture = make_known(team, 2)
    assert known(team, bob) == {2: picture}
    # What is in the bin, was not made, or comes from elsewhere is not there.
    Generation.objects.update(deleted_at=timezone.now())
    assert known(team, bob) == {}
    make_known(team, 1, state=State.UNKNOWN)
    make_known(team, 0, upstream="imagepig")
    make_known(Team.objects.create(name="Elsewhere"), 3)
    assert known(team, bob) == {}


def test_only_the_missing_cells_are_made_and_the_others_are_shown(team: Team, bob: User) -> None:
    picture = make_known(team, 2)
    experiment = begin(team, bob)
    assert list(experiment.generations.order_by("cell").values_list("cell", flat=True)) == [0, 1, 3]
    grid = shown.ShownGrid(experiment, bob)
    assert [cell.known for cell in grid.cells] == [False, False, True, False]
    assert grid.cells[2].generation == picture
    assert (grid.progress.done, grid.progress.total) == (1, 4)
    assert picture not in grid.pending


def test_where_all_are_there_nothing_is_made(team: Team, bob: User) -> None:
    pictures = [make_known(team, cell) for cell in range(4)]
    experiment = begin(team, bob)
    assert not experiment.generations.exists()
    grid = shown.ShownGrid(experiment, bob)
    assert grid.progress.ended
    assert [cell.generation for cell in grid.cells] == pictures
    assert set(choosing.choices(experiment, bob).pictures) == {each.pk for each in pictures}


def test_the_list_counts_and_shows_them(team: Team, bob: User) -> None:
    picture = make_known(team, 2)
    begin(team, bob)
    [listed] = shown.list_page(bob, team, before=None).listed
    assert (listed.progress.done, listed.progress.total) == (1, 4)
    assert listed.samples == [picture]
    Generation.objects.filter(pk=picture.pk).update(deleted_at=timezone.now())
    assert shown.list_page(bob, team, before=None).listed[0].samples == []


@pytest.mark.django_db(transaction=True)
def test_one_is_made_anyway_as_a_rerun_in_the_cells_place(team: Team, bob: User) -> None:
    first, second = make_known(team, 0), make_known(team, 2)
    experiment = begin(team, bob)
    [again] = running.run_anyway(experiment=experiment, by=bob, cell=2)
    assert running.run_anyway(experiment=experiment, by=bob, cell=2) == []
    play_to_the_end()
    again.refresh_from_db()
    assert (again.parent, again.cell, again.author) == (second, 2, bob)
    assert again.body == second.body
    # These files are made up, so the sandbox's own picture is another one.
    assert again.verdict == Verdict.DIFFERENT
    cells = shown.ShownGrid(experiment, bob).cells
    assert (cells[2].generation, cells[2].known) == (again, False)
    assert (cells[0].generation, cells[0].known) == (first, True)
    listed = shown.list_page(bob, team, before=None).listed[0]
    assert (listed.progress.done, listed.progress.total) == (4, 4)


def test_what_shows_nothing_of_earlier_is_not_made_anyway(team: Team, bob: User) -> None:
    make_known(team, 2)
    experiment = begin(team, bob)
    assert running.run_anyway(experiment=experiment, by=bob, cell=3) == []
    assert running.run_anyway(experiment=experiment, by=bob, cell=99) == []
    assert experiment.generations.count() == 3
    assert len(running.run_anyway(experiment=experiment, by=bob)) == 1


def test_a_known_picture_that_leaves_for_good_leaves_its_cell_empty(team: Team, bob: User) -> None:
    picture = make_known(team, 2)
    experiment = begin(team, bob)
    Generation.objects.filter(pk=picture.pk).update(deleted_at=timezone.now())
    assert shown.ShownGrid(experiment, bob).cells[2].generation == picture
    picture.delete()
    grid = shown.ShownGrid(experiment, bob)
    assert grid.cells[2].generation is None
    assert grid.progress.total == 3
    assert running.run_anyway(experiment=experiment, by=bob, cell=2) == []


def test_what_is_made_tells_which_picture_it_was_begun_from(team: Team, bob: User) -> None:
    source = make_generation(team, prompt="red pig", seed=1)
    experiment = begin(team, bob, origin=source)
    assert set(experiment.generations.values_list("origin", flat=True)) == {source.pk}
    values = {"positive_prompt": "red pig", "seed": 1}
    race = running.race(
        team=team, by=bob, upstream="sandbox", values=values, token="r" * 43, origin=source
    )
    assert set(race.generations.values_list("origin", flat=True)) == {source.pk}
    # Whoever looks at the source sees what came of it, once it is there.
    picture = make_generation(team, prompt="blue pig", origin=source)
    assert [each.picture for each in lineage.made_from(source, bob).relatives] == [picture]


def test_a_race_is_always_run_and_keeps_what_its_prompt_was_written_as(
    team: Team, bob: User
) -> None:
    values = {"positive_prompt": "red pig", "seed": 1}
    make_known(team, 0)
    for token in ("a" * 43, "b" * 43):
        race = running.race(
            team=team,
            by=bob,
            upstream="sandbox",
            values=values,
            token=token,
            template="{red|blue} pig",
        )
        assert race.generations.count() == 3
        assert set(race.generations.values_list("template", flat=True)) == {"{red|blue} pig"}


def test_experiments_from_before_there_were_known_cells_are_shown(team: Team, bob: User) -> None:
    experiment = make_experiment(team)
    assert "known" not in experiment.spec
    assert shown.ShownGrid(experiment, bob).progress.done == 4
    assert running.run_anyway(experiment=experiment, by=bob) == []
