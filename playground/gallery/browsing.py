"""Pages, counts and ids of what a filter asks for, bounded in time whatever it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import BooleanField, Case, OuterRef, Subquery, When

from accounts.models import Team, User

from ..models import Generation, Star
from .filters import Filter
from .pages import NEW_COUNTED, PAGE, TILE_FIELDS, Page, generations, tiles
from .sorts import Cursor, Sort
from .sources import Source, conditions, source

LOOKED_THROUGH = 20_000
"""Rows that are looked at for one page, at most, where no index carries the whole filter."""
ALL_LOOKED_THROUGH = 200_000
"""The same for what is done to all that match: about two seconds."""
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
    """How many pictures there are. If not `exact`: more than so many.

    `looked_through` says among how many rows these are, where there are more than were looked at.
    """

    number: int
    exact: bool
    looked_through: int = 0

    def __str__(self) -> str:
        told = f"{self.number:,}"
        return told if self.exact or self.looked_through else f"more than {told}"


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
        starred=_starred(pictures),
    )


def _tiles(user: User, team: Team, shown: list[Cursor], asked: Filter) -> list[Generation]:
    """The pictures at these places, with what a tile shows; any that is gone by now is left out."""
    rows = generations(user, team).filter(pk__in=[each.pk for each in shown]).order_by()
    rows = tiles(rows) if asked.state else rows.only(*TILE_FIELDS)
    # No Exists: for that PostgreSQL may read all of the person's stars.
    star = Star.objects.filter(user=user, generation=OuterRef("pk"))
    rows = rows.annotate(star=Subquery(star.values("pk")[:1]))
    found = {each.pk: each for each in rows}
    return [found[each.pk] for each in shown if each.pk in found]


def _starred(pictures: list[Generation]) -> frozenset[int]:
    return frozenset(each.pk for each in pictures if getattr(each, "star", None))


def _look_from(
    where: Source, place: Cursor | None, wanted: int, *, backwards: bool = False
) -> Look:
    walk = where.first
    if walk is None:
        return _look(where, place, wanted, backwards=backwards)
    look = _look(walk, place, wanted, backwards=backwards, most=2 * FIRST_LOOK)
    if look.ended or len(look.found) >= wanted:
        return look
    if len(look.found) >= look.looked * OFTEN:
        further = _look(walk, place, wanted, backwards=backwards, before=look)
        if further.ended or len(further.found) >= wanted:
            return further
    return _look(where, place, wanted, backwards=backwards)


def _look(  # noqa: PLR0913 (each has its name)
    where: Source,
    place: Cursor | None,
    wanted: int,
    *,
    backwards: bool,
    most: int = 0,
    before: Look | None = None,
) -> Look:
    """Look at rows from `place` on until `wanted` are found, or LOOKED_THROUGH were looked at.

    Or go on from where a look `before` stopped.
    """
    found, last, looked = [], place, 0
    if before:
        found, last, looked = [*before.found], before.last, before.looked
    most = wanted if where.whole else most or LOOKED_THROUGH
    while True:
        size = _size(where, wanted, most, looked, len(found))
        rows = _read(where, last, size, backwards=backwards)
        looked += len(rows)
        found += [at for at, fits in rows if fits]
        last = rows[-1][0] if rows else last
        ended = len(rows) < size
        if ended or len(found) >= wanted or looked >= most:
            return Look(found, last, looked, ended)


def _size(where: Source, wanted: int, most: int, looked: int, found: int) -> int:
    """How many rows the next query takes: as few queries as may do, for each is a way to go."""
    if where.whole:
        return wanted
    if not looked and where.nearly_whole:
        return min(wanted + wanted // 4, most)
    if not looked:
        # Where it may not be enough, or not much is left to be saved by it, all in one.
        return FIRST_LOOK if wanted <= FIRST_LOOK < most // 2 else most
    rest = most - looked
    # Half as many again as would do if they went on as often as so far.
    enough = (wanted - found) * looked * 3 // (found * 2) if found else rest
    return min(max(enough, FIRST_LOOK), rest)


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
    if where.number is not None:
        return _up_to_bound(where.number(COUNTED + 1))
    if where.whole:
        (rows,) = where.windows(None, COUNTED + 1, backwards=False)
        return _up_to_bound(rows.count())
    look = _look_from(where, None, COUNTED + 1)
    if look.ended or len(look.found) > COUNTED:
        return _up_to_bound(len(look.found))
    return Count(len(look.found), exact=False, looked_through=look.looked)


def _up_to_bound(number: int) -> Count:
    return Count(min(number, COUNTED), exact=number <= COUNTED)


def newer(asked: Filter, user: User, team: Team, *, than: int, waiting: Sequence[int] = ()) -> Page:
    """What has come since a page was shown, newest first; at most NEW_COUNTED of either kind.

    `than` is the highest id that the page knows of. `waiting` are ids below it of what was on its
    way then: a picture that was begun earlier may be finished later.
    """
    where = source(replace(asked, sort=Sort.NEWEST), user, team)
    found = _look_from(where, Cursor(than), NEW_COUNTED, backwards=True).found[:NEW_COUNTED]
    mine = generations(user, team).pictures()
    # Most often none of them has arrived, and then what is asked for need not be looked at.
    arrived = list(mine.filter(pk__in=waiting).values_list("pk", flat=True)) if waiting else []
    if arrived:
        fitting = mine.filter(conditions(asked, user, team), pk__in=arrived)
        found = [*map(Cursor, fitting.values_list("pk", flat=True).order_by("-pk")), *found]
    found.sort(key=lambda each: -each.pk)
    pictures = _tiles(user, team, found, asked) if found else []
    return Page(pictures=pictures, next=None, starred=_starred(pictures))


class Every:
    """The ids of all that is asked for, in order, by the batch: for what is done to all of it.

    No more than ALL_LOOKED_THROUGH rows are looked at where no index carries the whole filter. Once
    it has been gone through, `looked_through` says after how many it stopped; 0 if it did not.
    """

    def __init__(self, asked: Filter, user: User, team: Team, *, size: int = 1000) -> None:
        self.looked_through = 0
        self._where, self._size = source(asked, user, team), size

    def __iter__(self) -> Iterator[list[int]]:
        place, looked = None, 0
        while True:
            look = _look_from(self._where, place, self._size)
            ids = [each.pk for each in look.found]
            for start in range(0, len(ids), self._size):
                yield ids[start : start + self._size]
            if look.ended:
                return
            place, looked = look.last, looked + look.looked
            if not self._where.whole and looked >= ALL_LOOKED_THROUGH:
                self.looked_through = looked
                return
