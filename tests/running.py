"""The whole site as a process of its own, and a person who uses it over HTTP without JavaScript."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx

from imagepig_site.environment import ROOT

PATIENCE = 60
PASSWORD = "sty-and-trough-42"
KEPT = ("PATH", "HOME", "LANG")
SERVE = (sys.executable, "-m", "imagepig_site.serve")


class Site:
    """`python -m imagepig_site.serve` in a process group of its own, with its output in a file."""

    def __init__(
        self,
        folder: Path,
        *,
        command: Sequence[str] = SERVE,
        project: Path = ROOT,
        **variables: str,
    ) -> None:
        self.port = int(variables.get("PORT") or free_port())
        self.data = folder / "data"
        self.log = folder / f"serve-{self.port}.log"
        environment = {name: value for name, value in os.environ.items() if name in KEPT}
        environment |= {"PORT": str(self.port), "DATA_DIR": str(self.data), **variables}
        self.environment = environment
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=project,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def output(self) -> str:
        return self.log.read_text()

    def ready(self, patience: float = PATIENCE) -> Site:
        until(lambda: "Ready: " in self.output() or self.process.poll() is not None, patience)
        assert "Ready: " in self.output(), self.output()
        return self

    def children(self) -> dict[str, int]:
        """Name → process id of gunicorn's master and of the worker."""
        found = {}
        for name, word in (("web server", b"gunicorn"), ("worker", b"worker")):
            for folder in Path("/proc").glob("[0-9]*"):
                pid = int(folder.name)
                if parent(pid) == self.process.pid and word in command_line(pid):
                    found[name] = pid
        return found

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the site's SQLite database."""
        with closing(sqlite3.connect(self.data / "playground.sqlite3", timeout=20)) as database:
            return database.execute(sql).fetchall()

    def states(self) -> dict[str, int]:
        """State → how many generations are in it."""
        return dict(self.query("SELECT state, count(*) FROM playground_generation GROUP BY state"))

    def ended(self) -> int:
        return self.process.wait(PATIENCE)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.ended()


def first_start(folder: Path) -> Path:
    """A folder of data as the first start leaves it, to be copied; made once by all who ask."""
    data = folder / "prepared"
    with (folder / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (data / "static.sha256").exists():
            environment = {name: value for name, value in os.environ.items() if name in KEPT}
            subprocess.run(
                [sys.executable, "manage.py", "prepare"],
                cwd=ROOT,
                env={**environment, "DATA_DIR": str(data)},
                capture_output=True,
                check=True,
            )
    return data


class Inputs(HTMLParser):
    """What the forms of a page would send as they are: name → value, for one form's address."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.values: dict[str, str] = {}
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = given.get("action") in (self.action, "")
        if tag != "input" or not self._inside:
            return
        name, chosen = given.get("name"), "checked" in given
        if name and (given.get("type") not in ("radio", "checkbox") or chosen):
            self.values[name] = given.get("value") or ""


class Person(httpx.Client):
    """Somebody with a browser that knows forms, links and cookies."""

    def __init__(self, site: Site) -> None:
        super().__init__(base_url=f"http://127.0.0.1:{site.port}", timeout=PATIENCE)

    def form(self, page: str) -> dict[str, str]:
        """What the form on this page, which goes to the same address, would send as it is."""
        inputs = Inputs(page)
        inputs.feed(self.get(page).raise_for_status().text)
        return inputs.values

    def submit(self, page: str, values: dict[str, str]) -> httpx.Response:
        answer = self.post(page, data=values)
        assert answer.status_code == 302, answer.text
        return answer

    def fill_in(self, page: str, **values: str) -> httpx.Response:
        """Send the form on this page with these values changed."""
        return self.submit(page, {**self.form(page), **values})

    def sign_up(self, email: str = "alice@example.com") -> Person:
        self.fill_in("/accounts/signup/", email=email, password1=PASSWORD)
        return self

    def add_key(self, api_key: str = "pig-canary-4711-abcdefgh") -> Person:
        self.fill_in("/team/api-key/", label="Ours", api_key=api_key)
        return self

    def generate(self, **values: str) -> httpx.Response:
        """Press the button of the playground's form."""
        return self.fill_in("/playground/", **{"positive_prompt": "adorable pig", **values})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], bool], patience: float = PATIENCE, pause: float = 0.05) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "took too long"
        time.sleep(pause)


def parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
