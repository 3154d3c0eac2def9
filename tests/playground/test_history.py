"""The prompts of late: different ones, as they were typed, the person's own, and not too many."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from playground import history
from playground.models import Generation
from tests.factories import make_generation


def use(team: Team, by: User, prompt: str, **fields: object) -> Generation:
    return make_generation(team, author=by, prompt=prompt, state="cancelled", **fields)  # type: ignore[arg-type]


def texts(by: User, team: Team) -> list[str]:
    return [each.text for each in history.recent_prompts(by, team)]


def test_they_are_different_and_the_newest_comes_first(team: Team, alice: User) -> None:
    for prompt in ("a pig", "a cow", "a pig", "a hen"):
        use(team, alice, prompt)
    assert texts(alice, team) == ["a hen", "a pig", "a cow"]


def test_they_are_as_they_were_typed(team: Team, alice: User) -> None:
    use(team, alice, "red pig", template="{red|blue} pig")
    use(team, alice, "blue pig", template="{red|blue} pig")
    use(team, alice, "a {b|c} pig")
    assert texts(alice, team) == [r"a \{b\|c\} pig", "{red|blue} pig"]


def test_they_are_the_persons_own_in_this_team(
    team: Team, alice: User, bob: User, charlie: User
) -> None:
    elsewhere = charlie.teams.get()
    use(team, bob, "bob’s")
    use(elsewhere, charlie, "charlie’s")
    assert texts(alice, team) == []
    assert texts(charlie, team) == []
    assert texts(charlie, elsewhere) == ["charlie’s"]


def test_there_are_at_most_fifty(team: Team, alice: User) -> None:
    for number in range(history.PROMPTS + 2):
        use(team, alice, f"pig {number}")
    found = texts(alice, team)
    assert len(found) == history.PROMPTS
    assert found[0] == f"pig {history.PROMPTS + 1}"


def test_an_index_carries_them(team: Team, alice: User) -> None:
    mine = Generation.objects.visible_to(alice).filter(author=alice, team=team).order_by("-pk")
    plan = mine.values_list("pk")[: history.READ].explain()
    if connection.vendor == "sqlite":
        assert "USING INDEX" in plan or "USING COVERING INDEX" in plan
        assert "TEMP B-TREE" not in plan
    else:
        assert "Limit" in plan


def test_each_leads_back_to_the_form_without_javascript(
    as_alice: Client, team: Team, alice: User
) -> None:
    one = use(team, alice, "red pig", template="{red|blue} pig")
    use(team, alice, "a newer pig")
    address = f"{reverse('playground')}?prompt={one.pk}"
    assert f'href="{address}"' in as_alice.get(reverse("recent_prompts")).content.decode()
    assert ">\n{red|blue} pig</textarea>" in as_alice.get(address).content.decode()


def test_over_htmx_only_the_list_is_sent(as_alice: Client, team: Team, alice: User) -> None:
    use(team, alice, "<b>pig</b>")
    answer = as_alice.get(reverse("recent_prompts"), headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "&lt;b&gt;pig&lt;/b&gt;" in page
    assert "<html" not in page


def test_nobody_elses_prompt_comes_back(as_charlie: Client, team: Team, alice: User) -> None:
    theirs = use(team, alice, "secret")
    answer = as_charlie.get(reverse("playground"), {"prompt": str(theirs.pk)})
    assert answer.status_code == 404
