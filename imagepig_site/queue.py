"""The queue: Redis where there is one, otherwise a file of SQLite."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .bell import Bell


def make_queue(redis_url: str, folder: Path) -> Any:
    """The Huey instance that carries generations from the pages to the worker.

    An instance, not a dictionary of settings: that form takes `immediate` from DEBUG and would run
    the calls inside the request. No results: the generations' rows are the truth.
    """
    if redis_url:
        from huey import PriorityRedisHuey

        return PriorityRedisHuey("imagepig", url=redis_url, results=False)
    with _hidden("redis", "psycopg"):
        from huey import Huey
        from huey.storage import SqliteStorage

    bell = make_bell(folder)

    class QueueFile(SqliteStorage):  # type: ignore[misc]
        """Waits for no disk. What a power cut takes from the queue, the rows still tell."""

        def enqueue(self, data: bytes, priority: float | None = None) -> None:
            super().enqueue(data, priority)
            bell.ring()

        def _create_connection(self) -> sqlite3.Connection:
            made: sqlite3.Connection = super()._create_connection()
            made.execute("PRAGMA synchronous=NORMAL")
            return made

    # Never the database's own file: each would wait for the other's write lock.
    filename = str(folder / "queue.sqlite3")
    return Huey("imagepig", storage_class=QueueFile, filename=filename, results=False, timeout=20)


def make_bell(folder: Path) -> Bell:
    """What is rung when a task has come into the queue's file."""
    return Bell(folder / "queue.bell")


def queue_errors(redis_url: str) -> tuple[type[Exception], ...]:
    """What is raised while the queue is away."""
    if redis_url:
        from redis.exceptions import RedisError

        return (RedisError, OSError)
    return (sqlite3.Error, OSError)


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Import as if these modules were not installed.

    Huey imports the clients of all the stores it knows, whichever is used. These two would cost
    every process 30 MB and half a second.
    """
    missing = [name for name in names if name not in sys.modules]
    # This makes `import` raise ImportError, which Huey expects.
    sys.modules.update(dict.fromkeys(missing))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]
