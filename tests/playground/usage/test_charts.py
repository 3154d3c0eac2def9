from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.usage import charts
from playground.usage.figures import Day
from playground.usage.pace import Pace, Span


@given(most=st.integers(0, 10**9))
def test_an_axis_reaches_the_highest_column_in_a_few_round_steps(most: int) -> None:
    top, step = charts.ceiling(most), charts.step_of(most)
    assert top >= most
    assert str(step).rstrip("0") in {"1", "2", "5"}
    assert most == 0 or top <= 5 * max(step, 1)


@given(calls=st.lists(st.integers(0, 5000), min_size=28, max_size=31))
def test_columns_stay_inside_the_chart_and_are_as_high_as_their_calls(calls: list[int]) -> None:
    days = [
        Day(date(2026, 5, number), {"default": value, "flux": 2 * value})
        for number, value in enumerate(calls, start=1)
    ]
    chart = charts.columns_of(days)
    assert len(chart.bars) == 2 * sum(value > 0 for value in calls)
    for bar in chart.bars:
        assert bar.x >= charts.LEFT
        assert bar.x + bar.width <= charts.WIDTH
        assert bar.y >= 0
        assert bar.y + bar.height <= chart.base + 0.05
    tall = {bar.series: bar.height for bar in chart.bars[:2]}
    if tall:
        assert tall[2] == pytest.approx(2 * tall[1], abs=0.05)


def test_each_endpoint_has_its_own_pattern_and_its_name() -> None:
    chart = charts.columns_of([Day(date(2026, 5, 1), {"flux": 2, "default": 1, "xl": 0})])
    assert chart.legend == [(1, "Default"), (2, "FLUX")]


def test_a_month_without_calls_is_an_empty_chart() -> None:
    chart = charts.columns_of([Day(date(2026, 5, 1), {})])
    assert chart.bars == []
    assert [line.text for line in chart.lines] == ["0", "1", "2", "3", "4"]


def test_a_row_is_as_long_as_its_picture_took() -> None:
    total = Span(3, 4)
    pace = Pace("XL", 9, Span(0.1, 0.2), Span(2, 4), Span(0.4, 0.5), total, "", None)
    rows = charts.rows_of([pace])
    (end,) = rows.ends
    assert rows.bars[-1].x + rows.bars[-1].width == pytest.approx(end.x1, abs=0.05)
    scale = (end.x1 - rows.left) / total.median
    assert end.x2 - rows.left == pytest.approx(total.p95 * scale, abs=0.05)
    # In proportion to how long each part took, though their medians make but 2.5 s of the 3.
    assert rows.bars[1].width == pytest.approx(2 / 2.5 * total.median * scale, abs=0.05)
    assert rows.names[0].text == "XL"
