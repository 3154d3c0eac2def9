"""`manage.py doctor`: what is wrong with the installation, and how to mend each."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import dataclass, field
from textwrap import fill
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...keeping.doctor import Finding, Kind, examine
from ...keeping.progress import Progress

NAMED = 10
"""Of each kind, so many are named unless all are asked for."""


@dataclass(slots=True)
class Summary:
    """What was found of one kind."""

    number: int = 0
    mended: int = 0
    named: list[Finding] = field(default_factory=list)


class Command(BaseCommand):
    help = (
        "Looks for pictures, files, states and secrets that do not fit together, and says how to "
        "mend each. Ends with exit code 1 where something is wrong. The site may be running."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fix", action="store_true", help="mend what can be mended without losing anything"
        )
        parser.add_argument(
            "--deep", action="store_true", help="read every picture and compare its SHA-256"
        )
        parser.add_argument("--all", action="store_true", help=f"name all, not {NAMED} of a kind")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine(Progress(sys.stderr), fix=options["fix"], deep=options["deep"])
        summaries = self._gather(findings, named=sys.maxsize if options["all"] else NAMED)
        for kind, summary in summaries.items():
            self._tell(kind, summary)
        left = sum(summary.number - summary.mended for summary in summaries.values())
        if left:
            raise CommandError(f"{left} things need attention.")
        self.stdout.write("All is well.")

    def _gather(self, findings: Iterable[Finding], *, named: int) -> dict[Kind, Summary]:
        summaries: dict[Kind, Summary] = {}
        for finding in findings:
            summary = summaries.setdefault(finding.kind, Summary())
            summary.number += 1
            summary.mended += finding.mended
            if len(summary.named) < named:
                summary.named.append(finding)
        return summaries

    def _tell(self, kind: Kind, summary: Summary) -> None:
        mended = f", {summary.mended} mended" if summary.mended else ""
        self.stdout.write(f"{kind.title}: {summary.number}{mended}")
        for finding in summary.named:
            self.stdout.write(f"  {finding.subject}{' – mended' if finding.mended else ''}")
        if summary.number > len(summary.named):
            self.stdout.write(f"  and {summary.number - len(summary.named)} more (--all)")
        if summary.mended < summary.number:
            self.stdout.write(fill(f"To mend it: {kind.mend}", 96, subsequent_indent="  "))
        self.stdout.write("")
