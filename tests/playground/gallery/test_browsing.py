"""Pages of what a filter asks for: nothing lost, nothing twice, nothing longer than it may take."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations_with_replacement
from random import Random
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Team, User
from playground import gallery
from playground.gallery import Count, Filter, Sort, browsing
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
from tests.factories import make_generation
from tests.playground.gallery.rows import rows


def shown(asked: Filter, user: User, team: Team, *, size: int = 3) -> list[int]:
    """What a person comes by, page after page."""
    page = gallery.browse(asked, user, team, size=size)
    seen = [each.pk for each in page.pictures]
    while page.next:
        page = gallery.browse(asked, user, team, after=page.next, size=size)
        seen += [each.pk for each in page.pictures]
    return seen


@pytest.fixture
def few(alice: User, bob: User, team: Team) -> list[Generation]:
    """A dozen pictures that differ in all that can be asked for, and what must never be shown."""
    tag = Tag.objects.create(team=team, name="wet")
    kept = Collection.objects.create(team=team, name="Kept")
    grid = Experiment.objects.create(team=team, name="Grid", token="t", upstream="sandbox", spec={})
    start = timezone.now() - timedelta(days=12)
    made = []
    for number in range(12):
        made += rows(
            team,
            1,
            author=(alice, bob)[number % 2],
            upstream=("sandbox", "imagepig")[number % 3 == 0],
            endpoint=("default", "xl", "flux")[number % 3],
            seed=str(40 + number % 4),
            seconds=float(number % 5),
            rating=float(number % 6),
            reruns=number % 2,
            comments_count=number % 3,
            pick=("picked", "rejected", "")[number % 3],
            queued_at=start + timedelta(days=number),
            experiment=grid if number % 4 == 1 else None,
            body={
                "positive_prompt": ("red pig", "blue goose", "red goose")[number % 3],
                "format": ("JPEG", "PNG")[number % 2],
                "proportion": ("wide", "square")[number % 4 == 0],
                "negative_prompt": "mud",
            },
        )
    for each in made[::2]:
        Star.objects.create(user=alice, team=team, generation=each)
        Star.objects.create(user=bob, team=team, generation=made[1]) if each == made[0] else None
        Tagged.objects.create(tag=tag, generation=each)
    for each in made[::3]:
        Collected.objects.create(collection=kept, generation=each)
    binned = rows(team, 1, seed="40", deleted_at=timezone.now(), experiment=grid, reruns=1)[0]
    Star.objects.create(user=alice, team=team, generation=binned)
    Tagged.objects.create(tag=tag, generation=binned)
    Collected.objects.create(collection=kept, generation=binned)
    make_generation(team, state=State.REFUSED, author=alice, prompt="red pig")
    make_generation(team, state=State.QUEUED, author=alice, prompt="red pig")
    rows(
        Team.objects.create(name="Elsewhere"), 2, author=alice, body={"positive_prompt": "red pig"}
    )
    return made


def filters(few: list[Generation]) -> dict[str, tuple[Filter, Any]]:
    """A filter of each kind, and which of the dozen it asks for."""
    kept, grid = Collection.objects.get(), Experiment.objects.get()
    day = few[4].queued_at.date()
    author = few[1].author_id
    return {
        "": (Filter(), lambda _: True),
        "text": (Filter(text="red"), lambda n: n % 3 != 1),
        "seed": (Filter(seed="41"), lambda n: n % 4 == 1),
        "experiment": (Filter(experiment=grid.pk), lambda n: n % 4 == 1),
        "collection": (Filter(collection=kept.pk), lambda n: n % 3 == 0),
        "tag": (Filter(tag="wet"), lambda n: n % 2 == 0),
        "starred": (Filter(starred=True), lambda n: n % 2 == 0),
        "reruns": (Filter(reruns=True), lambda n: n % 2 == 1),
        "commented": (Filter(commented=True), lambda n: n % 3 > 0),
        "pick": (Filter(pick="picked"), lambda n: n % 3 == 0),
        "rating": (Filter(rating=3), lambda n: n % 6 >= 3),
        "author": (Filter(author=author), lambda n: n % 2 == 1),
        "endpoint": (Filter(endpoint="flux"), lambda n: n % 3 == 2),
        "proportion": (Filter(chosen={"proportion": "square"}), lambda n: n % 4 == 0),
        "format": (Filter(chosen={"format": "PNG"}), lambda n: n % 2 == 1),
        "upstream": (Filter(upstream="imagepig"), lambda n: n % 3 == 0),
        "since": (Filter(since=day), lambda n: n >= 4),
        "until": (Filter(until=day), lambda n: n <= 4),
        "made up": (Filter(chosen={"negative_prompt": "mud"}), lambda _: True),
        "nothing": (Filter(chosen={"language": "cs"}), lambda _: False),
    }


def expected(few: list[Generation], wanted: set[int], sort: Sort) -> list[int]:
    column = sort.column or "pk"
    rows = sorted(few, key=lambda each: (getattr(each, column), each.pk), reverse=sort.descending)
    return [each.pk for each in rows if each.pk in wanted]


def test_each_filter_goes_with_each_other_in_each_order(
    few: list[Generation], alice: User, team: Team
) -> None:
    asked = filters(few)
    for name, other in combinations_with_replacement(asked, 2):
        (first, fits), (second, fits_too) = asked[name], asked[other]
        parts = {**first.__dict__, **{key: part for key, part in second.__dict__.items() if part}}
        parts["chosen"] = {**first.chosen, **second.chosen}
        wanted = {each.pk for n, each in enumerate(few) if fits(n) and fits_too(n)}
        for sort in (Sort.NEWEST, Sort.OLDEST) if parts["text"] else Sort:
            whole = Filter(**{**parts, "sort": sort})
            told = f"{name} and {other}, {sort}"
            assert shown(whole, alice, team) == expected(few, wanted, sort), told
            if sort in (Sort.NEWEST, Sort.BEST):
                assert gallery.count(whole, alice, team) == Count(len(wanted), exact=True), told


def test_all_that_match_are_named_by_the_batch(
    few: list[Generation], alice: User, team: Team
) -> None:
    for name, (asked, fits) in filters(few).items():
        wanted = [each.pk for n, each in enumerate(few) if fits(n)]
        batches = list(gallery.Every(asked, alice, team, size=2))
        assert [pk for batch in batches for pk in batch] == wanted[::-1], name
        assert all(0 < len(batch) <= 2 for batch in batches)


@pytest.mark.parametrize("state", [State.REFUSED, State.QUEUED])
def test_other_states_are_shown_when_asked_for(
    few: list[Generation], alice: User, team: Team, state: State
) -> None:
    (only,) = gallery.browse(Filter(state=state), alice, team).pictures
    assert only.state == state
    assert gallery.browse(Filter(state=state, endpoint="xl"), alice, team).pictures == []


def test_a_star_is_a_persons_own(few: list[Generation], bob: User, team: Team) -> None:
    assert shown(Filter(starred=True), bob, team) == [few[1].pk]


def test_outsiders_see_nothing_whatever_they_ask_for(
    few: list[Generation], charlie: User, team: Team
) -> None:
    for asked, _ in filters(few).values():
        assert shown(asked, charlie, team) == []


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("name", ["", "endpoint", "starred", "made up"])
def test_pages_go_back_the_way_they_came(
    few: list[Generation], alice: User, team: Team, sort: Sort, name: str
) -> None:
    asked = Filter(**{**filters(few)[name][0].__dict__, "sort": sort})
    page = gallery.browse(asked, alice, team, size=3)
    assert page.previous is None
    there = [page]
    while page.next:
        page = gallery.browse(asked, alice, team, after=page.next, size=3)
        there.append(page)
    for earlier in there[-2::-1]:
        page = gallery.browse(asked, alice, team, before=page.previous, size=3)
        assert page.pictures == earlier.pictures
        assert page.next == earlier.next
    if len(there) > 1:
        assert (
            page.previous is None
            or not gallery.browse(asked, alice, team, before=page.previous, size=3).previous
        )


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize(
    "text", ["", "x", "-1", "1e400_5", "nan_5", "1_", "_5", "1_2_3", "٣", "9" * 19, "1 OR 1=1"]
)
def test_a_cursor_that_is_none_begins_at_the_beginning(
    few: list[Generation], alice: User, team: Team, sort: Sort, text: str
) -> None:
    asked = Filter(sort=sort)
    assert gallery.browse(asked, alice, team, after=text) == gallery.browse(asked, alice, team)


def test_a_page_says_when_it_has_stopped_looking(
    alice: User, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "LOOKED_THROUGH", 40)
    monkeypatch.setattr(browsing, "FIRST_LOOK", 10)
    (sought,) = rows(team, 1, endpoint="flux", upstream="imagepig")
    rows(team, 50, endpoint="flux")
    asked = Filter(endpoint="flux", upstream="imagepig")
    first = gallery.browse(asked, alice, team, size=2)
    assert (first.pictures, first.more_to_look, first.looked_through) == ([], True, 40)
    second = gallery.browse(asked, alice, team, after=first.next, size=2)
    assert ([each.pk for each in second.pictures], second.more_to_look) == ([sought.pk], False)
    assert second.next is None
    assert gallery.count(asked, alice, team) == Count(0, exact=False, looked_through=40)
    assert [sought.pk] in list(gallery.Every(asked, alice, team))


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.BEST])
def test_all_that_match_is_bounded_too_and_says_so(
    sort: Sort, alice: User, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "LOOKED_THROUGH", 20)
    monkeypatch.setattr(browsing, "FIRST_LOOK", 10)
    monkeypatch.setattr(browsing, "ALL_LOOKED_THROUGH", 40)
    rows(team, 1, endpoint="flux", upstream="imagepig")
    rows(team, 70, endpoint="flux")
    (new,) = rows(team, 1, endpoint="flux", upstream="imagepig")
    every = gallery.Every(
        Filter(endpoint="flux", upstream="imagepig", sort=sort), alice, team, size=5
    )
    assert (list(every), every.looked_through) == ([[new.pk]], 40)
    whole = gallery.Every(Filter(endpoint="flux"), alice, team, size=5)
    assert (sum(map(len, whole)), whole.looked_through) == (72, 0)


@pytest.mark.parametrize("name", ["", "endpoint", "tag", "starred", "text", "made up"])
def test_what_is_newer_is_told_by_id_and_by_what_was_on_its_way(
    few: list[Generation], alice: User, team: Team, name: str
) -> None:
    asked, fits = filters(few)[name]
    wanted = [each.pk for n, each in enumerate(few) if fits(n)]
    than = few[7].pk

    def came(waiting: list[int]) -> list[int]:
        found = gallery.newer(asked, alice, team, than=than, waiting=waiting)
        return [each.pk for each in found.pictures]

    newer = [pk for pk in wanted[::-1] if pk > than]
    assert came([]) == newer
    assert came([few[2].pk, few[3].pk, 10**9]) == [
        *newer,
        *(pk for pk in wanted[::-1] if pk in (few[2].pk, few[3].pk)),
    ]
    assert gallery.newer(asked, alice, team, than=few[-1].pk).pictures == []


def test_a_mark_is_counted_and_found_among_those_in_the_bin(
    alice: User, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, tag = rows(team, 40), Tag.objects.create(team=team, name="wet")
    Tagged.objects.bulk_create(Tagged(tag=tag, generation=each) for each in made)
    Generation.objects.filter(pk__in=[each.pk for each in made[5:]]).update(
        deleted_at=timezone.now()
    )
    asked = Filter(tag="wet")
    assert shown(asked, alice, team) == [each.pk for each in made[4::-1]]
    assert gallery.count(asked, alice, team) == Count(5, exact=True)
    monkeypatch.setattr(browsing, "COUNTED", 3)
    assert str(gallery.count(asked, alice, team)) == "more than 3"


def test_above_a_bound_pictures_are_not_counted(
    alice: User, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "COUNTED", 5)
    rows(team, 5)
    assert str(gallery.count(Filter(), alice, team)) == "5"
    rows(team, 1)
    assert str(gallery.count(Filter(), alice, team)) == "more than 5"
    assert str(gallery.count(Filter(text="pig"), alice, team)) == "more than 5"


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["page", "back", "add", "delete", "restore"]), st.integers(0, 30)),
    max_size=25,
)


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("text", ["", "pig"])
@given(before=st.integers(0, 12), size=st.integers(1, 5), actions=ACTIONS, seed=st.integers(0, 9))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_neither_lose_nor_repeat_while_pictures_come_and_go(
    alice: User,
    sort: Sort,
    text: str,
    before: int,
    size: int,
    actions: list[tuple[str, int]],
    seed: int,
) -> None:
    if text and not sort.by_age:
        return
    draw, asked = Random(seed), Filter(sort=sort, text=text)  # noqa: S311
    team = Team.objects.create(name="Busy")
    team.memberships.create(user=alice, role="owner")

    def add() -> int:
        # Of few values, so that many share one.
        value = float(draw.choice([0, 1, 1.1, 5]))
        return rows(team, 1, seconds=value, rating=value)[0].pk

    everything = [add() for _ in range(before)]
    standing, touched = set(everything), set[int]()
    page = gallery.browse(asked, alice, team, size=size)
    seen = [each.pk for each in page.pictures]
    for action, number in [*actions, *[("page", 0)] * 50]:
        if action == "page" and page.next is not None:
            page = gallery.browse(asked, alice, team, after=page.next, size=size)
            seen += [each.pk for each in page.pictures]
        elif action == "add":
            everything.append(add())
        elif action in ("delete", "restore") and everything:
            chosen = everything[number % len(everything)]
            touched.add(chosen)
            deleted_at = timezone.now() if action == "delete" else None
            Generation.objects.filter(pk=chosen).update(deleted_at=deleted_at)
    assert page.next is None
    assert len(seen) == len(set(seen)), "a picture came twice"
    assert standing - touched <= set(seen), "a picture was lost"


def test_what_nobody_has_decided_about_is_asked_for_as_well(
    few: list[Generation], alice: User, team: Team
) -> None:
    page = gallery.browse(Filter(pick="undecided"), alice, team)
    assert [each.pk for each in page.pictures] == [
        each.pk for number, each in reversed(list(enumerate(few))) if number % 3 == 2
    ]
