"""Whichever way the site is started: with secrets that cannot be read it is not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from accounts import services
from accounts.models import Team, User
from imagepig_site.environment import ROOT

from .running import SERVE, free_port
from .workers import environment

WAYS = {
    "serve": SERVE,
    "prepare": (sys.executable, "manage.py", "prepare"),
    "worker": (sys.executable, "manage.py", "worker"),
    "gunicorn": (
        sys.executable,
        *("-m", "gunicorn", "-c", "python:imagepig_site.web", "imagepig_site.wsgi"),
    ),
}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def start(tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Start the site in this way on the test's database; fails where it has not ended soon."""

    def run(way: str, **variables: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            WAYS[way],
            cwd=ROOT,
            env=environment(DATA_DIR=tmp_path, PORT=free_port(), **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def _stored_secret(team: Team, alice: User) -> None:
    services.set_api_key(team=team, by=alice, label="Ours", secret="pig-secret-0123456789")


@pytest.mark.usefixtures("_stored_secret")
@pytest.mark.parametrize("way", WAYS)
def test_a_wrong_encryption_key_stops_every_way_to_start(
    way: str, start: Callable[[str], subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    file = tmp_path / "api_key_encryption_keys"
    file.write_bytes(Fernet.generate_key())

    ended = start(way)

    assert ended.returncode == 1, ended.stdout
    assert "encrypted with another key" in ended.stdout
    assert f"Put {file} back from a backup" in ended.stdout
    assert "Traceback" not in ended.stdout
    assert "Ready" not in ended.stdout


@pytest.mark.usefixtures("_stored_secret")
@pytest.mark.parametrize("way", WAYS)
def test_a_missing_encryption_key_stops_every_way_to_start_and_none_is_made(
    way: str, start: Callable[[str], subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    file = tmp_path / "api_key_encryption_keys"

    ended = start(way)

    assert ended.returncode == 1, ended.stdout
    assert f"there is no {file}" in ended.stdout
    assert "Traceback" not in ended.stdout
    assert not file.exists()


@pytest.mark.parametrize("way", ["worker", "gunicorn"])
def test_a_database_that_was_never_prepared_is_said_plainly(
    way: str, start: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    ended = start(way, DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3")

    assert ended.returncode == 1, ended.stdout
    assert "`manage.py prepare` comes first" in ended.stdout
    assert "Traceback" not in ended.stdout
