"""Which filters and sorts an index carries, as each database's planner sees it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, Team, User
from playground import gallery
from playground.gallery import CARRIED, CARRIED_SORTS, Filter, Sort, browsing
from playground.models import (
    Collected,
    Collection,
    Experiment,
    Generation,
    Star,
    State,
    Tag,
    Tagged,
)
from tests.conftest import make_person
from tests.factories import make_generation
from tests.playground.gallery.rows import rows

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(scope="module")
def team(module_rows: None) -> Team:
    return Team.objects.create(name="Sty")


@pytest.fixture(scope="module")
def alice(team: Team) -> User:
    return make_person("Alice", team, Role.OWNER)


@pytest.fixture(scope="module")
def bob(team: Team) -> User:
    return make_person("Bob", team, Role.EDITOR)


@pytest.fixture(scope="module")
def crowd(alice: User, bob: User, team: Team) -> dict[str, Filter]:
    """A team's pictures among many of another's; and a filter of each kind."""
    other = Team.objects.create(name="Crowd")
    grid = Experiment.objects.create(team=team, name="Grid", token="t", upstream="sandbox", spec={})
    seeds = [str(seed) for seed in range(40)]
    for owner, each in ((other, 160), (team, 120), (other, 160)):
        rows(owner, each)
        rows(owner, each // 10, deleted_at=timezone.now())
        for seed in seeds[: each // 12]:
            rows(
                owner,
                4,
                seed=seed,
                author=bob,
                upstream="imagepig",
                endpoint="flux",
                reruns=1,
                comments_count=1,
                pick="picked",
                rating=4.5,
                seconds=5.0,
                experiment=grid if owner == team else None,
                body={"format": "PNG", "proportion": "wide", "positive_prompt": f"goose {seed}"},
            )
    for state in (State.REFUSED, State.QUEUED):
        make_generation(team, state=state)
    mine = Generation.objects.pictures().filter(team=team)
    tag = Tag.objects.create(team=team, name="wet")
    kept = Collection.objects.create(team=team, name="Kept")
    others = (
        Tag.objects.create(team=team, name="dry"),
        Collection.objects.create(team=team, name="B"),
    )
    everything = list(Generation.objects.values_list("pk", flat=True))
    Star.objects.bulk_create(Star(user=bob, team=team, generation_id=pk) for pk in everything)
    Tagged.objects.bulk_create(Tagged(tag=others[0], generation_id=pk) for pk in everything)
    Collected.objects.bulk_create(
        Collected(collection=others[1], generation_id=pk) for pk in everything
    )
    for pk in mine.values_list("pk", flat=True)[::4]:
        Star.objects.create(user=alice, team=team, generation_id=pk)
        Tagged.objects.create(tag=tag, generation_id=pk)
        Collected.objects.create(collection=kept, generation_id=pk)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    day = timezone.now().date()
    return {
        "": Filter(),
        "text": Filter(text="goose"),
        "seed": Filter(seed="5"),
        "experiment": Filter(experiment=grid.pk),
        "collection": Filter(collection=kept.pk),
        "tag": Filter(tag="wet"),
        "starred": Filter(starred=True),
        "reruns": Filter(reruns=True),
        "commented": Filter(commented=True),
        "pick": Filter(pick="picked"),
        "rating": Filter(rating=4),
        "author": Filter(author=bob.pk),
        "endpoint": Filter(endpoint="flux"),
        "proportion": Filter(chosen={"proportion": "wide"}),
        "format": Filter(chosen={"format": "PNG"}),
        "upstream": Filter(upstream="imagepig"),
        "state": Filter(state=State.REFUSED),
        "since": Filter(since=day),
        "until": Filter(until=day),
    }


@pytest.fixture
def planned(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL weighs indexes as it would with a million rows: reading all is out of the race."""
    # Among so few rows only a short look is worth an index.
    monkeypatch.setattr(browsing, "FIRST_LOOK", 3)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL random_page_cost = 1")


def plans(asked: Filter, user: User, team: Team, **place: Any) -> list[str]:
    """How the database goes about each query of a page, but for the last: that fetches by id."""
    with CaptureQueriesContext(connection) as queries:
        gallery.browse(asked, user, team, size=6, **place)
    explained = []
    with connection.cursor() as cursor:
        for query in queries.captured_queries[:-1]:
            if 'FROM "playground_generation"' not in query["sql"]:
                continue
            verb = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
            cursor.execute(f"{verb} {query['sql']}".replace("%", "%%"))
            explained.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
    return explained


def test_the_table_names_every_filter(crowd: dict[str, Filter]) -> None:
    assert set(crowd) == set(CARRIED)
    names = {each.name for each in Generation._meta.indexes}
    for name in ("gallery", "gallery_seed", "gallery_rated_3", "state_refused", "gallery_seconds"):
        assert name in names
    assert set(CARRIED_SORTS) == {sort for sort in Sort if not sort.by_age}


@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
@pytest.mark.parametrize("name", CARRIED)
def test_each_single_filter_is_read_along_its_index_by_age(
    crowd: dict[str, Filter], alice: User, team: Team, name: str, sort: Sort
) -> None:
    asked = Filter(**{**crowd[name].__dict__, "sort": sort})
    first = gallery.browse(asked, alice, team, size=6)
    index = CARRIED[name].format({"rating": 4, "state": State.REFUSED}.get(name, ""))
    for place in (None, first.next):
        for explained in plans(asked, alice, team, after=place):
            if name in ("since", "until") and "gallery_date" in explained:
                continue
            assert_carried(explained, index)


def assert_carried(explained: str, index: str) -> None:
    if index == "playground_search":
        # SQLite's table of words gives its rows in order; PostgreSQL looks at the newest first.
        ordered = "VIRTUAL TABLE INDEX" in explained
        assert ordered or "gallery" in explained or index in explained, explained
        assert "SCAN playground_generation" not in explained, explained
        return
    if index.endswith("_newest") and connection.vendor == "postgresql":
        # Of so few marks any index of theirs is as good to PostgreSQL.
        assert re.search(
            r"Index (Only )?Scan( Backward)? using \w+ on playground_(star|tagg|coll)", explained
        )
        assert "Seq Scan" not in explained, explained
        return
    assert f" {index} " in f"{explained} ".replace("\n", " ").replace("(", " ("), explained
    assert "SCAN playground_generation" not in explained, explained
    if not index.endswith("_newest"):
        assert "TEMP B-TREE" not in explained, explained
        assert "Sort" not in explained, explained


@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize("sort", CARRIED_SORTS)
def test_every_sort_without_a_filter_is_read_along_its_index(
    crowd: dict[str, Filter], alice: User, team: Team, sort: Sort
) -> None:
    asked = Filter(sort=sort)
    first = gallery.browse(asked, alice, team, size=6)
    (explained,) = plans(asked, alice, team)
    assert_carried(explained, CARRIED_SORTS[sort])
    among, *_ = plans(asked, alice, team, after=first.next)
    if connection.vendor == "postgresql":
        # Another index may hold the few that share a value in the same order.
        assert "gallery_" in among, among
        assert "Sort" not in among, among
    else:
        assert_carried(among, CARRIED_SORTS[sort])
        # Into the midst of those that share a value.
        assert f"{sort.column}=? AND id" in among, among
    value, _ = (first.next or "").split("_")
    last = 0 if sort.descending else 10**17
    *_, beyond = plans(asked, alice, team, after=f"{value}_{last}")
    assert_carried(beyond, CARRIED_SORTS[sort])


@pytest.mark.usefixtures("planned")
def test_what_is_counted_and_all_that_match_are_read_along_the_same_index(
    crowd: dict[str, Filter], alice: User, team: Team
) -> None:
    asked = crowd["endpoint"]
    with CaptureQueriesContext(connection) as queries:
        gallery.count(asked, alice, team)
        list(gallery.Every(asked, alice, team, size=100))
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            verb = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
            cursor.execute(f"{verb} {query['sql']}".replace("%", "%%"))
            explained = "\n".join(str(row[-1]) for row in cursor.fetchall())
            assert_carried(explained, "gallery_endpoint")


@pytest.mark.parametrize("name", CARRIED)
def test_no_page_takes_more_than_six_queries(
    crowd: dict[str, Filter], alice: User, team: Team, name: str
) -> None:
    for sort in (Sort.NEWEST, Sort.OLDEST) if name == "text" else Sort:
        asked = Filter(**{**crowd[name].__dict__, "sort": sort})
        with CaptureQueriesContext(connection) as queries:
            gallery.browse(asked, alice, team)
        assert len(queries) <= 6
