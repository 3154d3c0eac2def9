"""How generations ended and how long they took, counted as they come: no look through all of them.

The tally is kept in the cache. Each time it is asked for, it goes on from the highest number that
it has seen, and looks again at what had not ended then. It begins with what comes after its first
time, and anew when the cache is emptied: whoever reads counters expects that.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.cache import cache
from django.utils import timezone

from ..models import PENDING, Generation, State
from .vitals import newest_id

KEY, LOCK = "tally-1", "tally-1-lock"
LOCK_SECONDS = 30
MOST_AT_ONCE = 10_000
"""Rows that are looked at each time, at most."""
BATCH = 500
MOST_OPEN = 20_000
"""Of what has not ended, so many are remembered: the newest."""
SETTLED = timedelta(seconds=10)
"""Numbers are given before they are committed, and a lower one may come to be seen later."""
BOUNDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0)
"""Seconds: the upper ends of the buckets."""
PARTS = ("waiting", "calling", "saving")


class Ended(NamedTuple):
    """What of a generation is counted."""

    pk: int
    upstream: str
    endpoint: str
    state: str
    queued_at: datetime
    sent_at: datetime | None
    received_at: datetime | None
    saved_at: datetime | None


@dataclass(slots=True)
class Histogram:
    """How many took how long."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    """By BOUNDS, each without the ones before it; the last one beyond all."""
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds


@dataclass(slots=True)
class Tally:
    through: int = 0
    """The highest number that was looked at."""
    open: set[int] = field(default_factory=set)
    """Those up to it that had not ended."""
    ended: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Upstream, endpoint and state → how many."""
    times: defaultdict[tuple[str, str, str], Histogram] = field(
        default_factory=lambda: defaultdict(Histogram)
    )
    """Upstream, endpoint and part → how long saved ones took."""

    def add(self, row: Ended) -> None:
        self.ended[row.upstream, row.endpoint, row.state] += 1
        if row.state != State.SAVED:
            return
        moments = (row.queued_at, row.sent_at, row.received_at, row.saved_at)
        for part, begun, done in zip(PARTS, moments[:-1], moments[1:], strict=True):
            if begun and done:
                seconds = max(0.0, (done - begun).total_seconds())
                self.times[row.upstream, row.endpoint, part].add(seconds)


def count() -> Tally:
    """The tally up to now; as it was a moment ago, where somebody else is at it."""
    if not cache.add(LOCK, True, LOCK_SECONDS):
        return _kept()
    try:
        tally = _kept()
        _go_on(tally)
        cache.set(KEY, tally, timeout=None)
        return tally
    finally:
        cache.delete(LOCK)


def _kept() -> Tally:
    kept = cache.get(KEY)
    return kept if isinstance(kept, Tally) else Tally(through=newest_id(), open=_pending())


def _pending() -> set[int]:
    # Sorted here: in that order SQLite would go through the whole table.
    pending = Generation.objects.pending().order_by().values_list("pk", flat=True)
    return set(sorted(pending)[-MOST_OPEN:])


def _go_on(tally: Tally) -> None:
    rows = Generation.objects.order_by("pk").values_list(*Ended._fields)
    settled = timezone.now() - SETTLED
    for row in map(Ended._make, rows.filter(pk__gt=tally.through)[:MOST_AT_ONCE]):
        if row.queued_at > settled:
            break
        tally.through = row.pk
        if row.state in PENDING:
            tally.open.add(row.pk)
        else:
            tally.add(row)
    still = _pending()
    done = sorted(tally.open - still)
    for start in range(0, len(done), BATCH):
        # Those that were deleted meanwhile are not among them.
        for row in map(Ended._make, rows.filter(pk__in=done[start : start + BATCH])):
            tally.add(row)
    tally.open &= still
