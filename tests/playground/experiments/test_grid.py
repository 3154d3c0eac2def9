"""A grid's cells and the requests that they stand for, before anything is sent."""

from __future__ import annotations

from itertools import pairwise

import pytest

from playground.experiments.axes import Axis, Value, chosen
from playground.experiments.grid import CELLS_MAXIMUM, Grid, TooLarge, ignored, plan
from playground.experiments.layout import Layout, points
from playground.imagepig.endpoints import InvalidRequest

PIGS = Axis("positive_prompt", (Value("red pig", "{red|blue} pig"), Value("blue pig", "{…}")))
SEEDS = Axis("seed", tuple(Value(str(seed)) for seed in (1, 2, 2**64 - 1)))
ALL = chosen("endpoint", ["default", "xl", "flux"])
DEFAULT = chosen("endpoint", ["default"])


def laid_out(grid: Grid) -> list[list[list[int]]]:
    tables = Layout(grid.axes, [cell.number for cell in grid.cells]).tables
    return [[row.cells for row in table.rows] for table in tables]


def test_prompts_go_down_and_seeds_across_each_exact_to_the_digit() -> None:
    grid = plan({}, [SEEDS, PIGS, DEFAULT])
    assert [axis.name for axis in grid.axes] == ["positive_prompt", "seed"]
    assert laid_out(grid) == [[[0, 1, 2], [3, 4, 5]]]
    assert grid.cells[5].body == {"positive_prompt": "blue pig", "seed": 2**64 - 1}
    assert grid.cells[0].template == "{red|blue} pig"
    assert grid.calls == 6


def test_of_three_axes_one_makes_the_tables() -> None:
    grid = plan({}, [PIGS, SEEDS, ALL])
    assert [axis.name for axis in grid.axes] == ["endpoint", "positive_prompt", "seed"]
    assert len(laid_out(grid)) == 3
    assert len(grid.cells) == 18
    assert grid.calls == 6 + 6 + 12


def test_one_axis_is_one_row_and_none_is_one_cell() -> None:
    assert laid_out(plan({}, [ALL, Axis("positive_prompt", (Value("a pig"),))])) == [[[0, 1, 2]]]
    assert laid_out(plan({"positive_prompt": "a pig"}, [DEFAULT])) == [[[0]]]


def test_what_is_the_very_same_request_is_made_once() -> None:
    shapes = chosen("proportion", ["landscape", "wide"])
    grid = plan({"positive_prompt": "a pig", "seed": 3}, [ALL, shapes])
    assert [cell.same_as for cell in grid.cells] == [None, 0, None, 2, None, None]
    assert (grid.calls, grid.repeated) == (6, 2)
    assert [cell.number for cell in grid.requests] == [0, 2, 4, 5]


def test_what_an_endpoint_ignores_is_said() -> None:
    flux = "FLUX ignores the negative prompt (what to avoid)."
    assert ignored({"negative_prompt": "fog"}, [ALL]) == [flux]
    wide = chosen("proportion", ["wide"])
    assert ignored({}, [ALL, wide]) == [
        "Default ignores the proportion.",
        "XL ignores the proportion.",
    ]
    assert ignored({"negative_prompt": ""}, [ALL, chosen("proportion", ["landscape"])]) == []


def test_a_grid_has_its_limits() -> None:
    many = Axis("seed", tuple(Value(str(seed)) for seed in range(CELLS_MAXIMUM)))
    with pytest.raises(TooLarge, match=f"makes {2 * CELLS_MAXIMUM} cells"):
        plan({}, [many, PIGS, DEFAULT])
    shapes = chosen("proportion", ["landscape", "wide"])
    with pytest.raises(TooLarge, match="prompt, endpoint, proportion, seed"):
        plan({}, [PIGS, SEEDS, ALL, shapes])
    with pytest.raises(InvalidRequest):
        plan({"positive_prompt": "a pig"}, [])
    with pytest.raises(InvalidRequest):
        plan({}, [DEFAULT])


def test_cells_come_in_the_order_of_their_labels() -> None:
    found = points([["a", "b"], ["1", "2"]])
    assert found == [("a", "1"), ("a", "2"), ("b", "1"), ("b", "2")]
    assert all(earlier < later for earlier, later in pairwise(found))
