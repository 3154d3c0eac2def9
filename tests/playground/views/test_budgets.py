"""Budgets where people meet them: what is too much is refused and stays typed; who is warned."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from accounts.models import ApiKey, Membership, Notice, NoticeKind, Team, User
from playground.experiments import running
from playground.models import Experiment, State
from tests.factories import make_experiment, make_generation
from tests.playground.playing import submit
from tests.playground.views.test_experiments import NEW, asked, words
from tests.playground.views.test_playground import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("api_key")]

REFUSED = "This would count as {calls} calls, and of {whose} of {limit} a month {left} left."


def budget(team: Team, calls: int) -> None:
    Team.objects.filter(pk=team.pk).update(monthly_calls=calls)
    team.refresh_from_db()


def own_budget(user: User, calls: int) -> None:
    Membership.objects.filter(user=user).update(monthly_calls=calls)


def on_the_bill(team: Team) -> int:
    return team.spending.aggregate(calls=Sum("calls"))["calls"] or 0


def text_of(response: Any) -> str:
    return html.unescape(words(response.content.decode()))


def test_an_experiment_over_budget_is_refused_and_stays_as_it_was_typed(
    as_bob: Client, team: Team
) -> None:
    budget(team, 5)
    values = asked(upstream="imagepig", agreed="6")
    response = as_bob.post(NEW, values)
    assert response.status_code == 422
    text = text_of(response)
    assert REFUSED.format(calls=6, whose="the team’s budget", limit=5, left="5 are") in text
    assert "Nothing was sent. An owner of the team can raise it" in text
    form = response.context["form"]
    for name in ("positive_prompt", "seeds", "endpoint", "upstream", "token"):
        assert form[name].value() == values[name]
    assert not Experiment.objects.exists()
    assert on_the_bill(team) == 0
    # The same click does it as soon as the budget carries it.
    budget(team, 6)
    assert as_bob.post(NEW, values).status_code == 302
    assert on_the_bill(team) == 6


def test_an_experiment_is_held_against_the_members_own_budget_too(
    as_bob: Client, bob: User, as_alice: Client, team: Team
) -> None:
    own_budget(bob, 5)
    values = asked(upstream="imagepig", agreed="6")
    text = text_of(as_bob.post(NEW, values))
    assert REFUSED.format(calls=6, whose="your budget", limit=5, left="5 are") in text
    assert as_alice.post(NEW, values).status_code == 302


@pytest.mark.parametrize("whose", ["the team’s budget", "your budget"])
@pytest.mark.parametrize("by_script", [True, False])
def test_a_race_over_budget_is_refused_and_the_form_stays_as_it_was_typed(
    as_bob: Client, bob: User, team: Team, whose: str, by_script: bool
) -> None:
    calls = running.race_calls("imagepig")
    if whose == "your budget":
        own_budget(bob, calls - 1)
    else:
        budget(team, calls - 1)
    values = typed(upstream="imagepig", count="3", positive_prompt="a {pig} & <b>")
    headers = {"HX-Request": "true"} if by_script else {}
    response = as_bob.post(reverse("race"), values, headers=headers)
    assert response.status_code == (200 if by_script else 422)
    left = f"{calls - 1} are"
    said = REFUSED.format(calls=calls, whose=whose, limit=calls - 1, left=left)
    assert said in text_of(response)
    form = response.context["form"]
    for name in ("positive_prompt", "count", "upstream", "endpoint"):
        assert form[name].value() == values[name]
    assert not Experiment.objects.exists()
    assert on_the_bill(team) == 0
    budget(team, calls)
    own_budget(bob, calls)
    done = as_bob.post(reverse("race"), values, headers=headers)
    address = reverse("experiment", args=[Experiment.objects.get().pk])
    assert done["HX-Redirect" if by_script else "Location"] == address
    assert on_the_bill(team) == calls


def test_a_pictures_race_over_budget_is_refused_on_its_page(as_bob: Client, team: Team) -> None:
    picture = make_generation(team, upstream="imagepig")
    budget(team, 1)
    response = as_bob.post(
        reverse("race_picture", args=[picture.pk]), {"token": "r" * 32}, follow=True
    )
    assert response.redirect_chain[-1][0] == reverse("picture", args=[picture.pk])
    assert "of the team’s budget of 1 a month 1 is left. Nothing was sent." in text_of(response)
    assert not Experiment.objects.exists()


def test_cells_over_budget_stay_what_they_are(as_bob: Client, bob: User, team: Team) -> None:
    experiment = make_experiment(team, author=bob, upstream="imagepig")
    experiment.generations.update(upstream="imagepig", calls=1)
    experiment.generations.get(cell=0).delete()
    made: dict[str, Any] = {"submission": None, "experiment": experiment, "cell": 0, "calls": 1}
    failed = make_generation(team, state=State.UNKNOWN, upstream="imagepig", **made)
    known = experiment.generations.get(cell=1)
    experiment.spec["known"] = {"1": known.pk}
    experiment.save()
    budget(team, 0)
    for name in ("retry_cells", "run_cells_anyway"):
        data = {"cell": "0" if name == "retry_cells" else "1"}
        response = as_bob.post(reverse(name, args=[experiment.pk]), data, follow=True)
        assert "of the team’s budget of 0 a month none are left. Nothing was" in text_of(response)
    experiment.refresh_from_db()
    assert experiment.spec["known"] == {"1": known.pk}
    failed.refresh_from_db()
    assert not hasattr(failed, "retried_as")
    assert on_the_bill(team) == 0


# Warned


def set_budgets(client: Client, *, team: str = "", **members: str) -> None:
    data = {"team": team}
    for name, number in members.items():
        member = Membership.objects.get(user__email=f"{name}@example.com")
        data[f"member-{member.pk}"] = number
    assert client.post(reverse("budget"), data).status_code == 302


def told() -> list[tuple[str, str]]:
    kind = NoticeKind.BUDGET_NEAR
    found = Notice.objects.filter(kind=kind).order_by("pk").values_list("user__name", "text")
    return list(found)


def test_a_budget_set_below_what_is_used_is_told_to_the_owners(
    as_alice: Client, team: Team, bob: User
) -> None:
    submit(team, bob, count=4)
    set_budgets(as_alice, team="6")
    assert told() == []
    set_budgets(as_alice, team="5")
    set_budgets(as_alice, team="5")
    text = "The budget in Sty: 4 of 5 calls of this month are used."
    assert told() == [("Alice", text)]
    set_budgets(as_alice, team="3")
    assert told()[1:] == [("Alice", "The budget in Sty: 4 of 3 calls of this month are used.")]


def test_a_members_budget_set_below_what_is_used_is_told_to_that_member(
    as_alice: Client, team: Team, alice: User, bob: User
) -> None:
    submit(team, bob, count=4)
    submit(team, alice, count=1)
    # Nothing of Alice's own is nearly used up by what Bob has used.
    set_budgets(as_alice, alice="9", bob="5")
    text = "Your budget in Sty: 4 of 5 calls of this month are used."
    assert told() == [("Bob", text)]
    # No bound is none to be near to, and without a call none is used up.
    set_budgets(as_alice, alice="9", bob="")
    assert len(told()) == 1


def test_a_raised_budget_is_told_of_anew(as_alice: Client, team: Team, bob: User) -> None:
    set_budgets(as_alice, team="5")
    team.refresh_from_db()
    submit(team, bob, count=4)
    assert len(told()) == 1
    set_budgets(as_alice, team="10")
    team.refresh_from_db()
    submit(team, bob, count=3)
    assert len(told()) == 1
    submit(team, bob, count=1)
    assert told()[1:] == [("Alice", "The budget in Sty: 8 of 10 calls of this month are used.")]


def test_a_budget_of_nothing_is_no_news_to_who_used_nothing(
    as_alice: Client, team: Team, bob: User, api_key: ApiKey
) -> None:
    set_budgets(as_alice, bob="0")
    assert told() == []
