"""Which pictures are asked for, read from an address and written into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, QuerySet, Value
from django.http import QueryDict

from accounts.models import Team

from ..imagepig.endpoints import TABLE, all_parameters
from ..imagepig.parameters import Choice
from ..models import RATING_STEPS, Collection, Experiment, Pick, State, Tag, Upstream
from ..models.searching import LONGEST, read_terms
from .sorts import Sort

LONGEST_QUERY = 2000
"""Characters of an address's query that are read; a saved view has as many."""


DECISIONS = {"picked": Pick.PICKED, "rejected": Pick.REJECTED, "undecided": Pick.UNDECIDED}
"""A word in addresses → what the team decided about a picture."""


def choices() -> dict[str, Choice]:
    """The table's parameters with a choice: each is a filter, by its own name."""
    return {
        name: parameter
        for name, parameter in all_parameters().items()
        if isinstance(parameter, Choice)
    }


@dataclass(frozen=True)
class Filter:
    """What is asked for; each part narrows it down. As it stands, it asks for all, newest first.

    `problems` tells by field what could not be read, which then does not count.
    """

    text: str = ""
    upstream: str = ""
    endpoint: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """Parameter with a choice → the value asked for: proportion, format …"""
    author: int | None = None
    seed: str = ""
    since: date | None = None
    until: date | None = None
    """The last day, inclusive."""
    state: str = ""
    """Another state than that of a picture in the gallery."""
    starred: bool = False
    rating: int | None = None
    """At least so many stars."""
    tag: str = ""
    collection: int | None = None
    experiment: int | None = None
    reruns: bool = False
    commented: bool = False
    pick: str = ""
    """What the team decided: one of DECISIONS."""
    sort: Sort = Sort.NEWEST
    problems: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __bool__(self) -> bool:
        """Whether it asks for less than all, in whatever order."""
        return replace(self, sort=Sort.NEWEST) != Filter()

    def values(self) -> dict[str, str]:
        """Field → text, of what is asked for."""
        written = {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.name not in ("chosen", "problems", "sort")
        }
        told = {name: _text(value) for name, value in {**written, **self.chosen}.items() if value}
        return told if self.sort == Sort.NEWEST else {**told, "sort": self.sort.value}

    def query_string(self, **others: object) -> str:
        """Its address's part after "?". `others` go with it: cursors; "" or None leaves one out."""
        more = {name: str(value) for name, value in others.items() if value not in (None, "")}
        return urlencode({**self.values(), **more})

    def without(self, name: str) -> Filter:
        """The same without one of its parts, for the chip that takes it off."""
        if name in self.chosen:
            rest = {key: value for key, value in self.chosen.items() if key != name}
            return replace(self, chosen=rest)
        default: Any = getattr(Filter(), name)
        return replace(self, **{name: default})


def _text(value: Any) -> str:
    if value is True:
        return "1"
    return value.isoformat() if isinstance(value, date) else str(value)


class _Wrong(ValueError):
    pass


def read(query: QueryDict | Mapping[str, str], team: Team) -> Filter:
    """The filter in an address. What cannot be read is told at its field and does not count."""
    readers: dict[str, Any] = {
        "text": _read_text,
        "upstream": lambda text: _one_of(text, Upstream.values),
        "endpoint": lambda text: _one_of(text, TABLE),
        "author": _number,
        "seed": _seed,
        "since": _day,
        "until": _day,
        "state": lambda text: _one_of(text, [*State.values]),
        "starred": _yes,
        "rating": lambda text: int(_one_of(text, map(str, RATING_STEPS))),
        "tag": str,
        "collection": _number,
        "experiment": _number,
        "reruns": _yes,
        "commented": _yes,
        "pick": lambda text: _one_of(text, DECISIONS),
        "sort": Sort,
    }
    values, problems = _read_all(query, readers)
    for name, problem in _strangers(values, team).items():
        problems[name] = problem
        del values[name]
    options = {
        name: (lambda text, choice=choice: _one_of(text, [each.value for each in choice.options]))
        for name, choice in choices().items()
        if name not in readers
    }
    chosen, wrong = _read_all(query, options)
    return _settled(Filter(**values, chosen=chosen, problems={**problems, **wrong}))


def _read_all(
    query: Mapping[str, str], readers: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, reader in readers.items():
        text = str(query.get(name, "")).replace("\0", "").strip()[:LONGEST_QUERY]
        if not text:
            continue
        try:
            values[name] = reader(text)
        except _Wrong as error:
            problems[name] = str(error)
        except ValueError:
            problems[name] = "This is none of the choices, so it was left out."
    return values, problems


def _settled(asked: Filter) -> Filter:
    """Without the parts that contradict each other."""
    problems = dict(asked.problems)
    changes: dict[str, Any] = {}
    if asked.since and asked.until and asked.since > asked.until:
        problems["until"] = "The last day comes before the first, so it was left out."
        changes["until"] = None
    if asked.state == State.SAVED:
        changes["state"] = ""
    elif asked.state and asked.text:
        problems["text"] = "Words are looked for in finished pictures only."
        changes["text"] = ""
    if asked.text and not asked.sort.by_age:
        problems["sort"] = "What is found by its words is sorted by age only."
        changes["sort"] = Sort.NEWEST
    elif asked.state not in ("", State.SAVED) and not asked.sort.by_age:
        problems["sort"] = "What is no finished picture is sorted by age only."
        changes["sort"] = Sort.NEWEST
    return replace(asked, **changes, problems=problems)


def _read_text(text: str) -> str:
    if not read_terms(text):
        raise _Wrong("There is no word in this to look for.")
    return text[:LONGEST]


def _one_of(text: str, allowed: Any) -> str:
    if text not in list(allowed):
        raise ValueError(text)
    return text


def _seed(text: str) -> str:
    if not (text.isascii() and text.isdecimal() and len(text) <= 20):
        raise _Wrong("A seed is a whole number of up to 20 digits.")
    return str(int(text))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Wrong("Please give a day as year-month-day, like 2026-11-24.") from None
    if not 2000 <= day.year <= 9000:
        raise _Wrong("There are no pictures of such a day.")
    return day


def _yes(text: str) -> bool:
    return _one_of(text, ("1", "on", "true")) != ""


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise ValueError(text)
    return int(text)


STRANGE = {
    "author": "Nobody of your team has this number, so it was left out.",
    "tag": "Your team has no tag of this name, so it was left out.",
    "collection": "Your team has none of this number, so it was left out.",
    "experiment": "Your team has none of this number, so it was left out.",
}
"""What is said of a value that is none of the team's."""


def _strangers(values: Mapping[str, Any], team: Team) -> dict[str, str]:
    """What of it is none of the team's, and what to say of that; by one query."""
    experiments = Experiment.objects.filter(deleted_at=None)
    ours: dict[str, QuerySet[Any]] = {
        "author": team.memberships.filter(user=values.get("author")),
        "tag": Tag.objects.filter(team=team, name=values.get("tag")),
        "collection": Collection.objects.kept().filter(team=team, pk=values.get("collection", 0)),
        "experiment": experiments.filter(team=team, pk=values.get("experiment", 0)),
    }
    asked = [name for name in ours if name in values]
    if not asked:
        return {}
    first, *rest = (
        ours[name].order_by().values_list(Value(name, CharField()), flat=True) for name in asked
    )
    found = set(first.union(*rest, all=True))
    return {name: STRANGE[name] for name in asked if name not in found}
