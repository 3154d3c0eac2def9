"""Which is better, from many choices between two: Bradley and Terry's model, and how sure it is.

Each item has a strength s, and is chosen over another with the chance s / (s + other's s). The
strengths that make the choices most likely come from some dozens of small steps (Newman 2023).
As a prior, each item has once been half chosen over one of strength 1: so whoever has won a single
time does not win for ever. How sure it is follows from the likelihood's curvature at that point.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)

STEPS = 500
CLOSE = 1e-6
"""A step that changes no strength by a larger share than this is the last."""
PRIOR = 1.0
"""How many choices against an item of strength 1 each is given."""
EXACT = 80
"""Up to so many items, what is said of each takes all others' uncertainty into account."""
CLEARLY, PROBABLY = 0.95, 0.8
NORMAL = NormalDist()
INTERVAL = NORMAL.inv_cdf(0.975)

Wins = Mapping[tuple[Item, Item], float]
"""(better, worse) → how often; where somebody could not tell, a half each way."""


@dataclass(frozen=True)
class Standing(Generic[Item]):
    """One item's place. Chances are to be chosen over an item of mean strength, 0 to 1."""

    item: Item
    chance: float
    low: float
    high: float
    """Between these it lies with 95 %."""
    choices: float
    """In how many it was one of the two."""
    over_next: float | None
    """How sure it is that this one is better than the next; None for the last."""

    @property
    def verdict(self) -> str:
        """ "clearly ahead", "probably ahead", "too close to tell" of the next one."""
        return in_words(self.over_next)


def in_words(sure: float | None) -> str:
    if sure is None:
        return ""
    if sure >= CLEARLY:
        return "clearly ahead"
    return "probably ahead" if sure >= PROBABLY else "too close to tell"


def strengths(
    items: Iterable[Item], wins: Wins[Item], *, close: float = CLOSE
) -> dict[Item, float]:
    """The strength of each item; 1 for those that nobody has chosen between."""
    found = dict.fromkeys(items, 1.0)
    over: dict[Item, dict[Item, float]] = {item: {} for item in found}
    under: dict[Item, dict[Item, float]] = {item: {} for item in found}
    for (better, worse), times in wins.items():
        over[better][worse] = under[worse][better] = times
    for _ in range(STEPS):
        before = dict(found)
        for item, strength in found.items():
            # Each is weighed against what the others have just become.
            half = PRIOR / 2 / (strength + 1)
            won = sum(n * found[it] / (strength + found[it]) for it, n in over[item].items())
            lost = sum(n / (strength + found[it]) for it, n in under[item].items())
            found[item] = (half + won) / (half + lost)
        _settle(found)
        if all(abs(found[item] / before[item] - 1) <= close for item in found):
            break
    return found


def _settle(strength: dict[Item, float]) -> None:
    """Move all of them together to where the prior has them: alone, that takes the most steps."""
    chances = [each / (each + 1) for each in strength.values()]
    spread = sum(chance * (1 - chance) for chance in chances)
    step = sum(0.5 - chance for chance in chances) / spread if spread else 0.0
    level = math.exp(max(-1.0, min(1.0, step)))
    for item in strength:
        strength[item] *= level


def ranked(items: Iterable[Item], wins: Wins[Item]) -> list[Standing[Item]]:
    """All items, the strongest first."""
    strength = strengths(items, wins)
    order = sorted(strength, key=lambda item: -strength[item])
    covariance = _covariance(order, strength, wins)
    played = dict.fromkeys(order, 0.0)
    for pair, times in wins.items():
        for item in pair:
            played[item] += times
    logits = [math.log(strength[item]) for item in order]
    middle = sum(logits) / max(1, len(logits))
    found = []
    for place, item in enumerate(order):
        logit, error = logits[place] - middle, _error(covariance, place)
        low, high = (_chance(logit + way * INTERVAL * error) for way in (-1, 1))
        sure = None
        if place + 1 < len(order):
            sure = _sure(logits[place] - logits[place + 1], covariance, place)
        found.append(Standing(item, _chance(logit), low, high, played[item], sure))
    return found


def _error(covariance: list[list[float]], place: int) -> float:
    """The standard error of one logit's distance from the mean of all."""
    size = len(covariance)
    row = covariance[place]
    whole = sum(map(sum, covariance))
    return math.sqrt(max(0.0, row[place] - 2 * sum(row) / size + whole / size**2))


def _sure(gap: float, covariance: list[list[float]], place: int) -> float:
    """How sure it is that a gap to the next is no accident, in whichever direction it had been."""
    row, next_row = covariance[place], covariance[place + 1]
    variance = row[place] + next_row[place + 1] - 2 * row[place + 1]
    return max(0.0, 2 * NORMAL.cdf(gap / math.sqrt(variance)) - 1)


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def _covariance(
    order: list[Item], strength: Mapping[Item, float], wins: Wins[Item]
) -> list[list[float]]:
    """The inverse of the curvature in the logarithms of the strengths."""
    at = {item: place for place, item in enumerate(order)}
    curvature = [[0.0] * len(order) for _ in order]
    for item, place in at.items():
        curvature[place][place] = PRIOR * _spread(strength[item], 1.0)
    for (better, worse), times in wins.items():
        spread = times * _spread(strength[better], strength[worse])
        one, other = at[better], at[worse]
        curvature[one][one] += spread
        curvature[other][other] += spread
        curvature[one][other] -= spread
        curvature[other][one] -= spread
    if len(order) > EXACT:
        size = range(len(order))
        return [[1 / curvature[i][i] if i == j else 0.0 for j in size] for i in size]
    return _inverse(curvature)


def _spread(one: float, other: float) -> float:
    return one * other / (one + other) ** 2


def _inverse(matrix: list[list[float]]) -> list[list[float]]:
    """Gauss and Jordan; the diagonal outweighs the rest, so the pivots are in order."""
    size = len(matrix)
    rows = [[*row, *(float(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for i in range(size):
        pivot = rows[i][i]
        rows[i] = [value / pivot for value in rows[i]]
        for j in range(size):
            if j != i and (factor := rows[j][i]):
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[size:] for row in rows]
