"""A grid: base values and axes → cells, each with the request that it stands for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from ..imagepig.endpoints import TABLE, Body, Endpoint, InvalidRequest, all_parameters
from ..imagepig.parameters import Choice, WholeNumber
from .axes import Axis, Value

CELLS_MAXIMUM = 200
"""As many as a waiting page can watch."""
AXES_MAXIMUM = 3
PLACES = ("positive_prompt", "endpoint", "proportion", "format")
"""Which axis goes down and which across: the earlier it stands here, the more it goes down."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a grid and the request for its picture."""

    number: int
    endpoint: Endpoint
    body: Body
    template: str
    same_as: int | None
    """The number of an earlier cell with the very same request: its picture is shown here too."""


@dataclass(frozen=True, slots=True)
class Grid:
    """What a grid will make. `axes` are those with more than one value, the outermost first."""

    axes: tuple[Axis, ...]
    cells: tuple[Cell, ...]

    @property
    def requests(self) -> list[Cell]:
        """The cells that need a picture of their own."""
        return [cell for cell in self.cells if cell.same_as is None]

    @property
    def calls(self) -> int:
        return sum(cell.endpoint.calls for cell in self.requests)

    @property
    def repeated(self) -> int:
        return len(self.cells) - len(self.requests)


class TooLarge(ValueError):
    """More axes or cells than a grid takes, in words."""


def arranged(axes: list[Axis]) -> list[Axis]:
    """The axes that differ at all, outermost first: tables, rows, columns.

    Prompts are long, so they go down; of three axes the middle one makes the tables.
    """
    order = {name: place for place, name in enumerate(PLACES)}
    real = [axis for axis in axes if len(axis.values) > 1]
    real.sort(key=lambda axis: order.get(axis.name, len(order)))
    if len(real) == AXES_MAXIMUM:
        real[:2] = real[1::-1]
    return real


def plan(base: Mapping[str, object], axes: list[Axis]) -> Grid:
    """What a grid of these axes makes; an axis of one value is a base value like any other.

    `base` is API attribute (and "endpoint") → value. Raises TooLarge, and InvalidRequest where a
    request is not one that its endpoint takes.
    """
    fixed = {axis.name: axis.values[0] for axis in axes if len(axis.values) == 1}
    real = arranged(axes)
    if len(real) > AXES_MAXIMUM:
        words = ", ".join(axis.label.lower() for axis in real)
        raise TooLarge(f"A grid has at most {AXES_MAXIMUM} directions; these are {words}.")
    if (many := math.prod(len(axis.values) for axis in real)) > CELLS_MAXIMUM:
        raise TooLarge(f"This makes {many:,} cells; at most {CELLS_MAXIMUM} fit in a grid.")
    names = [axis.name for axis in real]
    first: dict[tuple[str, Any], int] = {}
    cells = []
    for number, values in enumerate(product(*(axis.values for axis in real))):
        point = fixed | dict(zip(names, values, strict=True))
        cell = _cell(number, base, point, first)
        cells.append(cell)
    return Grid(tuple(real), tuple(cells))


def _cell(
    number: int,
    base: Mapping[str, object],
    point: Mapping[str, Value],
    first: dict[tuple[str, Any], int],
) -> Cell:
    values = {**base, **{name: _typed(name, each.value) for name, each in point.items()}}
    endpoint = TABLE.get(str(values.pop("endpoint", "")))
    if endpoint is None:
        raise InvalidRequest({"endpoint": "Choose an endpoint."})
    body = endpoint.request(values)
    earlier = first.setdefault((endpoint.key, tuple(sorted(body.items()))), number)
    prompt = point.get("positive_prompt")
    return Cell(
        number,
        endpoint,
        body,
        template=prompt.template if prompt else "",
        same_as=None if earlier == number else earlier,
    )


def _typed(name: str, value: str) -> str | int:
    is_number = any(isinstance(each.parameter(name), WholeNumber) for each in TABLE.values())
    return int(value) if is_number else value


def ignored(base: Mapping[str, object], axes: list[Axis]) -> list[str]:
    """What some of the chosen endpoints do not know and leave out, in sentences."""
    keys = [each.value for axis in axes if axis.name == "endpoint" for each in axis.values]
    given = [axis.name for axis in axes if axis.name != "endpoint" and not _as_usual(axis)]
    given += [name for name, value in base.items() if value]
    sentences = []
    for endpoint in (TABLE[key] for key in keys if key in TABLE):
        labels = [_label(name) for name in dict.fromkeys(given) if not endpoint.parameter(name)]
        if labels:
            sentences.append(f"{endpoint.label} ignores {' and '.join(labels)}.")
    return sentences


def _as_usual(axis: Axis) -> bool:
    parameter = all_parameters().get(axis.name)
    usual = parameter.default if isinstance(parameter, Choice) else None
    return [each.value for each in axis.values] == [usual]


def _label(name: str) -> str:
    if name == "negative_prompt":
        return "the negative prompt (what to avoid)"
    return f"the {Axis(name, ()).label.lower()}"
