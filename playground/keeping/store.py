"""The pictures' storage as a whole: every file that is in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import FileSystemStorage, Storage, storages

from ..models import Generation

FILES = ("file", "thumbnail", "kept_answer")
"""A generation's fields that name a file in the storage; empty where there is none."""


def pictures() -> Storage:
    return storages["pictures"]


def names() -> Iterator[str]:
    """The names of all files, in no order; what comes and goes meanwhile may be among them."""
    storage = pictures()
    if isinstance(storage, FileSystemStorage):
        # A month's folder may hold a million files: not as one list.
        yield from _scan(Path(storage.location), "")
    else:
        yield from _list(storage, "")


def names_of(generation: Generation) -> list[str]:
    return [name for field in FILES if (name := getattr(generation, field))]


def _scan(folder: Path, within: str) -> Iterator[str]:
    try:
        entries = os.scandir(folder)
    except FileNotFoundError:
        return
    with entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _scan(Path(entry.path), f"{within}{entry.name}/")
            else:
                yield f"{within}{entry.name}"


def _list(storage: Storage, within: str) -> Iterator[str]:
    folders, files = storage.listdir(within)
    for file in files:
        yield f"{within}{file}"
    for folder in folders:
        yield from _list(storage, f"{within}{folder}/")
