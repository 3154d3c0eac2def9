"""An installation with something of everything, and folders that hold nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts import encryption
from accounts.models import Team, User
from tests.playground.keeping.installations import empty_store, one_of_everything


@pytest.fixture(autouse=True)
def _empty_store() -> Iterator[None]:
    empty_store()
    yield
    empty_store()


@pytest.fixture
def everything(transactional_db: None, team: Team, alice: User, bob: User) -> Team:
    one_of_everything(team, alice, bob)
    encryption.check_start()
    return team


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a backup is written to."""
    return tmp_path / "backup.tar"
