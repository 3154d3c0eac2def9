"""What some tests need beyond Python: asked for here, so that each skip says how to mend it.

With REQUIRE_SERVICES=1 in the environment, whatever is missing is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
import redis as redis_client

NODE_FOLDER = Path(__file__).parent / "node"


def _missing(what: str, how_to_install: str) -> NoReturn:
    message = f"{what} is missing. To install it: {how_to_install}"
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def _program(*names: str, what: str, how_to_install: str) -> str:
    for name in names:
        if found := shutil.which(name):
            return found
    _missing(what, how_to_install)


def chromium() -> str:
    """The path of Chromium: the one without windows if there is one, which takes half the time."""
    return _program(
        "chromium-headless-shell",
        "chromium",
        what="Chromium",
        how_to_install="apt-get install chromium-headless-shell",
    )


def curl() -> str:
    """The path of cURL."""
    return _program("curl", what="cURL", how_to_install="apt-get install curl")


def node() -> str:
    """The path of Node.js."""
    return _program("node", what="Node.js", how_to_install="apt-get install nodejs")


def node_package(name: str) -> Path:
    """The folder to run Node.js in, with this package installed from the lock file."""
    node()
    if not (NODE_FOLDER / "node_modules" / name).is_dir():
        _missing(f"The npm package {name}", "npm ci --prefix tests/node")
    return NODE_FOLDER


def php() -> str:
    """The path of PHP, which knows cURL."""
    how_to_install = "apt-get install php-cli php-curl"
    found = _program("php", what="PHP", how_to_install=how_to_install)
    modules = subprocess.run([found, "-m"], capture_output=True, text=True, check=True).stdout
    if "curl" not in modules.lower().split():
        _missing("PHP's cURL extension", how_to_install)
    return found


def postgresql() -> str:
    """The address of a PostgreSQL server that answers (TEST_POSTGRESQL_URL)."""
    url = postgresql_url()
    if not postgresql_answers(url):
        _missing(f"PostgreSQL at {url}", "apt-get install postgresql")
    return url


def postgresql_url() -> str:
    """Where a PostgreSQL server is looked for, whether one answers or not."""
    return os.environ.get("TEST_POSTGRESQL_URL", "postgres://postgres@127.0.0.1:5432/postgres")


def postgresql_answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def redis() -> str:
    """The address of a Redis server that answers (TEST_REDIS_URL)."""
    url = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
    try:
        with redis_client.Redis.from_url(url, socket_timeout=2) as client:
            client.ping()
    except redis_client.RedisError:
        _missing(f"Redis at {url}", "apt-get install redis-server")
    return url
