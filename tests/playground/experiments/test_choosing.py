"""Blind choices: no pair twice, the telling ones first, each counted once, everybody together."""

from __future__ import annotations

import pytest

from accounts.models import Team, User
from playground.experiments import choosing
from playground.experiments.choosing import LEFT, NEITHER, RIGHT, Choices
from playground.models import Experiment, Generation, State, Vote
from tests.factories import make_experiment

PIGS = ("a red pig", "a blue pig")


@pytest.fixture
def experiment(team: Team, bob: User) -> Experiment:
    return make_experiment(team, author=bob, prompts=PIGS, seeds=(1, 2))


def all_choices(experiment: Experiment, user: User, favourite: str) -> list[frozenset[int]]:
    """Choose until there is nothing left: always what shows the favourite, else can't tell."""
    seen = []
    while pair := choosing.next_pair(found := choosing.choices(experiment, user), user):
        left, right = pair
        seen.append(frozenset((left.pk, right.pk)))
        liked = [favourite in each.positive_prompt for each in pair]
        choice = NEITHER if liked[0] == liked[1] else LEFT if liked[0] else RIGHT
        assert choosing.choose(found, user, left=left.pk, right=right.pk, choice=choice)
    return seen


def test_nobody_sees_a_pair_twice_and_everybody_sees_all(experiment: Experiment, bob: User) -> None:
    seen = all_choices(experiment, bob, "red")
    assert len(seen) == len(set(seen)) == 6
    assert Vote.objects.filter(experiment=experiment).count() == 6


def test_the_first_pairs_differ_in_one_thing_only(experiment: Experiment, bob: User) -> None:
    pair = choosing.next_pair(choosing.choices(experiment, bob), bob)
    assert pair
    one, other = pair
    same = (one.positive_prompt == other.positive_prompt, one.sent_seed == other.sent_seed)
    assert sorted(same) == [False, True]


def test_a_second_click_counts_nothing(experiment: Experiment, bob: User) -> None:
    found = choosing.choices(experiment, bob)
    one, other, *_ = found.pictures
    for choice, (left, right) in (
        (LEFT, (one, other)),
        (RIGHT, (one, other)),
        (LEFT, (other, one)),
    ):
        choosing.choose(found, bob, left=left, right=right, choice=choice)
    vote = Vote.objects.get()
    assert (vote.better_id, vote.worse_id) == (one, other)


def test_only_pictures_of_the_experiment_are_chosen_between(
    experiment: Experiment, team: Team, bob: User
) -> None:
    foreign = make_experiment(team).generations.earliest("pk")
    found = choosing.choices(experiment, bob)
    mine = next(iter(found.pictures))
    assert not choosing.choose(found, bob, left=mine, right=foreign.pk, choice=LEFT)
    assert not choosing.choose(found, bob, left=mine, right=mine, choice=LEFT)
    other = max(found.pictures)
    assert not choosing.choose(found, bob, left=mine, right=other, choice="both")
    assert not Vote.objects.exists()


def test_a_team_votes_together_and_the_better_wording_wins(
    experiment: Experiment, alice: User, bob: User, vera: User
) -> None:
    for person in (alice, bob, vera):
        all_choices(experiment, person, "red")
    found = choosing.choices(experiment, vera)
    assert (found.voters, len(found.between())) == (3, 18)
    prompts, seeds = choosing.axis_rankings(found)
    assert prompts.standings[0].item == "a red pig"
    assert prompts.summary == "“a red pig” is clearly ahead."
    assert prompts.choices == 12
    # Between two seeds of the same wording nobody could tell; the others cancel each other out.
    assert seeds.summary == "It is too close to tell which one is better."
    best, cell = choosing.picture_ranking(found)[0]
    assert cell.generation
    assert cell.generation.positive_prompt == "a red pig"
    assert best.choices == 9


def test_deleted_and_unfinished_pictures_are_out(experiment: Experiment, bob: User) -> None:
    all_choices(experiment, bob, "red")
    first = experiment.generations.earliest("pk")
    Generation.objects.filter(pk=first.pk).update(deleted_at=first.queued_at)
    found = choosing.choices(experiment, bob)
    assert first.pk not in found.pictures
    assert found.pairs == len(found.between()) == 3
    assert choosing.next_pair(found, bob) is None


def test_before_anybody_has_chosen_nothing_is_said(experiment: Experiment, bob: User) -> None:
    found: Choices = choosing.choices(experiment, bob)
    assert choosing.axis_rankings(found)[0].summary == "Nobody has chosen between these yet."
    assert choosing.picture_ranking(found) == []


def test_one_picture_is_no_choice(team: Team, bob: User) -> None:
    lonely = make_experiment(team, prompts=("a pig",), seeds=(1,))
    make_experiment(team, state=State.QUEUED)
    found = choosing.choices(lonely, bob)
    assert (found.pairs, choosing.next_pair(found, bob)) == (0, None)
