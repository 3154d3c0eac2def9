"""Measures the application on this machine: `make bench`. Needs Chromium, and no network."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from imagepig_site.environment import ROOT

from ..running import Person, Site, free_port
from . import batch, browser, gallery, start
from .client import PICTURES
from .figures import Report
from .memory import Watched

SECONDS = 1.5
"""What the fake Image Pig takes for each picture."""
SETTINGS: dict[str, Any] = {"TEAM_CALLS_AT_ONCE": "32", "WORKER_THREADS": "48"}
"""32 calls in flight, as the vendor's client has; and threads left to save while those wait."""


@contextmanager
def fake_imagepig(count_file: Path) -> Iterator[str]:
    """A process of its own, so that it competes with nobody for Python's lock."""
    command = [sys.executable, "-m", "tests.upstream", str(free_port())]
    command += ["--delay", str(SECONDS), "--count-file", str(count_file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def main() -> int:
    if not browser.executable():
        print("Chromium is missing. To install it: apt-get install chromium")
        return 1
    report = Report()
    with tempfile.TemporaryDirectory() as name:
        measure(report, Path(name))
        report.head(f"The gallery with {gallery.LARGE:,} pictures (InvokeAI: 5.3 s; a word 1.0 s)")
        gallery.compare(report, Path(name))
    report.head("Starts")
    start.starts(report)
    missed = [f.name for f in report.figures if f.wanted is not None and f.value > f.wanted]
    report.head(f"Missed: {', '.join(missed)}." if missed else "All as wanted.")
    return 1 if missed else 0


def measure(report: Report, folder: Path) -> None:
    count_file = folder / "billed"
    with fake_imagepig(count_file) as url:
        site = Site(folder, IMAGEPIG_API_URL=url, **SETTINGS).ready()
        with Person(site) as alice:
            alice.sign_up().add_key()
            report.head("First load (a Gradio application: 73 requests, 527 KB)")
            browser.first_load(report, alice, "/playground/", "the playground")
            with Person(site) as stranger:
                browser.first_load(report, stranger, "/", "the front page")
            idle = Watched(site).measure()
            report.head(f"From click to picture, upstream {SECONDS} s (Gradio: 110 ms, 160 ms)")
            browser.added_latency(report, alice, SECONDS)
            report.head("Batches (Gradio: 4.21 s, and 62 of 64 pictures lost)")
            with Watched(site) as watched:
                batch.compare(report, alice, site, url)
            pictures = browser.WARM_UP + browser.TIMES + batch.ROUNDS * PICTURES
            billed = len(count_file.read_text().splitlines()) - batch.ROUNDS * PICTURES
            batch.check_nothing_is_lost(report, alice, site, billed, pictures)
            report.head("Memory, proportional (Gradio: 177 MB idle)")
            for name, value in idle.items():
                report.add(f"The {name}, idle", value, "MB")
                report.add(f"The {name}, busy", watched.most[name], "MB")
            report.add("Both, idle", sum(idle.values()), "MB", 177)
        site.stop()


if __name__ == "__main__":
    sys.exit(main())
