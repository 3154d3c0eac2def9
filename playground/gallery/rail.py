"""The rail of months and days beside the gallery, and where an address that names one begins.

One query whatever there is: a month in which nothing was made stands there too, and leads to what
came before it. How many pictures each holds is asked for later, and kept for a while.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from accounts.models import Team, User

from .pages import generations
from .sorts import Sort
from .sources import moment

_WRITTEN = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)
MONTHS_SHOWN = 240
COUNTED_A_STRETCH = 10_000
"""Up to here a month's or day's pictures are counted."""
KEPT_SECONDS = 120
"""How long the numbers are shown again before they are counted anew, where there are many."""
KEPT_FROM = 1000
"""Fewer are counted in no time, and a number that is behind the gallery's own would be noticed."""
BEYOND_ALL = 10**18 - 1


@dataclass(frozen=True)
class Stretch:
    """A month, or one of its days."""

    first: date
    last: date
    number: int | None = None
    """How many pictures it holds; COUNTED_A_STRETCH + 1 where there are more, None if unknown."""

    @property
    def number_in_words(self) -> str:
        """ "12", "10,000+"; "" for none, or where it is unknown."""
        if not self.number:
            return ""
        more = self.number > COUNTED_A_STRETCH
        return f"{min(self.number, COUNTED_A_STRETCH):,}{'+' if more else ''}"

    @property
    def key(self) -> str:
        """As an address holds it: "2026-03", "2026-03-14"."""
        return self.first.isoformat() if self.first == self.last else f"{self.first:%Y-%m}"


@dataclass(frozen=True)
class Month:
    """A month of the rail; its days only where it is the open one."""

    stretch: Stretch
    days: list[Stretch]


def stretch(text: str | None) -> Stretch | None:
    """The month or day that an address names; None for anything else."""
    found = _WRITTEN.fullmatch(text or "")
    if found is None:
        return None
    year, month, day = (int(part or 0) for part in found.groups())
    if not 2000 <= year <= 9000:
        return None
    try:
        first = date(year, month, day or 1)
    except ValueError:
        return None
    return Stretch(first, first if found[3] else _end(first))


def cursor_at(there: Stretch, user: User, team: Team, sort: Sort) -> str:
    """The cursor of the page that begins with a month or day, whatever the filter."""
    pictures = generations(user, team).pictures()
    if sort == Sort.OLDEST:
        later = pictures.filter(queued_at__gte=moment(there.first)).order_by("queued_at", "pk")
        first = later.values_list("pk", flat=True).first()
        return str(BEYOND_ALL if first is None else first - 1)
    end = moment(there.last + timedelta(days=1))
    earlier = pictures.filter(queued_at__lt=end).order_by("-queued_at", "-pk")
    last = earlier.values_list("pk", flat=True).first()
    return str(0 if last is None else last + 1)


def rail(
    user: User,
    team: Team,
    opened: Stretch | None,
    *,
    since: date | None = None,
    until: date | None = None,
) -> list[Month]:
    """The months from the team's first picture until now, newest first; of them what is asked for.

    With its days: the month of `opened`, or the latest one.
    """
    pictures = generations(user, team).pictures().order_by("queued_at", "pk")
    first = pictures.values_list("queued_at", flat=True).first()
    if first is None:
        return []
    begun, end = timezone.localdate(first), timezone.localdate()
    begun, end = max(begun, since or begun), min(end, until or end)
    shown_open = (opened.first if opened else end).replace(day=1)
    found: list[Month] = []
    month = end.replace(day=1)
    while month >= begun.replace(day=1) and len(found) < MONTHS_SHOWN:
        last = min(_end(month), end)
        days = _days(max(month, begun), last) if month == shown_open else []
        found.append(Month(Stretch(month, _end(month)), days))
        month = (month - timedelta(days=1)).replace(day=1)
    return found


def _end(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _days(first: date, last: date) -> list[Stretch]:
    number = (last - first).days + 1
    return [Stretch(day, day) for day in (last - timedelta(days=back) for back in range(number))]


# How many pictures each holds


def counted(user: User, team: Team, months: list[Month]) -> list[Month]:
    """The same months and days, each with its number of pictures.

    By one query along the index `gallery_date`; of many pictures, none for two minutes after.
    """
    stretches = [each for month in months for each in (month.stretch, *month.days)]
    if not stretches or not user.memberships.filter(team=team).exists():
        return months
    opened = next((month.stretch.key for month in months if month.days), "")
    # Days begin at another moment in each time zone.
    begin = f"{moment(stretches[0].first):%Y%m%d%H%M}"
    key = f"gallery-rail-{team.pk}-{opened}-{begin}"
    numbers: dict[str, int] | None = cache.get(key)
    if numbers is None:
        numbers = _numbers(team, stretches)
        if max(numbers.values()) >= KEPT_FROM:
            cache.set(key, numbers, KEPT_SECONDS)

    def told(each: Stretch) -> Stretch:
        return replace(each, number=numbers.get(each.key))

    return [Month(told(month.stretch), [*map(told, month.days)]) for month in months]


_WITHIN = (
    "SELECT %s, (SELECT count(*) FROM (SELECT 1 FROM playground_generation WHERE team_id = %s "
    "AND state = 'saved' AND deleted_at IS NULL AND queued_at >= %s AND queued_at < %s LIMIT %s"
    ") AS counted)"
)


def _numbers(team: Team, stretches: Iterable[Stretch]) -> dict[str, int]:
    adapt: Callable[[datetime], Any] = connection.ops.adapt_datetimefield_value
    parameters: list[Any] = []
    for each in stretches:
        begin, end = moment(each.first), moment(each.last + timedelta(days=1))
        parameters += [each.key, team.pk, adapt(begin), adapt(end), COUNTED_A_STRETCH + 1]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([_WITHIN] * (len(parameters) // 5)), parameters)
        return dict(cursor.fetchall())
