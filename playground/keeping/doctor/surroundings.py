"""What the application stands on: database, queue, folders, free space."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from ... import tasks
from ...pipeline import spool
from .findings import Finding, Kind

SECRETS = ("secret_key", "api_key_encryption_keys")
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


def migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    loader = executor.loader
    for migration, _ in executor.migration_plan(loader.graph.leaf_nodes()):
        yield Finding(Kind.BEHIND, f"{migration.app_label}.{migration.name}")
    apps = loader.migrated_apps
    known = set(loader.disk_migrations)
    for app, name in sorted(set(loader.applied_migrations) - known):
        if app in apps:
            yield Finding(Kind.AHEAD, f"{app}.{name}")


def queue() -> Iterator[Finding]:
    try:
        tasks.queued_ids()
    except settings.QUEUE_ERRORS as error:
        yield Finding(Kind.QUEUE_AWAY, str(error) or type(error).__name__)


def folders() -> Iterator[Finding]:
    """The folders that are written to, and the disk that they are on."""
    spool.folder().mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    written = (Path(settings.DATA_DIR), spool.folder(), Path(settings.DATA_DIR) / "pictures")
    for folder in written:
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            yield Finding(Kind.NOT_WRITABLE, str(folder))
    free = shutil.disk_usage(spool.folder()).free
    if free < spool.RESERVE_BYTES:
        megabytes = free // 2**20, spool.RESERVE_BYTES // 2**20
        yield Finding(Kind.NO_SPACE, "{} MB of at least {} MB".format(*megabytes))


def rights(*, fix: bool) -> Iterator[Finding]:
    """Whether other users of the machine can read what they should not."""
    data = Path(settings.DATA_DIR)
    for path in (data, *(data / name for name in SECRETS)):
        if not path.exists():
            continue
        mode = path.stat().st_mode
        if not mode & 0o077:
            continue
        if fix:
            path.chmod(PRIVATE_FOLDER if stat.S_ISDIR(mode) else PRIVATE_FILE)
        yield Finding(Kind.OPEN_TO_OTHERS, f"{path} ({stat.filemode(mode)})", mended=fix)
