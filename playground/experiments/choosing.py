"""Blind choices: which two pictures to show next, who is counted, and what came of them all."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User

from ..models import Experiment, Generation, State, Vote
from .axes import Axis
from .ranking import Standing, ranked, strengths
from .shown import ShownCell, ShownGrid

LEFT, RIGHT, NEITHER = "left", "right", "neither"
ROUGHLY = 0.01
"""How exact the strengths are by which the next pair is found: it is a guess in any case."""

Pair = frozenset[int]
"""The ids of two generations."""


@dataclass(frozen=True)
class Choices:
    """An experiment's pictures and what people have chosen so far."""

    grid: ShownGrid
    pictures: dict[int, ShownCell]
    """Id of the generation → its cell, of those that can be chosen."""
    votes: list[Vote]

    @property
    def wins(self) -> dict[tuple[int, int], float]:
        """Between pictures that are still there."""
        return counted((vote.better_id, vote.worse_id, vote.tied) for vote in self.between())

    def between(self) -> list[Vote]:
        known = self.pictures
        return [v for v in self.votes if v.better_id in known and v.worse_id in known]

    def seen_by(self, user: User) -> set[Pair]:
        """The pairs that somebody has chosen between."""
        return {_pair(vote) for vote in self.between() if vote.user_id == user.pk}

    @property
    def pairs(self) -> int:
        return len(self.pictures) * (len(self.pictures) - 1) // 2

    @property
    def voters(self) -> int:
        return len({vote.user_id for vote in self.between()})


def _pair(vote: Vote) -> Pair:
    return frozenset((vote.better_id, vote.worse_id))


def choices(experiment: Experiment, user: User) -> Choices:
    """All that there is to choose between and was chosen. Two queries."""
    grid = ShownGrid(experiment, user)
    pictures = {
        cell.generation.pk: cell
        for cell in grid.cells
        if cell.generation and not cell.same and _there(cell.generation)
    }
    votes = Vote.objects.filter(experiment=experiment).order_by("pk")
    return Choices(
        grid, pictures, list(votes.only("user", "better", "worse", "tied", "experiment"))
    )


def _there(generation: Generation) -> bool:
    return generation.state == State.SAVED and generation.deleted_at is None


def next_pair(found: Choices, user: User) -> tuple[Generation, Generation] | None:
    """The two to show next, from which most is learnt; None when somebody has seen all pairs.

    The one seen least, with one that differs from it in as little as possible (best: in one
    wording) and is about as strong. Which of them stands on the left is left to chance.
    """
    seen, wins = found.seen_by(user), found.wins
    strength = strengths(found.pictures, wins, close=ROUGHLY)
    often = dict.fromkeys(found.pictures, 0.0)
    for pair, times in wins.items():
        for item in pair:
            often[item] += times
    shuffled = list(found.pictures)
    random.shuffle(shuffled)
    for one in sorted(shuffled, key=often.__getitem__):
        others = [other for other in shuffled if other != one and {one, other} not in seen]
        if others:
            labels = {pk: cell.labels for pk, cell in found.pictures.items()}
            other = min(
                others,
                key=lambda pk: (
                    differences(labels[one], labels[pk]),
                    often[pk],
                    abs(strength[one] - strength[pk]),
                ),
            )
            pair_ = [found.pictures[one].generation, found.pictures[other].generation]
            random.shuffle(pair_)
            left, right = pair_
            return (left, right) if left and right else None
    return None


def differences(one: Sequence[str], other: Sequence[str]) -> int:
    """In how many axes two cells differ."""
    return sum(a != b for a, b in zip(one, other, strict=True))


def choose(found: Choices, user: User, *, left: int, right: int, choice: str) -> bool:
    """Count somebody's choice between two pictures of an experiment, once for each pair.

    False where these are no two of its pictures, or the choice is none.
    """
    if left == right or not {left, right} <= set(found.pictures):
        return False
    if choice not in (LEFT, RIGHT, NEITHER):
        return False
    better, worse = (right, left) if choice == RIGHT else (left, right)
    vote = Vote(
        experiment=found.grid.experiment,
        user=user,
        better_id=better,
        worse_id=worse,
        tied=choice == NEITHER,
    )
    # A second click, or one in another window, changes nothing.
    Vote.objects.bulk_create([vote], ignore_conflicts=True)
    return True


def counted(outcomes: Any) -> dict[tuple[Any, Any], float]:
    """(better, worse, tied) of many → how often each was chosen over each."""
    wins: dict[tuple[Any, Any], float] = {}
    for better, worse, tied in outcomes:
        share = 0.5 if tied else 1.0
        wins[better, worse] = wins.get((better, worse), 0.0) + share
        if tied:
            wins[worse, better] = wins.get((worse, better), 0.0) + share
    return wins


@dataclass(frozen=True)
class AxisRanking:
    """Which value of an axis people prefer. Choices within one value say nothing of it."""

    axis: Axis
    standings: list[Standing[str]]

    @property
    def choices(self) -> int:
        return round(sum(each.choices for each in self.standings) / 2)

    @property
    def summary(self) -> str:
        """Who leads, and how sure that is."""
        if not self.choices:
            return "Nobody has chosen between these yet."
        first = self.standings[0]
        if first.verdict == "too close to tell":
            return "It is too close to tell which one is better."
        return f"“{first.item}” is {first.verdict}."


def axis_rankings(found: Choices) -> list[AxisRanking]:
    """For each axis, its values from the most to the least preferred."""
    rankings = []
    for place, axis in enumerate(found.grid.axes):
        labels = {pk: cell.labels[place] for pk, cell in found.pictures.items()}
        outcomes = [
            (labels[vote.better_id], labels[vote.worse_id], vote.tied)
            for vote in found.between()
            if labels[vote.better_id] != labels[vote.worse_id]
        ]
        shown = [label for label in axis.labels if label in labels.values()]
        rankings.append(AxisRanking(axis, ranked(shown, counted(outcomes))))
    return rankings


def picture_ranking(found: Choices) -> list[tuple[Standing[int], ShownCell]]:
    """The pictures that somebody has chosen between, the best first."""
    wins: Mapping[tuple[int, int], float] = found.wins
    known = {item for pair in wins for item in pair}
    order = [pk for pk in found.pictures if pk in known]
    return [(each, found.pictures[each.item]) for each in ranked(order, wins)]
