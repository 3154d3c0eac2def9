"""The real application for tests that only talk to it: started once, with people set up at once.

The site runs as everybody runs it (see running.py). Where the environment names PostgreSQL or
Redis, it gets a database of its own there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from imagepig_site.environment import ROOT

from .running import SERVE, Site

REDIS_DATABASES = 16


class Someone(NamedTuple):
    """Somebody who is signed up and logged in."""

    email: str
    session: str
    """What the browser's session cookie holds."""
    pictures: list[int]
    """Ids of the pictures of the team, oldest first."""
    ids: dict[str, int]
    """Ids of what else the team has, by name."""
    links: Mapping[str, str] = MappingProxyType({})
    """Tokens of links for strangers, by what they lead to."""


class Stage:
    """A process in the site's own environment that sets people and pictures up, one line a wish.

    Signing up takes half a second of processor for the password alone, and is limited to some
    a minute; both are right, and neither is what most tests are about.
    """

    def __init__(self, site: Site) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.stage"],
            cwd=ROOT,
            env={**site.environment, "DJANGO_SETTINGS_MODULE": "imagepig_site.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def someone(self, **wishes: Any) -> Someone:
        """Set somebody up, with a team of their own: see stage.py for what can be wished for."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(wishes), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        assert answer, f"the stage ended with exit code {self.process.wait(10)}"
        return Someone(**json.loads(answer))

    def close(self) -> None:
        self.process.communicate(timeout=10)


@contextmanager
def served(folder: Path, **variables: str) -> Iterator[tuple[Site, Stage]]:
    """Start the site with these variables in its environment; it ends with this."""
    with ExitStack() as stack:
        if url := os.environ.get("DATABASE_URL"):
            variables["DATABASE_URL"] = stack.enter_context(own_database(url))
        if url := os.environ.get("REDIS_URL"):
            variables["REDIS_URL"] = other_redis_database(url)
        site = Site(folder, command=SERVE, project=ROOT, **variables)
        stack.callback(site.stop)
        site.ready()
        stage = Stage(site)
        stack.callback(stage.close)
        yield site, stage


@contextmanager
def own_database(url: str, name: str = "served") -> Iterator[str]:
    """A database beside the one that `url` names; it is dropped at the end."""
    name = f"playground_{name}_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def other_redis_database(url: str) -> str:
    """Another of Redis's databases: the one named is emptied before each test."""
    parts = urlsplit(url)
    number = (int(parts.path.strip("/") or 0) + REDIS_DATABASES // 2) % REDIS_DATABASES
    return urlunsplit(parts._replace(path=f"/{number}"))
