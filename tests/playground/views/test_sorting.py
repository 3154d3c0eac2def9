"""One picture's star, rating, tags and collections, by form and by htmx."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Team, User
from playground import sorting
from playground.models import Collection, Generation, Star, Tag
from tests.factories import make_generation

HTMX = {"HX-Request": "true"}


@pytest.fixture
def picture(team: Team) -> Generation:
    return make_generation(team)


def test_a_star_is_put_and_taken_off_as_the_form_says_however_often(
    as_vera: Client, vera: User, picture: Generation
) -> None:
    for on, stars in (("1", 1), ("1", 1), ("0", 0), ("0", 0)):
        response = as_vera.post(f"/pictures/{picture.pk}/star/", {"on": on})
        assert response["Location"] == f"/pictures/{picture.pk}/"
        assert Star.objects.filter(user=vera, generation=picture).count() == stars


def test_it_leads_back_to_where_it_came_from_and_never_to_another_site(
    as_vera: Client, picture: Generation
) -> None:
    for there, leads in (
        ("/gallery/?sort=oldest", "/gallery/?sort=oldest"),
        ("https://evil.example/", f"/pictures/{picture.pk}/"),
        ("//evil.example", f"/pictures/{picture.pk}/"),
    ):
        answer = as_vera.post(f"/pictures/{picture.pk}/star/", {"on": "1", "next": there})
        assert answer["Location"] == leads


def test_to_htmx_only_the_part_concerned_is_sent(as_vera: Client, picture: Generation) -> None:
    tile = as_vera.post(
        f"/pictures/{picture.pk}/star/", {"on": "1", "part": "tile"}, headers=HTMX
    ).content.decode()
    assert f'id="marks-{picture.pk}"' in tile
    assert 'aria-pressed="true"' in tile
    assert "<li" not in tile
    panel = as_vera.post(f"/pictures/{picture.pk}/rate/", {"stars": "4"}, headers=HTMX)
    html = panel.content.decode()
    assert 'id="marks-rate-4" name="stars" value="4" aria-pressed="true"' in html
    assert "<html" not in html
    assert Generation.objects.get().rating == 4


@pytest.mark.parametrize("stars", ["", "6", "-1", "x", "4.5"])
def test_a_rating_that_is_none_changes_nothing(
    stars: str, as_vera: Client, picture: Generation
) -> None:
    assert as_vera.post(f"/pictures/{picture.pk}/rate/", {"stars": stars}).status_code == 400
    assert Generation.objects.get().rating == 0


def test_tags_are_given_and_taken_by_editors(
    as_bob: Client, as_vera: Client, picture: Generation
) -> None:
    as_bob.post(f"/pictures/{picture.pk}/tag/", {"name": " Pink  PIG"})
    page = as_bob.get(f"/pictures/{picture.pk}/").content.decode()
    assert 'href="/gallery/?tag=pink%20pig">pink pig</a>' in page
    assert '<option value="pink pig">' in page
    viewed = as_vera.get(f"/pictures/{picture.pk}/").content.decode()
    assert ">pink pig</a>" in viewed
    assert "/tag/" not in viewed
    as_bob.post(f"/pictures/{picture.pk}/untag/", {"tag": str(Tag.objects.get().pk)})
    assert not picture.tags.exists()


def test_a_tag_that_cannot_be_is_told_at_its_field(as_bob: Client, picture: Generation) -> None:
    long = {"name": "x" * 60}
    answer = as_bob.post(f"/pictures/{picture.pk}/tag/", long, headers=HTMX)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "at most 50 characters" in html.partition('id="marks-tag"')[2].partition("<h3>")[0]
    assert f'value="{"x" * 60}" aria-invalid="true" aria-describedby="marks-problem"' in html
    plain = as_bob.post(f"/pictures/{picture.pk}/tag/", long, follow=True)
    assert "at most 50 characters" in plain.content.decode()
    assert not Tag.objects.exists()


def test_a_collection_is_begun_by_its_name_and_found_again(
    as_bob: Client, picture: Generation, team: Team
) -> None:
    other = make_generation(team)
    for each in (picture, other):
        as_bob.post(f"/pictures/{each.pk}/collect/", {"name": "Best"})
    collection = Collection.objects.get()
    assert collection.pictures.count() == 2
    as_bob.post(f"/pictures/{picture.pk}/uncollect/", {"collection": str(collection.pk)})
    assert collection.pictures.get() == other


def test_another_teams_tag_or_collection_is_not_there(
    as_bob: Client, picture: Generation, charlie: User
) -> None:
    elsewhere = charlie.teams.get()
    tag = Tag.objects.create(team=elsewhere, name="theirs")
    theirs = sorting.create_collection(team=elsewhere, name="Theirs", by=charlie)
    gone = {"tag": str(tag.pk), "collection": str(theirs.pk)}
    assert as_bob.post(f"/pictures/{picture.pk}/untag/", gone).status_code == 404
    assert as_bob.post(f"/pictures/{picture.pk}/uncollect/", gone).status_code == 404


def test_names_are_shown_as_text_whatever_they_hold(as_bob: Client, picture: Generation) -> None:
    nasty = '"><script>alert(1)</script>'
    as_bob.post(f"/pictures/{picture.pk}/tag/", {"name": nasty})
    as_bob.post(f"/pictures/{picture.pk}/collect/", {"name": nasty})
    as_bob.post("/gallery/views/", {"name": nasty, "query": "rating=3"})
    for address in (f"/pictures/{picture.pk}/", "/gallery/", "/collections/"):
        html = as_bob.get(address).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html
