"""Where the parts of a chart lie, in the units of its viewBox. Templates draw it as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .figures import Day, endpoint_name
from .pace import Pace

WIDTH, HEIGHT = 720.0, 200.0
LEFT, BOTTOM = 44.0, 22.0
"""Room for the numbers beside the bars and the days under them."""
GAP = 0.25
"""Of a bar's place, what stays empty."""
STEPS = (1, 2, 5)
LINES = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a day's column. `series` says which pattern it is drawn in: 1, 2, …"""

    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A number or a day beside an axis, and where it stands along it."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Calls a day, one column a day, one part of it an endpoint."""

    bars: list[Bar]
    lines: list[Mark]
    days: list[Mark]
    legend: list[tuple[int, str]]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    base: float = HEIGHT - BOTTOM


def columns_of(days: Sequence[Day]) -> Columns:
    """The chart of a month. Endpoints keep their pattern, in the order of their names."""
    keys = sorted({key for day in days for key, calls in day.calls.items() if calls})
    series = {key: place for place, key in enumerate(keys, start=1)}
    top = ceiling(max((day.total for day in days), default=0))
    place = (WIDTH - LEFT) / max(1, len(days))
    bars = []
    for number, day in enumerate(days):
        y = HEIGHT - BOTTOM
        for key in keys:
            height = (HEIGHT - BOTTOM - 8) * day.calls.get(key, 0) / top
            if height > 0:
                y -= height
                x = LEFT + place * (number + GAP / 2)
                width = place * (1 - GAP)
                bars.append(Bar(*_rounded(x, y, width, height), series[key]))
    lines = [
        Mark(round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 8) * value / top, 2), f"{value:,}")
        for value in range(0, top + 1, step_of(top))
    ]
    marks = [
        Mark(round(LEFT + place * (number + 0.5), 2), str(day.day.day))
        for number, day in enumerate(days)
        if day.day.day == 1 or day.day.day % 5 == 0
    ]
    return Columns(bars, lines, marks, [(series[key], endpoint_name(key)) for key in keys])


def _rounded(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    return round(x, 2), round(y, 2), round(width, 2), round(height, 2)


ROW, ROW_BAR = 34.0, 18.0
NAMES = 92.0
PARTS = ((1, "Waiting here"), (2, "At the API"), (3, "Saving here"))


@dataclass(frozen=True, slots=True)
class End:
    """The thin line from a row's bar to where 95 % of its pictures are done."""

    x1: float
    x2: float
    y: float


@dataclass(frozen=True, slots=True)
class Rows:
    """Seconds, one row an endpoint: waiting, API and saving one after the other."""

    bars: list[Bar]
    ends: list[End]
    names: list[Mark]
    lines: list[Mark]
    height: float
    legend: tuple[tuple[int, str], ...] = PARTS
    width: float = WIDTH
    left: float = NAMES

    @property
    def base(self) -> float:
        return self.height - BOTTOM


def rows_of(paces: Sequence[Pace]) -> Rows:
    """The chart of a week's times. A row is as long as the median picture took.

    It is parted as the parts' own medians are: these do not add up to that of the whole.
    """
    longest = max((pace.total.p95 for pace in paces), default=0)
    top = ceiling(math.ceil(longest))
    scale = (WIDTH - NAMES - 8) / top
    bars, ends, names = [], [], []
    for number, pace in enumerate(paces):
        x, middle = NAMES, ROW * (number + 0.5)
        together = sum(span.median for span in pace.spans)
        share = pace.total.median / together if together else 0
        for (series, _), span in zip(PARTS, pace.spans, strict=True):
            width = scale * span.median * share
            bars.append(Bar(round(x, 2), middle - ROW_BAR / 2, round(width, 2), ROW_BAR, series))
            x += width
        end = NAMES + scale * pace.total.p95
        ends.append(End(round(x, 2), round(end, 2), middle))
        names.append(Mark(middle, pace.name))
    lines = [
        Mark(round(NAMES + scale * value, 2), f"{value} s")
        for value in range(0, top + 1, step_of(top))
    ]
    return Rows(bars, ends, names, lines, height=ROW * len(paces) + BOTTOM)


def ceiling(most: int) -> int:
    """A round number from `most` on, at least 4, in steps that are round as well."""
    step = step_of(most)
    return max(LINES, step * math.ceil(most / step))


def step_of(most: int) -> int:
    """The distance of an axis's lines: 1, 2 or 5 times a power of ten, about four of them."""
    power = 1
    while True:
        for step in STEPS:
            if step * power * LINES >= most:
                return step * power
        power *= 10
