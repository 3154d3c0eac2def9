"""What has been made of a picture: for its page and for the gallery's tiles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounts.models import User

from ..models import Collection, Generation, Rating, Star, Tag

Row = tuple[str, int, str, int]
"""Kind, id, name and number of a row of any table."""
OFFERED = 30
"""So many of a team's names stand in a page to choose from; the others are asked for."""


@dataclass
class Marks:
    """All that people have made of one picture, seen by one of them."""

    starred: bool = False
    ratings: dict[int, int] = field(default_factory=dict)
    """Person → stars."""
    stars: int = 0
    """The person's own rating; 0 where there is none."""
    tags: list[tuple[int, str]] = field(default_factory=list)
    """Id and name."""
    collections: list[tuple[int, str]] = field(default_factory=list)

    @property
    def mean(self) -> float:
        return sum(self.ratings.values()) / len(self.ratings) if self.ratings else 0.0


@dataclass(frozen=True)
class Names:
    """A team's newest tags and collections, to choose from; and of which of the two it has more."""

    tags: list[str]
    collections: list[str]
    more: frozenset[str]


def marks_and_names(picture: Generation, user: User, *, offers: bool) -> tuple[Marks, Names]:
    """What has been made of a picture and, with `offers`, what it may be put to; by one query."""
    rows = _told(Rating.objects.filter(generation=picture), "rating", "user_id", value="stars")
    others = [
        _told(Star.objects.filter(generation=picture, user=user), "star", "user_id"),
        _told(picture.tags.all(), "tag", "pk", "name"),
        _told(picture.collections.filter(deleted_at=None), "collection", "pk", "name"),
    ]
    if offers:
        tags = Tag.objects.visible_to(user).filter(team=picture.team_id)
        kept = Collection.objects.visible_to(user).filter(team=picture.team_id).kept()
        others += [
            _told(newest(tags), "some tag", "pk", "name"),
            _told(newest(kept), "some collection", "pk", "name"),
        ]
    found = sorted(rows.union(*others, all=True), key=lambda row: row[2])
    return _marks(found, user), _names(found)


def _marks(found: list[Row], user: User) -> Marks:
    made = Marks()
    for kind, pk, name, value in found:
        match kind:
            case "rating":
                made.ratings[pk] = value
            case "star":
                made.starred = True
            case "tag":
                made.tags.append((pk, name))
            case "collection":
                made.collections.append((pk, name))
    made.stars = made.ratings.get(user.pk, 0)
    return made


def _names(found: list[Row]) -> Names:
    some = {
        kind: {pk: name for each, pk, name, _ in found if each == f"some {kind}"}
        for kind in ("tag", "collection")
    }
    more = frozenset(kind for kind, each in some.items() if drop_beyond(each))
    return Names(list(some["tag"].values()), list(some["collection"].values()), more)


def newest(rows: QuerySet[Any], also: Q | None = None, *, most: int = OFFERED) -> QuerySet[Any]:
    """The newest of these rows, some more than `most` where there are more, and `also`."""
    wanted = Q(pk__in=rows.order_by("-pk").values("pk")[: most + 2])
    return rows.filter(wanted if also is None else wanted | also)


def drop_beyond(found: dict[int, Any], keep: Iterable[int] = (), *, most: int = OFFERED) -> bool:
    """Leave the `most` newest of what `newest` gave, and `keep`; gives whether there are more."""
    beyond = sorted(found.keys() - set(keep), reverse=True)[most:]
    for pk in beyond:
        del found[pk]
    return bool(beyond)


def _told(
    rows: QuerySet[Any], kind: str, pk: str, name: str = "", value: str = ""
) -> QuerySet[Any, Row]:
    """The same of each table's rows, so that rows of several tables come by one query."""
    return rows.order_by().values_list(
        Cast(Value(kind), TextField()),
        F(pk),
        Cast(F(name) if name else Value(""), TextField()),
        Cast(F(value) if value else Value(0), IntegerField()),
    )


def starred(user: User, pictures: Iterable[Generation]) -> set[int]:
    """The ids of those that bear the person's star."""
    shown = [each.pk for each in pictures]
    mine = Star.objects.filter(user=user, generation__in=shown)
    return set(mine.values_list("generation", flat=True))
