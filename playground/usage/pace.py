"""How long pictures take: waiting, at the API and saving, beside the week before and the usual."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

from django.utils import timezone

from accounts.models import Team

from ..imagepig.endpoints import TABLE
from ..models import Generation, GenerationQuerySet, State, Upstream

NEWEST = 1000
"""Pictures of a week that are looked at: the newest ones."""
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
LATEST = 200
AT_LEAST = 3
"""Pictures of the last hour, and before it, that say anything."""
SLOW_FROM = 1.5
"""Times the usual from which on it is worth saying."""

Row = tuple[str, datetime, datetime, datetime, datetime]
"""Endpoint key; queued, sent, received, saved."""


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds: half of the pictures took at most `median`, all but a twentieth at most `p95`."""

    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Pace:
    """The times of one endpoint in the last seven days."""

    name: str
    pictures: int
    waiting: Span
    api: Span
    saving: Span
    total: Span
    """From the click to the saved picture."""
    usual: str
    """As the API's documentation says."""
    before: float | None
    """The median at the API in the seven days before; None where there were no pictures."""

    @property
    def spans(self) -> tuple[Span, Span, Span]:
        """In the order in which they pass."""
        return self.waiting, self.api, self.saving

    @property
    def change(self) -> str:
        """Against the week before: "12 % slower"; "" where it is about the same."""
        if not self.before:
            return ""
        percent = round(100 * (self.api.median / self.before - 1))
        if abs(percent) < 5:
            return ""
        return f"{abs(percent)} % {'slower' if percent > 0 else 'faster'}"


@dataclass(frozen=True, slots=True)
class Slow:
    """An endpoint that is slower now than it usually is; seconds."""

    name: str
    now: float
    usual: float


def week_of(team: Team, *, weeks_ago: int = 0) -> list[Row]:
    """The newest pictures from Image Pig in seven days that ended so many weeks ago."""
    before = timezone.now() - weeks_ago * WEEK
    return _rows(team, before - WEEK, before)


def paces_of(this_week: Iterable[Row], last_week: Iterable[Row]) -> list[Pace]:
    """Each endpoint's times, in the order of the table."""
    present, past = _by_endpoint(this_week), _by_endpoint(last_week)
    return [
        Pace(
            name=entry.label,
            pictures=len(present[key]),
            waiting=_span(present[key], lambda row: (row[1], row[2])),
            api=_span(present[key], lambda row: (row[2], row[3])),
            saving=_span(present[key], lambda row: (row[3], row[4])),
            total=_span(present[key], lambda row: (row[1], row[4])),
            usual=entry.usual_time,
            before=median(map(_api_seconds, past[key])) if past[key] else None,
        )
        for key, entry in TABLE.items()
        if present[key]
    ]


def slow_now(pictures: Iterable[Row]) -> list[Slow]:
    """The endpoints whose median of the last hour is well above that of the pictures before."""
    an_hour_ago = timezone.now() - HOUR
    late: dict[str, list[float]] = defaultdict(list)
    early: dict[str, list[float]] = defaultdict(list)
    for row in pictures:
        times = late if row[3] >= an_hour_ago else early
        times[row[0]].append(_api_seconds(row))
    return [
        Slow(entry.label, median(late[key]), median(early[key]))
        for key, entry in TABLE.items()
        if min(len(late[key]), len(early[key])) >= AT_LEAST
        and median(late[key]) >= SLOW_FROM * median(early[key])
    ]


def latest_of(team: Team) -> list[Row]:
    """The team's latest pictures from Image Pig, few enough for every page.

    Where the last hour alone has as many, as many from before it are among them.
    """
    made = _made(team)
    latest = _read(made.order_by("-pk"), LATEST)
    an_hour_ago = timezone.now() - HOUR
    if len(latest) == LATEST and latest[-1][1] > an_hour_ago:
        earlier = made.filter(queued_at__lte=an_hour_ago)
        latest += _read(earlier.order_by("-queued_at", "-pk"), LATEST)
    return latest


def _api_seconds(row: Row) -> float:
    # A clock that was set back meanwhile tells nothing.
    return max(0.0, (row[3] - row[2]).total_seconds())


def _rows(team: Team, after: datetime, before: datetime) -> list[Row]:
    """The newest pictures of a time, in the order that an index has."""
    pictures = _made(team).filter(queued_at__gt=after, queued_at__lte=before)
    return _read(pictures.order_by("-queued_at", "-pk"), NEWEST)


def _made(team: Team) -> GenerationQuerySet:
    return Generation.objects.filter(
        team=team, state=State.SAVED, deleted_at=None, upstream=Upstream.IMAGEPIG
    )


def _read(pictures: GenerationQuerySet, most: int) -> list[Row]:
    rows = pictures.values_list("endpoint", "queued_at", "sent_at", "received_at", "saved_at")
    return [
        (endpoint, queued_at, sent_at, received_at, saved_at)
        for endpoint, queued_at, sent_at, received_at, saved_at in rows[:most]
        if sent_at and received_at and saved_at
    ]


def _by_endpoint(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def _span(rows: Sequence[Row], ends: Callable[[Row], tuple[datetime, datetime]]) -> Span:
    seconds = [max(0.0, (end - begin).total_seconds()) for begin, end in map(ends, rows)]
    if len(seconds) == 1:
        return Span(seconds[0], seconds[0])
    return Span(median(seconds), quantiles(seconds, n=20, method="inclusive")[-1])
