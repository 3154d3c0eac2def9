"""Names that are more than the gallery's page has: where they are found all the same."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Team, User
from playground import sorting
from playground.models import Collection, SavedView, Tag
from playground.views import names
from playground.views.filtering import OFFERED
from tests.factories import make_experiment
from tests.playground.gallery.rows import rows

MANY = sorting.OFFERED + 12
HTMX = {"HTTP_HX_REQUEST": "true"}


def page(client: Client, address: str, **more: str) -> str:
    response = client.get(address, **more)  # type: ignore[arg-type]
    assert response.status_code == 200
    return unescape(response.content.decode())


def options(html: str, field: str) -> list[str]:
    """What a filter's field has to choose from, but for the first, which asks for any."""
    found = re.search(rf'<select id="id_{field}".*?</select>', html, re.DOTALL)
    assert found
    return re.findall(r"<option[^>]*>([^<]*)", found[0])[1:]


@pytest.fixture
def tags(team: Team) -> list[Tag]:
    rows(team, 1)
    return Tag.objects.bulk_create(Tag(team=team, name=f"tag {each:03}") for each in range(MANY))


def test_the_page_has_the_newest_names_and_the_one_that_is_asked_for(
    as_vera: Client, tags: list[Tag]
) -> None:
    newest = [each.name for each in tags[-sorting.OFFERED :]]
    assert options(page(as_vera, "/gallery/"), "tag") == newest
    html = page(as_vera, "/gallery/?tag=tag+003")
    assert options(html, "tag") == ["tag 003", *newest]
    assert '<option value="tag 003" selected>' in html
    html = page(as_vera, f"/gallery/?tag={newest[-1]}")
    assert 'href="/gallery/names/tag/?tag=tag+041">All tags' in html


def test_where_the_page_has_all_names_it_leads_to_no_further_ones(
    as_alice: Client, team: Team, tags: list[Tag]
) -> None:
    html = page(as_alice, "/gallery/")
    assert html.count("/gallery/names/tag/") == 2
    assert "/gallery/names/collection/" not in html
    Tag.objects.filter(pk__in=[each.pk for each in tags[sorting.OFFERED :]]).delete()
    html = page(as_alice, "/gallery/")
    assert "/gallery/names/" not in html
    assert html.count('<option value="tag 003">') == 2


def test_a_chosen_old_collection_experiment_and_view_are_in_the_page(
    as_alice: Client, alice: User, team: Team
) -> None:
    collections = Collection.objects.bulk_create(
        Collection(team=team, name=f"collection {each:03}") for each in range(MANY)
    )
    experiments = [
        make_experiment(team, prompts=(), name=f"experiment {each:03}") for each in range(MANY)
    ]
    query = f"collection={collections[0].pk}&experiment={experiments[0].pk}"
    SavedView.objects.create(team=team, user=alice, name="the oldest view", query=query)
    SavedView.objects.bulk_create(
        SavedView(team=team, user=alice, name=f"view {each}", query=f"text={each}")
        for each in range(OFFERED["view"])
    )
    html = page(as_alice, f"/gallery/?{query}")
    assert options(html, "collection")[0] == "collection 000"
    assert options(html, "experiment")[0] == "experiment 000"
    assert "Collection: collection 000" in html
    assert ">the oldest view</a>" in html
    html = page(as_alice, "/gallery/")
    assert "collection 000" not in html
    assert "the oldest view" not in html
    for kind in ("collection", "experiment", "view"):
        assert f'href="/gallery/names/{kind}/">All {kind}s' in html


def test_all_names_are_listed_and_lead_to_what_was_asked_for_with_them(
    as_vera: Client, tags: list[Tag], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "PAGE", 20)
    address, found = reverse("gallery_names", args=["tag"]) + "?text=pig&tag=tag+003", []
    while address:
        html = page(as_vera, address)
        found += re.findall(r'href="/gallery/\?text=pig&tag=tag\+(\d+)"', html)
        more = re.search(r'rel="next" href="(\?[^"]*)"', html)
        address = reverse("gallery_names", args=["tag"]) + more[1] if more else ""
    # The first button of each page leads back to what was asked for.
    listed = [each for each in found if each != "003"]
    assert sorted({*found}) == [f"{each:03}" for each in range(MANY)]
    assert listed == sorted(listed, reverse=True)


def test_names_are_found_by_their_letters(as_alice: Client, alice: User, team: Team) -> None:
    sorting.create_collection(team=team, name="Winter in Prague", by=alice)
    sorting.create_collection(team=team, name="Summer", by=alice)
    html = page(as_alice, "/gallery/names/collection/?find=PRAG&text=pig")
    assert "Winter in Prague" in html
    assert "Summer" not in html
    assert '<input type="hidden" name="text" value="pig">' in html
    assert "None has these letters." in page(as_alice, "/gallery/names/collection/?find=xyz")
    assert ">Alice</a>" in page(as_alice, "/gallery/names/author/?find=lic")
    assert "None yet." in page(as_alice, "/gallery/names/experiment/")
    assert as_alice.get("/gallery/names/password/").status_code == 404


def test_saved_views_are_listed_to_their_owner_alone(
    as_alice: Client, as_bob: Client, alice: User, team: Team
) -> None:
    sorting.save_view(team=team, name="Best pigs", query="text=pig&sort=best", by=alice)
    link = '<a href="/gallery/?text=pig&sort=best">Best pigs</a>'
    assert link in page(as_alice, "/gallery/names/view/?text=cow")
    assert "Best pigs" not in page(as_bob, "/gallery/names/view/")


def test_a_field_is_told_the_names_that_hold_what_is_typed(
    as_alice: Client, as_bob: Client, alice: User, team: Team, tags: list[Tag]
) -> None:
    address = reverse("gallery_names", args=["tag"])
    assert page(as_alice, f"{address}?tag=003", **HTMX).strip() == (
        '<option value="tag 003"></option>'
    )
    assert page(as_alice, f"{address}?name=g+00", **HTMX).count("<option") == 10
    assert page(as_alice, f"{address}?name=", **HTMX).count("<option") == sorting.OFFERED
    # On a picture's page it is the picture's team that counts; of others' nothing is told.
    other = Team.objects.create(name="Elsewhere")
    Tag.objects.create(team=other, name="tag of others")
    elsewhere = f"{address}?name=tag&team={other.pk}"
    assert "<option" not in page(as_alice, elsewhere, **HTMX)
    other.memberships.create(user=alice, role=Role.VIEWER)
    assert "tag of others" in page(as_alice, elsewhere, **HTMX)
    assert as_alice.get(reverse("gallery_names", args=["author"]), **HTMX).status_code == 404  # type: ignore[arg-type]
