"""What has been made of a picture: for its page and for the gallery's tiles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounts.models import User

from ..models import Collection, Generation, Rating, Star, Tag

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


def marks(picture: Generation, user: User) -> Marks:
    """What has been made of a picture, by one query."""
    kept = picture.collections.filter(deleted_at=None)
    rows = _told(Rating.objects.filter(generation=picture), "rating", "user_id", value="stars")
    found = rows.union(
        _told(Star.objects.filter(generation=picture, user=user), "star", "user_id"),
        _told(picture.tags.all(), "tag", "pk", "name"),
        _told(kept, "collection", "pk", "name"),
        all=True,
    )
    made = Marks()
    for kind, pk, name, value in sorted(found, key=lambda row: row[2]):
        match kind:
            case "rating":
                made.ratings[pk] = value
            case "star":
                made.starred = True
            case "tag":
                made.tags.append((pk, name))
            case _:
                made.collections.append((pk, name))
    made.stars = made.ratings.get(user.pk, 0)
    return made


@dataclass(frozen=True)
class Names:
    """A team's newest tags and collections, to choose from; and of which of the two it has more."""

    tags: list[str]
    collections: list[str]
    more: frozenset[str]


def names(user: User, team_id: int) -> Names:
    """By one query."""
    tags = Tag.objects.visible_to(user).filter(team=team_id)
    kept = Collection.objects.visible_to(user).filter(team=team_id).kept()
    rows = _told(newest(tags), "tag", "pk", "name").union(
        _told(newest(kept), "collection", "pk", "name"), all=True
    )
    found: dict[str, dict[int, str]] = {"tag": {}, "collection": {}}
    for kind, pk, name, _ in rows:
        found[kind][pk] = name
    more = frozenset(kind for kind, each in found.items() if drop_beyond(each))
    return Names(sorted(found["tag"].values()), sorted(found["collection"].values()), more)


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
) -> QuerySet[Any, tuple[str, int, str, int]]:
    """Kind, id, name and number, so that rows of several tables come by one query."""
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
