"""The one command, as a terminal or a service manager sees it: real processes, real signals."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from imagepig_site.environment import ROOT

PATIENCE = 60


class Site:
    """`python -m imagepig_site.serve` in a process group of its own, with its output in a file."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.port = free_port()
        self.log = folder / f"serve-{self.port}.log"
        environment = {
            name: value
            for name, value in os.environ.items()
            if name in ("PATH", "HOME", "LANG", "DATABASE_URL", "REDIS_URL")
        }
        environment |= {"PORT": str(self.port), "DATA_DIR": str(folder / "data"), **variables}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "imagepig_site.serve"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self) -> str:
        return self.log.read_text()

    def ready(self) -> Site:
        until(lambda: "Ready: " in self.output() or self.process.poll() is not None)
        assert "Ready: " in self.output(), self.output()
        return self

    def children(self) -> dict[str, int]:
        """Name → process id of gunicorn's master and of the worker."""
        found = {}
        for name, word in (("web server", b"gunicorn"), ("worker", b"worker")):
            for folder in Path("/proc").glob("[0-9]*"):
                if parent(folder) == self.process.pid and word in command(folder):
                    found[name] = int(folder.name)
        return found

    def ended(self) -> int:
        return self.process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "took too long"
        time.sleep(0.05)


def parent(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def command(folder: Path) -> bytes:
    try:
        return (folder / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    started: list[Site] = []

    def start_site(**variables: str) -> Site:
        started.append(Site(tmp_path, **variables))
        return started[-1]

    yield start_site
    for site in started:
        if site.process.poll() is None:
            site.process.send_signal(signal.SIGTERM)
            site.ended()


@linux_only
def test_the_site_answers_keeps_its_secrets_and_stops_cleanly_on_sigterm(
    start: Callable[..., Site], tmp_path: Path
) -> None:
    site = start().ready()

    assert f"http://localhost:{site.port}" in site.output()
    with urlopen(f"http://127.0.0.1:{site.port}/", timeout=10) as page:
        assert page.status == 200
    for secret in ("secret_key", "api_key_encryption_keys"):
        assert stat.S_IMODE((tmp_path / "data" / secret).stat().st_mode) == 0o600
    children = site.children()
    assert set(children) == {"web server", "worker"}

    site.process.send_signal(signal.SIGTERM)

    assert site.ended() == 0, site.output()
    assert not any(map(is_running, children.values()))


@linux_only
def test_a_second_start_prepares_nothing_and_ctrl_c_in_the_terminal_ends_it_cleanly(
    start: Callable[..., Site],
) -> None:
    first = start().ready()
    assert "Preparing the database" in first.output()
    first.process.send_signal(signal.SIGTERM)
    assert first.ended() == 0

    second = start().ready()
    assert second.output() == f"Ready: http://localhost:{second.port}\nCtrl-C stops it.\n"
    # A terminal signals every process of the foreground group.
    os.killpg(second.process.pid, signal.SIGINT)

    assert second.ended() == 0, second.output()


@linux_only
@pytest.mark.parametrize(("dies", "other"), [("web server", "worker"), ("worker", "web server")])
def test_when_one_process_dies_the_command_says_so_and_never_stays_up_half(
    start: Callable[..., Site], dies: str, other: str
) -> None:
    site = start().ready()
    children = site.children()

    os.kill(children[dies], signal.SIGKILL)

    assert site.ended() == 1
    assert f"The {dies} was killed by SIGKILL. Stopping the {other}." in site.output()
    assert not is_running(children[other])


@linux_only
def test_nothing_is_left_running_when_the_command_itself_is_killed(
    start: Callable[..., Site],
) -> None:
    site = start().ready()
    children = site.children()

    site.process.kill()

    site.ended()
    until(lambda: not any(map(is_running, children.values())))


def test_a_port_in_use_is_said_plainly(start: Callable[..., Site]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        site = start(PORT=port)

        assert site.ended() == 1
    assert site.output() == (
        f"Port {port} is in use. Stop what uses it, or choose another: PORT=8001 make run\n"
    )


def test_every_variable_that_cannot_be_read_is_named_without_its_value(
    start: Callable[..., Site],
) -> None:
    site = start(WEB_THREADS="many", SITE_URL="pictures", API_KEY_ENCRYPTION_KEYS="canary")

    assert site.ended() == 2
    assert "WEB_THREADS cannot be read. Expected: a number from 2 to 256." in site.output()
    assert "SITE_URL cannot be read." in site.output()
    assert "API_KEY_ENCRYPTION_KEYS cannot be read." in site.output()
    assert "canary" not in site.output()
    assert "Traceback" not in site.output()


def test_a_preparation_that_fails_starts_nothing_and_says_why(start: Callable[..., Site]) -> None:
    port = free_port()
    site = start(DATABASE_URL=f"postgres://nobody@127.0.0.1:{port}/nothing")

    assert site.ended() == 1
    assert "The database does not answer" in site.output()
    assert "The preparation ended by itself with exit code 1." in site.output()
    assert not re.search(r"^Traceback", site.output(), re.MULTILINE)
