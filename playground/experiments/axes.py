"""The axes of a grid: prompts, seeds, and every choice that the API offers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..imagepig.endpoints import TABLE, all_parameters
from ..imagepig.parameters import SEED_MAXIMUM, Choice, InvalidValue
from .variations import Lists, count, variations

VALUES_MAXIMUM = 100
"""On one axis."""
SEEDS_TYPED = 2400
"""Characters of a list of seeds that are read."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an axis, as text: a seed has up to 20 digits."""

    value: str
    template: str = ""
    """Of a prompt: what it was written as, where that is not the prompt itself."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What differs along one direction. `name` is an API attribute, or "endpoint"."""

    name: str
    values: tuple[Value, ...]

    @property
    def label(self) -> str:
        if self.name == "endpoint":
            return "Endpoint"
        parameter = all_parameters().get(self.name)
        return parameter.label if parameter else self.name

    def label_of(self, value: str) -> str:
        """What people read for one of its values."""
        if self.name == "endpoint":
            return TABLE[value].label if value in TABLE else value
        parameter = all_parameters().get(self.name)
        options = parameter.options if isinstance(parameter, Choice) else ()
        return next((each.label for each in options if each.value == value), value)

    @property
    def labels(self) -> list[str]:
        return [self.label_of(each.value) for each in self.values]

    def written(self) -> dict[str, Any]:
        """As JSON, for an experiment's spec; `read` is its way back."""
        return {"name": self.name, "values": [[each.value, each.template] for each in self.values]}

    @classmethod
    def read(cls, written: dict[str, Any]) -> Axis:
        values = (Value(value, template) for value, template in written["values"])
        return cls(written["name"], tuple(values))


def prompts(text: str, lists: Lists, *, a_line: bool) -> list[Value]:
    """Every prompt that a text stands for; with `a_line`, each of its lines is one of its own.

    Raises InvalidTemplate, InvalidValue.
    """
    text = text.replace("\r\n", "\n").strip()
    lines = [line.strip() for line in text.split("\n")] if a_line else [text]
    templates = [line for line in lines if line]
    many = sum(count(template, lists) for template in templates)
    if many > VALUES_MAXIMUM:
        raise InvalidValue(
            f"This stands for {in_words(many)} prompts; at most {VALUES_MAXIMUM} fit in a grid."
        )
    found: dict[str, Value] = {}
    for template in templates:
        for prompt in variations(template, lists, VALUES_MAXIMUM):
            prompt = prompt.strip()  # noqa: PLW2901
            found.setdefault(prompt, Value(prompt, template if template != prompt else ""))
    return list(found.values())


def in_words(number: int) -> str:
    """ "1,234"; beyond what anybody counts, "more than a million"."""
    return f"{number:,}" if number <= 1_000_000 else "more than a million"


def seeds(text: str) -> list[int]:
    """ "7, 100-103" → [7, 100, 101, 102, 103], each once. Raises InvalidValue."""
    if len(text) > SEEDS_TYPED:
        raise InvalidValue("This list is too long.")
    found: dict[int, None] = {}
    for part in re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", text.strip())):
        first, last = _span(part)
        if last - first >= VALUES_MAXIMUM or len(found) > VALUES_MAXIMUM:
            raise InvalidValue(f"At most {VALUES_MAXIMUM} seeds fit in a grid.")
        found |= dict.fromkeys(range(first, last + 1))
    if len(found) > VALUES_MAXIMUM:
        raise InvalidValue(f"At most {VALUES_MAXIMUM} seeds fit in a grid.")
    return list(found)


def _span(part: str) -> tuple[int, int]:
    numbers = part.split("-")
    if len(numbers) > 2 or not all(re.fullmatch(r"[0-9]{1,20}", number) for number in numbers):
        raise InvalidValue("Enter seeds like 7, 42 or 100-107.")
    first, last = int(numbers[0]), int(numbers[-1])
    if max(first, last) > SEED_MAXIMUM:
        raise InvalidValue(f"A seed is at most {SEED_MAXIMUM}.")
    if last < first:
        raise InvalidValue(f"“{part}” runs backwards: write {last}-{first}.")
    return first, last


def chosen(name: str, values: Iterable[str]) -> Axis:
    """An axis of choices, in the table's order."""
    parameter = all_parameters().get(name)
    known = [each.value for each in parameter.options] if isinstance(parameter, Choice) else TABLE
    wanted = set(values)
    return Axis(name, tuple(Value(value) for value in known if value in wanted))


def choice_names() -> list[str]:
    """The attributes that are choices, and so make an axis each."""
    return [name for name, each in all_parameters().items() if isinstance(each, Choice)]
