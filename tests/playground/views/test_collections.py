"""Collections and saved views: their pages, and deleting with a way back."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Team, User
from playground import sorting
from playground.models import Collection, Generation, SavedView
from tests.factories import make_generation
from tests.playground.views.test_gallery import page, shown


def collection(team: Team, by: User, *pictures: Generation, name: str = "Best") -> Collection:
    made = sorting.create_collection(team=team, name=name, by=by)
    chosen = Generation.objects.filter(pk__in=[each.pk for each in pictures])
    sorting.collect(pictures=chosen, collection=made, by=by)
    return made


def test_a_collections_page_is_the_gallery_with_its_filter(
    as_vera: Client, team: Team, bob: User
) -> None:
    inside, _ = make_generation(team), make_generation(team)
    best = collection(team, bob, inside)
    html = page(as_vera, f"?collection={best.pk}")
    assert shown(html) == [inside.pk]
    assert "Collection: Best" in html
    assert "take off" in html.lower()


def test_collections_stand_with_their_newest_picture_by_few_queries(
    as_bob: Client,
    as_vera: Client,
    team: Team,
    bob: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    older, newer = make_generation(team), make_generation(team)
    for number in range(5):
        collection(team, bob, older, newer, name=f"Number {number}")
    as_bob.get("/collections/")
    with django_assert_max_num_queries(8):
        html = as_bob.get("/collections/").content.decode()
    assert html.count(f"/pictures/{newer.pk}/thumbnail/") == 5
    assert "/rename/" in html
    assert "/rename/" not in as_vera.get("/collections/").content.decode()


def test_collections_are_begun_renamed_deleted_and_brought_back(as_bob: Client, team: Team) -> None:
    as_bob.post("/collections/new/", {"name": "Best"})
    best = Collection.objects.get()
    again = as_bob.post("/collections/new/", {"name": "Best"}, follow=True)
    assert "There is a collection called “Best” already." in again.content.decode()
    as_bob.post(f"/collections/{best.pk}/rename/", {"name": "Better"})
    deleted = as_bob.post(f"/collections/{best.pk}/delete/", follow=True).content.decode()
    assert "/rename/" not in deleted
    undo = re.search(r'action="(/collections/\d+/restore/)"', deleted)
    assert undo
    as_bob.post(undo[1])
    assert Collection.objects.kept().get().name == "Better"


def test_a_view_is_kept_opened_renamed_deleted_and_brought_back(
    as_vera: Client, vera: User
) -> None:
    kept = as_vera.post("/gallery/views/", {"name": "Good", "query": "rating=4&nonsense=1"})
    assert kept["Location"] == "/gallery/?rating=4"
    view = SavedView.objects.get()
    assert (view.user, view.query) == (vera, "rating=4")
    assert 'href="/gallery/?rating=4" aria-current="true">Good</a>' in page(as_vera, "?rating=4")
    as_vera.post(f"/gallery/views/{view.pk}/rename/", {"name": "Very good"})
    deleted = as_vera.post(f"/gallery/views/{view.pk}/delete/", follow=True).content.decode()
    assert not SavedView.objects.exists()
    undo = re.search(r'action="(/gallery/views/\?[^"]+)"', deleted)
    assert undo
    as_vera.post(undo[1].replace("&amp;", "&"))
    again = SavedView.objects.get()
    assert (again.name, again.query) == ("Very good", "rating=4")


def test_a_view_is_ones_own(as_vera: Client, as_bob: Client, team: Team, vera: User) -> None:
    view = sorting.save_view(team=team, name="Mine", query="rating=4", by=vera)
    assert "Mine" not in page(as_bob)
    assert as_bob.post(f"/gallery/views/{view.pk}/delete/").status_code == 404


@pytest.mark.parametrize("name", ["", "x" * 81])
def test_a_view_needs_a_name(name: str, as_vera: Client) -> None:
    answer = as_vera.post("/gallery/views/", {"name": name, "query": ""}, follow=True)
    assert 'class="toast toast-error"' in answer.content.decode()
    assert not SavedView.objects.exists()
