"""The gallery at a million pictures against the same at a thousand, on one database.

SQLite, or the PostgreSQL databases that BENCH_SMALL and BENCH_LARGE name by their addresses. They
are empty to begin with; filled by an earlier run, they are used as they are. With BENCH_FOLDER
SQLite's stay as well, so that `python -m tests.bench.gallery` need not fill them again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

from imagepig_site.environment import ROOT

from .figures import Report

SMALL = 1_000
LARGE = int(os.environ.get("BENCH_PICTURES", "1_000_000"))
MOST_TIMES = 1.5
SEARCH_MS = 50
ROUNDS = 3
"""Both sizes in turn: what else the machine does slows both down, and is not told as growth."""

Times = dict[str, dict[str, list[float]]]
"""What was asked for → milliseconds of page, search alone and count, each time; its queries."""


def compare(report: Report, folder: Path) -> None:
    """Each page's ratio, and how long words take at the larger size; beside them, the counts."""
    small = Filled(folder / "small", SMALL, os.environ.get("BENCH_SMALL", ""))
    large = Filled(folder / "large", LARGE, os.environ.get("BENCH_LARGE", ""))
    few, many = in_turn(small, large)
    for name, figures in many.items():
        if figures["search"]:
            p95 = quantiles(figures["search"], n=20)[-1]
            report.add(f"Search, {name}, p95", p95, "ms", SEARCH_MS)
        else:
            ratio = 100 * median(figures["page"]) / median(few[name]["page"])
            report.add(f"Page, {name}, against {SMALL:,}", ratio, "%", 100 * MOST_TIMES)
    for name, figures in many.items():
        report.add(f"Queries, {name}", max(figures["queries"]), "", 12)
    for name, figures in many.items():
        # It comes once the page is there, so that nobody waits for it.
        report.add(f"Count, {name}", median(figures["count"]), "ms")


class Filled:
    """A database with so many pictures."""

    def __init__(self, folder: Path, pictures: int, database: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.environment = {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": database}
        self.run("manage.py", "prepare")
        if not json.loads(self.run("-m", "tests.bench.timing", "--pictures")):
            self.run("manage.py", "make_gallery", "--pictures", str(pictures))

    def run(self, *arguments: str) -> str:
        """What the command prints."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return done.stdout

    def times(self) -> Times:
        found: Times = json.loads(self.run("-m", "tests.bench.timing"))
        return found


def in_turn(*databases: Filled) -> list[Times]:
    """Each one's times, of all rounds together."""
    all_times: list[Times] = [{} for _ in databases]
    for _ in range(ROUNDS):
        for database, together in zip(databases, all_times, strict=True):
            for name, figures in database.times().items():
                kept = together.setdefault(name, {})
                for kind, taken in figures.items():
                    kept.setdefault(kind, []).extend(taken)
    return all_times


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        compare(Report(), Path(os.environ.get("BENCH_FOLDER", name)))
