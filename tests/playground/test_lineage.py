from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Team, User
from playground import lineage, services
from playground.models import Generation, State
from tests.factories import make_generation

from .views.test_pictures import page, text


@pytest.fixture
def source(team: Team, alice: User) -> Generation:
    return make_generation(team, author=alice, prompt="a pig, rain", seed=42)


def remixed(team: Team, source: Generation, **fields: Any) -> Generation:
    values: dict[str, Any] = {"prompt": "a pig, fog", "seed": 43, **fields}
    return make_generation(team, origin=source, **values)


def chips(relative: lineage.Relative | None) -> list[str]:
    return [each.text for each in relative.changes] if relative else []


def asked_for(client: Client, recall: str, source: Generation) -> Generation:
    """What a person gets who recalls a picture, changes nothing and generates."""
    form = client.get(reverse("playground"), {"recall": recall, "from": str(source.pk)}).context[
        "form"
    ]
    fields = [each.name for each in form if each.name != "count"]
    data = {name: form[name].value() or "" for name in fields} | {"count": "1", "anyway": "1"}
    data["positive_prompt"] = "a pig, fog"
    response = client.post(reverse("playground"), data)
    assert response.status_code == 302, response.context["form"].errors
    return Generation.objects.latest("pk")


@pytest.mark.parametrize("recall", ["all", "remix", "prompt", "seed"])
def test_whatever_is_recalled_from_a_picture_what_is_made_of_it_knows_it(
    as_bob: Client, source: Generation, recall: str
) -> None:
    made = asked_for(as_bob, recall, source)
    assert made.origin == source
    assert made.parent is None


def test_the_form_keeps_the_picture_that_it_was_filled_in_from_until_it_is_opened_anew(
    as_bob: Client, source: Generation
) -> None:
    hidden = f'type="hidden" name="from" value="{source.pk}"'
    address = reverse("playground")
    assert hidden in as_bob.get(address, {"recall": "all", "from": str(source.pk)}).content.decode()
    refused = as_bob.post(address, {"from": source.pk, "positive_prompt": ""})
    assert hidden in refused.content.decode()
    assert 'name="from"' not in as_bob.get(address).content.decode()


@pytest.mark.parametrize("given", ["", "0", "x", "-1", "9" * 40, "foreign"])
def test_what_is_no_picture_of_the_team_is_nobodys_origin(
    as_bob: Client, source: Generation, charlie: User, given: str
) -> None:
    foreign = make_generation(charlie.teams.get())
    form = as_bob.get(reverse("playground")).context["form"]
    data = {
        "positive_prompt": "a pig",
        "endpoint": "default",
        "count": "1",
        "token": form["token"].value(),
        "from": foreign.pk if given == "foreign" else given,
    }
    assert as_bob.post(reverse("playground"), data).status_code == 302
    assert Generation.objects.latest("pk").origin is None


def test_what_is_tried_again_keeps_its_origin(team: Team, alice: User, source: Generation) -> None:
    failed = remixed(team, source, author=alice, state=State.NOT_SENT)
    assert services.retry(generation=failed, by=alice).origin == source


def test_a_remix_tells_what_it_came_from_and_what_changed(team: Team, source: Generation) -> None:
    remix = remixed(team, source)
    found = lineage.source_of(remix)
    assert found is not None
    assert found.picture == source
    assert chips(found) == ["− rain", "+ fog", "seed 42 → 43"]
    assert lineage.source_of(source) is None


def test_a_source_of_another_team_is_not_told(team: Team, charlie: User) -> None:
    foreign = make_generation(charlie.teams.get())
    assert lineage.source_of(remixed(team, foreign)) is None


def test_what_came_of_a_picture_is_told_newest_first_page_by_page(
    team: Team, alice: User, source: Generation
) -> None:
    made = [remixed(team, source, seed=100 + place) for place in range(lineage.SHOWN + 3)]
    remixed(team, source, deleted_at=timezone.now())
    remixed(team, source, state=State.QUEUED)
    newest_first = [each.pk for each in reversed(made)]
    first = lineage.made_from(source, alice)
    assert [each.picture.pk for each in first.relatives] == newest_first[: lineage.SHOWN]
    assert chips(first.relatives[-1]) == ["− rain", "+ fog", "seed 42 → 103"]
    rest = lineage.made_from(source, alice, before=first.older)
    assert [each.picture.pk for each in rest.relatives] == newest_first[lineage.SHOWN :]
    assert rest.older is None


def test_an_outsider_is_told_nothing(team: Team, charlie: User, source: Generation) -> None:
    remixed(team, source)
    assert lineage.made_from(source, charlie).relatives == []


def test_both_pages_lead_to_one_another(as_vera: Client, team: Team, source: Generation) -> None:
    remix = remixed(team, source)
    html = page(as_vera, remix)
    assert "Where it comes from" in html
    assert f'href="/pictures/{source.pk}/"' in html
    assert f'href="/compare/?ids={source.pk},{remix.pk}"' in html
    assert "seed 42 became 43" in text(html)
    html = page(as_vera, source)
    assert "Made from this picture" in html
    assert f'href="/pictures/{remix.pk}/"' in html
    assert "added fog" in text(html)


def test_a_source_in_the_bin_is_told_of_without_a_link(
    as_vera: Client, team: Team, source: Generation
) -> None:
    remix = remixed(team, source)
    Generation.objects.filter(pk=source.pk).update(deleted_at=timezone.now())
    html = page(as_vera, remix)
    assert "From a picture that is in the bin." in html
    assert f'href="/pictures/{source.pk}/"' not in html
    assert "/compare/" not in html


def test_a_pictures_page_takes_the_same_few_queries_however_much_came_of_it(
    as_vera: Client,
    team: Team,
    source: Generation,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    page(as_vera, source)
    for place in range(lineage.SHOWN + 2):
        remixed(team, source, seed=place)
    with django_assert_max_num_queries(12):
        page(as_vera, source)


def test_an_index_finds_what_was_made_from_a_picture(
    team: Team, alice: User, source: Generation
) -> None:
    others = [
        Generation(team=team, upstream="sandbox", endpoint="default", body={}, calls=0)
        for _ in range(400)
    ]
    Generation.objects.bulk_create(others)
    remixed(team, source)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as asked:
        lineage.made_from(source, alice, before=10**9)
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {asked[0]['sql']}")
        assert "offspring_newest" in str(cursor.fetchall())
