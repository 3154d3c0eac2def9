"""The bill before and after: reserved as it is queued, given back when it did not count."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from accounts.models import Membership, Notice, NoticeKind, Team, User
from playground import pipeline, services, spending
from playground.imagepig.errors import Busy, Fault, MaybeBilled, NeverSent, Refused
from playground.models import Generation, Spending, State
from playground.pipeline import steps
from tests.factories import make_generation

from .playing import submit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("api_key")]


def budget(team: Team, calls: int | None) -> None:
    Team.objects.filter(pk=team.pk).update(monthly_calls=calls)
    team.refresh_from_db()


def on_the_bill(team: Team) -> int:
    calls: int | None = team.spending.aggregate(calls=Sum("calls"))["calls"]
    return calls or 0


def test_each_day_has_a_sum_by_person_endpoint_and_key(team: Team, alice: User, bob: User) -> None:
    submit(team, alice, count=2)
    submit(team, alice, count=1)
    submit(team, bob, endpoint="flux", count=3)
    submit(team, bob, upstream="sandbox", count=4)
    rows = Spending.objects.order_by("pk").values_list(
        "user", "upstream", "endpoint", "pictures", "calls", "api_key"
    )
    key = team.api_key and team.api_key.pk
    assert list(rows) == [
        (alice.pk, "imagepig", "default", 3, 3, key),
        (bob.pk, "imagepig", "flux", 3, 6, key),
        (bob.pk, "sandbox", "default", 4, 0, None),
    ]
    assert set(Spending.objects.values_list("day", flat=True)) == {timezone.now().date()}


def test_the_last_call_of_a_budget_can_be_used_and_no_further(team: Team, alice: User) -> None:
    budget(team, 4)
    submit(team, alice, endpoint="flux", count=2)
    with pytest.raises(services.OverBudget, match="none are left") as refusal:
        submit(team, alice)
    assert "counts" not in str(refusal.value)
    assert "the team’s budget of 4 a month" in str(refusal.value)
    assert Generation.objects.count() == 2
    assert on_the_bill(team) == 4


def test_a_click_that_is_too_much_as_a_whole_makes_nothing(team: Team, alice: User) -> None:
    budget(team, 5)
    submit(team, alice, count=3)
    with pytest.raises(services.OverBudget, match=r"4 calls, .* 2 are left"):
        submit(team, alice, endpoint="flux", count=2)
    assert on_the_bill(team) == 3


def test_a_members_own_budget_binds_that_member_alone(team: Team, alice: User, bob: User) -> None:
    Membership.objects.filter(user=bob).update(monthly_calls=1)
    submit(team, bob)
    with pytest.raises(services.OverBudget, match="your budget of 1 a month"):
        submit(team, bob)
    assert submit(team, alice)


def test_the_sandbox_costs_nothing_whatever_the_budget(team: Team, alice: User) -> None:
    budget(team, 0)
    assert submit(team, alice, upstream="sandbox", count=8)
    with pytest.raises(services.OverBudget):
        submit(team, alice)


def test_a_budget_starts_anew_with_the_month(team: Team, alice: User) -> None:
    budget(team, 1)
    submit(team, alice)
    Spending.objects.update(day=date(2020, 1, 31))
    assert submit(team, alice)
    assert spending.used_calls(team, date(2020, 1, 1)) == 1
    assert spending.used_calls(team, date(2020, 2, 1)) == 0


def test_what_is_tried_again_is_reserved_again(team: Team, alice: User) -> None:
    budget(team, 1)
    failed = make_generation(team, author=alice, state=State.UNKNOWN, calls=1)
    services.retry(generation=failed, by=alice)
    assert on_the_bill(team) == 1
    other = make_generation(team, author=alice, state=State.UNKNOWN, calls=1)
    with pytest.raises(services.OverBudget):
        services.retry(generation=other, by=alice)


def sending(team: Team, by: User) -> Generation:
    (generation,) = submit(team, by, endpoint="flux")
    assert steps.claim(generation)
    assert on_the_bill(team) == 2
    return generation


def test_a_cancelled_one_goes_back(team: Team, alice: User) -> None:
    (generation,) = submit(team, alice, endpoint="flux")
    assert on_the_bill(team) == 2
    assert services.cancel(generation=generation, by=alice)
    assert not services.cancel(generation=generation, by=alice)
    assert on_the_bill(team) == 0


def test_what_could_not_be_sent_goes_back(team: Team, alice: User) -> None:
    (generation,) = submit(team, alice, endpoint="flux")
    team.api_keys.update(removed_at=timezone.now(), ciphertext=b"")
    assert steps.claim(generation) is None
    assert Generation.objects.get().state == State.NOT_SENT
    assert on_the_bill(team) == 0


def test_what_waits_for_a_paused_key_stays_reserved(team: Team, alice: User) -> None:
    (generation,) = submit(team, alice, endpoint="flux")
    team.api_keys.update(state="refused")
    assert steps.claim(generation) is None
    assert on_the_bill(team) == 2


@pytest.mark.parametrize(
    ("state", "error", "left"),
    [
        (State.NOT_SENT, NeverSent(Fault.CONNECTION_REFUSED), 0),
        (State.REFUSED, Refused(Fault.FORBIDDEN), 0),
        (State.UNKNOWN, MaybeBilled(Fault.READ_TIMEOUT), 2),
        (State.UNUSABLE, MaybeBilled(Fault.READ_TIMEOUT), 2),
    ],
)
def test_only_what_certainly_did_not_count_goes_back(
    team: Team, alice: User, state: State, error: NeverSent, left: int
) -> None:
    generation = sending(team, alice)
    steps.end(generation, state, error)
    steps.end(generation, state, error)
    assert on_the_bill(team) == left


def test_what_is_to_be_sent_again_stays_reserved(team: Team, alice: User) -> None:
    generation = sending(team, alice)
    assert steps.give_back(generation, Busy(Fault.BUSY), 5)
    assert on_the_bill(team) == 2


def test_it_goes_back_to_the_day_on_which_it_was_asked_for(team: Team, alice: User) -> None:
    (generation,) = submit(team, alice)
    earlier = datetime(2026, 2, 28, 23, 59, tzinfo=UTC)
    Spending.objects.update(day=earlier.date())
    Generation.objects.update(queued_at=earlier)
    submit(team, alice)
    pipeline.cancel(*Generation.objects.filter(pk=generation.pk))
    by_day = dict(Spending.objects.values_list("day", "calls"))
    assert by_day == {earlier.date(): 0, timezone.now().date(): 1}


def test_a_months_end_is_found_in_december_too() -> None:
    assert spending.next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert spending.next_month(date(2026, 1, 1)) == date(2026, 2, 1)


def test_a_budget_is_near_its_end_from_four_fifths_on() -> None:
    budgets = [spending.Budget("your budget", 10, used) for used in (7, 8, 10, 11)]
    assert [each.near for each in budgets] == [False, True, True, True]
    assert [each.left for each in budgets] == [3, 2, 0, 0]
    assert [each.percent for each in budgets] == [70, 80, 100, 100]
    assert spending.Budget("your budget", 0, 0).percent == 100


@pytest.mark.parametrize("own", [False, True])
def test_of_many_clicks_at_once_only_as_many_pass_as_the_budget_has_calls(
    team: Team, alice: User, own: bool
) -> None:
    if own:
        Membership.objects.filter(user=alice).update(monthly_calls=3)
    else:
        budget(team, 3)

    def click(number: int) -> bool:
        try:
            submit(Team.objects.get(pk=team.pk), alice, token=f"click-{number}")
        except services.OverBudget:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(click, range(8)))
    assert sum(passed) == 3
    assert Generation.objects.count() == 3
    assert on_the_bill(team) == 3


def test_owners_are_told_once_when_the_teams_budget_is_nearly_used_up(
    team: Team, alice: User, bob: User
) -> None:
    budget(team, 10)
    submit(team, bob, count=7)
    assert not Notice.objects.exists()
    submit(team, bob, count=1)
    submit(team, bob, count=1)
    (notice,) = Notice.objects.all()
    assert (notice.user, notice.kind) == (alice, NoticeKind.BUDGET_NEAR)
    assert "8 of 10 calls" in notice.text


def test_a_member_is_told_of_the_own_budget(team: Team, bob: User) -> None:
    Membership.objects.filter(user=bob).update(monthly_calls=5)
    submit(team, bob, count=4)
    (notice,) = Notice.objects.all()
    assert notice.user == bob
    assert "Your budget" in notice.text
