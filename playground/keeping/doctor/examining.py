"""One examination, from what the rest stands on to the last file."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, connection

from ..progress import Progress
from . import surroundings
from .files import files
from .findings import Finding, Kind
from .secrets import secrets
from .states import states


def examine(progress: Progress, *, fix: bool = False, deep: bool = False) -> Iterator[Finding]:
    """All that is wrong. `fix` mends what can be mended without losing anything.

    `deep` reads every picture and compares its SHA-256. Memory does not grow with the gallery.
    """
    try:
        connection.ensure_connection()
        another_version = list(surroundings.migrations())
    except DatabaseError as error:
        yield Finding(Kind.DATABASE_AWAY, str(error).strip())
        return
    yield from another_version
    yield from surroundings.folders()
    yield from surroundings.rights(fix=fix)
    no_queue = list(surroundings.queue())
    yield from no_queue
    # Its tables are not the ones that this version reads.
    if another_version:
        return
    yield from secrets()
    if not no_queue:
        yield from states(fix=fix)
    yield from files(progress, fix=fix, deep=deep)
