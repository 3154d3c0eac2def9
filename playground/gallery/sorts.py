"""The orders in which pictures are shown, and the place in one at which a page begins."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Self

from django.db.models import Q, TextChoices

from ..models import Generation, GenerationQuerySet


class Sort(TextChoices):
    NEWEST = "newest", "Newest first"
    OLDEST = "oldest", "Oldest first"
    FASTEST = "fastest", "Fastest first"
    SLOWEST = "slowest", "Slowest first"
    BEST = "best", "Best rated first"

    @property
    def column(self) -> str:
        """The column it goes by before the id; "" where the id is all."""
        return {"fastest": "seconds", "slowest": "seconds", "best": "rating"}.get(self.value, "")

    @property
    def descending(self) -> bool:
        return self not in (Sort.OLDEST, Sort.FASTEST)

    @property
    def by_age(self) -> bool:
        return not self.column


_WRITTEN = re.compile(r"(?:(?P<value>[0-9.e+-]{1,25})_)?(?P<pk>[0-9]{1,18})", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """A place between two pictures: beyond the one with this id, and value where it sorts by one.

    What is added or deleted elsewhere does not move it; the picture itself may be gone.
    """

    pk: int
    value: float | None = None

    @classmethod
    def read(cls, text: str | None, sort: Sort) -> Self | None:
        """The cursor that an address holds; None for anything else, or of another kind of sort."""
        found = _WRITTEN.fullmatch(text or "")
        if found is None or bool(found["value"]) == sort.by_age:
            return None
        if sort.by_age:
            return cls(int(found["pk"]))
        try:
            value = float(found["value"])
        except ValueError:
            return None
        return cls(int(found["pk"]), value) if math.isfinite(value) else None

    @classmethod
    def of(cls, picture: Generation, sort: Sort) -> Self:
        return cls(picture.pk, getattr(picture, sort.column) if sort.column else None)

    def __str__(self) -> str:
        return str(self.pk) if self.value is None else f"{self.value!r}_{self.pk}"


def ordered(
    rows: GenerationQuerySet, sort: Sort, place: Cursor | None, *, backwards: bool = False
) -> list[GenerationQuerySet]:
    """The rows in their order from `place` on; or, backwards, those before it, nearest first.

    One after the other: where many share a value, SQLite finds the place among them only if it is
    asked for them alone.
    """
    down = sort.descending != backwards
    names = [*([sort.column] if sort.column else []), "pk"]
    stages = [Q()] if place is None else _beyond(sort, place, "lt" if down else "gt")
    order = [f"-{name}" if down else name for name in names]
    return [rows.filter(stage).order_by(*order) for stage in stages]


def _beyond(sort: Sort, place: Cursor, than: str) -> list[Q]:
    further = Q(**{f"pk__{than}": place.pk})
    if not sort.column:
        return [further]
    return [
        Q(**{sort.column: place.value}) & further,
        Q(**{f"{sort.column}__{than}": place.value}),
    ]
