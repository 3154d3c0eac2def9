"""Cells as their axes lay them out: the last axis across, the one before down, the first apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from .axes import Axis

Cell = TypeVar("Cell")


@dataclass(frozen=True)
class Row(Generic[Cell]):
    label: str
    cells: list[Cell]


@dataclass(frozen=True)
class Table(Generic[Cell]):
    label: str
    rows: list[Row[Cell]]


class Layout(Generic[Cell]):
    """One to three axes and as many cells as they have combinations, in the cells' own order."""

    def __init__(self, axes: Sequence[Axis], cells: Sequence[Cell]) -> None:
        self.axes, self.cells = axes, cells

    @property
    def across(self) -> Axis | None:
        """The axis of the columns."""
        return self.axes[-1] if self.axes else None

    @property
    def down(self) -> Axis | None:
        """The axis of the rows."""
        return self.axes[-2] if len(self.axes) > 1 else None

    @property
    def apart(self) -> Axis | None:
        """The axis of the tables."""
        return self.axes[-3] if len(self.axes) > 2 else None

    @cached_property
    def tables(self) -> list[Table[Cell]]:
        wide = len(self.across.values) if self.across else 1
        rows = self.down.labels if self.down else [""]
        cells = iter(self.cells)
        return [
            Table(label, [Row(row, [next(cells) for _ in range(wide)]) for row in rows])
            for label in (self.apart.labels if self.apart else [""])
        ]


def points(labels: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """All combinations, the last varying fastest: the cells' own order."""
    found: list[tuple[str, ...]] = [()]
    for options in labels:
        found = [(*before, option) for before in found for option in options]
    return found
