"""64 pictures at 32 in flight: the application beside the vendor's client."""

from __future__ import annotations

import hashlib
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from ..running import Person, Site, until
from .client import PICTURES
from .figures import Report

ROUNDS = 3
EACH = 8
"""Pictures a form can ask for."""
LARGE_SEED = "9007199254740993"
"""The first whole number that a double-precision float cannot hold."""


def compare(report: Report, person: Person, site: Site, upstream_url: str) -> None:
    """Take turns, so that whatever else this machine does falls on both."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(through_the_client(upstream_url))
        ours.append(through_the_site(person, site))
    best = statistics.median(theirs)
    report.add(
        f"{PICTURES} pictures, 32 in flight (median of {ROUNDS})",
        statistics.median(ours),
        "s",
        round(1.10 * best, 2),
        f"1.10 × the vendor's client, {best:.2f} s",
    )


def through_the_client(url: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.bench.client", url, folder]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def through_the_site(person: Person, site: Site) -> float:
    """Seconds from the first of eight clicks to the moment the last picture is saved."""
    before = site.states().get("saved", 0)
    # Each form has a token that is good for one submission.
    forms = [
        {**person.form("/playground/"), "positive_prompt": "adorable pig", "count": str(EACH)}
        for _ in range(PICTURES // EACH)
    ]
    began = time.time()
    with ThreadPoolExecutor(len(forms)) as pool:
        list(pool.map(lambda form: person.submit("/playground/", form), forms))
    until(lambda: site.states().get("saved", 0) == before + PICTURES)
    (ended,) = site.query("SELECT max(saved_at) FROM playground_generation")[0]
    return datetime.fromisoformat(ended).replace(tzinfo=UTC).timestamp() - began


def check_nothing_is_lost(
    report: Report, person: Person, site: Site, billed: int, wanted: int
) -> None:
    """Every billed call is a picture on the disk, and a large seed is kept to the digit."""
    states = site.states()
    files = site.query("SELECT file, sha256 FROM playground_generation WHERE state = 'saved'")
    sound = [
        file
        for file, digest in files
        if hashlib.sha256((site.data / "pictures" / file).read_bytes()).hexdigest() == digest
    ]
    report.add("Generations that are not a sound file", wanted - len(sound), "", 0, f"{states}")
    report.add("Calls billed beyond one a picture", billed - wanted, "", 0)

    person.generate(seed=LARGE_SEED)
    until(lambda: site.states().get("saved", 0) == wanted + 1)
    ((seed,),) = site.query("SELECT seed FROM playground_generation ORDER BY id DESC LIMIT 1")
    report.add(f"Seed {LARGE_SEED} is off by", abs(int(seed) - int(LARGE_SEED)), "", 0)
