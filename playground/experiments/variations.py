"""Variations of a prompt: `{red|blue} pig in __weather__` → every wording that it stands for.

The grammar, in full:

- `{one|other}` stands for one of its parts. Parts may be empty and hold further braces.
- `__name__` stands for one word of the team's list of that name. Words are plain text.
- A backslash before `{`, `}`, `|`, `_` or `\\` makes it an ordinary character.
- Braces without a `|` between them, and those without a partner, are ordinary characters too.

The first part varies slowest. Nothing is expanded to be counted, and each wording is reached by its
number, so that a prompt that stands for a billion of them costs no more than its own length.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

DEEPEST = 12
"""Braces within braces, at most."""

Lists: TypeAlias = Mapping[str, Sequence[str]]
"""The team's word lists: name → words."""

_TOKEN = re.compile(
    r"\\(?P<plain>[{}|_\\])|(?P<sign>[{|}])|__(?P<list>[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*)__"
)
_SIGNS = re.compile(r"[{}|_\\]")


class InvalidTemplate(ValueError):
    """A template that cannot be read, in words for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these. Each has parts, which are plain text and further choices."""

    options: tuple[Parts, ...]
    count: int
    """How many wordings it stands for."""

    @classmethod
    def of(cls, options: Iterable[Parts]) -> Choice:
        options = tuple(options)
        return cls(options, sum(_count(option) for option in options))


Parts: TypeAlias = "tuple[str | Choice, ...]"


def count(template: str, lists: Lists) -> int:
    """How many wordings a template stands for; 1 where it offers no choice.

    Raises InvalidTemplate.
    """
    return _count(_parsed(template, lists))


def variations(template: str, lists: Lists, limit: int) -> list[str]:
    """The first `limit` wordings that a template stands for. Raises InvalidTemplate."""
    parsed = _parsed(template, lists)
    return [_wording(parsed, number) for number in range(min(limit, _count(parsed)))]


def literal(text: str) -> str:
    """A template that stands for this very text and nothing else; the text itself, if it does."""
    try:
        plain = variations(text, {}, 2) == [text]
    except InvalidTemplate:
        plain = False
    return text if plain else _SIGNS.sub(r"\\\g<0>", text)


def _count(parts: Parts) -> int:
    return math.prod(part.count for part in parts if isinstance(part, Choice))


def _wording(parts: Parts, number: int) -> str:
    """The wording with that number, counted from 0."""
    words: list[str] = []
    for part in reversed(parts):
        if isinstance(part, Choice):
            number, within = divmod(number, part.count)
            words.append(_chosen(part, within))
        else:
            words.append(part)
    return "".join(reversed(words))


def _chosen(choice: Choice, number: int) -> str:
    for option in choice.options:
        if number < (many := _count(option)):
            return _wording(option, number)
        number -= many
    raise IndexError(number)


class _Open:
    """Braces that are open while a template is read: what stands in them so far."""

    def __init__(self) -> None:
        self.options: list[list[str | Choice]] = [[]]

    def add(self, *parts: str | Choice) -> None:
        self.options[-1].extend(parts)

    def as_text(self, end: str) -> list[str | Choice]:
        """What was no choice after all: the same with its signs as ordinary characters."""
        parts: list[str | Choice] = ["{"]
        for place, option in enumerate(self.options):
            parts += ["|"] * bool(place)
            parts += option
        return [*parts, end] if end else parts


def _parsed(template: str, lists: Lists) -> Parts:
    stack, at = [_Open()], 0
    # A list that is named a hundred times is read once.
    from_lists: dict[str, Choice] = {}
    for token in _TOKEN.finditer(template):
        stack[-1].add(template[at : token.start()])
        at = token.end()
        if token["plain"]:
            stack[-1].add(token["plain"])
        elif token["list"]:
            name = token["list"]
            if name not in from_lists:
                from_lists[name] = _from_list(name, lists)
            stack[-1].add(from_lists[name])
        else:
            _take(token["sign"], stack)
    stack[-1].add(template[at:])
    while len(stack) > 1:
        left = stack.pop()
        stack[-1].add(*left.as_text(""))
    return _solid(stack[0].options[0])


def _solid(parts: list[str | Choice]) -> Parts:
    return tuple(part for part in parts if part != "")


def _take(sign: str, stack: list[_Open]) -> None:
    if sign == "{":
        if len(stack) > DEEPEST:
            raise InvalidTemplate(f"Braces can be at most {DEEPEST} deep in one another.")
        stack.append(_Open())
    elif len(stack) == 1:
        stack[-1].add(sign)
    elif sign == "|":
        stack[-1].options.append([])
    else:
        closed = stack.pop()
        if len(closed.options) == 1:
            stack[-1].add(*closed.as_text("}"))
        else:
            stack[-1].add(Choice.of(_solid(option) for option in closed.options))


def _from_list(name: str, lists: Lists) -> Choice:
    words = lists.get(name)
    if words is None:
        raise InvalidTemplate(
            f"There is no word list called “{name}”. "
            f"To mean these very characters, write \\__{name}__."
        )
    if not words:
        raise InvalidTemplate(f"The word list “{name}” is empty.")
    return Choice.of((word,) for word in words)
