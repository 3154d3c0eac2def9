from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Team, User
from playground import gallery
from playground.gallery import Filter, Sort, periods
from tests.playground.gallery.rows import rows


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def made(team: Team) -> list[int]:
    times = ("2024-02-29T23:59:59", "2024-03-01T00:00", "2024-03-01T12:00", "2026-11-24T09:00")
    rows(Team.objects.create(name="Elsewhere"), 1, queued_at=at("2025-05-05"))
    made = [rows(team, 1, queued_at=at(text))[0].pk for text in times]
    rows(team, 1, queued_at=at("2026-12-01"), deleted_at=at("2026-12-02"))
    return made


def test_the_rail_names_each_month_with_pictures_and_how_many(
    alice: User, team: Team, made: list[int]
) -> None:
    found = [
        (each.first, each.last, each.number, each.exact) for each in gallery.months(alice, team)
    ]
    assert found == [
        (date(2026, 11, 1), date(2026, 11, 30), 1, True),
        (date(2024, 3, 1), date(2024, 3, 31), 2, True),
        (date(2024, 2, 1), date(2024, 2, 29), 1, True),
    ]


def test_a_month_opens_into_its_days(alice: User, team: Team, made: list[int]) -> None:
    (day,) = gallery.days(alice, team, date(2024, 3, 17))
    assert (day.first, day.last, day.number) == (date(2024, 3, 1), date(2024, 3, 1), 2)
    assert gallery.days(alice, team, date(2025, 1, 1)) == []


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
def test_a_period_leads_to_its_place_in_the_gallery(
    alice: User, team: Team, made: list[int], sort: Sort
) -> None:
    march = gallery.months(alice, team)[1]
    page = gallery.browse(Filter(sort=sort), alice, team, after=march.cursor(sort))
    expected = [made[2], made[1], made[0]] if sort == Sort.NEWEST else made[1:]
    assert [each.pk for each in page.pictures] == expected


def test_the_rail_takes_few_queries_and_is_kept_for_a_while(
    alice: User, team: Team, made: list[int]
) -> None:
    with CaptureQueriesContext(connection) as first:
        before = gallery.months(alice, team)
    assert len(first) <= 10
    rows(team, 1)
    assert gallery.months(alice, team) == before


def test_outsiders_get_no_rail(charlie: User, team: Team, made: list[int]) -> None:
    assert gallery.months(charlie, team) == []
    assert gallery.days(charlie, team, date(2024, 3, 1)) == []


def test_a_team_without_pictures_has_an_empty_rail(alice: User, team: Team) -> None:
    assert gallery.months(alice, team) == []


def test_beyond_a_bound_a_month_says_that_there_are_more(
    alice: User, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(periods, "COUNTED_A_PERIOD", 3)
    rows(team, 3, queued_at=at("2026-04-05"))
    rows(team, 4, queued_at=at("2026-05-05"))
    months = gallery.months(alice, team)
    assert [(each.number, each.exact) for each in months] == [(3, False), (3, True)]
