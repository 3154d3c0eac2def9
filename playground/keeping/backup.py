"""All of an installation in one file, while it goes on working.

First the database as it is at one moment, then the files that its rows name. What comes later is
not in it; of what is deleted meanwhile the report says that it is missing.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from accounts import encryption
from imagepig_site.version import version

from ..models import PENDING, Generation, State
from ..pipeline import spool
from . import rows
from .archive import Writer
from .names import Names
from .progress import Progress
from .snapshot import kept_models, snapshot
from .store import FILES, pictures

logger = logging.getLogger(__name__)

FORMAT = 1
MANIFEST, END = "manifest.json", "end.json"
DATABASE, PICTURES, SPOOL = "database", "pictures", "spool"
"""The folders in the archive."""
SNAPSHOT_TRIES = 5
LISTED = 1000
"""So many missing files are named."""


@dataclass(slots=True)
class Report:
    """What is in a backup."""

    rows: int = 0
    files: int = 0
    answers: int = 0
    missing: list[str] = field(default_factory=list)
    """Files that rows name and that were not there, the first of them."""
    unreadable: list[str] = field(default_factory=list)
    """Files that are there and could not be read."""
    secrets_unreadable: int = 0
    """Stored API keys and second factors that no key at hand decrypts."""


def write(stream: BinaryIO, progress: Progress) -> Report:
    """Write a backup. Raises OSError where the stream takes no more, DatabaseError."""
    report = Report()
    with Writer(stream) as archive, Names() as names:
        with _answers_and_snapshot() as answers:
            _write_database(archive, report, names, progress)
            _write_answers(archive, report, answers)
        _write_pictures(archive, report, names, progress)
        end = {
            "rows": report.rows,
            "files": report.files,
            "answers": report.answers,
            "missing": report.missing,
            "unreadable": report.unreadable,
        }
        archive.add(END, _json(end))
    progress.end()
    return report


@contextmanager
def _answers_and_snapshot() -> Iterator[Path]:
    """A snapshot, and a folder with the answers on disk that its rows need.

    A saved picture's answer is removed, so each is held fast by a second name: before the snapshot
    and once more within it. What came and went in between makes it begin again.
    """
    spool.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=spool.folder(), prefix="backup-") as name:
        folder = Path(name)
        for tried in range(1, SNAPSHOT_TRIES + 1):
            _hold_answers(folder)
            with snapshot():
                _hold_answers(folder)
                if tried == SNAPSHOT_TRIES or not _lacking(folder):
                    yield folder
                    return


def _hold_answers(folder: Path) -> None:
    for path in spool.folder().glob("*.answer"):
        # Held already, or saved and gone.
        with suppress(FileExistsError, FileNotFoundError):
            try:
                os.link(path, folder / path.name)
            except (PermissionError, NotImplementedError):
                shutil.copyfile(path, folder / path.name)


def _lacking(folder: Path) -> bool:
    received = Generation.objects.pending().filter(state=State.RECEIVED).only("sent_at")
    return any(not (folder / spool.path_of(each).name).exists() for each in received)


def _write_database(archive: Writer, report: Report, names: Names, progress: Progress) -> None:
    tables = kept_models()
    counts = {label: model._base_manager.count() for label, model in tables.items()}  # noqa: SLF001
    needed, report.secrets_unreadable = encryption.fingerprints_needed()
    manifest = {
        "format": FORMAT,
        "made_by": f"imagepig-playground {version()}",
        "made_at": timezone.now().isoformat(),
        "database": connection.vendor,
        "migrations": sorted(MigrationRecorder(connection).applied_migrations()),
        "encryption_keys": sorted(needed),
        "rows": counts,
    }
    archive.add(MANIFEST, _json(manifest))
    progress.begin("Database", sum(counts.values()))
    for label, model in tables.items():
        for number, chunk in enumerate(rows.chunks(model), start=1):
            archive.add(f"{DATABASE}/{label}/{number:06}.jsonl.gz", chunk.content)
            if issubclass(model, Generation):
                _note_files(chunk, names)
            report.rows += len(chunk.rows)
            progress.step(len(chunk.rows))


def _note_files(chunk: rows.Chunk, names: Names) -> None:
    places = [chunk.names.index(name) for name in FILES]
    names.add(row[place] for row in chunk.rows for place in places)


def _write_answers(archive: Writer, report: Report, folder: Path) -> None:
    """The answers that are not saved yet, or of a call that was given up."""
    kept = {path.name: path for path in folder.iterdir()}
    numbers = {int(name.partition("-")[0]) for name in kept}
    wanted: models.QuerySet[Generation] = Generation.objects.filter(
        pk__in=numbers, state__in=(*PENDING, State.UNKNOWN), sent_at__isnull=False
    )
    for generation in wanted.only("sent_at"):
        name = spool.path_of(generation).name
        if name in kept:
            archive.add(f"{SPOOL}/{name}", kept[name].read_bytes())
            report.answers += 1


def _write_pictures(archive: Writer, report: Report, names: Names, progress: Progress) -> None:
    progress.begin("Files", len(names))
    storage = pictures()
    for name in names:
        progress.step()
        try:
            with storage.open(name) as file:
                content = file.read()
        except FileNotFoundError:
            _note(report.missing, name)
        # One that cannot be read is no reason to have no backup of all the others.
        except OSError as error:
            logger.warning("%s cannot be read: %s", name, error)
            _note(report.unreadable, name)
        else:
            archive.add(f"{PICTURES}/{name}", content)
            report.files += 1


def _note(names: list[str], name: str) -> None:
    if len(names) < LISTED:
        names.append(name)


def _json(content: object) -> bytes:
    return json.dumps(content, indent=1, ensure_ascii=False).encode()
