"""The pictures' storage against the rows that name its files."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from ...models import Generation
from ...pictures import DamagedPicture, read_picture
from .. import store
from ..names import Names
from ..progress import Progress
from .findings import Finding, Kind

BATCH = 1000
YOUNG_SECONDS = 3600
"""A file is stored before its row tells of it."""
LOST_AND_FOUND = "lost+found"


class Row(NamedTuple):
    """What a generation says of its files."""

    pk: int
    file: str
    thumbnail: str
    kept_answer: str
    bytes: int | None
    sha256: str


def files(progress: Progress, *, fix: bool, deep: bool) -> Iterator[Finding]:
    """All files: those that rows name, then those that none does."""
    with Names() as names:
        progress.begin("Pictures", Generation.objects.count())
        for batch in _batches():
            names.add(name for row in batch for name in row[1:4])
            for row in batch:
                yield from _of_row(row, fix=fix, deep=deep)
            progress.step(len(batch))
        progress.begin("Files", len(names))
        for name in store.names():
            progress.step()
            if name not in names and _is_old(name):
                if fix:
                    _put_aside(name)
                yield Finding(Kind.SURPLUS_FILE, name, mended=fix)
    progress.end()


def _batches() -> Iterator[list[Row]]:
    """All generations by their key, some at a time."""
    last = 0
    rows = Generation.objects.order_by("pk").values_list(*Row._fields)
    while batch := [Row(*values) for values in rows.filter(pk__gt=last)[:BATCH]]:
        yield batch
        last = batch[-1].pk


def _of_row(row: Row, *, fix: bool, deep: bool) -> Iterator[Finding]:
    original: Finding | None = None
    if row.file and (original := _original(row, deep=deep)):
        yield original
    if row.thumbnail and (problem := _missing(row, row.thumbnail, Kind.MISSING_THUMBNAIL)):
        mended = fix and original is None and _make_thumbnail(row)
        yield Finding(problem.kind, problem.subject, mended=mended)
    if row.kept_answer and (problem := _missing(row, row.kept_answer, Kind.MISSING_ANSWER)):
        yield problem


def _original(row: Row, *, deep: bool) -> Finding | None:
    problem = _missing(row, row.file, Kind.MISSING_ORIGINAL)
    if problem is not None:
        return problem
    storage, subject = store.pictures(), f"picture {row.pk}: {row.file}"
    try:
        if row.bytes is not None and (size := storage.size(row.file)) != row.bytes:
            return Finding(Kind.CHANGED_FILE, f"{subject} has {size} bytes, not {row.bytes}")
        if not deep:
            return None
        with storage.open(row.file) as file:
            found = hashlib.sha256(file.read()).hexdigest()
    except OSError as error:
        return Finding(Kind.UNREADABLE_FILE, f"{subject}: {error.strerror or error}")
    if found != row.sha256:
        return Finding(Kind.CHANGED_FILE, f"{subject} has another SHA-256")
    return None


def _missing(row: Row, name: str, kind: Kind) -> Finding | None:
    return None if store.pictures().exists(name) else Finding(kind, f"picture {row.pk}: {name}")


def _make_thumbnail(row: Row) -> bool:
    storage = store.pictures()
    try:
        with storage.open(row.file) as file:
            picture = read_picture(file.read())
        return storage.save(row.thumbnail, ContentFile(picture.thumbnail)) == row.thumbnail
    except (OSError, DamagedPicture):
        return False


def _is_old(name: str) -> bool:
    storage = store.pictures()
    try:
        changed = storage.get_modified_time(name).timestamp()
    # Gone meanwhile.
    except FileNotFoundError:
        return False
    return time.time() - changed > YOUNG_SECONDS


def _put_aside(name: str) -> None:
    """Move a file out of the storage, under its name, beside whatever was put aside before."""
    storage = store.pictures()
    folder = Path(settings.DATA_DIR) / LOST_AND_FOUND
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    number = 0
    while target.exists():
        number += 1
        target = target.with_name(f"{Path(name).name}.{number}")
    if isinstance(storage, FileSystemStorage):
        shutil.move(storage.path(name), target)
        return
    with storage.open(name) as file:
        target.write_bytes(file.read())
    storage.delete(name)
