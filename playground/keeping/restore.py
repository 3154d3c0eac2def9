"""A backup back into an empty installation: all of it, or nothing.

The rows come in one transaction that ends when every file is in its place. Whatever fails before
leaves the installation as empty as it was.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.apps import apps
from django.apps.registry import Apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from accounts import encryption, rotation

from ..models import search_index
from ..pipeline import restoring, spool
from . import rows, store
from .archive import BadArchive, Member, read
from .backup import DATABASE, END, FORMAT, MANIFEST, PICTURES, SPOOL
from .names import Names
from .progress import Progress
from .snapshot import MADE_BY_MIGRATING, kept_models

logger = logging.getLogger(__name__)

ANSWER = re.compile(r"[0-9]+-[0-9]{8}T[0-9]{12}\.answer", re.ASCII)


class CannotRestore(Exception):
    """This backup cannot come into this installation. The message says why, and what to do."""


@dataclass(slots=True)
class Report:
    """What was restored."""

    rows: int = 0
    files: int = 0
    answers: int = 0
    missing: list[str] = field(default_factory=list)
    """Files that were missing when the backup was made."""
    ended: int = 0
    """Waiting generations that may have been sent since, and so are not sent again."""
    forgotten: int = 0
    """API keys and second factors that were erased, since no key at hand reads them."""


def restore(
    stream: BinaryIO,
    progress: Progress,
    *,
    send_waiting: bool = False,
    forget_unreadable: bool = False,
) -> Report:
    """Restore a backup. Raises CannotRestore or BadArchive, and nothing has changed then.

    `send_waiting`: what waited is sent, for when the installation that was backed up had been
    stopped before and never starts again.
    """
    members = read(stream)
    manifest = _manifest(members)
    _check_key(manifest, forget_unreadable=forget_unreadable)
    registry = _prepare_tables(manifest.migrations)
    _check_empty(registry)
    restoration = _Restoration(registry, manifest, progress)
    try:
        with transaction.atomic(durable=True):
            restoration.take(members)
            if not send_waiting:
                generations = registry.get_model("playground", "generation")
                restoration.report.ended = restoring.end_waiting(generations._base_manager)  # noqa: SLF001
            restoration.conclude()
            # The files are on the disk before the rows that name them.
            os.sync()
    # Whatever it was: with the rows gone, the files are nobody's.
    except BaseException:
        _remove_files()
        raise
    _bring_up_to_date()
    if forget_unreadable:
        restoration.report.forgotten = sum(
            counts.forgotten for counts in rotation.rotate(forget_unreadable=True)
        )
    progress.end()
    return restoration.report


@dataclass(frozen=True, slots=True)
class _Manifest:
    """What a backup says of itself at its beginning."""

    migrations: set[tuple[str, str]]
    encryption_keys: set[str]
    rows: dict[str, int]


def _manifest(members: Iterator[Member]) -> _Manifest:
    first = next(members, None)
    if first is None or first.name != MANIFEST:
        raise BadArchive("It is no backup of this application.")
    try:
        said = json.loads(first.content)
        written = said["format"]
        manifest = _Manifest(
            migrations={(str(app), str(name)) for app, name in said["migrations"]},
            encryption_keys={str(key) for key in said["encryption_keys"]},
            rows={str(label): int(number) for label, number in said["rows"].items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadArchive(f"Its {MANIFEST} cannot be read: {error!r}.") from error
    if written != FORMAT:
        raise BadArchive(f"It was written in format {written!r}; this version reads {FORMAT}.")
    return manifest


def _check_key(manifest: _Manifest, *, forget_unreadable: bool) -> None:
    lacking = manifest.encryption_keys - set(encryption.fingerprints())
    if lacking and not forget_unreadable:
        at_hand = ", ".join(encryption.fingerprints()) or "none"
        raise CannotRestore(
            "The API keys and second factors in this backup were encrypted with another key than "
            f"the one here. Needed: {', '.join(sorted(lacking))}; at hand: {at_hand}. Copy "
            f"{settings.API_KEY_ENCRYPTION_KEYS_FILE.name} from the installation that was backed "
            f"up into {settings.API_KEY_ENCRYPTION_KEYS_FILE.parent}, or set "
            "API_KEY_ENCRYPTION_KEYS to the keys it used, and restore again. If that key is lost "
            "for good, --forget-unreadable restores all but those secrets: teams then add their "
            "API keys again, and people their authenticator apps."
        )


def _prepare_tables(wanted: set[tuple[str, str]]) -> Apps:
    """Have the tables that the backup was made from; gives the models that they are."""
    executor = MigrationExecutor(connection)
    unknown = wanted - set(executor.loader.disk_migrations)
    if unknown:
        names = ", ".join(f"{app}.{name}" for app, name in sorted(unknown))
        raise CannotRestore(
            f"The backup was made by another version of the application, with migrations that this "
            f"one does not have ({names}). Restore it with that version, then upgrade."
        )
    # Squashed ones change nothing of the tables, and are applied or not by what they replace.
    squashed = set(executor.loader.replacements)
    there = set(executor.loader.applied_migrations) - squashed
    wanted = wanted - squashed
    if there and there != wanted:
        raise CannotRestore(
            "The backup was made by another version than the one that made this database. Give it "
            f"a database without tables: {_how_to_get_one()} Restoring makes the tables."
        )
    if wanted == set(executor.loader.disk_migrations) - squashed:
        executor.migrate(executor.loader.graph.leaf_nodes())
        return apps
    # Only one by one do migrations lead to what an earlier version had.
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    if not there:
        leaves = [node for node in wanted if not _children_of(node, executor) & wanted]
        executor.migrate(sorted(leaves))
    registry: Apps = executor.loader.project_state(list(wanted)).apps
    return registry


def _children_of(node: tuple[str, str], executor: MigrationExecutor) -> set[tuple[str, str]]:
    children = executor.loader.graph.node_map[node].children
    return {child.key for child in children if child.key[0] == node[0]}


def _how_to_get_one() -> str:
    if connection.vendor == "sqlite":
        return f"remove {connection.settings_dict['NAME']}."
    return "make a new one, and name it in DATABASE_URL."


def _check_empty(registry: Apps) -> None:
    found = [
        f"{number} in {label}"
        for label, model in kept_models(registry).items()
        if label not in MADE_BY_MIGRATING and (number := model._base_manager.count())  # noqa: SLF001
    ]
    if found:
        raise CannotRestore(
            f"This installation is not empty ({', '.join(found)}), and a backup is restored into "
            "an empty one only, so that nothing is mixed up or lost. Choose another DATA_DIR and "
            "DATABASE_URL for it."
        )
    name = next(store.names(), None) or next(iter(spool.kept()), None)
    if name is not None:
        raise CannotRestore(
            f"There are no rows here, but there are files ({name} and perhaps more). Where they "
            "are left over from a restoration that was interrupted, remove them; otherwise choose "
            "another DATA_DIR."
        )


class _Restoration:
    """Takes members in; knows what there has to be in the end."""

    def __init__(self, registry: Apps, manifest: _Manifest, progress: Progress) -> None:
        self.report = Report()
        self._models = kept_models(registry)
        self._generation = self._models["playground.generation"]
        self._current = registry is apps
        self._manifest = manifest
        self._progress = progress
        self._counts = dict.fromkeys(self._models, 0)
        self._end: dict[str, Any] | None = None

    def take(self, members: Iterator[Member]) -> None:
        """Take all of them in. Raises BadArchive."""
        search_index.unwatch(connection)
        self._drop_indexes()
        for label in sorted(MADE_BY_MIGRATING, reverse=True):
            self._models[label]._base_manager.all().delete()  # noqa: SLF001
        folders: dict[str, Callable[[str, bytes], None]] = {
            DATABASE: self._take_rows,
            SPOOL: self._take_answer,
            PICTURES: self._take_picture,
        }
        self._progress.begin("Database", sum(self._manifest.rows.values()))
        for member in members:
            folder, _, name = member.name.partition("/")
            if folder in folders and self._end is None:
                folders[folder](name, member.content)
            elif member.name == END and self._end is None:
                self._end = json.loads(member.content)
            else:
                raise BadArchive(f"It holds {member.name!r}, which no backup holds there.")

    def conclude(self) -> None:
        """Check that all is there, and make what the database makes by itself."""
        self._check_whole()
        connection.check_constraints()
        reset = connection.ops.sequence_reset_sql(no_style(), list(self._models.values()))
        with connection.cursor() as cursor:
            for statement in reset:
                cursor.execute(statement)
        self._make_indexes()
        if self._current:
            search_index.make(connection)

    def _drop_indexes(self) -> None:
        """Those of the largest table: making them at the end takes a fraction of the time."""
        with connection.cursor() as cursor:
            for index in self._generation._meta.indexes:  # noqa: SLF001
                cursor.execute(f"DROP INDEX {connection.ops.quote_name(index.name)}")

    def _make_indexes(self) -> None:
        # The editor is not entered, so that what it words is part of the transaction.
        editor = connection.schema_editor()
        with connection.cursor() as cursor:
            for index in self._generation._meta.indexes:  # noqa: SLF001
                cursor.execute(str(index.create_sql(self._generation, editor)))

    def _check_whole(self) -> None:
        if self._end is None:
            raise BadArchive("It is cut off: its end is missing.")
        if any(self._manifest.rows.get(label, 0) != n for label, n in self._counts.items()):
            raise BadArchive("It is not whole: rows are missing in it.")
        written = (self._end["rows"], self._end["files"], self._end["answers"])
        if written != (self.report.rows, self.report.files, self.report.answers):
            raise BadArchive("It is not whole: files are missing in it.")
        self.report.missing = list(self._end["missing"]) + list(self._end["unreadable"])

    def _take_rows(self, name: str, content: bytes) -> None:
        label = name.partition("/")[0]
        if label not in self._models:
            raise BadArchive(f"It holds rows of {label}, which this application does not have.")
        try:
            number = rows.load(self._models[label], content)
        except DatabaseError as error:
            raise BadArchive(f"Rows of {label} in it cannot be written: {error}") from error
        self._counts[label] += number
        self.report.rows += number
        self._progress.step(number)

    def _take_answer(self, name: str, content: bytes) -> None:
        if not ANSWER.fullmatch(name):
            raise BadArchive(f"It holds an answer called {name!r}, as no answer is.")
        spool.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        spool.write(spool.folder() / name, content)
        self.report.answers += 1

    def _take_picture(self, name: str, content: bytes) -> None:
        try:
            stored = store.pictures().save(name, ContentFile(content))
        except SuspiciousFileOperation as error:
            raise BadArchive(f"A file in it cannot be stored: {error}") from error
        if stored != name:
            raise BadArchive(f"It holds {name} twice, or under a name that cannot be stored.")
        self.report.files += 1


def _remove_files() -> None:
    with Names() as found:
        found.add(store.names())
        for name in found:
            store.pictures().delete(name)
    for path in spool.kept():
        spool.remove(path)


def _bring_up_to_date() -> None:
    """Migrate what an earlier version wrote, and make what is made after migrating."""
    behind = MigrationExecutor(connection)
    if behind.migration_plan(behind.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
        search_index.make(connection)
    search_index.watch(connection)
    ContentType.objects.clear_cache()
