"""A figure, beside what it is held against."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One line of the report. `wanted` is the most that `value` may be; None where nothing is."""

    name: str
    value: float
    unit: str
    wanted: float | None = None
    against: str = ""

    def __str__(self) -> str:
        verdict = ""
        if self.wanted is not None:
            verdict = f"{'ok' if self.value <= self.wanted else 'MISSED'}, wanted ≤ {self.wanted:g}"
        value = f"{self.value:.2f}" if self.unit == "s" else f"{self.value:.0f}"
        return f"{self.name:<52} {value:>8} {self.unit:<5} {verdict:<24} {self.against}".rstrip()


@dataclass
class Report:
    """Prints each figure as it comes, and keeps it."""

    figures: list[Figure] = field(default_factory=list)

    def add(
        self, name: str, value: float, unit: str, wanted: float | None = None, against: str = ""
    ) -> None:
        figure = Figure(name, value, unit, wanted, against)
        self.figures.append(figure)
        print(figure, flush=True)

    def head(self, words: str) -> None:
        print(f"\n{words}", flush=True)
