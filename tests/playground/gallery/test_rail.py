from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Team, User
from playground.gallery import rail
from tests.playground.gallery.rows import rows


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def made(team: Team) -> None:
    rows(Team.objects.create(name="Elsewhere"), 1, queued_at=at("2024-02-05"))
    for text in ("2024-02-29T23:59:59", "2024-03-01T00:00", "2024-03-01T12:00", "2024-05-24T09:00"):
        rows(team, 1, queued_at=at(text))
    rows(team, 1, queued_at=at("2024-05-25"), deleted_at=at("2024-06-02"))


def counted(user: User, team: Team, opened: str) -> dict[str, int]:
    """Key → number, of what holds any."""
    months = rail.counted(user, team, rail.rail(user, team, rail.stretch(opened)))
    every = [each for month in months for each in (month.stretch, *month.days)]
    return {each.key: each.number for each in every if each.number}


@pytest.mark.usefixtures("made")
def test_each_month_and_the_open_ones_days_say_how_many_they_hold(alice: User, team: Team) -> None:
    assert counted(alice, team, "2024-03") == {
        "2024-05": 1,
        "2024-03": 2,
        "2024-03-01": 2,
        "2024-02": 1,
    }
    assert counted(alice, team, "2024-05-30")["2024-05-24"] == 1


@pytest.mark.usefixtures("made")
def test_days_are_those_of_the_time_zone_that_is_active(alice: User, team: Team) -> None:
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert counted(alice, team, "2024-03") == {"2024-05": 1, "2024-03": 3, "2024-03-01": 3}
    with timezone.override(ZoneInfo("America/New_York")):
        found = counted(alice, team, "2024-02")
    assert found == {"2024-05": 1, "2024-03": 1, "2024-02": 2, "2024-02-29": 2}


@pytest.mark.usefixtures("made")
def test_many_numbers_take_one_query_and_are_kept_for_a_while(
    alice: User, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rail, "KEPT_FROM", 2)
    months = rail.rail(alice, team, None)
    with CaptureQueriesContext(connection) as queries:
        before = rail.counted(alice, team, months)
    assert sum("count(*)" in query["sql"].lower() for query in queries) >= 1
    rows(team, 1)
    assert rail.counted(alice, team, months) == before


@pytest.mark.usefixtures("made")
def test_of_few_the_numbers_are_those_of_now(alice: User, team: Team) -> None:
    assert counted(alice, team, "2024-03")["2024-03"] == 2
    rows(team, 1, queued_at=at("2024-03-31"))
    assert counted(alice, team, "2024-03")["2024-03"] == 3


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("since", "until", "months", "days"),
    [
        ("2024-03-10", "2024-05-03", ["2024-05", "2024-04", "2024-03"], [3, 2, 1]),
        ("2024-03-10", "2024-03-12", ["2024-03"], [12, 11, 10]),
        ("2020-01-01", "2024-02-29", ["2024-02"], [29]),
        ("2024-03-02", "2024-03-01", ["2024-03"], []),
        ("2024-04-01", "2024-03-31", [], []),
        ("2020-01-01", "2020-02-01", [], []),
    ],
)
def test_where_days_are_asked_for_the_rail_has_these(
    since: str, until: str, months: list[str], days: list[int], alice: User, team: Team
) -> None:
    asked = {"since": date.fromisoformat(since), "until": date.fromisoformat(until)}
    found = rail.rail(alice, team, None, **asked)
    assert [month.stretch.key for month in found] == months
    assert [day.first.day for month in found for day in month.days] == days


@pytest.mark.usefixtures("made")
def test_outsiders_get_no_rail_and_no_numbers(alice: User, charlie: User, team: Team) -> None:
    assert rail.rail(charlie, team, None) == []
    months = rail.rail(alice, team, None)
    assert all(month.stretch.number is None for month in rail.counted(charlie, team, months))


def test_a_team_without_pictures_has_an_empty_rail(alice: User, team: Team) -> None:
    assert rail.counted(alice, team, rail.rail(alice, team, None)) == []


def test_beyond_a_bound_a_month_says_that_there_are_more(
    alice: User, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rail, "COUNTED_A_STRETCH", 3)
    rows(team, 3, queued_at=at("2024-04-05"))
    rows(team, 5, queued_at=at("2024-05-05"))
    rows(team, 1, queued_at=at("2024-07-05"))
    months = rail.counted(alice, team, rail.rail(alice, team, None))
    told = {month.stretch.key: month.stretch.number_in_words for month in months}
    assert [told[f"2024-0{month}"] for month in (7, 6, 5, 4)] == ["1", "", "3+", "3"]


def test_very_many_months_are_counted_at_once(alice: User, team: Team) -> None:
    rows(team, 2, queued_at=at("2001-01-05"))
    months = rail.counted(alice, team, rail.rail(alice, team, None))
    assert len(months) == rail.MONTHS_SHOWN
    assert rail.stretch("2001-01") == rail.Stretch(date(2001, 1, 1), date(2001, 1, 31))
