"""The database as it was at one moment, while others go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.apps.registry import Apps
from django.db import connection, models, transaction

LEFT_OUT = frozenset(
    {
        # What would let whoever holds the file in: people sign in again.
        "sessions.session",
        "usersessions.usersession",
        "account.emailconfirmation",
    }
)
MADE_BY_MIGRATING = frozenset({"contenttypes.contenttype", "auth.permission"})
"""Tables that are not empty in an empty installation."""


@contextmanager
def snapshot() -> Iterator[None]:
    """Within this, the connection reads what was committed before it, and nothing that comes later.

    It must not be inside a transaction, and nobody waits for it: it takes no lock.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Django's own transactions take the write lock as they begin.
            cursor.execute("BEGIN DEFERRED")
            try:
                # It is the first read that fixes the moment.
                cursor.execute("SELECT count(*) FROM django_migrations")
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT count(*) FROM django_migrations")
            yield


def kept_models(registry: Apps = apps) -> dict[str, type[models.Model]]:
    """Label → model of every table that a backup holds, those between many and many too."""
    every = registry.get_models(include_auto_created=True)
    return {
        model._meta.label_lower: model  # noqa: SLF001 (Django documents it)
        for model in every
        if model._meta.managed  # noqa: SLF001
        and not model._meta.proxy  # noqa: SLF001
        and model._meta.label_lower not in LEFT_OUT  # noqa: SLF001
    }
