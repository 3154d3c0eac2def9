from __future__ import annotations

import threading
import time
from typing import NoReturn

import pytest
from django.conf import settings
from django.db import InterfaceError, connection
from django.db.models import F

from accounts.models import Team, User
from playground import waiting
from playground.models import Generation
from tests.factories import make_generation

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_waiting_page_hears_of_a_change_at_once(team: Team, alice: User) -> None:
    generation = make_generation(team, author=alice, state="queued")
    heard: list[tuple[bool, float]] = []

    def wait() -> None:
        began = time.monotonic()
        heard.append((waiting.wait_for_change({generation.pk: 0}), time.monotonic() - began))

    page = threading.Thread(target=wait)
    page.start()
    Generation.objects.update(revision=F("revision") + 1)
    page.join(timeout=5)
    assert heard[0][0] is True
    assert heard[0][1] < waiting.HOLD_SECONDS / 2


def test_a_page_that_shows_something_old_is_told_so_without_waiting(
    team: Team, alice: User
) -> None:
    generation = make_generation(team, author=alice, state="queued", revision=3)
    assert waiting.Watcher().wait({generation.pk: 2}, seconds=5) is True


def test_a_generation_that_is_gone_ends_the_wait(team: Team, alice: User) -> None:
    assert waiting.Watcher().wait({987654: 0}, seconds=5) is True


def test_the_wait_ends_by_itself_and_the_watcher_with_it(team: Team, alice: User) -> None:
    generation = make_generation(team, author=alice, state="queued")
    assert waiting.Watcher().wait({generation.pk: 0}, seconds=0.2) is False
    watchers = [each for each in threading.enumerate() if each.name == "watcher"]
    for watcher in watchers:
        watcher.join(timeout=5)
        assert not watcher.is_alive()


def test_at_most_half_of_the_threads_may_wait(team: Team, alice: User) -> None:
    generation = make_generation(team, author=alice, state="queued")
    places = [waiting._places.acquire(blocking=False) for _ in range(settings.WEB_THREADS // 2)]
    try:
        assert all(places)
        began = time.monotonic()
        assert waiting.wait_for_change({generation.pk: 0}) is False
        assert time.monotonic() - began < waiting.HOLD_SECONDS / 2
    finally:
        for _ in places:
            waiting._places.release()


def watcher_is_gone() -> None:
    for each in threading.enumerate():
        if each.name == "watcher":
            each.join(timeout=5)
            assert not each.is_alive()


def test_sqlite_is_asked_again_only_when_somebody_has_written(
    team: Team, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = make_generation(team, author=alice, state="queued")
    watcher = waiting.Watcher()
    looks: list[int] = []
    look = watcher._look

    def counted(waiters: list[waiting.Waiter]) -> None:
        looks.append(len(waiters))
        look(waiters)

    monkeypatch.setattr(watcher, "_look", counted)
    assert watcher.wait({generation.pk: 0}, seconds=0.3) is False
    watcher_is_gone()
    if connection.vendor == "sqlite":
        assert len(looks) == 1
    else:
        assert len(looks) > 1


def test_a_connection_that_broke_is_not_kept(
    team: Team, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_wanted: object) -> NoReturn:
        raise InterfaceError("connection already closed")

    monkeypatch.setattr(waiting, "current_revisions", broken)
    connection.ensure_connection()
    page = waiting.Waiter({1: 0})
    waiting.Watcher()._look([page])
    assert connection.connection is None
    # The page asks for itself, rather than be left waiting.
    assert page.changed.is_set()
