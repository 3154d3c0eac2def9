"""A real worker is killed outright in each state, and started again."""

from __future__ import annotations

import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import LazySettings, settings
from django.db import connection
from django.utils import timezone

from accounts.models import ApiKey, Team, User
from playground.models import Generation, State
from playground.pipeline import spool
from tests.playground.playing import all_ended, named_files, submit, until
from tests.upstream import Upstream
from tests.upstream_behaviours import hosted, success
from tests.upstream_exchange import Behaviour, Exchange
from tests.upstream_pictures import picture
from tests.upstream_scenarios import SMALL
from tests.workers import database_url, worker

pytestmark = pytest.mark.django_db(transaction=True)


def held(let_go: threading.Event, then: Behaviour) -> Behaviour:
    """Says nothing until it is let go."""

    def play(exchange: Exchange) -> None:
        while not let_go.wait(0.01):
            if exchange.upstream.stopping.is_set():
                return
        then.play(exchange)

    return Behaviour(play)


def states() -> list[str]:
    return list(Generation.objects.order_by("pk").values_list("state", flat=True))


def end_deadlines() -> None:
    """Let the time of what is being sent be up in a moment."""
    soon = timezone.now() + timedelta(seconds=1.5)
    Generation.objects.filter(state=State.SENDING).update(deadline=soon)


@contextmanager
def locked_database() -> Iterator[None]:
    """Nothing can be written to the database for as long as this lasts."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.rollback()
    else:
        with psycopg.connect(database_url()) as server:
            server.execute("SELECT id FROM playground_generation FOR UPDATE")
            yield
            server.rollback()


def test_killed_while_some_wait_are_sent_and_are_received(
    api_key: ApiKey, team: Team, alice: User, settings: LazySettings
) -> None:
    never = threading.Event()
    settings.TEAM_CALLS_AT_ONCE = 2
    with Upstream() as upstream:
        environment = {"IMAGEPIG_API_URL": upstream.url, "TEAM_CALLS_AT_ONCE": 2}
        with worker(**environment, WORKER_THREADS=4) as first:
            upstream.behaviours.append(hosted(picture(SMALL), held(never, success())))
            submit(team, alice, storage_days=1)
            until(lambda: states() == ["received"])
            upstream.behaviours.extend([held(never, success())] * 2)
            submit(team, alice, count=3)
            until(lambda: upstream.billed == 3)
            assert states() == ["received", "sending", "sending", "queued"]
            first.kill()
        # What the queue held is lost as well: the rows are the truth.
        settings.HUEY.flush()
        assert states() == ["received", "sending", "sending", "queued"]
        end_deadlines()
        with worker(**environment, WORKER_THREADS=4) as second:
            all_ended()
            assert second.stop() == 0, second.log
        assert states() == ["saved", "unknown", "unknown", "saved"]
        assert set(Generation.objects.filter(state="unknown").values_list("fault", flat=True)) == {
            "interrupted"
        }
        assert upstream.billed == 4


def test_killed_between_the_claim_and_the_first_byte(
    api_key: ApiKey, team: Team, alice: User
) -> None:
    with ExitStack() as stack:
        # Nobody accepts: connecting takes until its time-out.
        crowded = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            caller = stack.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(crowded.getsockname())
        address = f"http://127.0.0.1:{crowded.getsockname()[1]}"
        with worker(IMAGEPIG_API_URL=address, WORKER_THREADS=2) as first:
            submit(team, alice)
            until(lambda: states() == ["sending"])
            first.kill()
    end_deadlines()
    with Upstream() as upstream:
        with worker(IMAGEPIG_API_URL=upstream.url, WORKER_THREADS=2):
            all_ended()
        assert states() == ["unknown"]
        assert upstream.billed == 0


def test_killed_with_the_answer_on_disk_and_in_the_middle_of_saving(
    api_key: ApiKey, team: Team, alice: User
) -> None:
    now = threading.Event()
    pictures = Path(settings.DATA_DIR) / "pictures"
    with Upstream() as upstream:
        environment = {"IMAGEPIG_API_URL": upstream.url, "WORKER_THREADS": 4}
        with worker(**environment) as first:
            upstream.behaviours.append(hosted(picture(SMALL), held(now, Behaviour(_sound))))
            submit(team, alice, storage_days=1)
            until(lambda: states() == ["received"])
            upstream.behaviours.append(held(now, success()))
            (second_one,) = submit(team, alice)
            until(lambda: upstream.billed == 2)
            before = set(pictures.rglob("*.*"))
            second_one.refresh_from_db()
            with locked_database():
                now.set()
                until(lambda: len(set(pictures.rglob("*.*")) - before) == 2)
                until(spool.path_of(second_one).exists)
                first.kill()
        assert states() == ["received", "sending"]
        with worker(**environment) as second:
            all_ended()
            assert second.stop() == 0, second.log
        assert states() == ["saved", "saved"]
        assert upstream.billed == 2
        assert not spool.kept()
        kept = {str(each.relative_to(pictures)) for each in set(pictures.rglob("*.*")) - before}
        assert kept == named_files(), "what the killed one had stored is gone"


def _sound(exchange: Exchange) -> None:
    exchange.answer(200, picture(SMALL), "image/jpeg")


def test_a_worker_that_is_asked_to_stop_finishes_what_it_has_sent(
    api_key: ApiKey, team: Team, alice: User
) -> None:
    now = threading.Event()
    with Upstream(held(now, success())) as upstream:
        with worker(IMAGEPIG_API_URL=upstream.url, WORKER_THREADS=2) as only:
            submit(team, alice)
            until(lambda: upstream.billed == 1)
            threading.Timer(0.5, now.set).start()
            assert only.stop() == 0, only.log
        assert states() == ["saved"]
