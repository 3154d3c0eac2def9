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
from ..models import Generation, State, Upstream

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


def paces_of(team: Team) -> list[Pace]:
    """Each endpoint's times at Image Pig, in the order of the table."""
    now = timezone.now()
    this_week = _by_endpoint(_rows(team, now - WEEK, now))
    last_week = _by_endpoint(_rows(team, now - 2 * WEEK, now - WEEK))
    return [
        Pace(
            name=entry.label,
            pictures=len(this_week[key]),
            waiting=_span(this_week[key], lambda row: (row[1], row[2])),
            api=_span(this_week[key], lambda row: (row[2], row[3])),
            saving=_span(this_week[key], lambda row: (row[3], row[4])),
            usual=entry.usual_time,
            before=_span(last_week[key], lambda row: (row[2], row[3])).median
            if last_week[key]
            else None,
        )
        for key, entry in TABLE.items()
        if this_week[key]
    ]


def slow_now(team: Team | int) -> list[Slow]:
    """The endpoints whose median of the last hour is well above that of the pictures before."""
    latest = (
        Generation.objects.filter(team=team, state=State.SAVED, deleted_at=None)
        .order_by("-pk")
        .values_list("upstream", "endpoint", "sent_at", "received_at")[:LATEST]
    )
    an_hour_ago = timezone.now() - HOUR
    late: dict[str, list[float]] = defaultdict(list)
    early: dict[str, list[float]] = defaultdict(list)
    for upstream, endpoint, sent_at, received_at in latest:
        if upstream == Upstream.IMAGEPIG and sent_at and received_at:
            times = late if received_at >= an_hour_ago else early
            times[endpoint].append((received_at - sent_at).total_seconds())
    return [
        Slow(TABLE[key].label, median(late[key]), median(early[key]))
        for key in late
        if key in TABLE
        and min(len(late[key]), len(early[key])) >= AT_LEAST
        and median(late[key]) >= SLOW_FROM * median(early[key])
    ]


def _rows(team: Team, after: datetime, before: datetime) -> list[Row]:
    """The newest pictures of a time, in the order that an index has."""
    pictures = Generation.objects.filter(
        team=team,
        state=State.SAVED,
        deleted_at=None,
        queued_at__gt=after,
        queued_at__lte=before,
    )
    newest = pictures.order_by("-queued_at", "-pk").values_list(
        "upstream", "endpoint", "queued_at", "sent_at", "received_at", "saved_at"
    )
    return [
        (endpoint, queued_at, sent_at, received_at, saved_at)
        for upstream, endpoint, queued_at, sent_at, received_at, saved_at in newest[:NEWEST]
        if upstream == Upstream.IMAGEPIG and sent_at and received_at and saved_at
    ]


def _by_endpoint(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def _span(rows: Sequence[Row], ends: Callable[[Row], tuple[datetime, datetime]]) -> Span:
    # A clock that was set back meanwhile tells nothing.
    seconds = [max(0.0, (end - begin).total_seconds()) for begin, end in map(ends, rows)]
    if len(seconds) == 1:
        return Span(seconds[0], seconds[0])
    return Span(median(seconds), quantiles(seconds, n=20, method="inclusive")[-1])
