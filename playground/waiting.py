"""How a finished picture reaches a waiting page: one watcher a process, for all who wait.

A page with pending cards makes one request that is held until one of them changes, or for
HOLD_SECONDS. However many pages wait, the database is asked once in INTERVAL_SECONDS; SQLite only
when somebody has written to it since.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db import Error as AnyDatabaseError
from django.db import connection

from .models import Generation

INTERVAL_SECONDS = 0.02
SQLITE_INTERVAL_SECONDS = 0.003
HOLD_SECONDS = 8.0

logger = logging.getLogger(__name__)

Revisions = Mapping[int, int]
"""Generation id → the revision that the page shows."""


@dataclass(eq=False)
class Waiter:
    seen: Revisions
    changed: threading.Event = field(default_factory=threading.Event)


class Watcher:
    """Watches the revisions that pages wait for, from one thread that ends when nobody waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._waiters: set[Waiter] = set()
        self._running = False

    def wait(self, seen: Revisions, *, seconds: float) -> bool:
        """Wait until one of the generations is no longer as `seen`. False if none is by then."""
        waiter = Waiter(seen)
        with self._lock:
            self._waiters.add(waiter)
            if not self._running:
                self._running = True
                threading.Thread(target=self._watch, name="watcher", daemon=True).start()
        try:
            return waiter.changed.wait(seconds)
        finally:
            with self._lock:
                self._waiters.discard(waiter)
                if not self._waiters:
                    self._wake.set()

    def _watch(self) -> None:
        sqlite = connection.vendor == "sqlite"
        interval = SQLITE_INTERVAL_SECONDS if sqlite else INTERVAL_SECONDS
        looked_at: tuple[int | None, list[Waiter]] = (None, [])
        try:
            while waiters := self._waiting():
                version = self._version()
                if version is None or looked_at != (version, waiters):
                    self._look(waiters)
                looked_at = (version, waiters)
                self._wake.wait(interval)
        finally:
            connection.close()

    def _version(self) -> int | None:
        """A number that is another one whenever somebody else has written; None: nobody knows."""
        if connection.vendor != "sqlite":
            return None
        try:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA data_version")
                return int(cursor.fetchone()[0])
        except AnyDatabaseError:
            logger.exception("the watcher could not ask the database")
            connection.close()
            return None

    def _waiting(self) -> list[Waiter]:
        with self._lock:
            self._wake.clear()
            self._running = bool(self._waiters)
            return list(self._waiters)

    def _look(self, waiters: list[Waiter]) -> None:
        wanted = {number for waiter in waiters for number in waiter.seen}
        try:
            current = current_revisions(wanted)
        except AnyDatabaseError:
            # The pages ask again themselves, and show what is wrong if it still is.
            logger.exception("the watcher could not ask the database")
            # A connection that broke would stay broken for as long as anybody waits.
            connection.close()
            current = {}
        for waiter in waiters:
            if any(current.get(number) != revision for number, revision in waiter.seen.items()):
                waiter.changed.set()


def current_revisions(wanted: Collection[int]) -> dict[int, int]:
    return dict(Generation.objects.filter(pk__in=wanted).values_list("pk", "revision"))


_watcher = Watcher()
_places = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 2))
"""At most half of the threads may wait: the others serve pages."""


def wait_for_change(seen: Revisions) -> bool:
    """Wait until a generation is no longer as `seen`. False: none is yet, or no place was free."""
    if not _places.acquire(blocking=False):
        return False
    try:
        return _watcher.wait(seen, seconds=HOLD_SECONDS)
    finally:
        _places.release()
