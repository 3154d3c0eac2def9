"""Transactions: tried again where they meet others, and what is committed survives a power cut."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import Team, User
from playground import pipeline
from playground.models import Generation, State
from playground.pipeline import transactions
from tests.playground.playing import play, submit, the_one
from tests.upstream import Upstream as FakeUpstream
from tests.upstream_behaviours import success
from tests.upstream_exchange import Behaviour, Exchange

FULL = 2
POOL = 8

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_locked_database_costs_a_moment_and_no_second_call(
    imagepig: FakeUpstream, team: Team, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows, not databases.")
    submit(team, alice)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10")
    with closing(
        sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)
    ) as other:

        def lock(exchange: Exchange) -> None:
            other.execute("BEGIN IMMEDIATE")
            threading.Timer(0.15, other.rollback).start()
            success().play(exchange)

        imagepig.behaviours.append(Behaviour(lock))
        play()
    connection.close()
    assert the_one().state == State.SAVED
    assert imagepig.billed == 1


def test_a_transaction_is_tried_again_so_often_and_no_more() -> None:
    tried = []

    @transactions.transaction_again
    def fail() -> None:
        tried.append(1)
        raise OperationalError("database is locked")

    with pytest.raises(OperationalError):
        fail()
    assert len(tried) == transactions.TRIES
    tried.clear()
    with pytest.raises(OperationalError), transaction.atomic():
        fail()
    assert len(tried) == 1


@pytest.mark.parametrize(
    ("lost", "state", "billed"),
    [
        ("claim", State.UNKNOWN, 0),
        ("what came of the call", State.SAVED, 1),
        ("the picture", State.SAVED, 1),
    ],
)
def test_a_commit_whose_acknowledgement_is_lost_is_found_to_be_made(
    imagepig: FakeUpstream,
    team: Team,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
    lost: str,
    state: State,
    billed: int,
) -> None:
    left = ["claim", "what came of the call", "the picture"]
    commit = connection.commit

    def commit_unheard() -> None:
        commit()
        if left and left.pop(0) == lost:
            raise OperationalError("server closed the connection unexpectedly")

    submit(team, alice)
    monkeypatch.setattr(connection, "commit", commit_unheard)
    play()
    monkeypatch.undo()
    assert not left
    Generation.objects.filter(state=State.SENDING).update(deadline=timezone.now())
    list(pipeline.sweep(set()))
    assert the_one().state == state
    assert imagepig.billed == billed


def test_a_commit_on_sqlite_waits_for_the_disk_in_every_connection() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL waits for the disk unless it is told not to.")

    def pragmas(_: int) -> tuple[int, str]:
        try:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous")
                (synchronous,) = cursor.fetchone()
                cursor.execute("PRAGMA journal_mode")
                return synchronous, cursor.fetchone()[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        everywhere = {pragmas(0), *pool.map(pragmas, range(4))}
    assert everywhere == {(FULL, "wal")}


def test_a_transaction_on_sqlite_is_the_only_one_that_writes_from_its_beginning() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows, not databases.")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=0)) as other:
        with (
            transaction.atomic(),
            pytest.raises(sqlite3.OperationalError, match="database is locked"),
        ):
            other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


def test_many_threads_share_eight_connections_to_postgresql() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("Each thread has its own connection to SQLite.")
    all_here = threading.Barrier(POOL)

    def count(number: int) -> int:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                if number < POOL:
                    all_here.wait(20)
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND backend_type = 'client backend'"
                )
                return int(cursor.fetchone()[0])
        finally:
            connection.close()

    # This thread's own goes back to the pool, or there would be one less for the others.
    connection.close()
    with ThreadPoolExecutor(3 * POOL) as pool:
        assert max(pool.map(count, range(6 * POOL))) == POOL
