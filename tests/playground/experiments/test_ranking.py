"""Bradley and Terry's model: the order is right, the sureness honest, the words follow from it."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.experiments import ranking
from playground.experiments.ranking import in_words, ranked, strengths


def test_whoever_wins_more_stands_higher() -> None:
    wins = {("a", "b"): 8.0, ("b", "a"): 2.0, ("b", "c"): 7.0, ("c", "b"): 3.0}
    found = ranked(["c", "b", "a"], wins)
    assert [each.item for each in found] == ["a", "b", "c"]
    assert found[0].choices == 10
    assert found[1].choices == 20


def test_two_items_come_out_as_pencil_and_paper_say() -> None:
    # With a prior of half a win and half a loss each against 1, the log-odds x between them
    # satisfy 9.0 - 12 s(x) + tanh(x / 4) / -2 = 0 by symmetry (strengths e^(x/2) and e^(-x/2)).
    strength = strengths(["a", "b"], {("a", "b"): 9.0, ("b", "a"): 3.0})
    assert strength["a"] * strength["b"] == pytest.approx(1, abs=1e-6)
    x = math.log(strength["a"] / strength["b"])
    assert 9 - 12 / (1 + math.exp(-x)) - math.tanh(x / 4) / 2 == pytest.approx(0, abs=1e-5)


def test_one_win_is_too_close_to_tell_and_many_are_clear() -> None:
    assert ranked("ab", {("a", "b"): 1.0})[0].verdict == "too close to tell"
    assert ranked("ab", {("a", "b"): 20.0})[0].verdict == "clearly ahead"
    assert ranked("ab", {("a", "b"): 20.0})[1].verdict == ""
    even = ranked("ab", {("a", "b"): 500.0, ("b", "a"): 500.0})
    assert even[0].over_next == pytest.approx(0, abs=1e-6)
    assert even[0].high - even[0].low < 0.07


def test_more_choices_make_it_surer() -> None:
    widths = []
    for times in (1.0, 10.0, 100.0):
        found = ranked("abc", dict.fromkeys((("a", "b"), ("b", "c"), ("c", "a")), times))
        widths.append(found[0].high - found[0].low)
    assert widths[0] > widths[1] > widths[2]


def test_nobodys_choice_leaves_all_alike() -> None:
    found = ranked(["a", "b"], {})
    assert [each.chance for each in found] == [0.5, 0.5]
    assert found[0].verdict == "too close to tell"
    assert ranked([], {}) == []


def test_known_strengths_are_found_again_from_many_choices() -> None:
    truth = {"a": 8.0, "b": 4.0, "c": 2.0, "d": 1.0}
    chance = random.Random(7)  # noqa: S311 (a seed, so that the test is the same each time)
    wins: dict[tuple[str, str], float] = {}
    for _ in range(3000):
        one, other = chance.sample(sorted(truth), 2)
        better = chance.random() < truth[one] / (truth[one] + truth[other])
        pair = (one, other) if better else (other, one)
        wins[pair] = wins.get(pair, 0.0) + 1
    found = strengths(truth, wins)
    for one, other in (("a", "b"), ("b", "c"), ("c", "d")):
        assert found[one] / found[other] == pytest.approx(2, rel=0.2)


def test_with_very_many_choices_all_strengths_have_settled() -> None:
    """Where they are likeliest, each item has won as often as its strength lets one expect."""
    chance = random.Random(3)  # noqa: S311 (the same each time)
    truth = [math.exp(chance.gauss(0, 1)) for _ in range(200)]
    wins: dict[tuple[int, int], float] = {}
    for _ in range(5000):
        one, other = chance.sample(range(200), 2)
        better = chance.random() < truth[one] / (truth[one] + truth[other])
        pair = (one, other) if better else (other, one)
        wins[pair] = wins.get(pair, 0.0) + 1
    found = strengths(range(200), wins)
    for item, strength in found.items():
        games = {pair: times for pair, times in wins.items() if item in pair}
        won = 0.5 + sum(times for (better, _), times in games.items() if better == item)
        expected = strength / (strength + 1) + sum(
            times * strength / (strength + found[one if other == item else other])
            for (one, other), times in games.items()
        )
        assert won == pytest.approx(expected, abs=1e-3)


def test_sure_means_what_it_says() -> None:
    """Between equals, "clearly ahead" is said wrongly in about one of twenty tries."""
    chance, wrong, tries = random.Random(11), 0, 400  # noqa: S311 (the same each time)
    for _ in range(tries):
        won = sum(chance.random() < 0.5 for _ in range(30))
        standing = ranked("ab", {("a", "b"): float(won), ("b", "a"): 30.0 - won})[0]
        wrong += standing.verdict == "clearly ahead"
    assert 0.01 < wrong / tries < 0.08


def test_very_many_items_are_ranked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    wins = {(number, number + 1): 3.0 for number in range(12)}
    exact = ranked(range(13), wins)
    monkeypatch.setattr(ranking, "EXACT", 5)
    rough = ranked(range(13), wins)
    assert [each.item for each in rough] == [each.item for each in exact] == list(range(13))
    assert all(each.low < each.chance < each.high for each in rough)


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] != pair[1]),
        st.floats(0.5, 1000),
    )
)
def test_whatever_was_chosen_the_figures_are_chances(wins: dict[tuple[int, int], float]) -> None:
    for standing in ranked(range(6), wins):
        assert 0 < standing.low <= standing.chance <= standing.high < 1
        assert standing.over_next is None or 0 <= standing.over_next <= 1


@pytest.mark.parametrize(
    ("sure", "words"),
    [
        (0.99, "clearly ahead"),
        (0.95, "clearly ahead"),
        (0.85, "probably ahead"),
        (0.6, "too close to tell"),
        (None, ""),
    ],
)
def test_how_sure_it_is_is_said_in_words(sure: float | None, words: str) -> None:
    assert in_words(sure) == words
