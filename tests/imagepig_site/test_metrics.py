"""Numbers for Prometheus: right, in its format, for those with the token, and quickly asked."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Team, User
from accounts.services import set_api_key
from imagepig_site import metrics
from playground import tasks
from playground.keeping import tally
from playground.models import Generation, State, Upstream
from playground.pipeline import spool
from tests.factories import make_generation

TOKEN = "a-token-of-some-length"
SAMPLE = re.compile(
    r"(?P<name>[a-z_]+)(\{(?P<labels>([a-z_]+=\"([^\"\\\n]|\\.)*\",?)+)\})? (?P<value>[0-9.e+-]+)"
)


@pytest.fixture(autouse=True)
def _token(settings: LazySettings) -> None:
    settings.METRICS_TOKEN = TOKEN


def scraped(client: Client) -> dict[str, float]:
    """Name with labels → value, as Prometheus would read it."""
    response = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    values = {}
    for line in response.content.decode().splitlines():
        if not line.startswith("#"):
            sample = SAMPLE.fullmatch(line)
            assert sample, line
            name, _, value = line.rpartition(" ")
            values[name.removeprefix("playground_")] = float(value)
    return values


def age(*generations: Generation) -> None:
    """Whatever is counted has settled."""
    then = timezone.now() - timedelta(seconds=30)
    Generation.objects.filter(pk__in=[each.pk for each in generations]).update(queued_at=then)


def ended(values: dict[str, float]) -> dict[str, float]:
    return {name: each for name, each in values.items() if "ended_total" in name}


# Who may ask


def test_without_a_token_in_the_settings_there_are_none(
    client: Client, db: None, settings: LazySettings
) -> None:
    settings.METRICS_TOKEN = ""
    for given in ("", "Bearer ", f"Bearer {TOKEN}"):
        assert client.get("/metrics", headers={"authorization": given}).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", "Bearer wrong", TOKEN[:-1], "Bearer ü"])
def test_who_has_not_the_token_is_told_nothing(client: Client, given: str) -> None:
    # No database is allowed in this test.
    response = client.get("/metrics", headers={"authorization": given})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert b"playground_" not in response.content


def test_an_administrator_has_no_other_way_in(as_alice: Client, alice: User) -> None:
    alice.is_superuser = alice.is_staff = True
    alice.save()
    assert as_alice.get("/metrics").status_code == 401


# The format


def test_each_family_is_explained_once_before_its_samples(client: Client, team: Team) -> None:
    scraped(client)
    age(make_generation(team))
    response = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    family, seen = "", set()
    for line in response.content.decode().splitlines():
        if line.startswith("# HELP "):
            family = line.split()[2]
            assert family not in seen
            assert line.endswith(".")
            seen.add(family)
        elif line.startswith("# TYPE "):
            assert line.split()[2] == family
            assert line.split()[3] in ("counter", "gauge", "histogram")
        else:
            assert re.fullmatch(rf"{family}(_bucket|_sum|_count)?[{{ ].*", line)
    assert "playground_generation_seconds" in seen


def test_a_label_is_escaped() -> None:
    assert metrics._sample("a", {"b": 'c"\\\n'}, 1) == 'playground_a{b="c\\"\\\\\\n"} 1'


# The numbers


def test_what_is_pending_is_told_by_state_upstream_and_endpoint(client: Client, team: Team) -> None:
    for _ in range(2):
        make_generation(team, state=State.SENDING, endpoint="flux", upstream=Upstream.IMAGEPIG)
    waits = make_generation(team, state=State.QUEUED, handed_over=True)
    age(waits)
    values = scraped(client)
    sending = 'generations_pending{state="sending",upstream="imagepig",endpoint="flux"}'
    assert values[sending] == 2
    assert values['generations_pending{state="queued",upstream="sandbox",endpoint="default"}'] == 1
    assert values["generations_asked_total"] == waits.pk
    assert 30 <= values["queue_age_seconds"] < 60
    assert values['queue_length{due="now"}'] == 0
    assert values["worker_up"] == 1


def test_a_queue_is_as_long_as_what_is_due_and_what_waits_for_its_time(
    client: Client, team: Team, settings: LazySettings
) -> None:
    huey = settings.HUEY
    huey.enqueue(tasks.generate.s(1, eta=timezone.now() + timedelta(hours=1)))
    # A worker puts aside what has to wait.
    huey.execute(huey.dequeue())
    for number in (2, 3):
        huey.enqueue(tasks.generate.s(number))
    values = scraped(client)
    assert values['queue_length{due="now"}'] == 2
    assert values['queue_length{due="later"}'] == 1


def test_the_rest(client: Client, team: Team, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    set_api_key(team=team, by=alice, label="Ours", secret="pig-canary-4711-abcdefgh")
    monkeypatch.setattr(spool, "RESERVE_BYTES", 2**60)
    values = scraped(client)
    assert values['api_keys{state="unproved"}'] == 1
    assert values["free_bytes"] > 0
    assert values['ready{part="database"}'] == 1
    assert values['ready{part="space"}'] == 0
    (build,) = [name for name in values if name.startswith("build_info")]
    assert f'database="{connection.vendor}"' in build


def test_a_queue_that_is_away_has_no_length_and_the_rest_is_told(
    client: Client, team: Team, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise settings.QUEUE_ERRORS[-1]("refused")

    monkeypatch.setattr(settings.HUEY, "pending_count", away)
    values = scraped(client)
    assert not [name for name in values if name.startswith("queue_length")]
    assert "free_bytes" in values


def test_endings_are_counted_from_the_first_time_on_whenever_they_come(
    client: Client, team: Team
) -> None:
    age(make_generation(team))
    open_then = make_generation(team, state=State.SENDING)
    assert ended(scraped(client)) == {}

    refused = make_generation(team, state=State.REFUSED, endpoint="flux")
    later = make_generation(team, state=State.QUEUED)
    age(open_then, refused, later)
    counted = 'generations_ended_total{upstream="sandbox",endpoint="%s",state="%s"}'
    assert ended(scraped(client)) == {counted % ("flux", "refused"): 1}

    for each in (open_then, later):
        Generation.objects.filter(pk=each.pk).update(
            state=State.CANCELLED, ended_at=timezone.now(), sent_at=None
        )
    expected = {counted % ("default", "cancelled"): 2, counted % ("flux", "refused"): 1}
    assert ended(scraped(client)) == expected
    assert ended(scraped(client)) == expected


def test_one_that_is_deleted_before_it_ends_is_forgotten(client: Client, team: Team) -> None:
    pending = make_generation(team, state=State.QUEUED)
    scraped(client)
    pending.delete()
    assert ended(scraped(client)) == {}


def test_what_was_asked_for_this_instant_is_counted_once_it_has_settled(
    client: Client, team: Team
) -> None:
    """A lower number may be committed after a higher one."""
    scraped(client)
    first, second = make_generation(team), make_generation(team)
    age(second)
    assert ended(scraped(client)) == {}
    age(first)
    assert sum(ended(scraped(client)).values()) == 2


def test_times_are_told_as_a_histogram(client: Client, team: Team) -> None:
    scraped(client)
    now = timezone.now() - timedelta(minutes=1)
    for seconds in (0.2, 7, 300):
        make_generation(
            team,
            queued_at=now,
            sent_at=now + timedelta(seconds=0.05),
            received_at=now + timedelta(seconds=0.05 + seconds),
            saved_at=now + timedelta(seconds=1.05 + seconds),
        )
    values = scraped(client)
    labels = 'upstream="sandbox",endpoint="default",part="calling"'
    buckets = {
        bound: values[f'generation_seconds_bucket{{{labels},le="{bound}"}}']
        for bound in ("0.1", "0.25", "5.0", "10.0", "120.0", "+Inf")
    }
    assert buckets == {"0.1": 0, "0.25": 1, "5.0": 1, "10.0": 2, "120.0": 2, "+Inf": 3}
    assert values[f"generation_seconds_count{{{labels}}}"] == 3
    assert values[f"generation_seconds_sum{{{labels}}}"] == pytest.approx(307.2)
    saving = labels.replace("calling", "saving")
    assert values[f'generation_seconds_bucket{{{saving},le="1.0"}}'] == 3


# What asking costs


def test_each_time_so_many_rows_are_looked_at_and_no_more(
    client: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "MOST_AT_ONCE", 2)
    scraped(client)
    age(*(make_generation(team, state=State.REFUSED) for _ in range(5)))
    assert [sum(ended(scraped(client)).values()) for _ in range(4)] == [2, 4, 5, 5]


def test_two_who_ask_at_once_count_nothing_twice(client: Client, team: Team) -> None:
    scraped(client)
    age(make_generation(team))
    cache.add(tally.LOCK, True, 30)
    assert ended(scraped(client)) == {}
    cache.delete(tally.LOCK)
    assert sum(ended(scraped(client)).values()) == 1


def test_no_number_is_worth_a_look_through_all_generations(client: Client, team: Team) -> None:
    make_generation(team, state=State.SENDING)
    age(make_generation(team, state=State.QUEUED))
    scraped(client)
    with CaptureQueriesContext(connection) as asked:
        scraped(client)
    assert len(asked) <= 25
    about = [each["sql"] for each in asked if 'FROM "playground_generation"' in each["sql"]]
    assert about
    if connection.vendor == "sqlite":
        for query in about:
            assert looks_through_all(query) == [], query


def looks_through_all(query: str) -> list[Any]:
    """The steps of SQLite's plan that go through the whole table."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        steps = [row[3] for row in cursor.fetchall()]
    whole = [step for step in steps if step.startswith("SCAN playground_generation")]
    return [step for step in whole if "INDEX pending" not in step]
