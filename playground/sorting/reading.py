"""What has been made of a picture: for its page and for the gallery's tiles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounts.models import User

from ..models import Collection, Generation, Rating, Star, Tag

SUGGESTED = 400
"""Names that fields suggest while somebody types; with more, they still take any."""


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
    """A team's tags and collections, to choose from."""

    tags: list[str]
    collections: list[str]


def names(user: User, team_id: int) -> Names:
    """By one query."""
    tags = Tag.objects.visible_to(user).filter(team=team_id)
    kept = Collection.objects.visible_to(user).filter(team=team_id).kept()
    rows = _told(tags, "tag", "pk", "name").union(_told(kept, "collection", "pk", "name"), all=True)
    found = sorted((row[0], row[2]) for row in rows[:SUGGESTED])
    return Names(
        [name for kind, name in found if kind == "tag"],
        [name for kind, name in found if kind != "tag"],
    )


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
