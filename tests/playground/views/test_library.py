"""The pages of styles and word lists, and what they do in the playground's form."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Happened, Team, User
from accounts.services import set_api_key
from playground.library import STARTERS
from playground.library.styles import STYLES_MAXIMUM
from playground.library.word_lists import LINE_LENGTH
from playground.models import Generation, Style, WordList
from tests.factories import make_generation
from tests.playground.views.test_playground import HTMX, typed


@pytest.fixture
def ink(team: Team) -> Style:
    return Style.objects.create(
        team=team, name="Ink", positive_prompt="{prompt}, ink", negative_prompt="colour"
    )


@pytest.fixture
def url() -> str:
    return reverse("playground")


# Styles in the form


def test_a_style_is_applied_and_both_prompts_are_kept(
    as_alice: Client, url: str, ink: Style
) -> None:
    as_alice.post(url, typed(style=str(ink.pk), negative_prompt="fog"))
    made = Generation.objects.get()
    assert made.body["positive_prompt"] == "a pig in the snow, ink"
    assert made.body["negative_prompt"] == "fog, colour"
    assert made.template == "a pig in the snow"


def test_without_a_style_nothing_is_kept_twice(as_alice: Client, url: str, ink: Style) -> None:
    as_alice.post(url, typed(style=""))
    assert Generation.objects.get().template == ""


def test_what_an_endpoint_does_not_know_is_not_sent_for_a_style(
    as_alice: Client, url: str, ink: Style
) -> None:
    as_alice.post(url, typed(style=str(ink.pk), endpoint="flux", proportion="wide"))
    assert "negative_prompt" not in Generation.objects.get().body


def test_what_will_be_sent_is_shown_before_the_click(
    as_alice: Client, url: str, ink: Style
) -> None:
    data = typed(style=str(ink.pk), negative_prompt="fog")
    page = as_alice.post(reverse("playground_fields"), data, headers=HTMX).content.decode()
    assert "Sent as" in page
    assert "<li>a pig in the snow, ink</li>" in page
    assert "Avoid: fog, colour" in page
    plain = as_alice.post(url, {**data, "preview": "1"}).content.decode()
    assert "<li>a pig in the snow, ink</li>" in plain
    assert "Sent as" not in as_alice.post(reverse("playground_fields"), typed()).content.decode()
    assert not Generation.objects.exists()


@pytest.mark.parametrize("style", ["999", "x", "-1"])
def test_a_style_that_is_gone_gets_its_message(
    as_alice: Client, url: str, ink: Style, style: str
) -> None:
    answer = as_alice.post(url, typed(style=style))
    assert answer.status_code == 422
    assert "This style is no longer there." in answer.content.decode()


def test_another_teams_style_is_not_there(
    as_charlie: Client, charlie: User, url: str, ink: Style
) -> None:
    Style.objects.create(team=charlie.teams.get(), name="Own", positive_prompt="{prompt}!")
    assert as_charlie.post(url, typed(style=str(ink.pk))).status_code == 422


def test_a_styled_prompt_that_is_too_long_gets_its_message(
    as_alice: Client, url: str, ink: Style
) -> None:
    answer = as_alice.post(url, typed(style=str(ink.pk), positive_prompt="x" * 1998))
    assert answer.status_code == 422
    assert "2,003 characters" in answer.content.decode()


def test_recalling_its_prompt_brings_what_was_sent(
    as_alice: Client, alice: User, team: Team, url: str
) -> None:
    made = make_generation(team, author=alice, prompt="a pig, ink", template="a pig")
    page = as_alice.get(url, {"from": str(made.pk), "recall": "prompt"}).content.decode()
    assert ">\na pig, ink</textarea>" in page


def test_a_style_can_be_chosen_by_address(as_alice: Client, url: str, ink: Style) -> None:
    page = as_alice.get(url, {"style": ink.pk}).content.decode()
    assert f'<option value="{ink.pk}" selected>Ink</option>' in page


def test_newcomers_see_no_choice_of_nothing(as_alice: Client, url: str) -> None:
    page = as_alice.get(url).content.decode()
    assert 'name="style"' not in page
    assert reverse("styles") in page


# Variations in the form


def test_each_variation_becomes_a_picture(as_alice: Client, url: str) -> None:
    as_alice.post(url, typed(positive_prompt="{red|blue} pig", seed="7"))
    made = Generation.objects.order_by("pk")
    assert [each.positive_prompt for each in made] == ["red pig", "blue pig"]
    assert {each.template for each in made} == {"{red|blue} pig"}
    assert {each.sent_seed for each in made} == {"7"}


def test_the_button_and_the_calls_follow(as_alice: Client, alice: User, team: Team) -> None:
    set_api_key(team=team, by=alice, label="Ours", secret="pig-key-0123456789")
    data = typed(positive_prompt="{red|blue} pig", count="2", endpoint="flux", upstream="imagepig")
    page = as_alice.post(reverse("playground_fields"), data).content.decode()
    assert "Generate 4 images" in page
    assert "8 calls" in page
    assert "<li>blue pig</li>" in page


def test_more_than_eight_point_to_experiments_with_the_prompt(
    as_alice: Client, url: str, ink: Style
) -> None:
    data = typed(positive_prompt="{a|b|c} & {1|2|3}", style=str(ink.pk))
    answer = as_alice.post(url, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This asks for 9 pictures." in page
    link = f"{reverse('new_experiment')}?text=%7Ba%7Cb%7Cc%7D%20%26%20%7B1%7C2%7C3%7D%2C%20ink"
    assert link in page
    assert not Generation.objects.exists()
    there = as_alice.get(link).content.decode()
    assert ">\n{a|b|c} &amp; {1|2|3}, ink</textarea>" in there


def test_a_list_that_is_not_there_gets_its_message(as_alice: Client, url: str) -> None:
    answer = as_alice.post(url, typed(positive_prompt="a pig in __weather__"))
    assert answer.status_code == 422
    assert "There is no word list called “weather”." in answer.content.decode()


def test_a_recalled_prompt_with_signs_in_it_is_sent_as_it_was(
    as_alice: Client, alice: User, team: Team, url: str
) -> None:
    made = make_generation(team, author=alice, prompt="a {b|c} __d__")
    page = as_alice.get(url, {"from": str(made.pk), "recall": "prompt"}).content.decode()
    text = page.partition('name="positive_prompt"')[2].partition(">\n")[2].partition("<")[0]
    as_alice.post(url, typed(positive_prompt=text))
    assert Generation.objects.latest("pk").positive_prompt == "a {b|c} __d__"


# The pages


def test_the_empty_page_offers_good_ones_in_one_click(as_alice: Client, team: Team) -> None:
    page = as_alice.get(reverse("styles")).content.decode()
    assert f"Add {len(STARTERS)} styles" in page
    as_alice.post(reverse("style_starters"))
    assert team.styles.count() == len(STARTERS)
    assert f"Add {len(STARTERS)} styles" not in as_alice.get(reverse("styles")).content.decode()


def test_a_style_is_added_changed_and_deleted(as_bob: Client, bob: User, team: Team) -> None:
    as_bob.post(reverse("styles"), {"name": " Soft  fog ", "positive_prompt": "{prompt} in fog"})
    style = team.styles.get()
    assert (style.name, style.author) == ("Soft fog", bob)
    as_bob.post(
        reverse("style", args=[style.pk]), {"name": "Fog", "positive_prompt": "fog, {prompt}"}
    )
    style.refresh_from_db()
    assert (style.name, style.positive_prompt) == ("Fog", "fog, {prompt}")
    as_bob.post(reverse("style_delete", args=[style.pk]))
    assert not team.styles.exists()
    told = team.events.get()
    assert (told.kind, told.by, told.about) == (Happened.DELETED, bob, "style “Fog”")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"positive_prompt": "ink"}, "Write {prompt} where the rest of the prompt goes."),
        ({"positive_prompt": "{prompt} {prompt}"}, "Write {prompt} only once."),
        ({"positive_prompt": "{prompt}" + "x" * 1000}, "at most 1000 characters"),
        ({"name": "Ink"}, "There is one called “Ink” already."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_a_wrong_style_gets_its_message(
    as_alice: Client, ink: Style, changes: dict[str, str], words: str
) -> None:
    data = {"name": "New", "positive_prompt": "{prompt}, new", **changes}
    answer = as_alice.post(reverse("styles"), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Style.objects.count() == 1


def test_there_is_room_for_so_many(as_alice: Client, team: Team) -> None:
    Style.objects.bulk_create(
        Style(team=team, name=f"s{number}", positive_prompt="{prompt}")
        for number in range(STYLES_MAXIMUM)
    )
    answer = as_alice.post(reverse("styles"), {"name": "One more", "positive_prompt": "{prompt}!"})
    assert answer.status_code == 422
    assert "There is no room for more." in answer.content.decode()


def test_a_word_list_is_added_changed_and_deleted(as_bob: Client, team: Team) -> None:
    as_bob.post(reverse("word_lists"), {"name": "weather", "words": " rain \r\n\r\nsnow\nrain"})
    words = team.word_lists.get()
    assert words.words == "rain\nsnow"
    as_bob.post(reverse("word_list", args=[words.pk]), {"name": "weather", "words": "fog"})
    words.refresh_from_db()
    assert words.words == "fog"
    as_bob.post(reverse("word_list_delete", args=[words.pk]))
    assert not WordList.objects.exists()
    told = team.events.get()
    assert (told.kind, told.about) == (Happened.DELETED, "word list “weather”")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "two words"}, "Use only letters, digits, - and _."),
        ({"name": "_edge"}, "Put single _ only"),
        ({"name": "a__b"}, "Put single _ only"),
        ({"words": " \n "}, "required"),
        ({"words": "x" * (LINE_LENGTH + 1)}, "at most 200 fit"),
        ({"words": "\n".join(map(str, range(501)))}, "at most 500 fit"),
    ],
)
def test_a_wrong_word_list_gets_its_message(
    as_alice: Client, changes: dict[str, str], words: str
) -> None:
    answer = as_alice.post(reverse("word_lists"), {"name": "weather", "words": "rain", **changes})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not WordList.objects.exists()


def test_a_viewer_looks_and_changes_nothing(as_vera: Client, ink: Style) -> None:
    page = as_vera.get(reverse("styles")).content.decode()
    assert "Ink" in page
    assert "Add this style" not in page
    assert as_vera.post(reverse("styles"), {"name": "x"}).status_code == 403
    assert as_vera.get(reverse("style", args=[ink.pk])).status_code == 403
