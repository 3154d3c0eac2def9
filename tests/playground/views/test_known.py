from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from playground.models import Generation, Submission, request_key
from tests.factories import make_generation
from tests.playground.views.test_playground import HTMX, typed


@pytest.fixture
def picture(team: Team, bob: User) -> Generation:
    body = {"positive_prompt": "a pig in the snow", "seed": 7, "format": "JPEG"}
    key = request_key("sandbox", "xl", body)
    return make_generation(team, author=bob, endpoint="xl", body=body, seed=7, request_key=key)


def same(**changes: str) -> dict[str, str]:
    return typed(**{"endpoint": "xl", "seed": "7", **changes})


def test_without_javascript_the_picture_is_shown_on_the_results_page(
    as_alice: Client, picture: Generation
) -> None:
    answer = as_alice.post(reverse("playground"), same(), follow=True)
    page = answer.content.decode()
    assert "You already have this picture" in page
    assert "Nothing was sent, so it cost 0 calls." in page
    assert f'id="known-{picture.pk}"' in page
    assert "Run anyway" in page
    assert Generation.objects.count() == 1
    assert not Submission.objects.filter(token="t" * 32).exists()


def test_over_htmx_it_is_shown_beside_the_form_which_stands_as_typed(
    as_alice: Client, picture: Generation
) -> None:
    page = as_alice.post(reverse("playground"), same(), headers=HTMX).content.decode()
    assert 'hx-swap-oob="innerHTML:#known"' in page
    assert "You already have this picture" in page
    assert 'value="7"' in page
    assert 'hx-swap-oob="afterbegin:#results"' not in page
    again = as_alice.post(reverse("playground"), same(seed="9"), headers=HTMX).content.decode()
    assert "You already have" not in again
    assert 'hx-swap-oob="afterbegin:#results"' in again


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_of_several_it_says_which_are_made(
    as_alice: Client, picture: Generation, headers: dict[str, str]
) -> None:
    answer = as_alice.post(reverse("playground"), same(count="3"), headers=headers, follow=True)
    page = answer.content.decode()
    assert "You already have 1 of these 3 pictures" in page
    assert "Only the other 2 are made." in page
    assert Generation.objects.count() == 3


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_run_anyway_makes_it_and_a_second_click_shows_the_same(
    as_alice: Client, picture: Generation, headers: dict[str, str]
) -> None:
    data = {"pictures": str(picture.pk), "token": "a" * 43}
    first, second = (
        as_alice.post(reverse("rerun_pictures"), data, headers=headers) for _ in range(2)
    )
    made = Generation.objects.get(parent=picture)
    assert made.body == picture.body
    if headers:
        assert f'id="card-{made.pk}"' in first.content.decode()
        assert 'hx-swap-oob="innerHTML:#results"' in second.content.decode()
    else:
        assert first["Location"] == second["Location"] != reverse("playground")


def test_nobody_else_learns_of_a_picture_by_naming_its_id(
    as_charlie: Client, picture: Generation
) -> None:
    assert as_charlie.get(reverse("results"), {"known": picture.pk}).status_code == 404
    answer = as_charlie.post(reverse("rerun_pictures"), {"pictures": str(picture.pk)})
    assert answer.status_code == 404


def test_a_viewer_may_look_and_not_run(as_vera: Client, picture: Generation) -> None:
    page = as_vera.get(reverse("results"), {"known": picture.pk}).content.decode()
    assert "You already have this picture" in page
    assert "Run anyway" not in page
    answer = as_vera.post(reverse("rerun_pictures"), {"pictures": str(picture.pk)})
    assert answer.status_code == 403


def test_why_nothing_can_run_is_said(as_alice: Client, picture: Generation) -> None:
    Generation.objects.update(upstream="imagepig")
    data = {"pictures": str(picture.pk)}
    answer = as_alice.post(reverse("rerun_pictures"), data, headers=HTMX)
    assert "no API key" in answer.content.decode()
