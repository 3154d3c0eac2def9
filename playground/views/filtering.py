"""The gallery's filters as a page shows them: fields to choose from, chips to take off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.formats import date_format

from accounts.models import Membership, Team, User

from .. import gallery, sorting
from ..gallery import DECISIONS, Filter, Sort, choices
from ..imagepig.endpoints import TABLE
from ..models import RATING_STEPS, Collection, Experiment, SavedView, State, Tag, Upstream

READ = 2000
"""So many rows are read at most: all names there are to choose from, and what is on its way."""


OFFERED = {"view": 15}
"""How many stand in the page where it is not the usual number. A view has two forms with it."""


@dataclass(frozen=True)
class Names:
    """The newest of what a team has names for, by id, in the order of the alphabet."""

    tags: dict[int, str] = field(default_factory=dict)
    collections: dict[int, str] = field(default_factory=dict)
    authors: dict[int, str] = field(default_factory=dict)
    experiments: dict[int, str] = field(default_factory=dict)
    views: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Saved views: name and query."""
    more: set[str] = field(default_factory=set)
    """Kinds of which there are more than these."""
    coming: list[int] = field(default_factory=list)
    """Ids of what is on its way to the gallery, the highest first."""


KINDS = {
    "tag": "tags",
    "collection": "collections",
    "experiment": "experiments",
    "author": "people",
    "view": "views",
}
"""What has names that pictures are found by: the filter's part → what many of them are called."""


@dataclass(frozen=True)
class Named:
    """The rows of one of KINDS, and where their names stand."""

    rows: QuerySet[Any]
    name: Any = "name"
    pk: str = "pk"
    query: str = ""


def named(user: User, team: Team | int) -> dict[str, Named]:
    """All that has names, as far as the person may see it: one for each of KINDS."""
    author = Coalesce(NullIf(F("user__name"), Value("")), F("user__email"))
    experiments = Experiment.objects.visible_to(user).filter(team=team, deleted_at=None)
    return {
        "tag": Named(Tag.objects.visible_to(user).filter(team=team)),
        "collection": Named(Collection.objects.visible_to(user).filter(team=team).kept()),
        "experiment": Named(experiments),
        "author": Named(Membership.objects.filter(team=team), author, "user_id"),
        "view": Named(SavedView.objects.filter(team=team, user=user), query="query"),
    }


def names(user: User, team: Team, asked: Filter) -> Names:
    """All of them by one query; what is asked for is among them, however old."""
    here = asked.query_string()
    most = {key: OFFERED.get(key, sorting.OFFERED) for key in KINDS}
    kept = {
        "tag": Q(name=asked.tag),
        "collection": Q(pk=asked.collection),
        "experiment": Q(pk=asked.experiment),
        "author": Q(user=asked.author),
        "view": Q(query=here),
    }
    rows = told(Named(gallery.coming(user, team), Value("")), "coming").order_by()
    for key, each in named(user, team).items():
        newest = replace(each, rows=sorting.newest(each.rows, kept[key], most=most[key]))
        rows = rows.union(told(newest, key).order_by(), all=True)
    found: dict[str, dict[int, tuple[str, str]]] = {}
    for kind_of, pk, name, query in rows[:READ]:
        found.setdefault(kind_of, {})[pk] = (name, query)
    known = Names(coming=sorted(found.pop("coming", {}), reverse=True))
    for key, ones in found.items():
        asked_for = here if key == "view" else getattr(asked, key)
        keep = {pk for pk, words in ones.items() if asked_for and asked_for in (pk, *words)}
        if sorting.drop_beyond(ones, keep, most=most[key]):
            known.more.add(key)
        for pk, (name, query) in sorted(ones.items(), key=lambda item: item[1][0].lower()):
            getattr(known, f"{key}s")[pk] = (name, query) if key == "view" else name
    return known


def told(each: Named, kind: str, *, holding: str = "") -> QuerySet[Any]:
    """Kind, id, name and query, so that rows of several tables come by one query.

    With `holding`, only those in whose names these letters are.
    """
    text = TextField()
    name = Cast(F(each.name) if isinstance(each.name, str) else each.name, text)
    rows: QuerySet[Any] = each.rows.alias(told=name)
    if holding:
        rows = rows.filter(told__icontains=holding)
    query = Cast(F(each.query) if each.query else Value(""), text)
    return rows.values_list(Value(kind, CharField()), F(each.pk), name, query)


@dataclass(frozen=True)
class Select:
    """One of the panel's fields with a choice."""

    name: str
    label: str
    any: str
    options: list[tuple[str, str]]
    value: str
    more: str = ""
    """What there are more of than these options; an address has them all."""


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
    more = {key: kind for key, kind in KINDS.items() if key in known.more}
    return [
        Select(name, label, anything, options, values.get(name, ""), more.get(name, ""))
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
