"""The gallery's filters as a page shows them: fields to choose from, chips to take off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.formats import date_format

from accounts.models import Membership, Team, User

from .. import gallery
from ..gallery import DECISIONS, Filter, Sort, choices
from ..imagepig.endpoints import TABLE
from ..models import RATING_STEPS, Collection, Experiment, SavedView, State, Tag, Upstream

NAMES_READ = 2000
"""So many names of a team are offered at most; an address may still name any other."""


@dataclass(frozen=True)
class Names:
    """What a team has names for, by id, in the order of the alphabet."""

    tags: dict[int, str] = field(default_factory=dict)
    collections: dict[int, str] = field(default_factory=dict)
    authors: dict[int, str] = field(default_factory=dict)
    experiments: dict[int, str] = field(default_factory=dict)
    views: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Saved views: name and query."""
    coming: list[int] = field(default_factory=list)
    """Ids of what is on its way to the gallery, the highest first."""


def names(user: User, team: Team) -> Names:
    """All of them by one query."""

    def told(rows: QuerySet[Any], kind: str, name: Any = "name", query: str = "") -> QuerySet[Any]:
        text = TextField()
        return rows.order_by().values_list(
            Value(kind, CharField()),
            F("pk") if kind != "author" else F("user_id"),
            Cast(F(name) if isinstance(name, str) else name, text),
            Cast(F(query) if query else Value(""), text),
        )

    author = Coalesce(NullIf(F("user__name"), Value("")), F("user__email"))
    rows = told(gallery.coming(user, team), "coming", Value("")).union(
        told(Collection.objects.visible_to(user).filter(team=team).kept(), "collection"),
        told(Tag.objects.visible_to(user).filter(team=team), "tag"),
        told(Membership.objects.filter(team=team), "author", author),
        told(Experiment.objects.visible_to(user).filter(team=team, deleted_at=None), "experiment"),
        told(SavedView.objects.filter(team=team, user=user), "view", query="query"),
        all=True,
    )
    found = Names()
    for kind, pk, name, query in sorted(rows[:NAMES_READ], key=lambda row: str(row[2]).lower()):
        if kind == "view":
            found.views[pk] = (name, query)
        elif kind == "coming":
            found.coming.append(pk)
        else:
            getattr(found, f"{kind}s")[pk] = name
    found.coming.sort(reverse=True)
    return found


@dataclass(frozen=True)
class Select:
    """One of the panel's fields with a choice."""

    name: str
    label: str
    any: str
    options: list[tuple[str, str]]
    value: str


def selects(asked: Filter, known: Names) -> list[Select]:
    """The panel's fields with a choice, but for those of which a team has none to choose from."""
    values = asked.values()
    fields: list[tuple[str, str, str, list[tuple[str, str]]]] = [
        ("upstream", "Made by", "Both", list(Upstream.choices)),
        ("endpoint", "Endpoint", "Any", [(each.key, each.label) for each in TABLE.values()]),
        *(
            (name, each.label, "Any", [(option.value, option.label) for option in each.options])
            for name, each in choices().items()
        ),
        ("rating", "Rating", "Any", [(str(step), rating_words(step)) for step in RATING_STEPS]),
        ("pick", "Decision", "Any", [(word, pick.label) for word, pick in DECISIONS.items()]),
        ("tag", "Tag", "Any", [(name, name) for name in known.tags.values()]),
        ("collection", "Collection", "Any", _options(known.collections)),
        ("experiment", "Experiment", "Any", _options(known.experiments)),
        ("author", "Made for", "Anybody", _options(known.authors)),
        ("state", "State", "Done", _states()),
    ]
    return [
        Select(name, label, anything, options, values.get(name, ""))
        for name, label, anything, options in fields
        if options and not (name == "author" and len(options) == 1 and not asked.author)
    ]


def _options(found: Mapping[int, str]) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in found.items()]


def _states() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in State.choices if value != State.SAVED]


def rating_words(step: int) -> str:
    return "5 stars" if step == 5 else f"{step} star{'s' if step > 1 else ''} or more"


@dataclass(frozen=True)
class Chip:
    """A part of the filter in words, and the query without it."""

    words: str
    query: str


def chips(asked: Filter, known: Names) -> list[Chip]:
    """What is asked for, each part in words."""
    labels = {each.name: dict(each.options) for each in selects(asked, known)}
    found = []
    for name, value in asked.values().items():
        if name != "sort":
            words = _words(asked, name, labels.get(name, {}).get(value, value))
            found.append(Chip(words, asked.without(name).query_string()))
    return found


def _words(asked: Filter, name: str, told: str) -> str:
    if name in ("seed", "tag", "collection", "experiment", "state"):
        return f"{name.capitalize()}: {told}"
    words = {
        "text": f"“{told}”",
        "since": f"From {_day(asked.since)}",
        "until": f"Until {_day(asked.until)}",
        "starred": "Starred by me",
        "reruns": "Has re-runs",
        "commented": "Has comments",
        "author": f"Made for {told}",
    }
    return words.get(name, told)


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


SORTS = Sort.choices
