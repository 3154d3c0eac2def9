"""`manage.py restore FILE`: a backup into an empty installation."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from ...keeping.archive import BadArchive
from ...keeping.progress import Progress
from ...keeping.restore import CannotRestore, Report, restore

STDIN = "-"


class Command(BaseCommand):
    help = (
        "Restores a backup into an empty installation that is not running. Where the backup was "
        "made by an earlier version, the database is brought up to date."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="what `backup` wrote; - reads the standard input")
        parser.add_argument(
            "--send-waiting",
            action="store_true",
            help="send to Image Pig what waited: only where the installation that was backed up "
            "was stopped before and stays so, or calls are made and paid for twice",
        )
        parser.add_argument(
            "--forget-unreadable",
            action="store_true",
            help="restore without the encryption key, for when it is lost for good: what cannot be "
            "read is erased",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        try:
            with _opened(file) as stream:
                report = restore(
                    stream,
                    Progress(sys.stderr),
                    send_waiting=options["send_waiting"],
                    forget_unreadable=options["forget_unreadable"],
                )
        except BadArchive as error:
            raise CommandError(f"{file} was not restored. {error}") from error
        except CannotRestore as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{file} was not restored: {error}") from error
        except DatabaseError as error:
            raise CommandError(f"{file} was not restored. The database said: {error}") from error
        self._tell(report)

    def _tell(self, report: Report) -> None:
        self.stdout.write(f"{report.rows:,} rows and {report.files:,} files are restored.")
        if report.ended:
            self.stdout.write(
                f"{report.ended} pictures were waiting to be sent to Image Pig. They may have been "
                "sent after the backup was made, so they are not sent again; their cards say so."
            )
        if report.missing:
            self.stdout.write(
                f"{len(report.missing)} files were missing when the backup was made. "
                "`manage.py doctor` says of what."
            )
        if report.forgotten:
            self.stdout.write(f"{report.forgotten} secrets could not be read and were erased.")
        self.stdout.write("People sign in again; start the site as usual.")


def _opened(file: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if file == STDIN else Path(file).open("rb")
