from __future__ import annotations

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Team, User
from playground.models import Generation, Rating, Star
from tests.factories import make_generation

from .test_pictures import text

HTMX = {"hx-request": "true"}


@pytest.fixture
def picture(team: Team, alice: User) -> Generation:
    return make_generation(
        team, author=alice, prompt="a <pig> in rain", seed=42, body={"negative_prompt": "blur"}
    )


def details(client: Client, picture: Generation) -> str:
    response = client.get(reverse("picture_details", args=[picture.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_details_are_a_part_of_a_page_with_prompt_seed_and_parameters(
    as_vera: Client, picture: Generation
) -> None:
    html = details(as_vera, picture)
    assert "<html" not in html
    said = text(html)
    assert "a &lt;pig&gt; in rain" in said
    assert "Seed 42" in said
    assert "Avoid blur" in said
    assert "by Alice" in said
    assert f'href="/pictures/{picture.pk}/download/"' in html


def test_what_a_picture_comes_from_is_linked_unless_it_is_in_the_bin(
    as_vera: Client, team: Team, picture: Generation
) -> None:
    made_from = make_generation(team, prompt="a <pig> in fog", origin=picture)
    link = f'href="/pictures/{picture.pk}/"'
    assert link in details(as_vera, made_from)
    Generation.objects.filter(pk=picture.pk).update(deleted_at=timezone.now())
    html = details(as_vera, made_from)
    assert "Changed from a picture that is in the bin" in text(html)
    assert link not in html


def test_only_who_may_delete_a_picture_is_offered_to(
    as_vera: Client, as_bob: Client, picture: Generation
) -> None:
    assert "data-delete" not in details(as_vera, picture)
    assert f'data-restore="/pictures/{picture.pk}/restore/"' in details(as_bob, picture)


def test_details_tell_ones_own_star_and_rating_for_the_tile_too(
    as_vera: Client, as_bob: Client, picture: Generation, vera: User
) -> None:
    Star.objects.create(user=vera, team=picture.team, generation=picture)
    Rating.objects.create(user=vera, generation=picture, stars=4)
    for client, starred in ((as_vera, "true"), (as_bob, "false")):
        html = details(client, picture)
        panel, _, tile = html.partition("<template")
        for part in (panel, tile):
            button = re.search(r"<button[^>]*data-star>", part)
            assert button
            assert f'aria-pressed="{starred}"' in button[0]


def test_details_of_a_remix_tell_what_was_changed(
    as_vera: Client, team: Team, picture: Generation
) -> None:
    remix = make_generation(team, prompt="a <pig> in fog", seed=42, origin=picture)
    said = text(details(as_vera, remix))
    assert "Changed from the picture it comes from" in said
    assert "added fog" in said


def test_what_is_in_the_bin_has_no_details(as_vera: Client, picture: Generation) -> None:
    Generation.objects.update(deleted_at=picture.saved_at)
    assert as_vera.get(reverse("picture_details", args=[picture.pk])).status_code == 404


def test_details_hold_their_number_of_queries(
    as_vera: Client, picture: Generation, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    details(as_vera, picture)
    with django_assert_max_num_queries(9):
        details(as_vera, picture)


def test_a_script_deletes_and_restores_without_a_message_for_the_next_page(
    as_bob: Client, picture: Generation
) -> None:
    for name, binned in (("delete_picture", True), ("restore_picture", False)):
        response = as_bob.post(reverse(name, args=[picture.pk]), headers=HTMX)
        assert response.status_code == 204
        assert not list(get_messages(response.wsgi_request))
        picture.refresh_from_db()
        assert (picture.deleted_at is not None) == binned
