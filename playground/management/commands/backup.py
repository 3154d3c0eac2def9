"""`manage.py backup FILE`: database and pictures in one file, while the site goes on working."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from ...keeping import backup
from ...keeping.archive import BadArchive
from ...keeping.progress import Progress

STDOUT = "-"
NAMED = 10


class Command(BaseCommand):
    help = (
        "Writes database and pictures into one file, consistent while the site is running. The "
        "encryption key is not in it: keep DATA_DIR/api_key_encryption_keys somewhere else."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a new file; - writes to the standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self._write(options["file"])
        except (OSError, BadArchive) as error:
            raise CommandError(f"The backup could not be written: {error}") from error
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read: {error}") from error
        self._tell(report)

    def _write(self, file: str) -> backup.Report:
        progress = Progress(sys.stderr)
        if file == STDOUT:
            report = backup.write(sys.stdout.buffer, progress)
            sys.stdout.buffer.flush()
            return report
        path = Path(file)
        if path.exists():
            raise CommandError(f"{path} is there already. Name a file that is not.")
        draft = path.with_name(f"{path.name}.part")
        with _private(draft) as stream:
            try:
                report = backup.write(stream, progress)
                stream.flush()
                os.fsync(stream.fileno())
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
        draft.rename(path)
        return report

    def _tell(self, report: backup.Report) -> None:
        # To the standard error, since the backup itself may go to the standard output.
        say = self.stderr.write
        self.stderr.style_func = None
        say(
            f"{report.rows:,} rows and {report.files:,} files are in the backup. The encryption "
            "key is not: without it, the API keys in it cannot be read."
        )
        if report.missing:
            say(
                f"{_many(report.missing)} files were missing, or were removed meanwhile: "
                f"{_some(report.missing)}. `manage.py doctor` tells more."
            )
        if report.secrets_unreadable:
            say(
                f"{report.secrets_unreadable} API keys or second factors cannot be read with the "
                "encryption key at hand. `manage.py doctor` tells more."
            )
        if report.unreadable:
            raise CommandError(
                f"The backup is written, but {_many(report.unreadable)} files could not be read "
                f"and are not in it: {_some(report.unreadable)}."
            )


def _private(path: Path) -> BinaryIO:
    """A file for its owner only: all that people made is in it."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(handle, "wb")


def _many(names: list[str]) -> str:
    return f"{len(names)}{' or more' if len(names) >= backup.LISTED else ''}"


def _some(names: list[str]) -> str:
    more = ", …" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
