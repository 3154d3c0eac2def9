"""The sandbox as its tests meet it: in-process, with a clock they can move."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from playground.imagepig.endpoints import TABLE, Endpoint
from playground.sandbox.server import SandboxApplication
from tests.playground.fourth import FOURTH_ENDPOINT

START = datetime(2030, 1, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def application(tmp_path: Path, clock: Clock) -> SandboxApplication:
    return SandboxApplication(tmp_path / "hosting", now=clock)


@pytest.fixture
def client(application: SandboxApplication) -> httpx.Client:
    return httpx.Client(
        transport=httpx.WSGITransport(application),
        base_url="http://sandbox.test",
        headers={"Api-Key": "sandbox"},
    )


@pytest.fixture
def fourth(monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """THE TABLE with one endpoint more."""
    monkeypatch.setitem(TABLE, FOURTH_ENDPOINT.key, FOURTH_ENDPOINT)
    return FOURTH_ENDPOINT
