"""Many at once, and none at the cost of others: with a real worker and threads that race."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone
from huey.api import Huey

from accounts.models import ApiKey, Team, User
from accounts.services import set_api_key
from playground import pipeline, services, tasks
from playground.models import Generation, State
from playground.pipeline import turns
from tests.factories import make_generation
from tests.playground.playing import all_ended, play, submit
from tests.upstream import Upstream
from tests.upstream_behaviours import success
from tests.upstream_exchange import Behaviour, Exchange, Request
from tests.upstream_pictures import picture
from tests.upstream_scenarios import SMALL
from tests.workers import worker

pytestmark = pytest.mark.django_db(transaction=True)

IN_FLIGHT = 32
OF_ONE_TEAM = 24


class Crowd:
    """Lets nobody go before 32 requests have arrived, and counts each team's at once."""

    def __init__(self) -> None:
        self.all_here = threading.Barrier(IN_FLIGHT)
        self.arrived: list[str] = []
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._answer = success(image=picture(SMALL))

    def script(self, request: Request) -> Behaviour:
        team = request.json["positive_prompt"]
        with self._lock:
            self.arrived.append(team)
            self.now[team] += 1
            self.most[team] = max(self.most[team], self.now[team])
            early = len(self.arrived) <= IN_FLIGHT

        def play(exchange: Exchange) -> None:
            if early:
                self.all_here.wait(30)
            with self._lock:
                self.now[team] -= 1
            self._answer.play(exchange)

        return Behaviour(play)


def test_a_batch_of_64_leaves_room_for_another_team_and_32_are_in_flight(
    api_key: ApiKey, team: Team, alice: User, charlie: User
) -> None:
    elsewhere = charlie.teams.get()
    set_api_key(team=elsewhere, by=charlie, label="Theirs", secret="another-canary-0815")
    crowd = Crowd()
    for _ in range(8):
        submit(team, alice, count=8, positive_prompt="batch")
    submit(elsewhere, charlie, count=8, positive_prompt="few")
    with (
        Upstream(script=crowd.script) as upstream,
        worker(
            IMAGEPIG_API_URL=upstream.url,
            WORKER_THREADS=IN_FLIGHT,
            TEAM_CALLS_AT_ONCE=OF_ONE_TEAM,
        ) as only,
    ):
        all_ended(seconds=40)
        assert only.stop() == 0, only.log
        assert upstream.billed == 72
    assert Counter(crowd.arrived[:IN_FLIGHT]) == {"batch": OF_ONE_TEAM, "few": 8}
    assert crowd.most["batch"] == OF_ONE_TEAM
    assert set(Generation.objects.values_list("state", flat=True)) == {State.SAVED}


def test_only_as_many_of_a_team_as_may_run_are_in_the_queue(
    team: Team, alice: User, charlie: User, settings: LazySettings
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 3
    submit(team, alice, upstream="sandbox", count=8)
    submit(charlie.teams.get(), charlie, upstream="sandbox", count=1)
    assert settings.HUEY.pending_count() == 4
    assert taken(settings.HUEY) == "SESS", "the second team's only one stands before two of three"


def taken(huey: Huey) -> str:
    """The first letters of the teams whose generations the queue gives, in its own order."""
    teams = dict(Generation.objects.values_list("pk", "team__name"))
    letters = ""
    while (task := huey.dequeue()) is not None:
        letters += teams[task.args[0]][0]
    return letters


def test_none_starves_where_others_come_all_the_time_with_a_single_picture(
    team: Team, alice: User, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    batch = [each.pk for each in submit(team, alice, upstream="sandbox", count=4)]
    came, order = {}, []
    # A worker with time for one generation a second; what comes each second fills all of it.
    for second in range(4 * turns.PLACE_SECONDS + 4):
        now += timedelta(seconds=1)
        single = make_generation(Team.objects.create(name=f"{second}"), state=State.QUEUED)
        came[single.pk] = second
        tasks.enqueue(*pipeline.take_waiting(single.team_id))
        order.append(settings.HUEY.dequeue().args[0])
    assert set(batch) <= set(order), "each of the batch had its turn"
    turn = {pk: second for second, pk in enumerate(order)}
    between = [turn[later] - turn[earlier] for earlier, later in itertools.pairwise(batch)]
    assert min(between) >= turns.PLACE_SECONDS, "others went between them"
    waited = [turn[pk] - second for pk, second in came.items() if pk in turn]
    assert max(waited) <= len(batch), "and none of those waited for more than the batch"


def test_whatever_is_delivered_often_is_called_once(
    imagepig: Upstream, team: Team, alice: User, settings: LazySettings
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 4
    imagepig.script = lambda _request: success(image=picture(SMALL))
    made = [each for _ in range(2) for each in submit(team, alice, count=8)]
    cancelled = made[::4]
    for each in made * 2:
        tasks.enqueue(pipeline.Due(each.pk))
    services.cancel(generation=cancelled[0], by=alice)

    def work(_: int) -> None:
        try:
            play()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    play()
    outcomes = Counter(Generation.objects.values_list("state", flat=True))
    assert outcomes == {State.SAVED: 15, State.CANCELLED: 1}
    assert imagepig.billed == 15


def test_never_do_more_of_a_team_run_than_may_however_many_deliveries_race(
    imagepig: Upstream, team: Team, alice: User, settings: LazySettings
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 2
    arrived, most, now, lock = 0, 0, 0, threading.Lock()
    two_at_once = threading.Barrier(2)
    answer = success(image=picture(SMALL))

    def count(exchange: Exchange) -> None:
        nonlocal arrived, most, now
        with lock:
            arrived += 1
            now += 1
            most = max(most, now)
            early = arrived <= 2
        if early:
            two_at_once.wait(20)
        exchange.wait(0.02)
        with lock:
            now -= 1
        answer.play(exchange)

    imagepig.script = lambda _request: Behaviour(count)
    made = submit(team, alice, count=8)

    def deliver(number: int) -> None:
        try:
            for due in pipeline.run(made[number % 8].pk):
                tasks.enqueue(due)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(deliver, range(16)))
    play()
    assert most == 2
    assert imagepig.billed == 8
    assert not Generation.objects.exclude(state=State.SAVED).exists()
