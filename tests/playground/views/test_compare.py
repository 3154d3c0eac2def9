from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Team, User
from playground.models import Generation
from tests.factories import make_generation

from .test_pictures import text


@pytest.fixture
def pictures(team: Team, alice: User) -> list[Generation]:
    rain = make_generation(
        team, author=alice, prompt="a pig in rain", seed=42, body={"negative_prompt": "blur"}
    )
    fog = make_generation(
        team, author=alice, prompt="a pig in fog", seed=43, body={"negative_prompt": "blur"}
    )
    wide = make_generation(
        team, author=alice, prompt="a pig in rain", endpoint="flux", body={"proportion": "wide"}
    )
    return [rain, fog, wide]


def compared(client: Client, pictures: list[Generation], query: str = "") -> str:
    ids = ",".join(str(each.pk) for each in pictures)
    response = client.get(f"/compare/?ids={ids}{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_pictures_stand_in_the_order_of_the_address(
    as_vera: Client, pictures: list[Generation]
) -> None:
    html = compared(as_vera, [pictures[1], pictures[0]])
    files = re.findall(r'src="/pictures/(\d+)/file/"', html)
    assert files == [str(pictures[1].pk), str(pictures[0].pk)]


def test_the_words_that_differ_are_marked_with_more_than_a_colour(
    as_vera: Client, pictures: list[Generation]
) -> None:
    html = compared(as_vera, pictures)
    assert re.search(r"<del><span[^>]*>\[removed:\] </span>rain<span", html)
    assert re.search(r"<ins><span[^>]*>\[added:\] </span>fog<span", html)
    said = text(html)
    assert "Picture 3 The same as picture 1" in said
    assert "Avoid negative_prompt Picture 1 blur Picture 2 The same as picture 1" in said


def test_settings_that_differ_say_so(as_vera: Client, pictures: list[Generation]) -> None:
    said = text(compared(as_vera, pictures))
    assert "Endpoint endpoint differs Default Default FLUX" in said
    assert "Seed seed differs 42 43" in said
    assert "Made by upstream Sandbox Sandbox Sandbox" in said


def test_a_prompt_cannot_write_html(as_vera: Client, team: Team) -> None:
    pair = [make_generation(team, prompt=f"a <b>pig</b> & {word}") for word in ("rain", "fog")]
    html = compared(as_vera, pair)
    assert "<b>" not in html
    assert "a &lt;b&gt;pig&lt;/b&gt; &amp; " in html


def test_two_pictures_can_be_laid_over_one_another_and_three_only_blink(
    as_vera: Client, pictures: list[Generation]
) -> None:
    modes = r'name="mode" value="(\w+)"'
    two = compared(as_vera, pictures[:2], "&mode=slider")
    assert re.findall(modes, two) == ["side", "slider", "blink", "difference"]
    assert 'value="slider" checked' in two
    three = compared(as_vera, pictures, "&mode=slider")
    assert re.findall(modes, three) == ["side", "blink"]
    assert 'value="side" checked' in three


@pytest.mark.parametrize(
    "ids", ["", "1", "1,1", "1,2,3,4,5", "1,x", "1,-2", "1,,2", "1,2 OR 1", "9" * 300, "٣,٤"]
)
def test_a_bad_list_gets_a_page_that_says_how_to_choose(as_vera: Client, ids: str) -> None:
    response = as_vera.get("/compare/", {"ids": ids} if ids else {})
    assert response.status_code == 200
    html = response.content.decode()
    assert "Select 2 to 4 pictures in the gallery" in html
    assert ("cannot be compared" in html) == bool(ids)


def test_one_picture_that_is_not_theirs_hides_all(
    as_vera: Client, as_charlie: Client, pictures: list[Generation], charlie: User
) -> None:
    foreign = make_generation(charlie.teams.get())
    binned = pictures[2]
    Generation.objects.filter(pk=binned.pk).update(deleted_at=binned.saved_at)
    for client, second in ((as_vera, foreign), (as_vera, binned), (as_charlie, foreign)):
        assert client.get(f"/compare/?ids={pictures[0].pk},{second.pk}").status_code == 404


def test_four_pictures_take_no_more_queries_than_two(
    as_vera: Client,
    pictures: list[Generation],
    team: Team,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    four = [*pictures, make_generation(team)]
    # The first visit writes down the session.
    compared(as_vera, pictures[:2])
    with django_assert_max_num_queries(6):
        compared(as_vera, four)
