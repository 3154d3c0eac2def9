"""The months and days from which the gallery has pictures: how many, and where each begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from accounts.models import Team, User

from ..models import Generation
from .sorts import Sort
from .sources import moment

COUNTED_A_PERIOD = 10_000
"""Up to here a period's pictures are counted exactly."""
MONTHS = 240
"""The latest that are told of."""
KEPT_SECONDS = 120


@dataclass(frozen=True)
class Period:
    """A month or a day with pictures. If not `exact`, there are more than `number`."""

    first: date
    last: date
    number: int
    exact: bool
    newest: int
    """The id of its newest picture."""
    oldest: int

    def cursor(self, sort: Sort = Sort.NEWEST) -> str:
        """The cursor after which the gallery shows this period and what follows it."""
        return str(self.newest + 1 if sort.descending else self.oldest - 1)


def months(user: User, team: Team) -> list[Period]:
    """The months with pictures, newest first. Kept for two minutes: it need not be newer."""
    if not user.memberships.filter(team=team).exists():
        return []
    key = f"gallery-months-{team.pk}"
    kept: list[Period] | None = cache.get(key)
    if kept is None:
        kept = _periods(team, list(_months(team)))
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def days(user: User, team: Team, month: date) -> list[Period]:
    """The days of a month with pictures, newest first."""
    if not user.memberships.filter(team=team).exists():
        return []
    first = month.replace(day=1)
    following = _next_month(first)
    spans = [
        (day, day + timedelta(days=1))
        for day in (first + timedelta(days=number) for number in range((following - first).days))
    ]
    return _periods(team, spans[::-1])


def _months(team: Team) -> Iterator[tuple[date, date]]:
    """From the newest picture's month back to the oldest one's: each with the next one's start."""
    pictures = Generation.objects.pictures().filter(team=team)
    times = pictures.order_by("queued_at", "pk").values_list("queued_at", flat=True)
    oldest, newest = times.first(), times.last()
    if oldest is None or newest is None:
        return
    zone = timezone.get_current_timezone()
    month = newest.astimezone(zone).date().replace(day=1)
    for _ in range(MONTHS):
        yield month, _next_month(month)
        if month <= oldest.astimezone(zone).date():
            return
        month = (month - timedelta(days=1)).replace(day=1)


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


_WITHIN = (
    "FROM playground_generation WHERE team_id = %s AND state = 'saved' AND deleted_at IS NULL "
    "AND queued_at >= %s AND queued_at < %s"
)
_PERIOD = (
    f"SELECT %s, (SELECT count(*) FROM (SELECT 1 {_WITHIN} LIMIT %s) AS counted), "  # noqa: S608
    f"(SELECT id {_WITHIN} ORDER BY queued_at DESC, id DESC LIMIT 1), "
    f"(SELECT id {_WITHIN} ORDER BY queued_at, id LIMIT 1)"
)
"""One period's row. In one query for all of them, each along the index `gallery_date`."""


def _periods(team: Team, spans: list[tuple[date, date]]) -> list[Period]:
    if not spans:
        return []
    adapt: Callable[[datetime], Any] = connection.ops.adapt_datetimefield_value
    parameters: list[Any] = []
    for place, (first, following) in enumerate(spans):
        within = [team.pk, adapt(moment(first)), adapt(moment(following))]
        parameters += [place, *within, COUNTED_A_PERIOD + 1, *within, *within]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([_PERIOD] * len(spans)), parameters)
        rows = cursor.fetchall()
    return [
        Period(
            first=spans[place][0],
            last=spans[place][1] - timedelta(days=1),
            number=min(number, COUNTED_A_PERIOD),
            exact=number <= COUNTED_A_PERIOD,
            newest=newest,
            oldest=oldest,
        )
        for place, number, newest, oldest in sorted(rows)
        if number
    ]
