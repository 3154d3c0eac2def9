from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Team, User
from playground import gallery
from playground.models import Generation, GenerationQuerySet, State, Upstream
from tests.factories import make_generation
from tests.playground.gallery.rows import rows


def pictures(user: User, team: Team, upstream: str = "") -> GenerationQuerySet:
    return gallery.generations(user, team, upstream).pictures()


def ids(page: gallery.Page) -> list[int]:
    return [each.pk for each in page.pictures]


def test_a_page_holds_the_newest_first_and_says_where_the_next_begins(
    alice: User, team: Team
) -> None:
    made = [each.pk for each in rows(team, 5)]
    first = gallery.page(pictures(alice, team), size=2)
    second = gallery.page(pictures(alice, team), before=first.older, size=2)
    last = gallery.page(pictures(alice, team), before=second.older, size=2)
    assert [ids(first), ids(second), ids(last)] == [made[4:2:-1], made[2:0:-1], made[:1]]
    assert last.older is None


def test_a_page_that_is_just_full_is_the_last(alice: User, team: Team) -> None:
    rows(team, 4)
    assert gallery.page(pictures(alice, team), size=4).older is None


def test_only_saved_pictures_out_of_the_bin_are_shown(alice: User, team: Team) -> None:
    shown = make_generation(team)
    make_generation(team, deleted_at=timezone.now())
    for state in State.values:
        if state != State.SAVED:
            make_generation(team, state=state)
    assert ids(gallery.page(pictures(alice, team))) == [shown.pk]


def test_nobody_sees_another_teams_pictures(charlie: User, team: Team) -> None:
    rows(team, 3)
    assert gallery.page(pictures(charlie, team)).pictures == []


def test_sandbox_and_image_pig_can_be_told_apart(alice: User, team: Team) -> None:
    painted = rows(team, 1)[0].pk
    bought = rows(team, 1, upstream=Upstream.IMAGEPIG)[0].pk
    assert ids(gallery.page(pictures(alice, team, "sandbox"))) == [painted]
    assert ids(gallery.page(pictures(alice, team, "imagepig"))) == [bought]
    assert ids(gallery.page(pictures(alice, team))) == [bought, painted]


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["page", "add", "delete", "restore"]), st.integers(0, 30)),
    max_size=25,
)


@given(before=st.integers(0, 12), size=st.integers(1, 5), actions=ACTIONS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_pages_neither_lose_nor_repeat_while_pictures_come_and_go(
    alice: User, before: int, size: int, actions: list[tuple[str, int]]
) -> None:
    team = Team.objects.create(name="Busy")
    team.memberships.create(user=alice, role="owner")
    standing = {each.pk for each in rows(team, before)}
    everything = sorted(standing)
    touched: set[int] = set()
    page = gallery.page(pictures(alice, team), size=size)
    seen = ids(page)
    for action, number in [*actions, *[("page", 0)] * 50]:
        if action == "page" and page.older is not None:
            page = gallery.page(pictures(alice, team), before=page.older, size=size)
            seen += ids(page)
        elif action == "add":
            everything += [each.pk for each in rows(team, 1)]
        elif action in ("delete", "restore") and everything:
            chosen = everything[number % len(everything)]
            touched.add(chosen)
            deleted_at = timezone.now() if action == "delete" else None
            Generation.objects.filter(pk=chosen).update(deleted_at=deleted_at)
    assert page.older is None
    assert len(seen) == len(set(seen)), "a picture came twice"
    assert seen == sorted(seen, reverse=True)
    assert standing - touched <= set(seen), "a picture was lost"


def test_neighbours_are_the_next_pictures_of_the_same_team(alice: User, team: Team) -> None:
    first, second, third = rows(team, 3)
    rows(Team.objects.create(name="Elsewhere"), 1)
    Generation.objects.filter(pk=second.pk).update(deleted_at=timezone.now())
    assert gallery.neighbours(alice, first) == (third.pk, None)
    assert gallery.neighbours(alice, third) == (None, first.pk)


@pytest.mark.parametrize("text", ["", None, "-1", "1.5", "٣", "9" * 19, "1 OR 1=1", "x"])
def test_a_cursor_that_is_no_id_is_none(text: str | None) -> None:
    assert gallery.cursor(text) is None


@pytest.mark.parametrize("analysed", [False, True])
def test_what_is_on_its_way_is_read_along_an_index_of_its_own(
    alice: User, team: Team, analysed: bool
) -> None:
    rows(team, 1000)
    make_generation(team, state=State.QUEUED)
    if analysed:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    elif connection.vendor == "postgresql":
        pytest.skip("PostgreSQL gathers its statistics by itself")
    with CaptureQueriesContext(connection) as queries:
        assert len(gallery.coming(alice, team)) == 1
    with connection.cursor() as cursor:
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{explain} {queries[0]['sql']}".replace("%", "%%"))
        explained = str(cursor.fetchall())
    assert " pending " in explained, explained
