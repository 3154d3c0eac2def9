from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import ApiKey, Membership, Team, User
from playground.models import Spending, State
from playground.spending import month_of, today
from playground.usage import figures
from tests.factories import make_generation

from ..playing import submit

pytestmark = pytest.mark.django_db

MAY = date(2026, 5, 1)


def spend(team: Team, user: User | None, day: date, calls: int, **fields: object) -> None:
    what = {"upstream": "imagepig", "endpoint": "default", "pictures": calls} | fields
    Spending.objects.create(team=team, user=user, day=day, calls=calls, **what)


def test_a_month_is_told_by_day_endpoint_person_and_key(
    team: Team, alice: User, bob: User, api_key: ApiKey
) -> None:
    spend(team, alice, MAY, 3, api_key=api_key)
    spend(team, alice, date(2026, 5, 31), 4, endpoint="flux", pictures=2, api_key=api_key)
    spend(team, bob, MAY, 1, api_key=api_key)
    spend(team, bob, MAY, 0, upstream="sandbox", pictures=9)
    spend(team, bob, date(2026, 6, 1), 50, api_key=api_key)
    spend(team, bob, date(2026, 4, 30), 50, api_key=api_key)

    usage = figures.usage_of(team, MAY)

    assert (usage.calls, usage.pictures, usage.sandbox_pictures) == (8, 6, 9)
    assert [(each.name, each.calls, each.pictures) for each in usage.people] == [
        ("Alice", 7, 5),
        ("Bob", 1, 1),
    ]
    assert [(each.name, each.calls) for each in usage.endpoints] == [("Default", 4), ("FLUX", 4)]
    assert [(each.name, each.calls) for each in usage.keys] == [(str(api_key), 8)]
    assert len(usage.days) == 31
    assert usage.days[0].calls == {"default": 4}
    assert usage.days[-1].calls == {"flux": 4}


def test_each_day_is_told_by_person_and_those_of_few_calls_together(
    team: Team, alice: User, bob: User, vera: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two of one name are two people.
    User.objects.filter(pk=bob.pk).update(name="Alice")
    Membership.objects.filter(user=vera).update(monthly_calls=10)
    spend(team, alice, MAY, 3)
    spend(team, alice, MAY, 4, endpoint="flux")
    spend(team, bob, MAY, 2)
    spend(team, bob, date(2026, 5, 9), 1)
    spend(team, None, date(2026, 5, 9), 1, endpoint="xl")
    spend(team, bob, date(2026, 5, 10), 0, upstream="sandbox", pictures=9)
    by_person = figures.days_by_person(figures.usage_of(team, MAY))
    # Vera has a budget and spent nothing.
    assert by_person.names == ["Alice", "Alice", figures.GONE]
    assert [(day.day.day, calls) for day, calls in by_person.days] == [
        (1, [7, 2, 0]),
        (9, [0, 1, 1]),
    ]
    monkeypatch.setattr(figures, "PEOPLE_BESIDE", 1)
    by_person = figures.days_by_person(figures.usage_of(team, MAY))
    assert by_person.names == ["Alice", "2 more"]
    assert [calls for _, calls in by_person.days] == [[7, 2], [0, 2]]
    assert all(day.total == sum(calls) for day, calls in by_person.days)


def test_a_team_sees_its_own_bill_only(team: Team, alice: User, charlie: User) -> None:
    spend(charlie.teams.get(), charlie, MAY, 7)
    assert figures.usage_of(team, MAY).calls == 0


def test_what_somebody_spent_stays_when_the_account_is_gone(team: Team, bob: User) -> None:
    spend(team, bob, MAY, 5)
    bob.delete()
    usage = figures.usage_of(team, MAY)
    assert [(each.name, each.calls) for each in usage.people] == [(figures.GONE, 5)]


def test_a_member_with_a_budget_is_listed_though_nothing_is_spent(team: Team, bob: User) -> None:
    Membership.objects.filter(user=bob).update(monthly_calls=10)
    (part,) = figures.usage_of(team, MAY).people
    assert part.budget
    assert (part.name, part.budget.left) == ("Bob", 10)


def test_what_failed_says_whether_it_may_have_counted(team: Team, alice: User) -> None:
    in_may = datetime(2026, 5, 15, 12, tzinfo=UTC)
    for state in (State.REFUSED, State.UNKNOWN, State.UNUSABLE, State.NOT_SENT, State.CANCELLED):
        make_generation(team, author=alice, state=state, upstream="imagepig", queued_at=in_may)
    make_generation(team, author=alice, state=State.UNKNOWN, upstream="sandbox", queued_at=in_may)
    make_generation(team, author=alice, state=State.UNKNOWN, upstream="imagepig")
    outcomes = {each.state: each for each in figures.usage_of(team, MAY).outcomes}
    assert {state: each.number for state, each in outcomes.items()} == dict.fromkeys(
        (State.NOT_SENT, State.REFUSED, State.UNUSABLE, State.UNKNOWN), 1
    )
    assert not outcomes[State.NOT_SENT].may_have_counted
    assert all(outcomes[state].may_have_counted for state in figures.MAY_HAVE_COUNTED)


@pytest.mark.parametrize(
    ("pictures", "faults", "percent"),
    [
        (0, {}, None),
        (4, {}, 100),
        (4, {State.UNKNOWN: 1}, 75),
        (3, {State.REFUSED: 1}, 75),
        (0, {State.NOT_SENT: 2}, 0),
    ],
)
def test_the_share_of_calls_that_made_a_picture(
    pictures: int, faults: dict[State, int], percent: float | None
) -> None:
    outcomes = [figures.Outcome(state, number) for state, number in faults.items()]
    usage = figures.Usage(MAY, pictures, pictures, 0, [], [], [], [], outcomes)
    assert usage.success_percent == percent


def test_what_is_on_its_way_is_neither_a_picture_nor_a_fault(team: Team, alice: User) -> None:
    spend(team, alice, today(), 7, pictures=7)
    for state in (State.QUEUED, State.SENDING, State.RECEIVED, State.UNKNOWN, State.REFUSED):
        make_generation(team, author=alice, state=state, upstream="imagepig")
    make_generation(team, author=alice, state=State.QUEUED, upstream="sandbox")
    usage = figures.usage_of(team, month_of(today()))
    # A refused one was given back.
    assert (usage.waiting, usage.saved, usage.faults) == (3, 3, 2)
    assert (usage.success_percent, usage.fault_percent) == (60, 40)


def test_months_reach_back_to_the_first_call(team: Team, alice: User) -> None:
    assert figures.months_of(team) == [month_of(today())]
    spend(team, alice, date(2026, 10, 31), 1)
    months = figures.months_of(team)
    assert months[0] == month_of(today())
    assert months[-1] == date(2026, 10, 1)
    assert months == sorted(set(months), reverse=True)


def test_the_number_of_questions_does_not_grow_with_what_was_spent(
    team: Team, alice: User, api_key: ApiKey, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    submit(team, alice, count=8)
    for day in range(1, 20):
        spend(team, alice, date(2026, 5, day), 3)
    with django_assert_num_queries(3):
        figures.usage_of(team, MAY)
    with django_assert_num_queries(3):
        assert figures.usage_of(team, month_of(timezone.now().date())).calls == 8
