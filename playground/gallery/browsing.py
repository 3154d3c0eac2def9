"""Pages, counts and ids of what a filter asks for, bounded in time whatever it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import BooleanField, Case, When

from accounts.models import Team, User

from ..models import Generation
from .filters import Filter
from .pages import PAGE, TILE_FIELDS, Page, generations, tiles
from .sorts import Cursor
from .sources import Source, source

LOOKED_THROUGH = 20_000
"""Rows that are looked at for one page, at most, where no index carries the whole filter."""
FIRST_LOOK = 500
"""Most often these hold a page already; each further look takes more."""
OFTEN = 0.01
"""What so many of the first rows are goes on to be looked for among them."""
COUNTED = 10_000
"""Up to here pictures are counted exactly."""


@dataclass(frozen=True)
class Look:
    """What looking through a source has come to, in order."""

    found: list[Cursor]
    last: Cursor | None
    """The last row that was looked at."""
    looked: int
    ended: bool
    """Whether there is nothing beyond."""


@dataclass(frozen=True)
class Count:
    """How many pictures there are. If not `exact`: at least so many."""

    number: int
    exact: bool

    def __str__(self) -> str:
        return f"{self.number:,}" if self.exact else f"more than {self.number:,}"


def browse(  # noqa: PLR0913 (each has its name)
    asked: Filter,
    user: User,
    team: Team,
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE,
    where: Source | None = None,
) -> Page:
    """The page of what is asked for that begins after the cursor `after`, or ends before `before`.

    A cursor that cannot be read is none. Without any it is the first page. `where` is the filter's
    source, where it is known already.
    """
    place = Cursor.read(after, asked.sort)
    end = Cursor.read(before, asked.sort) if place is None else None
    backwards = end is not None
    where = where or source(asked, user, team)
    look = _look_from(where, end or place, size + 1, backwards=backwards)
    shown = look.found[:size]
    full = len(look.found) > size
    if backwards and look.ended and not full:
        # Too few are before it for a page, so that the first page holds them.
        return browse(asked, user, team, size=size, where=where)
    pictures = _tiles(user, team, shown, asked)
    beyond = shown[-1] if full else None if look.ended else look.last
    onward = None if beyond is None else str(beyond)
    back = str(shown[0]) if shown and (place or end) else None
    return Page(
        pictures=pictures[::-1] if backwards else pictures,
        next=back if backwards else onward,
        previous=onward if backwards else back,
        looked_through=look.looked,
        more_to_look=not full and not look.ended,
    )


def _tiles(user: User, team: Team, shown: list[Cursor], asked: Filter) -> list[Generation]:
    """The pictures at these places, with what a tile shows; any that is gone by now is left out."""
    rows = generations(user, team).filter(pk__in=[each.pk for each in shown]).order_by()
    rows = tiles(rows) if asked.state else rows.only(*TILE_FIELDS)
    found = {each.pk: each for each in rows}
    return [found[each.pk] for each in shown if each.pk in found]


def _look_from(
    where: Source, place: Cursor | None, wanted: int, *, backwards: bool = False
) -> Look:
    walk = where.first
    for most in (2 * FIRST_LOOK, LOOKED_THROUGH):
        if walk is None:
            break
        look = _look(walk, place, wanted, backwards=backwards, most=most)
        if look.ended or len(look.found) >= wanted:
            return look
        if len(look.found) < look.looked * OFTEN:
            break
    return _look(where, place, wanted, backwards=backwards)


def _look(
    where: Source, place: Cursor | None, wanted: int, *, backwards: bool, most: int = 0
) -> Look:
    """Look at rows from `place` on until `wanted` are found, or LOOKED_THROUGH were looked at."""
    found: list[Cursor] = []
    most = wanted if where.whole else most or LOOKED_THROUGH
    # So many more are wanted than the first look can find that it is not worth a query.
    looked, size = 0, FIRST_LOOK if wanted <= FIRST_LOOK else most
    size = wanted if where.whole else size
    while True:
        rows = _read(where, place, size, backwards=backwards)
        looked += len(rows)
        found += [at for at, fits in rows if fits]
        place = rows[-1][0] if rows else place
        ended = len(rows) < size
        if ended or len(found) >= wanted or looked >= most:
            return Look(found, place, looked, ended)
        size = min(size * 8, most - looked)


def _read(
    where: Source, place: Cursor | None, size: int, *, backwards: bool
) -> list[tuple[Cursor, bool]]:
    """The next rows' places, and whether each is asked for."""
    column = where.sort.column
    names = ["pk", *([column] if column else [])]
    read: list[tuple[Cursor, bool]] = []
    for window in where.windows(place, size, backwards=backwards):
        rows = window[: size - len(read)] if read else window
        if not where.whole:
            fits = Case(When(where.rest, then=True), default=False, output_field=BooleanField())
            rows = rows.annotate(fits=fits)
        read += [
            (Cursor(row[0], row[1] if column else None), where.whole or bool(row[-1]))
            for row in rows.values_list(*names, *([] if where.whole else ["fits"]))
        ]
        if len(read) >= size:
            break
    return read


def count(asked: Filter, user: User, team: Team, *, where: Source | None = None) -> Count:
    """How many pictures are asked for: exactly up to COUNTED, else that there are more.

    Where no index carries the whole filter, what is not looked through is not counted.
    """
    where = where or source(asked, user, team)
    if where.whole:
        if where.number is not None:
            number = where.number(COUNTED + 1)
        else:
            (rows,) = where.windows(None, COUNTED + 1, backwards=False)
            number = rows.count()
        return Count(min(number, COUNTED), number <= COUNTED)
    look = _look_from(where, None, COUNTED + 1)
    number = len(look.found)
    return Count(min(number, COUNTED), look.ended and number <= COUNTED)


def every(asked: Filter, user: User, team: Team, *, size: int = 1000) -> Iterator[list[int]]:
    """The ids of all that is asked for, in order, by the batch: for what is done to all of it."""
    where, place = source(asked, user, team), None
    while True:
        look = _look_from(where, place, size)
        found = look.found[:size]
        if found:
            yield [each.pk for each in found]
        if look.ended and len(look.found) <= size:
            return
        place = found[-1] if len(look.found) > size else look.last
