"""From `make run` in a fresh clone to the first page, and once more."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from imagepig_site.environment import ROOT

from ..running import Site, until
from .figures import Report

INSTALLERS = ("PIP_", "UV_", "SSL_CERT", "REQUESTS_CA")


def starts(report: Report) -> None:
    """Seconds until the first page has come. The first start installs everything it needs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clone = folder / "clone"
        subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
        report.add("First page, from `make run` in a fresh clone", start(folder, clone), "s")
        report.add(
            "First page, second start", start(folder, clone), "s", 4.3, "a Gradio application"
        )


def start(folder: Path, clone: Path) -> float:
    variables = {name: value for name, value in os.environ.items() if name.startswith(INSTALLERS)}
    began = time.monotonic()
    site = Site(folder, command=["make", "run"], project=clone, **variables)
    try:
        until(lambda: answers(site), patience=600, pause=0.02)
        return time.monotonic() - began
    finally:
        site.stop()


def answers(site: Site) -> bool:
    assert site.process.poll() is None, site.output()
    try:
        with urlopen(f"http://127.0.0.1:{site.port}/", timeout=60) as page:
            return bool(page.status == 200)
    except ConnectionRefusedError:
        return False
    except OSError as error:
        if isinstance(getattr(error, "reason", None), ConnectionRefusedError):
            return False
        raise
