"""`manage.py prepare`: what has to be in place before the servers start. Quiet where it is."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from accounts.encryption import EncryptionKeyProblem, check_start

STAMP = "static.sha256"
"""In DATA_DIR: which static files were collected last."""


class Command(BaseCommand):
    help = "Brings database, cache, encryption key and static files up to date."
    # The checks run where they can be acted on: in `make check`.
    requires_system_checks: list[str] = []  # noqa: RUF012

    def handle(self, *args: Any, **options: Any) -> None:
        # One connection outside the pool, so that a database that is away is said at once.
        connection.settings_dict["OPTIONS"].pop("pool", None)
        try:
            self._migrate()
            call_command("createcachetable", verbosity=0)
            check_start()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from None
        except DatabaseError as error:
            raise CommandError(f"The database could not be prepared: {error}") from error
        except EncryptionKeyProblem as error:
            raise CommandError(str(error)) from None
        self._collect_static()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            call_command("migrate", verbosity=0, interactive=False)

    def _collect_static(self) -> None:
        """Collect them where one was added, changed or removed since the last time."""
        stamp = settings.DATA_DIR / STAMP
        wanted = fingerprint()
        if stamp.exists() and stamp.read_text() == wanted and settings.STATIC_ROOT.is_dir():
            return
        self.stdout.write("Collecting the static files …")
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(wanted)


def fingerprint() -> str:
    """SHA-256 over name, size and time of change of every static file, and what treats them."""
    digest = hashlib.sha256(f"{version('django')} {version('whitenoise')}".encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
