"""What machines ask: is it alive, is it ready to work, and which part is not.

These answer whatever the host they are asked by, over http as over https, and without a session:
see `ForMachinesMiddleware`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from playground import pulse
from playground.keeping import vitals
from playground.pipeline import spool

OK = "ok"
NOT_ASKED = "not asked, since the database does not answer"


@never_cache
@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked: to end it would bring no database back."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 where every part is in order, otherwise 503; JSON says which part is not, and why.

    `?exclude=worker&exclude=queue` leaves parts out of the verdict.
    """
    found = parts()
    excluded = set(request.GET.getlist("exclude"))
    ready = all(said == OK for part, said in found.items() if part not in excluded)
    return JsonResponse({"ready": ready, "parts": found}, status=200 if ready else 503)


def parts() -> dict[str, str]:
    """Part → "ok", or what is wrong with it. No word of it is a secret."""
    database = _database()
    found = {"database": database}
    for part, ask in _OF_THE_DATABASE.items():
        found[part] = ask() if database == OK else NOT_ASKED
    return found | {part: ask() for part, ask in _OF_THE_REST.items()}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "it does not answer"
    return OK


class _Migrations:
    """Once they are all applied they stay so, for as long as this process runs."""

    def __init__(self) -> None:
        self.applied = False

    def __call__(self) -> str:
        if not self.applied:
            executor = MigrationExecutor(connection)
            self.applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return OK if self.applied else "some are not applied: manage.py prepare"


def _queue() -> str:
    if vitals.stands_still():
        return f"it stands still, for {vitals.queue_age().total_seconds():.0f} s"
    return OK


def _worker() -> str:
    return "none is at work, or the queue does not answer" if pulse.nobody_works() else OK


def _storage() -> str:
    data = Path(settings.DATA_DIR)
    folders = [each for each in (data, data / "pictures", spool.folder()) if each.exists()]
    writable = all(os.access(folder, os.W_OK | os.X_OK) for folder in folders)
    return OK if writable else "it cannot be written"


def _space() -> str:
    free = shutil.disk_usage(settings.DATA_DIR).free
    return OK if free >= spool.RESERVE_BYTES else f"{free // 2**20} MB are left"


migrations = _Migrations()
_OF_THE_DATABASE: dict[str, Callable[[], str]] = {"migrations": migrations, "queue": _queue}
_OF_THE_REST: dict[str, Callable[[], str]] = {
    "worker": _worker,
    "storage": _storage,
    "space": _space,
}
