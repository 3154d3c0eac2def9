"""The one command, as a terminal or a service manager sees it: real processes, real signals."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg
import pytest

from . import needs
from .running import Person, Site, free_port, is_running, until
from .upstream import Upstream

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    started: list[Site] = []

    def start_site(**variables: Any) -> Site:
        started.append(Site(tmp_path, **variables))
        return started[-1]

    yield start_site
    for site in started:
        site.stop()


@pytest.fixture
def _not_the_first_start(first_data: Path, tmp_path: Path) -> None:
    shutil.copytree(first_data, tmp_path / "data")


not_the_first_start = pytest.mark.usefixtures("_not_the_first_start")


def assert_nothing_opened_is_forked(server: int) -> None:
    """The process that gunicorn's others are forked from holds the port, and no database or queue.

    Two processes that share one connection would read each other's answers.
    """
    opened = [str(entry.readlink()) for entry in Path(f"/proc/{server}/fd").iterdir()]
    assert len([name for name in opened if name.startswith("socket:")]) == 1
    assert not [name for name in opened if "sqlite3" in name or name.endswith(".bell")]


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
    assert_nothing_opened_is_forked(children["web server"])

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
@not_the_first_start
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
@not_the_first_start
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


@linux_only
@not_the_first_start
def test_calls_in_flight_are_finished_however_often_and_however_widely_it_is_told_to_stop(
    start: Callable[..., Site],
) -> None:
    with Upstream(delay=2) as imagepig:
        site = start(IMAGEPIG_API_URL=imagepig.url).ready()
        processes = site.children().values()
        with Person(site) as alice:
            alice.sign_up().add_key().generate(count="4")
        imagepig.wait_for_posts(4)

        # A service manager signals every process; make passes on what it got itself.
        for pid in (*processes, site.process.pid, site.process.pid):
            os.kill(pid, signal.SIGTERM)
        os.killpg(site.process.pid, signal.SIGINT)

        assert site.ended() == 0, site.output()
        assert site.states() == {"saved": 4}
        assert imagepig.billed == 4


@linux_only
@not_the_first_start
def test_a_second_ctrl_c_gives_calls_in_flight_up(
    start: Callable[..., Site],
) -> None:
    with Upstream(delay=60) as imagepig:
        site = start(IMAGEPIG_API_URL=imagepig.url).ready()
        with Person(site) as alice:
            alice.sign_up().add_key().generate(count="1")
        imagepig.wait_for_posts(1)

        os.killpg(site.process.pid, signal.SIGINT)
        until(lambda: "Ctrl-C again gives it up" in site.output())
        os.killpg(site.process.pid, signal.SIGINT)

        assert site.ended() == 0, site.output()
        assert site.states() == {"sending": 1}
        assert imagepig.billed == 1


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    server, name = needs.postgresql(), f"test_serve_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_site_makes_a_picture_on_postgresql_and_redis(
    start: Callable[..., Site], postgresql: str
) -> None:
    redis_url = urlunsplit(urlsplit(needs.redis())._replace(path="/14"))
    site = start(DATABASE_URL=postgresql, REDIS_URL=redis_url).ready()

    with Person(site) as alice, psycopg.connect(postgresql, autocommit=True) as database:
        alice.sign_up().generate()
        query = "SELECT count(*) FROM playground_generation WHERE state = 'saved'"
        until(lambda: database.execute(query).fetchone() == (1,))
    if sys.platform == "linux":
        assert_nothing_opened_is_forked(site.children()["web server"])

    assert site.stop() == 0, site.output()
    assert not (site.data / "queue.sqlite3").exists()
