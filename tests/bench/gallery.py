"""The gallery at a million pictures against the same at a thousand, on one database.

SQLite, or the empty PostgreSQL databases that BENCH_SMALL and BENCH_LARGE name by their addresses.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from imagepig_site.environment import ROOT

from .figures import Report

SMALL = 1_000
LARGE = int(os.environ.get("BENCH_PICTURES", "1_000_000"))
MOST_TIMES = 1.5
SEARCH_MS = 50


def compare(report: Report, folder: Path) -> None:
    """Each page's ratio, and how long words take at the larger size."""
    small = times(folder / "small", SMALL, os.environ.get("BENCH_SMALL", ""))
    large = times(folder / "large", LARGE, os.environ.get("BENCH_LARGE", ""))
    for name, figures in large.items():
        if "word" in name or "beginning" in name:
            report.add(f"Search, {name}, p95", figures["p95"], "ms", SEARCH_MS)
        else:
            ratio = 100 * figures["page"] / small[name]["page"]
            report.add(f"Page, {name}, against {SMALL:,}", ratio, "%", 100 * MOST_TIMES)
        report.add(f"Queries, {name}", figures["queries"], "", 12)


def times(folder: Path, pictures: int, database: str) -> dict[str, dict[str, float]]:
    """Make a gallery of so many pictures and time its pages."""
    folder.mkdir()
    environment = {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": database}
    for command in (["prepare"], ["make_gallery", "--pictures", str(pictures)]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True
        )
    timed = subprocess.run(
        [sys.executable, "-m", "tests.bench.timing"],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, dict[str, float]] = json.loads(timed.stdout)
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        compare(Report(), Path(name))
