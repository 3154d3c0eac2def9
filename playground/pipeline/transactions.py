"""Short transactions: tried again where they meet others, and one at a time for a team."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

from accounts.models import Team

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 6
"""Of a transaction that meets another one; SQLite has waited for its time-out each time."""


def transaction_again(step: Callable[P, R]) -> Callable[P, R]:
    """Run a step in a transaction, again where another one got in its way. Never the call itself.

    SQLite says "database is locked", PostgreSQL reports deadlocks and lost connections.
    """

    @wraps(step)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for tried in itertools.count(1):
            try:
                # Inside somebody's transaction there is nothing to go back to but its beginning.
                with _turn(), transaction.atomic(savepoint=False):
                    return step(*args, **kwargs)
            except OperationalError:
                # Inside somebody's transaction it is theirs to begin again.
                if tried == TRIES or connection.in_atomic_block:
                    raise
                connection.close()
                time.sleep(random.uniform(0.01, 0.05) * tried)  # noqa: S311 (a delay, no secret)
        raise AssertionError  # pragma: no cover (for ever is for ever)

    return run


_only_writer = threading.RLock()


def _turn() -> AbstractContextManager[object]:
    """Let this process's threads write to SQLite one after the other.

    SQLite lets them sleep for up to 100 ms at a time, whether or not the lock is still held.
    """
    alone = connection.vendor == "sqlite" and not connection.in_atomic_block
    return _only_writer if alone else nullcontext()


def lock(team_id: int) -> None:
    """Let one transaction at a time decide what of a team runs; SQLite does so anyway."""
    if connection.features.has_select_for_update:
        list(Team.objects.select_for_update(no_key=True).filter(pk=team_id).values_list("pk"))


def release_connection() -> None:
    """Give the database connection back while somebody else's server works.

    Unless it is to be kept open anyway, as SQLite's is.
    """
    connection.close_if_unusable_or_obsolete()
