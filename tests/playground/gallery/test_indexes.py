"""Pages and neighbours are read along an index, however many pictures others have."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, Team, User
from playground import gallery
from playground.models import Generation, GenerationQuerySet, Upstream
from tests.conftest import make_person
from tests.playground.gallery.rows import rows

pytestmark = pytest.mark.usefixtures("db", "crowd")


def pictures(user: User, team: Team, upstream: str = "") -> GenerationQuerySet:
    return gallery.generations(user, team, upstream).pictures()


@pytest.fixture(scope="module")
def team(module_rows: None) -> Team:
    return Team.objects.create(name="Sty")


@pytest.fixture(scope="module")
def alice(team: Team) -> User:
    return make_person("Alice", team, Role.OWNER)


@pytest.fixture(scope="module")
def crowd(alice: User, team: Team) -> None:
    """A team's pictures among many of another's, as they would stand in a house of many teams."""
    other = Team.objects.create(name="Crowd")
    for owner, each in ((other, 800), (team, 40), (other, 800), (team, 50), (other, 800)):
        rows(owner, each)
        rows(owner, each // 10, upstream=Upstream.IMAGEPIG)
        rows(owner, each // 10, deleted_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.parametrize("upstream", ["", "sandbox", "imagepig"])
@pytest.mark.parametrize("deep", [False, True])
def test_a_page_is_read_along_its_index(alice: User, team: Team, upstream: str, deep: bool) -> None:
    chosen = pictures(alice, team, upstream).order_by("-pk")
    if deep:
        middle = Generation.objects.filter(team=team).order_by("pk")[70].pk
        chosen = chosen.filter(pk__lt=middle)
    # Among so few rows only a short page is worth an index to every planner.
    explained = chosen[:6].explain()
    assert ("gallery_upstream" if upstream else "gallery") in explained, explained
    assert "TEMP B-TREE" not in explained, explained
    assert "Sort" not in explained, explained


def test_neighbours_are_read_along_the_index(alice: User, team: Team) -> None:
    middle = Generation.objects.filter(team=team).order_by("pk")[70].pk
    with CaptureQueriesContext(connection) as asked:
        gallery.neighbours(alice, Generation.objects.get(pk=middle))
    with connection.cursor() as cursor:
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{explain} {asked.captured_queries[-1]['sql']}")
        explained = str(cursor.fetchall())
    assert explained.count("gallery ") >= 2, explained
    assert "TEMP B-TREE" not in explained, explained
    assert "Sort" not in explained, explained
