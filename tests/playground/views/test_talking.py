from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from playground import talking
from playground.models import Comment, Generation, Pick
from tests.factories import make_generation

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(team: Team, alice: User) -> Generation:
    return make_generation(team, author=alice)


def page_of(client: Client, picture: Generation) -> str:
    return client.get(reverse("picture", args=[picture.pk])).content.decode()


def test_a_viewer_comments_and_the_words_are_shown_as_words(
    picture: Generation, vera: User, bob: User, as_vera: Client, as_bob: Client
) -> None:
    text = "<script>alert(1)</script> @bob"
    answer = as_vera.post(reverse("picture_comment", args=[picture.pk]), {"text": text})
    assert answer["Location"] == f"/pictures/{picture.pk}/#comments"
    html = page_of(as_bob, picture)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert '<b class="mention">@bob</b>' in html
    assert Comment.objects.get().author == vera


@pytest.mark.parametrize(("text", "problem"), [("  ", "nothing in it"), ("x" * 2001, "2001")])
def test_a_comment_that_is_none_is_refused_where_it_was_typed_and_nothing_is_lost(
    picture: Generation, as_vera: Client, text: str, problem: str
) -> None:
    address = reverse("picture_comment", args=[picture.pk])
    panel = as_vera.post(address, {"text": text}, headers={"HX-Request": "true"}).content.decode()
    assert problem in panel
    assert text.strip() in panel
    assert not Comment.objects.exists()


def test_to_htmx_only_the_panel_is_sent(picture: Generation, as_vera: Client) -> None:
    address = reverse("picture_comment", args=[picture.pk])
    panel = as_vera.post(address, {"text": "Nice"}, headers={"HX-Request": "true"})
    assert "Nice" in panel.content.decode()
    assert "<html" not in panel.content.decode()


def test_one_deletes_ones_own_comment_and_can_undo_it(
    picture: Generation, vera: User, as_vera: Client, as_bob: Client, as_alice: Client
) -> None:
    comment = talking.write(picture=picture, by=vera, text="Oops")
    assert as_bob.post(reverse("comment_delete", args=[comment.pk])).status_code == 403
    page = as_vera.post(reverse("comment_delete", args=[comment.pk]), follow=True)
    assert reverse("comment_restore", args=[comment.pk]) in page.content.decode()
    assert "Oops" not in page_of(as_bob, picture)
    as_vera.post(reverse("comment_restore", args=[comment.pk]))
    assert "Oops" in page_of(as_bob, picture)
    # An owner keeps the house in order.
    as_alice.post(reverse("comment_delete", args=[comment.pk]))
    assert not Comment.objects.kept().exists()


def test_an_editor_decides_and_a_viewer_reads_it(
    picture: Generation, as_bob: Client, as_vera: Client
) -> None:
    address = reverse("picture_pick", args=[picture.pk])
    assert as_vera.post(address, {"pick": "picked"}).status_code == 403
    assert as_bob.post(address, {"pick": "maybe"}).status_code == 400
    assert as_bob.post(address, {"pick": "picked", "next": "/review/"})["Location"] == "/review/"
    assert as_bob.post(address, {"pick": "picked", "next": "//evil.example/"})["Location"] == (
        reverse("picture", args=[picture.pk])
    )
    html = page_of(as_vera, picture)
    assert "Picked by Bob" in html
    assert 'value="rejected"' not in html


def test_the_review_goes_from_one_undecided_picture_to_the_next(
    team: Team, alice: User, as_alice: Client
) -> None:
    old, middle, new = (make_generation(team, author=alice) for _ in range(3))
    page = as_alice.get(reverse("review"))
    assert page.context["generation"] == new
    assert page.context["here"] == f"/review/?at={middle.pk}"
    decided = as_alice.post(
        reverse("picture_pick", args=[new.pk]),
        {"pick": "rejected", "next": page.context["here"]},
    )
    page = as_alice.get(decided["Location"])
    assert (page.context["generation"], page.context["following"]) == (middle, old)
    assert page.context["previous"] is None
    talking.pick(Generation.objects.all(), Pick.PICKED, by=alice)
    assert "Nothing is left to decide" in as_alice.get(reverse("review")).content.decode()
    page = as_alice.get(reverse("review"), {"all": "1", "at": str(middle.pk)})
    assert page.context["previous"] == new
    assert page.context["here"] == f"/review/?at={old.pk}&all=1"


def test_a_picture_of_another_team_is_not_reviewed(
    charlie: User, alice: User, as_alice: Client
) -> None:
    theirs = make_generation(charlie.teams.get(), author=charlie)
    page = as_alice.get(reverse("review"), {"at": str(theirs.pk)})
    assert page.context["generation"] is None
