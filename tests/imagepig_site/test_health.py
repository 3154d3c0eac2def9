"""What machines ask, however they ask it, and what they are told when a part is not in order."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from accounts.models import Team
from imagepig_site import health
from imagepig_site.middleware import FOR_MACHINES
from playground import pulse
from playground.keeping import vitals
from playground.models import State
from playground.pipeline import spool
from tests.factories import make_generation

LONG_AGO = timedelta(hours=1)


def ready(client: Client, query: str = "") -> tuple[int, dict[str, str]]:
    """The status, and of the parts those that are not in order."""
    response = client.get(f"/readyz{query}")
    said = response.json()
    assert said["ready"] == (response.status_code == 200)
    return response.status_code, {
        part: why for part, why in said["parts"].items() if why != health.OK
    }


def test_that_it_lives_is_said_without_the_database(client: Client) -> None:
    # No database is allowed in this test.
    response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.parametrize("path", sorted(FOR_MACHINES))
@pytest.mark.parametrize("host", ["10.1.2.3:8000", "[fe80::1]", "not a host", ""])
def test_machines_ask_by_any_host_and_over_plain_http(
    client: Client, db: None, settings: LazySettings, path: str, host: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["pictures.example.com"]
    settings.METRICS_TOKEN = "a-token-of-some-length"
    response = client.get(path, headers={"host": host, "authorization": "Bearer " + "x" * 16})
    assert response.status_code == (401 if path == "/metrics" else 200)
    assert response.headers["Cache-Control"].startswith("max-age=0")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies
    assert client.head(path).status_code == response.status_code
    # Everything else holds to both.
    assert client.get("/", headers={"host": "10.1.2.3"}).status_code == 400
    assert client.get("/", headers={"host": "pictures.example.com"}).status_code == 301


def test_a_session_is_neither_read_nor_written(as_alice: Client, team: Team, queries: Any) -> None:
    with queries() as asked:
        as_alice.get("/livez")
    assert not asked
    as_alice.get("/readyz")
    with queries() as asked:
        as_alice.get("/readyz")
    assert not [each["sql"] for each in asked if "session" in each["sql"]]
    assert len(asked) <= 3


@pytest.fixture
def queries() -> Any:
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


def test_where_all_is_in_order_it_is_ready(client: Client, team: Team) -> None:
    make_generation(team)
    assert ready(client) == (200, {})


def test_a_database_that_is_away_is_told_and_nothing_is_asked_of_it(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise DatabaseError("password=hunter2")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        assert ready(client) == (
            503,
            {
                "database": "it does not answer",
                "migrations": health.NOT_ASKED,
                "queue": health.NOT_ASKED,
            },
        )


def test_migrations_are_looked_for_until_they_are_all_applied(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health.migrations, "applied", False)
    plan = ["one"]
    monkeypatch.setattr(
        "django.db.migrations.executor.MigrationExecutor.migration_plan", lambda *_: plan
    )
    assert ready(client) == (503, {"migrations": "some are not applied: manage.py prepare"})
    plan.clear()
    assert ready(client) == (200, {})
    plan.append("never asked again")
    assert ready(client) == (200, {})


def queued(team: Team, **fields: Any) -> None:
    then = timezone.now() - LONG_AGO
    values: dict[str, Any] = {
        "state": State.QUEUED,
        "handed_over": True,
        "queued_at": then,
        **fields,
    }
    make_generation(team, **values)


def test_a_queue_that_stands_still_is_told_with_its_age(client: Client, team: Team) -> None:
    queued(team)
    status, wrong = ready(client)
    assert status == 503
    assert wrong == {"queue": "it stands still, for 3600 s"}
    assert ready(client, "?exclude=queue") == (200, wrong)
    assert ready(client, "?exclude=worker") == (503, wrong)


def test_a_long_queue_that_moves_is_in_order(client: Client, team: Team) -> None:
    queued(team)
    make_generation(team, state=State.SENDING)
    assert ready(client) == (200, {})
    assert vitals.queue_age() >= LONG_AGO


def test_a_call_past_its_deadline_moves_nothing(client: Client, team: Team) -> None:
    queued(team)
    make_generation(team, state=State.SENDING, queued_at=timezone.now() - LONG_AGO)
    assert ready(client)[0] == 503


def test_what_is_not_in_the_queue_or_not_due_has_no_age(client: Client, team: Team) -> None:
    queued(team, handed_over=False)
    queued(team, not_before=timezone.now() + LONG_AGO)
    queued(team, state=State.SAVED)
    assert vitals.queue_age() == timedelta()
    queued(team, not_before=timezone.now() - timedelta(seconds=30))
    assert timedelta(seconds=30) <= vitals.queue_age() < timedelta(seconds=90)
    assert ready(client) == (200, {})


def test_that_no_worker_is_at_work_is_told(client: Client, db: None) -> None:
    settings.HUEY.storage.flush_all()
    said = {"worker": "none is at work, or the queue does not answer"}
    assert ready(client) == (503, said)
    assert ready(client, "?exclude=worker") == (200, said)
    pulse.beat()
    assert ready(client) == (200, {})


def test_storage_that_cannot_be_written_is_told(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = Path(settings.DATA_DIR) / "pictures"
    pictures.mkdir(exist_ok=True)
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != pictures and allowed(path, mode))
    assert ready(client) == (503, {"storage": "it cannot be written"})


def test_too_little_space_is_told(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "RESERVE_BYTES", 2**60)
    status, wrong = ready(client)
    assert status == 503
    assert list(wrong) == ["space"]
    assert wrong["space"].endswith(" MB are left")
