"""The gallery at a million pictures against the same at a thousand: on SQLite, and on PostgreSQL.

PostgreSQL is measured where a server answers (TEST_POSTGRESQL_URL), in two databases that are
dropped afterwards; or in those whose addresses BENCH_SMALL and BENCH_LARGE are, which stay. These
are empty to begin with; filled by an earlier run, they are used as they are. With BENCH_FOLDER
SQLite's stay as well, so that `python -m tests.bench.gallery` need not fill them again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles

import psycopg

from imagepig_site.environment import ROOT

from .. import needs
from ..servers import own_database
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
    """Each database after the other."""
    small, large = Filled(folder / "small", SMALL), Filled(folder / "large", LARGE)
    between(report, small, large)
    on_postgresql(report, folder)


def on_postgresql(report: Report, folder: Path) -> None:
    """The same on PostgreSQL; where that cannot be, a line says why."""
    with ExitStack() as stack:
        try:
            few, many = postgresql_databases(stack)
        except psycopg.Error as error:
            first = str(error).strip().partition("\n")[0]
            report.head(f"The gallery on PostgreSQL was not measured: {first}")
            return
        report.head(f"The same on PostgreSQL, {SMALL:,} and {LARGE:,} pictures")
        small = Filled(folder / "small-postgresql", SMALL, few)
        large = Filled(folder / "large-postgresql", LARGE, many)
        between(report, small, large, on="PostgreSQL: ")


def postgresql_databases(stack: ExitStack) -> tuple[str, str]:
    """The addresses of two databases: those that are named, or new ones. Raises psycopg.Error."""
    named = os.environ.get("BENCH_SMALL", ""), os.environ.get("BENCH_LARGE", "")
    if all(named):
        return named
    url = needs.postgresql_url()
    few = stack.enter_context(own_database(url, "bench_small"))
    return few, stack.enter_context(own_database(url, "bench_large"))


def between(report: Report, small: Filled, large: Filled, *, on: str = "") -> None:
    """Each page's ratio, and how long words take at the larger size; beside them, the counts."""
    few, many = in_turn(small, large)
    for name, figures in many.items():
        if figures["search"]:
            p95 = quantiles(figures["search"], n=20)[-1]
            report.add(f"{on}Search, {name}, p95", p95, "ms", SEARCH_MS)
        else:
            ratio = 100 * median(figures["page"]) / median(few[name]["page"])
            report.add(f"{on}Page, {name}, against {SMALL:,}", ratio, "%", 100 * MOST_TIMES)
    for name, figures in many.items():
        report.add(f"{on}Queries, {name}", max(figures["queries"]), "", 12)
    for name, figures in many.items():
        # It comes once the page is there, so that nobody waits for it.
        report.add(f"{on}Count, {name}", median(figures["count"]), "ms")


class Filled:
    """A database with so many pictures."""

    def __init__(self, folder: Path, pictures: int, database: str = "") -> None:
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
